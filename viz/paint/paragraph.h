// Words over several lines. A token in quotes, “␣Paris”, is drawn as a chip.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "viz/paint/canvas.h"

namespace viz {

// Broken at spaces; a word wider than the width is cut in its middle. No more than `most` lines:
// the last one then ends with "…".
std::vector<std::string> broken_lines(const TextStyle& style, std::string_view text, float width,
                                      int most);
float line_height(const TextStyle& style);
// Draws them from the top of the rectangle, as many as have room in it; returns the height used.
float draw_paragraph(Canvas& canvas, Rect rect, std::string_view text, const TextStyle& style);

}  // namespace viz
