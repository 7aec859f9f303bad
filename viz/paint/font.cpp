// Finds font files, the program's own first, and measures characters with FreeType.
#include "viz/paint/font.h"

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_ADVANCES_H
#include FT_TRUETYPE_TABLES_H

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>

#include "model/base/error.h"
#include "viz/paint/utf8.h"

namespace viz {
namespace {

struct FaceInfo {
    std::array<const char*, 2> files;  // of the program's own: the face, signs that it lacks
    std::array<const char*, 3> families;
    int fontconfig_weight;
    int css_weight;
    const char* css_families;
    const char* css_fallback;
};

constexpr FaceInfo sans(std::array<const char*, 2> files, int fontconfig_weight, int css_weight) {
    return {files,      {"Inter", "DejaVu Sans", "sans-serif"}, fontconfig_weight,
            css_weight, "Inter, 'DejaVu Sans', sans-serif",     "'DejaVu Sans', sans-serif"};
}

constexpr FaceInfo mono(std::array<const char*, 2> files, int fontconfig_weight, int css_weight) {
    return {files,
            {"JetBrains Mono", "DejaVu Sans Mono", "monospace"},
            fontconfig_weight,
            css_weight,
            "'JetBrains Mono', 'DejaVu Sans Mono', monospace",
            "'DejaVu Sans Mono', monospace"};
}

constexpr std::array<FaceInfo, 4> face_infos{
    sans({"Inter-Regular.otf", "DejaVuSans.ttf"}, FC_WEIGHT_REGULAR, 400),
    sans({"Inter-SemiBold.otf", "DejaVuSans-Bold.ttf"}, FC_WEIGHT_DEMIBOLD, 600),
    mono({"JetBrainsMono-Regular.ttf", "DejaVuSansMono.ttf"}, FC_WEIGHT_REGULAR, 400),
    mono({"JetBrainsMono-Bold.ttf", "DejaVuSansMono-Bold.ttf"}, FC_WEIGHT_BOLD, 700)};

const FaceInfo& info(Face face) {
    return face_infos[static_cast<size_t>(face)];
}

struct Free {
    void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
    void operator()(FcCharSet* set) const { FcCharSetDestroy(set); }
};

// The outline font nearest to a face; with a character, the nearest one that has it. An empty path
// when there is none.
FontFile match(Face face, char32_t character = 0) {
    static const bool ready = FcInit() == FcTrue;  // newer versions complain without it
    if (!ready) return {};
    const std::unique_ptr<FcPattern, Free> wanted(FcPatternCreate());
    for (const char* family : info(face).families) {
        FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(family));
    }
    FcPatternAddInteger(wanted.get(), FC_WEIGHT, info(face).fontconfig_weight);
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

struct Font {
    FontFile file;
    FT_Face face = nullptr;

    float ems(FT_Pos units) const {
        return static_cast<float>(units) / static_cast<float>(face->units_per_EM);
    }
};

// Where a character of a face is found, and how far it moves on.
struct Character {
    const Font* font;
    unsigned index;
    float advance;  // in ems
};

// Every font that was needed so far. One lock covers it, because a FreeType face may serve only one
// thread at a time.
class Fonts {
  public:
    Fonts() { model::check(FT_Init_FreeType(&library_) == 0, "FreeType starts"); }

    template <typename Use>
    auto with_lock(Use use) {
        const std::lock_guard lock(mutex_);
        return use(*this);
    }

    void set_folder(const std::filesystem::path& folder) {
        model::check(fonts_.empty(), "fonts are chosen before any text is measured");
        folder_ = folder;
    }

    const Font& of(Face face) {
        const Font*& font = faces_[static_cast<size_t>(face)];
        if (!font) {
            const FontFile own = own_file(info(face).files[0]);
            font = &load(own.path.empty() ? match(face) : own);
        }
        return *font;
    }

    const Font& load(const FontFile& file) {
        for (const auto& font : fonts_) {
            if (font->file == file) return *font;
        }
        if (file.path.empty()) {
            throw model::Error(
                "no font found: install one, or put assets/fonts back beside the program");
        }
        auto font = std::make_unique<Font>(Font{file});
        if (FT_New_Face(library_, file.path.c_str(), file.index, &font->face) != 0) {
            throw model::Error(file.path + ": not a readable font; install it again or remove it");
        }
        fonts_.push_back(std::move(font));
        return *fonts_.back();
    }

    const Character& find(Face face, char32_t code) {
        const auto [entry, added] =
            characters_.try_emplace(static_cast<uint32_t>(face) << 24 | code);
        if (added) {
            try {
                entry->second = look_up(face, code);
            } catch (...) {
                characters_.erase(entry);
                throw;
            }
        }
        return entry->second;
    }

  private:
    // A file that came with the program; an empty path when it did not.
    FontFile own_file(const char* name) const {
        std::error_code failed;
        const std::filesystem::path path = folder_ / name;
        const bool there = !folder_.empty() && std::filesystem::is_regular_file(path, failed);
        return {there ? path.string() : "", 0};
    }

