// Scripts whose letters join, stack or run from right to left: the order of a line by FriBidi
// (Unicode's bidirectional algorithm, UAX 9, in a paragraph from left to right, as SVG has it), its
// shapes by HarfBuzz. Called by viz/paint/font alone, under its lock.
#pragma once

#include <span>
#include <vector>

struct FT_FaceRec_;

namespace viz {

// Whether a text with this character needs all this; Latin, Greek, Cyrillic and Chinese do without.
bool needs_shaping(char32_t code);
// Whether it is drawn onto, or joins, what stands before it, and so is of the same font.
bool joins_previous(char32_t code);

struct ShapedGlyph {
    unsigned index = 0;
    size_t character = 0;  // the first that it stands for
    float x = 0, y = 0;    // from the beginning of the line and its base, in ems; up is positive
    float advance = 0;
};

// A stretch in one font and one direction, as it stands from left to right.
struct ShapedRun {
    FT_FaceRec_* face = nullptr;
    size_t begin = 0, end = 0;  // characters of the text
    bool backward = false;      // from right to left: the glyphs' characters fall
    std::vector<ShapedGlyph> glyphs;
};

// `faces`: the font of each character. Runs from left to right.
std::vector<ShapedRun> shape(std::span<const char32_t> text, std::span<FT_FaceRec_* const> faces);

}  // namespace viz
