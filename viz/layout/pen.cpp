#include "viz/layout/pen.h"

namespace viz {

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

}  // namespace viz
