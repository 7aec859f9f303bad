#include "viz/layout/pen.h"

#include <algorithm>

namespace viz {

namespace {

constexpr float hatched_from = 14;  // pixels a cell; below, strokes run through the triangle
constexpr float between_strokes = 12;

}  // namespace

void draw_line(Canvas& canvas, Point from, Point to, Stroke stroke) {
    const Point ends[] = {from, to};
    canvas.polyline(ends, stroke);
}

void draw_across(Canvas& canvas, Rect rect, float y, Stroke stroke) {
    draw_line(canvas, {rect.x, y}, {rect.right(), y}, stroke);
}

void draw_down(Canvas& canvas, Rect rect, float x, Stroke stroke) {
    draw_line(canvas, {x, rect.y}, {x, rect.bottom()}, stroke);
}

void draw_dot(Canvas& canvas, Point centre, float radius, Colour colour) {
    canvas.fill_rect({centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}, colour,
                     radius);
}

void draw_dots(Canvas& canvas, std::span<const Point> centres, float radius, Colour colour) {
    for (const Point centre : centres) draw_dot(canvas, centre, radius, colour);
}

void draw_triangle(Canvas& canvas, Point centre, float size, bool up, Colour colour) {
    const auto [x, y] = centre;
    const float tip = up ? -size : size;
    const Point corners[] = {{x - size, y - tip * 0.8f}, {x + size, y - tip * 0.8f}, {x, y + tip}};
    canvas.fill_polygon(corners, colour);
}

void draw_chip(Canvas& canvas, Rect box, Colour fill, Stroke border, float radius) {
    canvas.fill_rect(box, fill, radius);
    canvas.stroke_rect(box.inset(0.5f), border, radius);
}

void draw_masked_triangle(Canvas& canvas, Rect square, int cells, const Theme& theme) {
    const float cell = square.w / static_cast<float>(cells);
    if (cell >= hatched_from) {
        for (int row = 0; row < cells; ++row) {
            for (int col = row + 1; col < cells; ++col) {
                draw_hatch(canvas, cell_of(square, cells, cells, row, col), theme);
            }
        }
        return;
    }
    // Lines x + y = sum, from the diagonal to the upper or right edge.
    for (float sum = between_strokes; sum < 2 * square.w; sum += between_strokes) {
        const float far = std::min(sum, square.w);
        const Point ends[] = {{square.x + sum / 2 + cell, square.y + sum / 2 - cell},
                              {square.x + far, square.y + sum - far}};
        if (ends[0].x < ends[1].x) canvas.polyline(ends, hairline(theme.hatch));
    }
}

void draw_hatch(Canvas& canvas, Rect cell, const Theme& theme) {
    const Rect r = cell.inset(std::min(cell.w, cell.h) * 0.24f);
    draw_line(canvas, {r.x, r.bottom()}, {r.right(), r.y}, hairline(theme.hatch));
}

void draw_switched_off(Canvas& canvas, Rect rect, const Theme& theme) {
    canvas.fill_rect(rect, theme.card.with_alpha(0.5f));
    canvas.push_clip(rect);
    const float pitch = std::clamp(rect.w / 12, 5.0f, 14.0f);
    const Stroke stroke{theme.warning.with_alpha(0.7f), std::min(pitch / 7, 1.5f)};
    for (float x = rect.x - rect.h + pitch; x < rect.right(); x += pitch) {
        draw_line(canvas, {x, rect.bottom()}, {x + rect.h, rect.y}, stroke);
    }
    canvas.pop_clip();
}

void draw_bar(Canvas& canvas, Rect full, double part, Colour colour) {
    if (!(part > 0)) return;
    const float width = std::max(1.5f, full.w * static_cast<float>(std::min(part, 1.0)));
    canvas.fill_rect(full.left(width), colour, std::min({full.h / 2, width / 2, 3.0f}));
}

}  // namespace viz
