// The fonts and the one ruler for text: FreeType, unhinted and without kerning, so that a layout
// is the same on every canvas and at every size. Inter and JetBrains Mono, and DejaVu for signs
// they lack, come with the program, so that pictures are the same on every machine; fontconfig
// finds fonts for what else people write; scripts that join or run from right to left are shaped
// (viz/paint/shaping). A character that no font has is shown escaped: \u{1F600}. A text size is
// pixels an em, as in CSS. Safe to call from several threads.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace viz {

enum class Face { sans, sans_bold, mono, mono_bold };

struct FontFile {
    std::string path;
    int index = 0;  // within a collection (.ttc)
    bool operator==(const FontFile&) const = default;
};

// Where the program's own fonts lie (assets/fonts). To be called before any text is measured; until
// then, or where a file is missing there, fontconfig finds all fonts.
void set_font_folder(const std::filesystem::path& folder);

// The file of a face, so that other libraries load the same font.
const FontFile& font_file(Face face);
// The CSS family list of a face, quoted for an XML attribute in double quotes.
const char* font_family(Face face);
const char* fallback_family(Face face);  // for characters that the face lacks
int font_weight(Face face);              // CSS weight

// Ascender minus descender of a file, in ems. Dear ImGui counts a size from ascender to descender:
// its size is pixels an em times this.
float line_factor(const FontFile& file);
inline float line_factor(Face face) {
    return line_factor(font_file(face));
}

// One character of a text and where it stands.
struct Glyph {
    // The face's own or, where that lacks the character, a fallback's. JetBrains Mono, for one, has
    // no "␣".
    const FontFile* file;
    unsigned index;  // in that file; 0 when no font has the character
    float x;         // pixels from the beginning of the text
    char32_t character;
    float y = 0;  // pixels above the base line
};

// Broken UTF-8 and control characters become U+FFFD, see utf8.h. As they stand, from left to right.
std::vector<Glyph> lay_out(Face face, float size, std::string_view text);

// The same in stretches of one font and direction, with their text in the order in which it is
// read.
struct GlyphRun {
    const FontFile* file;
    bool backward = false;  // from right to left: the last cluster has the first glyphs
    std::string text;
    std::vector<Glyph> glyphs;
    struct Cluster {  // bytes of the text that some glyphs stand for
        int bytes, glyphs;
    };
    std::vector<Cluster> clusters;
};
std::vector<GlyphRun> lay_out_runs(Face face, float size, std::string_view text);
// Whether a text is more than one character after another.
bool is_shaped(std::string_view text);

// A text in the order of reading, with what no font has escaped.
std::string shown_text(Face face, std::string_view text);

// Where a caret can stand: before each cluster of characters, and at the end.
struct Caret {
    size_t byte;
    float x;  // pixels
};
std::vector<Caret> carets(Face face, float size, std::string_view text);

// What no font had and was shown escaped since the last call: "no font here has U+1F600"; else "".
std::string take_missing_characters();

// Width in pixels of UTF-8 text at `size` pixels an em.
float text_width(Face face, float size, std::string_view text);
// Height of a capital letter: text is centred on it.
float cap_height(Face face, float size);

// `text` if it fits `width`, else cut in the middle with "…": a token's telling end stays. Empty
// when not even "…" fits.
std::string fit_middle(Face face, float size, std::string_view text, float width);
std::string fit_end(Face face, float size, std::string_view text, float width);

}  // namespace viz
