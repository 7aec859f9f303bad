#include "viz/layout/curtain.h"

#include <algorithm>

namespace viz {

namespace {

constexpr float soft = 48;    // pixels of the edge
constexpr int steps = 12;     // of it
constexpr float late = 0.8f;  // when the way has come to the ranking
constexpr float title_height = 26;

}  // namespace

void draw_curtain(Canvas& canvas, Rect rect, float part, const Theme& theme) {
    if (part >= 1) return;
    // The edge passes the right end when all is shown.
    const float edge = rect.x + (rect.w + soft) * std::max(part, 0.0f) - soft;
    const float width = soft / steps;
    for (int i = 0; i < steps; ++i) {
        const float x = edge + width * static_cast<float>(i);
        if (x < rect.x || x >= rect.right()) continue;
        canvas.fill_rect({x, rect.y, std::min(width, rect.right() - x), rect.h},
                         theme.card.with_alpha(static_cast<float>(i + 1) / (steps + 1)));
    }
    const float from = std::clamp(edge + soft, rect.x, rect.right());
    canvas.fill_rect({from, rect.y, rect.right() - from, rect.h}, theme.card);
    if (part > 0 && from < rect.right()) {
        canvas.fill_rect({from - 1, rect.y, 1.5f, rect.h}, theme.accent.with_alpha(0.35f));
    }
}

void draw_way_curtain(Canvas& canvas, Rect rect, float part, const Theme& theme) {
    if (part >= 1) return;
    draw_curtain(canvas, rect.top(title_height), late_part(part), theme);
    draw_curtain(canvas, rect.without_top(title_height), part, theme);
}

float late_part(float part) {
    return std::clamp((part - late) / (1 - late), 0.0f, 1.0f);
}

}  // namespace viz
