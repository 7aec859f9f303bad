#include "viz/layout/grid.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viz {

namespace {

constexpr float diagonal = std::numbers::sqrt2_v<float> / 2;

std::vector<int> at_equal_steps(int n, float pitch, float needed, int always) {
    const int step = std::max(1, static_cast<int>(std::ceil(needed / pitch - 0.001f)));
    std::vector<int> kept;
    for (int i = 0; i < n; ++i) {
        if (i == always || (i % step == 0 && std::abs(i - always) >= step)) kept.push_back(i);
    }
    return kept;
}

}  // namespace

std::vector<int> thinned(int n, float pitch, float needed, int always, Thin thin) {
    std::vector<int> kept = at_equal_steps(n, pitch, needed, always);
    if (thin == Thin::evenly) return kept;
    const int last = n - 1;
    const float room = needed - 0.001f * pitch;
    if (always != last && static_cast<float>(last - always) * pitch < room) return kept;
    std::erase_if(
        kept, [&](int i) { return i != always && static_cast<float>(last - i) * pitch < room; });
    if (kept.empty() || kept.back() != last) kept.push_back(last);
    return kept;
}

std::vector<Named> named_rows(Rect rect, int n, float needed, int always, Thin thin) {
    const float pitch = rect.h / static_cast<float>(n);
    const float high = std::max(pitch, needed);
    std::vector<Named> named;
    for (const int i : thinned(n, pitch, needed, always, thin)) {
        const float middle = rect.y + pitch * (static_cast<float>(i) + 0.5f);
        named.push_back({i, {rect.x, middle - high / 2, rect.w, high}});
    }
    return named;
}

std::vector<Named> named_columns(Rect rect, int n, float needed, int always, Thin thin) {
    const float pitch = rect.w / static_cast<float>(n);
    const float wide = std::max(pitch, needed);
    std::vector<Named> named;
    for (const int i : thinned(n, pitch, needed, always, thin)) {
        const float middle = rect.x + pitch * (static_cast<float>(i) + 0.5f);
        named.push_back({i, {middle - wide / 2, rect.y, wide, rect.h}});
    }
    return named;
}

void draw_sloped(Canvas& canvas, Point start, std::string_view text, const TextStyle& style,
                 Slope slope) {
    const float shift = cap_height(style.face, style.size) / 2 * diagonal;
    const float side = slope == Slope::rising ? 1.0f : -1.0f;
    canvas.text({start.x + side * shift, start.y + shift}, text, style, side * 45);
}

float slope_reach(const TextStyle& style, float width) {
    return (width + style.size * 0.6f) * diagonal;
}

float slope_pitch(const TextStyle& style) {
    return style.size * 1.5f;
}

std::optional<Rect> locked_cell(const Scene& scene, const Target& target, Rect rect, int rows,
                                int cols) {
    const Hit& hit = scene.locked;
    if (hit.target != target || hit.row >= rows || hit.col >= cols) return {};
    return cell_of(rect, rows, cols, hit.row, hit.col);
}

}  // namespace viz
