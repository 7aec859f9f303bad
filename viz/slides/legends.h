// The legends of drawings that stand beside each other.
#pragma once

#include <string>
#include <vector>

#include "viz/paint/cairo_canvas.h"

namespace viz {

// What a drawing's legends say.
std::vector<std::string> legend_words(const Drawing& drawing);
// The same drawing without them.
void draw_without_legends(Canvas& canvas, const Drawing& drawing);

}  // namespace viz
