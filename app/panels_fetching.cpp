// In the bar: how far the model is that is being fetched.
#include <algorithm>
#include <cmath>

#include "app/fetching.h"
#include "app/panels.h"

namespace app {

using viz::Rect;

float fetching_width(const Painter& p, const State& state) {
    if (state.fetching.name.empty()) return 0;
    constexpr float padding = 14, wide_text = 150;
    return std::ceil(std::max(wide_text, width_of(p.sans(13, {}), fetching_text(state.fetching)))) +
           2 * padding;
}

void draw_fetching(const Painter& p, Rect rect, const State& state) {
    const Fetching& f = state.fetching;
    constexpr float padding = 14, bar_height = 4, corner = 8;
    p.canvas.fill_rect(rect, p.hover == "fetching" ? p.theme.accent_soft : p.theme.inset, corner);
    p.canvas.region(rect, "fetching");
    const Rect inside = rect.without_left(padding).without_right(padding);
    viz::draw_text_in(p.canvas, inside.without_bottom(bar_height), fetching_text(f),
                      p.sans(13, p.theme.text));
    const Rect bar{inside.x, inside.bottom() - bar_height - 3, inside.w, bar_height};
    p.canvas.fill_rect(bar, p.theme.border, bar_height / 2);
    const float part = f.all > 0 ? static_cast<float>(f.done / f.all) : 0;
    p.canvas.fill_rect(bar.left(std::max(bar_height, bar.w * part)), p.theme.accent,
                       bar_height / 2);
}

}  // namespace app
