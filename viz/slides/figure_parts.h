// The parts of a slide's figure, found by the empty bands between them: for narrow screens, where
// they stand below one another.
#pragma once

#include <vector>

#include "viz/paint/cairo_canvas.h"
#include "viz/slides/slide.h"

namespace viz {

// From the top and from the left: the ribbon, then one or two views. The page's number, which
// stands with the caption, is left out.
std::vector<Rect> figure_parts(const Drawing& figure, SlideShape shape);

// What a drawing covers.
Rect covered(const Drawing& figure);

}  // namespace viz
