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
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <set>
#include <unordered_map>

#include "model/base/error.h"
#include "viz/paint/shaping.h"
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

    // A character in another font than its own; `otherwise` where that lacks it.
    const Character& find_in(const Font& font, char32_t code, const Character& otherwise) {
        const auto [entry, added] = borrowed_.try_emplace({&font, code});
        if (added) {
            const unsigned index = FT_Get_Char_Index(font.face, code);
            entry->second = index != 0 ? Character{&font, index, advance(font, index)} : otherwise;
        }
        return entry->second;
    }

    void note_missing(char32_t code) {
        if (told_.insert(code).second) missing_.push_back(code);
    }
    std::string take_missing() {
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

  private:
    static float advance(const Font& font, unsigned index) {
        FT_Fixed units = 0;
        FT_Get_Advance(font.face, index, FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING, &units);
        return font.ems(units);
    }

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
        return {font, index, advance(*font, index)};
    }

    std::mutex mutex_;
    FT_Library library_ = nullptr;
    std::filesystem::path folder_;
    std::vector<std::unique_ptr<Font>> fonts_;
    std::array<const Font*, 4> faces_{};
    std::unordered_map<uint32_t, Character> characters_;
    std::map<std::pair<const Font*, char32_t>, Character> borrowed_;
    std::set<char32_t> told_;        // that no font has
    std::vector<char32_t> missing_;  // of these, what was not taken yet
};

