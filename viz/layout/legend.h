// A colour scale on a line of its own, as long as the line has room for.
#pragma once

#include "viz/layout/parts.h"

namespace viz {

// At the left of the line; its bar is no longer than `share` of it. Returns what is left of the
// line, `gap` pixels behind the scale.
Rect draw_legend(Canvas& canvas, Rect line, const Scene& scene, ColourScale scale, float share,
                 float gap);

}  // namespace viz
