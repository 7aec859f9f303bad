#include "viz/paint/display_list.h"

#include <atomic>
#include <memory>
#include <string>

namespace viz {

namespace {

Point moved(Point p, Point by) {
    return {p.x + by.x, p.y + by.y};
}

Rect moved(Rect r, Point by) {
    return {r.x + by.x, r.y + by.y, r.w, r.h};
}

std::vector<Point> moved(const std::vector<Point>& points, Point by) {
    std::vector<Point> out;
    out.reserve(points.size());
    for (const Point p : points) out.push_back(moved(p, by));
    return out;
}

// Unique in the process, whatever thread draws.
uint64_t next_key() {
    static std::atomic<uint64_t> last{0};
    return ++last;
}

}  // namespace

void DisplayList::replay(Canvas& target, Point by) const {
    for (const Call& call : calls_) call(target, by);
}

void DisplayList::fill_rect(Rect rect, Colour colour, float radius) {
    calls_.emplace_back(
        [=](Canvas& target, Point by) { target.fill_rect(moved(rect, by), colour, radius); });
}

void DisplayList::stroke_rect(Rect rect, Stroke stroke, float radius) {
    calls_.emplace_back(
        [=](Canvas& target, Point by) { target.stroke_rect(moved(rect, by), stroke, radius); });
}

void DisplayList::polyline(std::span<const Point> points, Stroke stroke) {
    calls_.emplace_back(
        [kept = std::vector(points.begin(), points.end()), stroke](Canvas& target, Point by) {
            target.polyline(moved(kept, by), stroke);
        });
}

void DisplayList::fill_polygon(std::span<const Point> points, Colour colour) {
    calls_.emplace_back(
        [kept = std::vector(points.begin(), points.end()), colour](Canvas& target, Point by) {
            target.fill_polygon(moved(kept, by), colour);
        });
}

void DisplayList::curve(Point from, Point control1, Point control2, Point to, Stroke stroke) {
    calls_.emplace_back([=](Canvas& target, Point by) {
        target.curve(moved(from, by), moved(control1, by), moved(control2, by), moved(to, by),
                     stroke);
    });
}

void DisplayList::text(Point baseline, std::string_view text, const TextStyle& style,
                       float degrees) {
    calls_.emplace_back([=, kept = std::string(text)](Canvas& target, Point by) {
        target.text(moved(baseline, by), kept, style, degrees);
    });
}

void DisplayList::heatmap(Rect rect, const Heatmap& map) {
    const auto kept = std::make_shared<Heatmap>(map);
    kept->key = next_key();
    calls_.emplace_back(
        [rect, kept](Canvas& target, Point by) { target.heatmap(moved(rect, by), *kept); });
}

void DisplayList::push_clip(Rect rect) {
    calls_.emplace_back([=](Canvas& target, Point by) { target.push_clip(moved(rect, by)); });
}

void DisplayList::pop_clip() {
    calls_.emplace_back([](Canvas& target, Point) { target.pop_clip(); });
}

void DisplayList::region(Rect rect, const Target& target, int rows, int cols) {
    calls_.emplace_back([=, kept = target](Canvas& canvas, Point by) {
        canvas.region(moved(rect, by), kept, rows, cols);
    });
}

void DisplayList::picture(Rect rect, const PicturePtr& picture) {
    calls_.emplace_back(
        [=](Canvas& target, Point by) { target.picture(moved(rect, by), picture); });
}

void DisplayList::begin_part(PagePart part, std::string_view says) {
    calls_.emplace_back(
        [part, kept = std::string(says)](Canvas& target, Point) { target.begin_part(part, kept); });
}

void DisplayList::end_part() {
    calls_.emplace_back([](Canvas& target, Point) { target.end_part(); });
}

}  // namespace viz
