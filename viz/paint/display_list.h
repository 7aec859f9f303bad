// A drawing that is kept: every call on it is remembered and can be made again on another canvas,
// at another place, without the scene it was drawn from.
#pragma once

#include <functional>
#include <vector>

#include "viz/paint/canvas.h"

namespace viz {

class DisplayList : public Canvas {
  public:
    // Makes all calls on `target`, moved by `by`. Heat maps keep their identity (Heatmap::key).
    void replay(Canvas& target, Point by) const;

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
    void picture(Rect rect, const PicturePtr& picture) override;
    void begin_part(PagePart part, std::string_view says) override;
    void end_part() override;

  private:
    using Call = std::function<void(Canvas& target, Point by)>;
    std::vector<Call> calls_;
};

}  // namespace viz
