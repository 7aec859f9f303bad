// Colour scales, with their ends written beside them.
#pragma once

#include <functional>
#include <string>

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

namespace viz {

// The scale used by a drawing, its ends written beside it: "0 [____] 1 weight".
struct ColourScale {
    std::string low, high;
    std::function<Colour(float)> colour;  // of t in [0, 1]
    float bar = 120;                      // pixels
    float low_width = 0;                  // at least: aligns bars below each other
};
float colour_scale_width(const ColourScale& scale);
void draw_colour_scale(Canvas& canvas, Rect rect, const Scene& scene, const ColourScale& scale);

// A scale at the left of a line; its bar is no longer than `share` of it. Returns what is left of
// the line, `gap` pixels behind the scale.
Rect draw_legend(Canvas& canvas, Rect line, const Scene& scene, ColourScale scale, float share,
                 float gap);

}  // namespace viz
