#include "viz/slides/legends.h"

namespace viz {

namespace {

// Passes on what is no legend, and notes the words of what is.
class LegendFilter : public PlacedCanvas {
  public:
    explicit LegendFilter(Canvas& target) : PlacedCanvas(target, {}, 1) {}
    std::vector<std::string> words;

    void fill_rect(Rect rect, Colour colour, float radius) override {
        if (!inside_) PlacedCanvas::fill_rect(rect, colour, radius);
    }
    void stroke_rect(Rect rect, Stroke stroke, float radius) override {
        if (!inside_) PlacedCanvas::stroke_rect(rect, stroke, radius);
    }
    void polyline(std::span<const Point> points, Stroke stroke) override {
        if (!inside_) PlacedCanvas::polyline(points, stroke);
    }
    void fill_polygon(std::span<const Point> points, Colour colour) override {
        if (!inside_) PlacedCanvas::fill_polygon(points, colour);
    }
    void curve(Point from, Point control1, Point control2, Point to, Stroke stroke) override {
        if (!inside_) PlacedCanvas::curve(from, control1, control2, to, stroke);
    }
    void text(Point baseline, std::string_view text, const TextStyle& style,
              float degrees) override {
        if (inside_) {
            words.emplace_back(text);
        } else {
            PlacedCanvas::text(baseline, text, style, degrees);
        }
    }
    void heatmap(Rect rect, const Heatmap& map) override {
        if (!inside_) PlacedCanvas::heatmap(rect, map);
    }
    void begin_part(PagePart part, std::string_view says) override {
        inside_ = part == PagePart::legend;
        if (!inside_) PlacedCanvas::begin_part(part, says);
    }
    void end_part() override {
        if (!inside_) PlacedCanvas::end_part();
        inside_ = false;
    }

  private:
    bool inside_ = false;
};

}  // namespace

std::vector<std::string> legend_words(const Drawing& drawing) {
    class : public Canvas {
        void fill_rect(Rect, Colour, float) override {}
        void stroke_rect(Rect, Stroke, float) override {}
        void polyline(std::span<const Point>, Stroke) override {}
        void fill_polygon(std::span<const Point>, Colour) override {}
        void curve(Point, Point, Point, Point, Stroke) override {}
        void text(Point, std::string_view, const TextStyle&, float) override {}
        void heatmap(Rect, const Heatmap&) override {}
        void push_clip(Rect) override {}
        void pop_clip() override {}
        void region(Rect, const Target&, int, int) override {}
    } nothing;
    LegendFilter filter(nothing);
    drawing(filter);
    return std::move(filter.words);
}

void draw_without_legends(Canvas& canvas, const Drawing& drawing) {
    LegendFilter filter(canvas);
    drawing(filter);
}

}  // namespace viz
