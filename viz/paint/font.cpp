#include "viz/paint/font.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_TRUETYPE_TABLES_H

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "model/base/error.h"
#include "viz/paint/font_store.h"
#include "viz/paint/shaping.h"
#include "viz/paint/utf8.h"

namespace viz {
namespace {

// What joins, turns or varies its neighbours and has no picture of its own (Unicode's
// Default_Ignorable_Code_Point, as far as a font may lack it).
bool invisible_mark(char32_t code) {
    return code == 0x34F || code == 0x61C || (code >= 0x17B4 && code <= 0x17B5) ||
           (code >= 0x180B && code <= 0x180F) || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
           (code >= 0xFE00 && code <= 0xFE0F) || code == 0xFEFF || code == 0xFFFD ||
           (code >= 0xE0000 && code <= 0xE0FFF);
}

std::string escape_of(char32_t code) {
    char text[16];
    std::snprintf(text, sizeof text, "\\u{%X}", static_cast<unsigned>(code));
    return text;
}

constexpr char32_t ellipsis = 0x2026;

// A text as it is drawn: its characters, or how they are escaped.
struct Line {
    struct Item {
        char32_t code;
        size_t begin, end;  // bytes of the text; the letters of an escape have the same
        const Character* drawn;
    };
    std::vector<Item> items;
    bool shaped = false;
};

Line line_of(FontStore& fonts, Face face, std::string_view text) {
    Line line;
    line.items.reserve(text.size());
    for (size_t at = 0; at < text.size();) {
        const size_t begin = at;
        const char32_t code = next_character(text, at);
        const Character* drawn = &fonts.find(face, code);
        if (drawn->index == 0 && !invisible_mark(code)) {
            fonts.note_missing(code);
            for (const char letter : escape_of(code)) {
                const auto c = static_cast<unsigned char>(letter);
                line.items.push_back({c, begin, at, &fonts.find(face, c)});
            }
            continue;
        }
        // A mark is of the font of what it stands on, if that has it.
        if (!line.items.empty() && joins_previous(code)) {
            const Font& before = *line.items.back().drawn->font;
            if (drawn->font != &before) drawn = &fonts.find_in(before, code, *drawn);
        }
        line.items.push_back({code, begin, at, drawn});
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
    return FontStore::with([&](FontStore& fonts) {
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
    FontStore::with([&](FontStore& fonts) { fonts.set_folder(folder); });
}

const FontFile& font_file(Face face) {
    return *FontStore::with([&](FontStore& fonts) { return &fonts.of(face).file; });
}

float line_factor(const FontFile& file) {
    return FontStore::with([&](FontStore& fonts) {
        const Font& font = fonts.load(file);
        return font.ems(font.face->ascender - font.face->descender);
    });
}

std::vector<GlyphRun> lay_out_runs(Face face, float size, std::string_view text) {
    return FontStore::with([&](FontStore& fonts) {
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
    glyphs.reserve(text.size());
    const bool plain = FontStore::with([&](FontStore& fonts) {
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

std::string shown_text(Face face, std::string_view text) {
    return FontStore::with([&](FontStore& fonts) {
        std::string shown;
        for (const Line::Item& item : line_of(fonts, face, text).items) {
            append_character(shown, item.code);
        }
        return shown;
    });
}

float text_width(Face face, float size, std::string_view text) {
    return FontStore::with([&](FontStore& fonts) {
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
    return FontStore::with([&](FontStore& fonts) {
        const Line line = line_of(fonts, face, text);
        std::vector<Caret> places;
        float width = 0, end = 0;  // where the text goes on
        if (!line.shaped) {
            for (size_t i = 0; i < line.items.size(); ++i) {
                const size_t at = line.items[i].begin;
                if (i == 0 || at != line.items[i - 1].begin) places.push_back({at, width * size});
                width += line.items[i].drawn->advance;
            }
            end = width;
        } else {
            for (const ShapedRun& run : shaped_runs(line)) {
                for (const ShapedGlyph& glyph : run.glyphs) {
                    const size_t at = line.items[glyph.character].begin;
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
    return FontStore::with([](FontStore& fonts) { return fonts.take_missing(); });
}

float cap_height(Face face, float size) {
    return FontStore::with([&](FontStore& fonts) {
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