// What joins or turns its neighbours and has no picture of its own.
bool invisible_mark(char32_t code) {
    return (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || (code >= 0xFE00 && code <= 0xFE0F) ||
           code == 0xFEFF || code == 0xFFFD;
}

std::string escape_of(char32_t code) {
    char text[16];
    std::snprintf(text, sizeof text, "\\u{%X}", static_cast<unsigned>(code));
    return text;
}

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

// A text as it is drawn: its characters, or how they are escaped.
struct Line {
    struct Item {
        char32_t code;
        size_t end;  // bytes of the text up to here
        const Character* drawn;
    };
    std::vector<Item> items;
    bool shaped = false;
};

Line line_of(Fonts& fonts, Face face, std::string_view text) {
    Line line;
    line.items.reserve(text.size());
    for (size_t at = 0; at < text.size();) {
        const char32_t code = next_character(text, at);
        const Character* drawn = &fonts.find(face, code);
        if (drawn->index == 0 && !invisible_mark(code)) {
            fonts.note_missing(code);
            for (const char letter : escape_of(code)) {
                const auto c = static_cast<unsigned char>(letter);
                line.items.push_back({c, at, &fonts.find(face, c)});
            }
            continue;
        }
        // A mark is of the font of what it stands on, if that has it.
        if (!line.items.empty() && joins_previous(code)) {
            const Font& before = *line.items.back().drawn->font;
            if (drawn->font != &before) drawn = &fonts.find_in(before, code, *drawn);
        }
        line.items.push_back({code, at, drawn});
        line.shaped = line.shaped || needs_shaping(code);
    }
    return line;
}

std::vector<ShapedRun> shaped_runs(const Line& line) {
    std::vector<char32_t> text;
    std::vector<FT_FaceRec_*> faces;
    for (const Line::Item& item : line.items) {
        text.push_back(item.code);
        faces.push_back(item.drawn->font->face);
    }
    return shape(text, faces);
}

// How far each character moves on, in ems; what is drawn as one is the first's.
std::vector<float> advances_of(const Line& line) {
    std::vector<float> advances(line.items.size(), 0.0f);
    if (!line.shaped) {
        for (size_t i = 0; i < advances.size(); ++i) advances[i] = line.items[i].drawn->advance;
        return advances;
    }
    for (const ShapedRun& run : shaped_runs(line)) {
        for (const ShapedGlyph& glyph : run.glyphs) advances[glyph.character] += glyph.advance;
    }
    return advances;
}

// Where each character ends: in the text and, in ems, on the line. Both begin with 0.
struct Ends {
    std::vector<size_t> bytes{0};
    std::vector<float> ems{0};
    float ellipsis;
};

Ends ends_of(Face face, std::string_view text) {
    return with_fonts([&](Fonts& fonts) {
        Ends ends;
        const Line line = line_of(fonts, face, text);
        const std::vector<float> advances = advances_of(line);
        for (size_t i = 0; i < advances.size(); ++i) {
            const bool same = line.items[i].end == ends.bytes.back();  // an escape goes on
            if (!same) {
                ends.ems.push_back(ends.ems.back());
                ends.bytes.push_back(line.items[i].end);
            }
            ends.ems.back() += advances[i];
        }
        ends.ellipsis = fonts.find(face, ellipsis).advance;
        return ends;
    });
}

GlyphRun run_of(const ShapedRun& shaped, const Line& line, float size) {
    GlyphRun run{&line.items[shaped.begin].drawn->font->file, shaped.backward, {}, {}, {}};
    std::vector<int> bytes, glyphs;  // by the character that a cluster begins with
    bytes.resize(shaped.end - shaped.begin);
    glyphs.resize(shaped.end - shaped.begin);
    for (const ShapedGlyph& glyph : shaped.glyphs) {
        const Line::Item& item = line.items[glyph.character];
        run.glyphs.push_back({run.file, glyph.index, glyph.x * size, item.code, glyph.y * size});
        ++glyphs[glyph.character - shaped.begin];
    }
    size_t cluster = 0;
    for (size_t i = shaped.begin; i < shaped.end; ++i) {
        if (glyphs[i - shaped.begin] > 0) cluster = i - shaped.begin;
        const size_t before = run.text.size();
        append_character(run.text, line.items[i].code);
        bytes[cluster] += static_cast<int>(run.text.size() - before);
    }
    for (size_t i = 0; i < glyphs.size(); ++i) {
        if (bytes[i] > 0) run.clusters.push_back({bytes[i], glyphs[i]});
    }
    return run;
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
            out.append(text.substr(ends.bytes[back]));
            // What was cut apart may have other shapes now.
            if (is_shaped(out) && text_width(face, size, out) > width) continue;
            return out;
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

std::vector<GlyphRun> lay_out_runs(Face face, float size, std::string_view text) {
    return with_fonts([&](Fonts& fonts) {
        std::vector<GlyphRun> runs;
        const Line line = line_of(fonts, face, text);
        if (line.shaped) {
            for (const ShapedRun& run : shaped_runs(line)) runs.push_back(run_of(run, line, size));
            return runs;
        }
        float x = 0;
        for (const Line::Item& item : line.items) {
            const FontFile* file = &item.drawn->font->file;
            if (runs.empty() || runs.back().file != file) runs.push_back({file, false, {}, {}, {}});
            GlyphRun& run = runs.back();
            const size_t before = run.text.size();
            append_character(run.text, item.code);
            run.glyphs.push_back({file, item.drawn->index, x * size, item.code});
            run.clusters.push_back({static_cast<int>(run.text.size() - before), 1});
            x += item.drawn->advance;
        }
        return runs;
    });
}

std::vector<Glyph> lay_out(Face face, float size, std::string_view text) {
    // Nearly always one character after another: the window does this for all it shows, every
    // frame.
    std::vector<Glyph> glyphs;
    const bool plain = with_fonts([&](Fonts& fonts) {
        float x = 0;
        for (size_t at = 0; at < text.size();) {
            const char32_t code = next_character(text, at);
            const Character& drawn = fonts.find(face, code);
            if (drawn.index == 0 || needs_shaping(code)) return false;
            glyphs.push_back({&drawn.font->file, drawn.index, x * size, code});
            x += drawn.advance;
        }
        return true;
    });
    if (plain) return glyphs;
    glyphs.clear();
    for (const GlyphRun& run : lay_out_runs(face, size, text)) {
        glyphs.insert(glyphs.end(), run.glyphs.begin(), run.glyphs.end());
    }
    return glyphs;
}

bool is_shaped(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
        if (needs_shaping(next_character(text, at))) return true;
    }
    return false;
}

float text_width(Face face, float size, std::string_view text) {
    return with_fonts([&](Fonts& fonts) {
        float ems = 0;
        for (size_t at = 0; at < text.size();) {
            const char32_t code = next_character(text, at);
            const Character& drawn = fonts.find(face, code);
            if (drawn.index == 0 || needs_shaping(code)) {  // the whole line, then
                const std::vector<float> all = advances_of(line_of(fonts, face, text));
                return std::accumulate(all.begin(), all.end(), 0.0f) * size;
            }
            ems += drawn.advance;
        }
        return ems * size;
    });
}

std::vector<Caret> carets(Face face, float size, std::string_view text) {
    return with_fonts([&](Fonts& fonts) {
        const Line line = line_of(fonts, face, text);
        const auto byte = [&](size_t item) { return item == 0 ? 0 : line.items[item - 1].end; };
        std::vector<Caret> places;
        float width = 0, end = 0;  // where the text goes on
        if (!line.shaped) {
            for (size_t i = 0; i < line.items.size(); ++i) {
                if (i == 0 || byte(i) != byte(i - 1)) places.push_back({byte(i), width * size});
                width += line.items[i].drawn->advance;
            }
            end = width;
        } else {
            for (const ShapedRun& run : shaped_runs(line)) {
                for (const ShapedGlyph& glyph : run.glyphs) {
                    const size_t at = byte(glyph.character);
                    // From right to left a caret stands behind what it is before.
                    const float x = (run.backward ? width + glyph.advance : width) * size;
                    const auto known = std::ranges::find(places, at, &Caret::byte);
                    if (known == places.end()) {
                        places.push_back({at, x});
                    } else if (run.backward) {
                        known->x = x;
                    }
                    if (run.end == line.items.size() && !run.backward) end = width + glyph.advance;
                    width += glyph.advance;
                }
                if (run.end == line.items.size() && run.backward) {
                    end = width;
                    for (const ShapedGlyph& glyph : run.glyphs) end -= glyph.advance;
                }
            }
            std::ranges::sort(places, {}, &Caret::byte);
        }
        places.push_back({text.size(), end * size});
        return places;
    });
}

std::string take_missing_characters() {
    return with_fonts([](Fonts& fonts) { return fonts.take_missing(); });
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
