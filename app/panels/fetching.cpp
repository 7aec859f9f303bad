// In the bar: how far the model is that is being fetched.
#include "app/control/fetching.h"

#include <algorithm>
#include <cmath>

#include "app/panels/panels.h"
#include "viz/paint/format.h"

namespace app {

using viz::Rect;

namespace {

constexpr float padding = 14;

// In a narrow window only how much of it is there.
std::string short_text(const Fetching& f) {
    return f.all > 0 ? viz::percent(f.done / f.all) : "…";
}

}  // namespace

float fetching_width(const Painter& p, const State& state, float most) {
    if (state.fetching.name.empty()) return 0;
    constexpr float wide_text = 150, short_text = 50;
    const float whole =
        std::ceil(std::max(wide_text, width_of(p.sans(13, {}), fetching_text(state.fetching)))) +
        2 * padding;
    return whole <= most ? whole : short_text + 2 * padding;
}

void draw_fetching(const Painter& p, Rect rect, const State& state) {
    const Fetching& f = state.fetching;
    constexpr float bar_height = 4, corner = 8;
    p.canvas.fill_rect(rect, p.hover == "fetching" ? p.theme.accent_soft : p.theme.inset, corner);
    p.canvas.region(rect, "fetching");
    const Rect inside = rect.without_left(padding).without_right(padding);
    const std::string whole = fetching_text(f);
    const bool fits = width_of(p.sans(13, {}), whole) <= inside.w;
    viz::draw_text_in(p.canvas, inside.without_bottom(bar_height), fits ? whole : short_text(f),
                      p.sans(13, p.theme.text));
    const Rect bar{inside.x, inside.bottom() - bar_height - 3, inside.w, bar_height};
    p.canvas.fill_rect(bar, p.theme.border, bar_height / 2);
    const float part = f.all > 0 ? static_cast<float>(f.done / f.all) : 0;
    p.canvas.fill_rect(bar.left(std::max(bar_height, bar.w * part)), p.theme.accent,
                       bar_height / 2);
}

}  // namespace app
