// Writes one line of text for every call: what golden tests compare.
#pragma once

#include <string>

#include "viz/paint/canvas.h"

namespace viz {

class RecordCanvas : public Canvas {
  public:
    const std::string& text() const { return lines_; }

    void fill_rect(Rect rect, Colour colour, float radius) override;
    void stroke_rect(Rect rect, Stroke stroke, float radius) override;
    void polyline(std::span<const Point> points, Stroke stroke) override;
    void fill_polygon(std::span<const Point> points, Colour colour) override;
    void curve(Point from, Point control1, Point control2, Point to, Stroke stroke) override;
    void text(Point baseline, std::string_view text, const TextStyle& style,
              float degrees) override;
    void heatmap(Rect rect, const Heatmap& map) override;
    void push_clip(Rect rect) override;
    void pop_clip() override;
    void region(Rect rect, const Target& target, int rows, int cols) override;

  private:
    std::string lines_;
};

}  // namespace viz
