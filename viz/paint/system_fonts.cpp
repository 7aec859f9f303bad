#include "viz/paint/system_fonts.h"

#include <fontconfig/fontconfig.h>

#include <memory>

namespace viz {

namespace {

struct Free {
    void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
    void operator()(FcCharSet* set) const { FcCharSetDestroy(set); }
};

}  // namespace

FontFile system_font(std::span<const char* const> families, int css_weight, char32_t character) {
    static const bool ready = FcInit() == FcTrue;  // newer versions complain without it
    if (!ready) return {};
    const std::unique_ptr<FcPattern, Free> wanted(FcPatternCreate());
    for (const char* family : families) {
        FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(family));
    }
    FcPatternAddInteger(wanted.get(), FC_WEIGHT, FcWeightFromOpenType(css_weight));
    FcPatternAddInteger(wanted.get(), FC_SLANT, FC_SLANT_ROMAN);
    FcPatternAddBool(wanted.get(), FC_SCALABLE, FcTrue);
    FcPatternAddBool(wanted.get(), FC_OUTLINE, FcTrue);
    FcPatternAddBool(wanted.get(), FC_COLOR, FcFalse);
    if (character != 0) {
        const std::unique_ptr<FcCharSet, Free> characters(FcCharSetCreate());
        FcCharSetAddChar(characters.get(), character);
        FcPatternAddCharSet(wanted.get(), FC_CHARSET, characters.get());
    }
    FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
    FcDefaultSubstitute(wanted.get());
    FcResult result = FcResultNoMatch;
    const std::unique_ptr<FcPattern, Free> found(FcFontMatch(nullptr, wanted.get(), &result));
    FcChar8* path = nullptr;
    FcBool outline = FcFalse;
    if (!found || FcPatternGetString(found.get(), FC_FILE, 0, &path) != FcResultMatch ||
        FcPatternGetBool(found.get(), FC_OUTLINE, 0, &outline) != FcResultMatch || !outline) {
        return {};
    }
    int index = 0;
    FcPatternGetInteger(found.get(), FC_INDEX, 0, &index);
    return {reinterpret_cast<const char*>(path), index & 0xFFFF};  // above: a named instance
}

}  // namespace viz
