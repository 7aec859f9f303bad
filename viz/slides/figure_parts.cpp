#include "viz/slides/figure_parts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "viz/paint/theme.h"

namespace viz {

namespace {

constexpr float ribbon_gap = 14;  // pixels that are empty below the ribbon
constexpr float views_gap = 20;   // and between two views
constexpr float air = 8;          // around a part

// Keeps what every call covers, within the clips.
class ExtentCanvas : public Canvas {
  public:
    std::vector<Rect> boxes;

    void fill_rect(Rect rect, Colour colour, float) override {
        if (colour.a != 0) keep(rect);
    }
    void stroke_rect(Rect rect, Stroke stroke, float) override {
        keep(rect.inset(-stroke.width / 2));
    }
    void polyline(std::span<const Point> points, Stroke) override { keep(points); }
    void fill_polygon(std::span<const Point> points, Colour) override { keep(points); }
    void curve(Point a, Point b, Point c, Point d, Stroke) override {
        keep(std::vector<Point>{a, b, c, d});
    }
    void text(Point at, std::string_view text, const TextStyle& style, float degrees) override {
        const float turn = degrees * std::numbers::pi_v<float> / 180;
        const Point along{std::cos(turn), -std::sin(turn)}, up{-std::sin(turn), -std::cos(turn)};
        const float width = text_width(style.face, style.size, text);
        std::vector<Point> corners;
        for (const float right : {0.0f, width}) {
            for (const float high : {-0.25f * style.size, 0.8f * style.size}) {
                corners.push_back(
                    {at.x + along.x * right + up.x * high, at.y + along.y * right + up.y * high});
            }
        }
        if (!text.empty()) keep(corners);
    }
    void heatmap(Rect rect, const Heatmap&) override { keep(rect); }
    void push_clip(Rect rect) override { clips_.push_back(clipped(rect)); }
    void pop_clip() override { clips_.pop_back(); }
    void region(Rect, const Target&, int, int) override {}

  private:
    Rect clipped(Rect r) const { return clips_.empty() ? r : intersection(r, clips_.back()); }
    void keep(Rect rect) {
        rect = clipped(rect);
        if (rect.w >= 0 && rect.h >= 0) boxes.push_back(rect);
    }
    void keep(std::span<const Point> points) {
        if (points.empty()) return;
        Rect box{points[0].x, points[0].y, 0, 0};
        for (Point p : points) {
            const float right = std::max(box.right(), p.x), bottom = std::max(box.bottom(), p.y);
            box.x = std::min(box.x, p.x);
            box.y = std::min(box.y, p.y);
            box.w = right - box.x;
            box.h = bottom - box.y;
        }
        keep(box);
    }

    std::vector<Rect> clips_;
};

struct Band {
    float from, to;
    float width() const { return to - from; }
};

// What is covered by nothing between the first box and the last, along one axis.
template <typename Extent>
std::vector<Band> gaps(const std::vector<Rect>& boxes, Extent extent) {
    std::vector<Band> covered;
    for (const Rect& box : boxes) covered.push_back(extent(box));
    std::sort(covered.begin(), covered.end(), [](Band a, Band b) { return a.from < b.from; });
    std::vector<Band> free;
    for (float end = covered.empty() ? 0 : covered.front().from; const Band& band : covered) {
        if (band.from > end) free.push_back({end, band.from});
        end = std::max(end, band.to);
    }
    return free;
}

Rect around(const std::vector<Rect>& boxes) {
    Rect out = boxes.front();
    for (const Rect& box : boxes) {
        const float right = std::max(out.right(), box.right());
        const float bottom = std::max(out.bottom(), box.bottom());
        out.x = std::min(out.x, box.x);
        out.y = std::min(out.y, box.y);
        out.w = right - out.x;
        out.h = bottom - out.y;
    }
    return out;
}

// The boxes before a place and those behind it.
template <typename Before>
std::pair<std::vector<Rect>, std::vector<Rect>> divided(std::vector<Rect> boxes, Before before) {
    const auto middle = std::stable_partition(boxes.begin(), boxes.end(), before);
    return {{boxes.begin(), middle}, {middle, boxes.end()}};
}

}  // namespace

std::vector<Rect> figure_parts(const Drawing& figure, SlideShape shape) {
    ExtentCanvas canvas;
    figure(canvas);
    const Rect caption = slide_text(shape, light_theme()).caption;
    std::vector<Rect> body =
        divided(canvas.boxes, [&](const Rect& box) { return box.y < caption.y; }).first;
    std::vector<Rect> parts;
    const auto rows = gaps(body, [](const Rect& r) { return Band{r.y, r.bottom()}; });
    const auto below = std::find_if(rows.begin(), rows.end(),
                                    [](const Band& b) { return b.width() >= ribbon_gap; });
    if (below != rows.end()) {
        auto [ribbon, rest] =
            divided(std::move(body), [&](const Rect& r) { return r.y < below->from; });
        parts.push_back(around(ribbon).inset(-air));
        body = std::move(rest);
    }
    if (body.empty()) return parts;
    // The widest gap near the middle parts two views; gaps inside a view lie elsewhere or are less.
    const float width = slide_size(shape).w;
    Band widest{0, 0};
    for (const Band& band : gaps(body, [](const Rect& r) { return Band{r.x, r.right()}; })) {
        const float middle = (band.from + band.to) / 2;
        if (middle > 0.3f * width && middle < 0.7f * width && band.width() > widest.width()) {
            widest = band;
        }
    }
    if (widest.width() >= views_gap) {
        auto [left, right] =
            divided(std::move(body), [&](const Rect& r) { return r.x < widest.from; });
        parts.push_back(around(left).inset(-air));
        body = std::move(right);
    }
    parts.push_back(around(body).inset(-air));
    return parts;
}

Rect covered(const Drawing& figure) {
    ExtentCanvas canvas;
    figure(canvas);
    return canvas.boxes.empty() ? Rect{} : around(canvas.boxes);
}

}  // namespace viz
