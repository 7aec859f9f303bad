#include "viz/layout/legend.h"

#include <algorithm>

namespace viz {

Rect draw_legend(Canvas& canvas, Rect line, const Scene& scene, ColourScale scale, float share,
                 float gap) {
    scale.bar = std::min(scale.bar, line.w * share);
    // A little wider than measured: rounding must not cut what fits.
    const float width = std::min(colour_scale_width(scale) + 1, line.w);
    draw_colour_scale(canvas, line.left(width), scene, scale);
    return line.without_left(width + gap);
}

}  // namespace viz
