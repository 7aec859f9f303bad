#include "viz/paint/font_store.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_ADVANCES_H

#include <algorithm>
#include <cstdio>

#include "model/base/error.h"
#include "viz/paint/system_fonts.h"

namespace viz {

namespace {

struct FaceInfo {
    std::array<const char*, 2> files;  // of the program's own: the face, signs that it lacks
    std::array<const char*, 3> families;
    int css_weight;
    const char* css_families;
    const char* css_fallback;
};

constexpr FaceInfo sans(std::array<const char*, 2> files, int css_weight) {
    return {files,
            {"Inter", "DejaVu Sans", "sans-serif"},
            css_weight,
            "Inter, 'DejaVu Sans', sans-serif",
            "'DejaVu Sans', sans-serif"};
}

constexpr FaceInfo mono(std::array<const char*, 2> files, int css_weight) {
    return {files,
            {"JetBrains Mono", "DejaVu Sans Mono", "monospace"},
            css_weight,
            "'JetBrains Mono', 'DejaVu Sans Mono', monospace",
            "'DejaVu Sans Mono', monospace"};
}

constexpr std::array<FaceInfo, 4> face_infos{
    sans({"Inter-Regular.otf", "DejaVuSans.ttf"}, 400),
    sans({"Inter-SemiBold.otf", "DejaVuSans-Bold.ttf"}, 600),
    mono({"JetBrainsMono-Regular.ttf", "DejaVuSansMono.ttf"}, 400),
    mono({"JetBrainsMono-Bold.ttf", "DejaVuSansMono-Bold.ttf"}, 700)};

const FaceInfo& info(Face face) {
    return face_infos[static_cast<size_t>(face)];
}

FontFile match(Face face, char32_t character = 0) {
    return system_font(info(face).families, info(face).css_weight, character);
}

float advance(const Font& font, unsigned index) {
    FT_Fixed units = 0;
    FT_Get_Advance(font.face, index, FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING, &units);
    return font.ems(units);
}

}  // namespace

const char* font_family(Face face) {
    return info(face).css_families;
}

const char* fallback_family(Face face) {
    return info(face).css_fallback;
}

int font_weight(Face face) {
    return info(face).css_weight;
}

float Font::ems(long units) const {
    return static_cast<float>(units) / static_cast<float>(face->units_per_EM);
}

FontStore::FontStore() {
    model::check(FT_Init_FreeType(&library_) == 0, "FreeType starts");
}

FontStore& FontStore::all() {
    static FontStore& store = *new FontStore;
    return store;
}

void FontStore::set_folder(const std::filesystem::path& folder) {
    model::check(fonts_.empty(), "fonts are chosen before any text is measured");
    folder_ = folder;
}

const Font& FontStore::of(Face face) {
    const Font*& font = faces_[static_cast<size_t>(face)];
    if (!font) {
        const FontFile own = own_file(info(face).files[0]);
        font = &load(own.path.empty() ? match(face) : own);
    }
    return *font;
}

const Font& FontStore::load(const FontFile& file) {
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

const Character& FontStore::find(Face face, char32_t code) {
    const auto [entry, added] = characters_.try_emplace(static_cast<uint32_t>(face) << 24 | code);
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

const Character& FontStore::find_in(const Font& font, char32_t code, const Character& otherwise) {
    const auto [entry, added] = borrowed_.try_emplace({&font, code});
    if (added) {
        const unsigned index = FT_Get_Char_Index(font.face, code);
        entry->second = index != 0 ? Character{&font, index, advance(font, index)} : otherwise;
    }
    return entry->second;
}

void FontStore::note_missing(char32_t code) {
    if (told_.insert(code).second) missing_.push_back(code);
}

std::string FontStore::take_missing() {
    if (missing_.empty()) return "";
    std::string text = "no font here has ";
    constexpr size_t most_named = 4;
    for (size_t i = 0; i < std::min(missing_.size(), most_named); ++i) {
        char name[16];
        std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(missing_[i]));
        text += (i > 0 ? std::string(", ") : std::string()) + name;
    }
    if (missing_.size() > most_named) text += " and others";
    missing_.clear();
    return text + "; shown escaped";
}

// A file that came with the program; an empty path when it did not.
FontFile FontStore::own_file(const char* name) const {
    std::error_code failed;
    const std::filesystem::path path = folder_ / name;
    const bool there = !folder_.empty() && std::filesystem::is_regular_file(path, failed);
    return {there ? path.string() : "", 0};
}

Character FontStore::look_up(Face face, char32_t code) {
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
    return {font, index, advance(*font, index)};
}

}  // namespace viz
