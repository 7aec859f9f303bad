// What all canvases share: placing text, cells of a grid, and a canvas within another.
#include "viz/paint/canvas.h"

#include <algorithm>
#include <string>

namespace viz {

bool Heatmap::seamless() const {
    return gap <= 0 && radius <= 0 &&
           std::ranges::all_of(colours, [](Colour colour) { return colour.a == 255; });
}

Rect cell_of(Rect rect, int rows, int cols, int row, int col) {
    const float w = rect.w / static_cast<float>(cols), h = rect.h / static_cast<float>(rows);
    return {rect.x + w * static_cast<float>(col), rect.y + h * static_cast<float>(row), w, h};
}

Rect reach_under(Rect cell, Rect map) {
    constexpr float under = 0.5f;
    return {cell.x, cell.y, std::min(cell.w + under, map.right() - cell.x),
            std::min(cell.h + under, map.bottom() - cell.y)};
}

void draw_text(Canvas& canvas, Point baseline, std::string_view text, const TextStyle& style,
               Align align) {
    if (align != Align::left) {
        const float width = text_width(style.face, style.size, text);
        baseline.x -= align == Align::right ? width : width / 2;
    }
    canvas.text(baseline, text, style);
}

void draw_text_in(Canvas& canvas, Rect rect, std::string_view text, const TextStyle& style,
                  Align align) {
    const float x = align == Align::left     ? rect.x
                    : align == Align::centre ? rect.centre().x
                                             : rect.right();
    const float y = rect.centre().y + cap_height(style.face, style.size) / 2;
    draw_text(canvas, {x, y}, fit_end(style.face, style.size, text, rect.w), style, align);
}

Stroke PlacedCanvas::at(Stroke stroke) const {
    stroke.width *= stroke.hairline ? std::min(scale_, 1.0f) : scale_;
    return stroke;
}

std::vector<Point> PlacedCanvas::at(std::span<const Point> points) const {
    std::vector<Point> placed;
    placed.reserve(points.size());
    for (Point point : points) placed.push_back(at(point));
    return placed;
}

void PlacedCanvas::fill_rect(Rect rect, Colour colour, float radius) {
    target_.fill_rect(at(rect), colour, radius * scale_);
}

void PlacedCanvas::stroke_rect(Rect rect, Stroke stroke, float radius) {
    target_.stroke_rect(at(rect), at(stroke), radius * scale_);
}

void PlacedCanvas::polyline(std::span<const Point> points, Stroke stroke) {
    target_.polyline(at(points), at(stroke));
}

void PlacedCanvas::fill_polygon(std::span<const Point> points, Colour colour) {
    target_.fill_polygon(at(points), colour);
}

void PlacedCanvas::curve(Point from, Point control1, Point control2, Point to, Stroke stroke) {
    target_.curve(at(from), at(control1), at(control2), at(to), at(stroke));
}

void PlacedCanvas::text(Point baseline, std::string_view text, const TextStyle& style,
                        float degrees) {
    TextStyle placed = style;
    placed.size *= scale_;
    target_.text(at(baseline), text, placed, degrees);
}

void PlacedCanvas::heatmap(Rect rect, const Heatmap& map) {
    Heatmap placed = map;
    placed.gap *= scale_;
    placed.radius *= scale_;
    target_.heatmap(at(rect), placed);
}

void PlacedCanvas::push_clip(Rect rect) {
    target_.push_clip(at(rect));
}

void PlacedCanvas::pop_clip() {
    target_.pop_clip();
}

void PlacedCanvas::region(Rect rect, const Target& target, int rows, int cols) {
    target_.region(at(rect), target, rows, cols);
}

void PlacedCanvas::picture(Rect rect, const PicturePtr& picture) {
    target_.picture(at(rect), picture);
}

void PlacedCanvas::begin_part(PagePart part, std::string_view says) {
    target_.begin_part(part, says);
}

void PlacedCanvas::end_part() {
    target_.end_part();
}

void draw_part(Canvas& canvas, PagePart part, std::string_view says,
               const std::function<void()>& draw) {
    canvas.begin_part(part, says);
    draw();
    canvas.end_part();
}

void SmallCanvas::text(Point baseline, std::string_view text, const TextStyle& style,
                       float degrees) {
    constexpr float readable = 5;  // pixels an em
    if (style.size * scale_ >= readable) {
        return PlacedCanvas::text(baseline, text, style, degrees);
    }
    if (degrees != 0) return;
    const float high = style.size * 0.42f;
    PlacedCanvas::fill_rect(
        {baseline.x, baseline.y - high, text_width(style.face, style.size, text), high},
        style.colour.with_alpha(0.35f), 0);
}

void draw_enlarged(Canvas& canvas, Rect rect, float scale,
                   const std::function<void(Canvas&, Rect)>& draw) {
    PlacedCanvas larger(canvas, {rect.x, rect.y}, scale);
    draw(larger, {0, 0, rect.w / scale, rect.h / scale});
}

}  // namespace viz