    Character look_up(Face face, char32_t code) {
        const Font* font = &of(face);
        unsigned index = FT_Get_Char_Index(font->face, code);
        auto try_instead = [&](const FontFile& file) {
            if (index != 0 || file.path.empty()) return;
            const Font& fallback = load(file);
            index = FT_Get_Char_Index(fallback.face, code);
            if (index != 0) font = &fallback;
        };
        try_instead(own_file(info(face).files[1]));
        if (index == 0) try_instead(match(face, code));
        FT_Fixed advance = 0;
        FT_Get_Advance(font->face, index, FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING, &advance);
        return {font, index, font->ems(advance)};
    }

    std::mutex mutex_;
    FT_Library library_ = nullptr;
    std::filesystem::path folder_;
    std::vector<std::unique_ptr<Font>> fonts_;
    std::array<const Font*, 4> faces_{};
    std::unordered_map<uint32_t, Character> characters_;
};

// One for all: a static of the template below would be another one for each use.
Fonts& all_fonts() {
    // Never destroyed: a worker may still be measuring when the program ends.
    static Fonts& fonts = *new Fonts;
    return fonts;
}

template <typename Use>
auto with_fonts(Use use) {
    return all_fonts().with_lock(use);
}

constexpr char32_t ellipsis = 0x2026;

// Where each character ends: in the text and, in ems, on the line. Both begin with 0.
struct Ends {
    std::vector<size_t> bytes{0};
    std::vector<float> ems{0};
    float ellipsis;
};

Ends ends_of(Face face, std::string_view text) {
    return with_fonts([&](Fonts& fonts) {
        Ends ends;
        for (size_t at = 0; at < text.size();) {
            ends.ems.push_back(ends.ems.back() +
                               fonts.find(face, next_character(text, at)).advance);
            ends.bytes.push_back(at);
        }
        ends.ellipsis = fonts.find(face, ellipsis).advance;
        return ends;
    });
}

// Keeps as many characters as fit beside "…"; `head` says how many of those stay in front of it.
template <typename Head>
std::string fit(Face face, float size, std::string_view text, float width, Head head) {
    const Ends ends = ends_of(face, text);
    // A text fits the width it was measured to have, whatever was rounded in between.
    const float room = width / size + 1e-4f;
    if (ends.ems.back() <= room) return std::string(text);
    const size_t total = ends.ems.size() - 1;
    for (size_t kept = total; kept-- > 0;) {
        const size_t front = head(kept);
        const size_t back = total - (kept - front);
        if (ends.ems[front] + ends.ellipsis + ends.ems.back() - ends.ems[back] <= room) {
            std::string out(text.substr(0, ends.bytes[front]));
            append_character(out, ellipsis);
            return out.append(text.substr(ends.bytes[back]));
        }
    }
    return "";
}

}  // namespace

void set_font_folder(const std::filesystem::path& folder) {
    with_fonts([&](Fonts& fonts) { fonts.set_folder(folder); });
}

const FontFile& font_file(Face face) {
    return *with_fonts([&](Fonts& fonts) { return &fonts.of(face).file; });
}

const char* font_family(Face face) {
    return info(face).css_families;
}

const char* fallback_family(Face face) {
    return info(face).css_fallback;
}

int font_weight(Face face) {
    return info(face).css_weight;
}

float line_factor(const FontFile& file) {
    return with_fonts([&](Fonts& fonts) {
        const Font& font = fonts.load(file);
        return font.ems(font.face->ascender - font.face->descender);
    });
}

std::vector<Glyph> lay_out(Face face, float size, std::string_view text) {
    return with_fonts([&](Fonts& fonts) {
        std::vector<Glyph> glyphs;
        float x = 0;
        for (size_t at = 0; at < text.size();) {
            const char32_t code = next_character(text, at);
            const Character& character = fonts.find(face, code);
            glyphs.push_back({&character.font->file, character.index, x * size, code});
            x += character.advance;
        }
        return glyphs;
    });
}

float text_width(Face face, float size, std::string_view text) {
    return with_fonts([&](Fonts& fonts) {
        float ems = 0;
        for (size_t at = 0; at < text.size();) {
            ems += fonts.find(face, next_character(text, at)).advance;
        }
        return ems * size;
    });
}

float cap_height(Face face, float size) {
    return with_fonts([&](Fonts& fonts) {
        const Font& font = fonts.of(face);
        const auto* table = static_cast<const TT_OS2*>(FT_Get_Sfnt_Table(font.face, FT_SFNT_OS2));
        if (table && table->version >= 2 && table->sCapHeight > 0) {
            return font.ems(table->sCapHeight) * size;
        }
        return font.ems(font.face->ascender) * 0.75f * size;  // old fonts do not say
    });
}

std::string fit_middle(Face face, float size, std::string_view text, float width) {
    return fit(face, size, text, width, [](size_t kept) { return kept / 2; });
}

std::string fit_end(Face face, float size, std::string_view text, float width) {
    return fit(face, size, text, width, [](size_t kept) { return kept; });
}

}  // namespace viz
