// The fonts and the one ruler for text: FreeType, unhinted, so that a layout is the same on every
// canvas. Inter and JetBrains Mono where fontconfig knows them, else what it offers instead.
#pragma once

#include <string>
#include <string_view>

namespace viz {

enum class Face { sans, sans_bold, mono, mono_bold };

// File of a face, found with fontconfig, so that other libraries load the same font.
const std::string& font_file(Face face);
const char* font_family(Face face);  // the CSS family list for SVG: "Inter, sans-serif"
int font_weight(Face face);          // CSS weight

// Width in pixels of UTF-8 text at `size` pixels an em. Broken UTF-8 counts as U+FFFD.
float text_width(Face face, float size, std::string_view text);
// Above and below the baseline, in pixels.
float ascent(Face face, float size);
float descent(Face face, float size);
// Height of a capital letter: text is centred on it.
float cap_height(Face face, float size);

// `text` if it fits `width`, else cut in the middle with "…": a token's telling end stays.
std::string fit_middle(Face face, float size, std::string_view text, float width);
std::string fit_end(Face face, float size, std::string_view text, float width);

}  // namespace viz
