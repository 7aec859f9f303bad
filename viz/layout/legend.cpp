#include "viz/layout/legend.h"

#include <algorithm>

#include "viz/layout/parts.h"

namespace viz {

namespace {

constexpr int scale_steps = 64;

}  // namespace

float colour_scale_width(const ColourScale& scale) {
    const TextStyle style = sans(11.5f, {});
    return std::max(width_of(style, scale.low), scale.low_width) + scale.bar + 16 +
           width_of(style, scale.high);
}

void draw_colour_scale(Canvas& canvas, Rect rect, const Scene& scene, const ColourScale& scale) {
    const TextStyle style = sans(11.5f, scene.theme.muted);
    const float low = std::max(width_of(style, scale.low), scale.low_width);
    Heatmap map{1, scale_steps, {}, 0, 0};
    for (int i = 0; i < scale_steps; ++i) {
        map.colours.push_back(scale.colour(static_cast<float>(i) / (scale_steps - 1)));
    }
    const Rect strip{rect.x + low + 8, rect.centre().y - 4.5f, scale.bar, 9};
    draw_text_in(canvas, rect.left(low), scale.low, style, Align::right);
    canvas.heatmap(strip, map);
    canvas.stroke_rect(strip, hairline(scene.theme.border));
    draw_text_in(canvas, {strip.right() + 8, rect.y, rect.right() - strip.right() - 8, rect.h},
                 scale.high, style);
}

Rect draw_legend(Canvas& canvas, Rect line, const Scene& scene, ColourScale scale, float share,
                 float gap) {
    scale.bar = std::min(scale.bar, line.w * share);
    // A little wider than measured: rounding must not cut what fits.
    const float width = std::min(colour_scale_width(scale) + 1, line.w);
    draw_colour_scale(canvas, line.left(width), scene, scale);
    return line.without_left(width + gap);
}

}  // namespace viz
