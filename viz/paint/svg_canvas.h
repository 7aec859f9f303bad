// Draws into an SVG document: real selectable <text>, maps as crisp rectangles. The same calls
// give the same bytes.
#pragma once

#include <string>

#include "viz/paint/canvas.h"

namespace viz {

class SvgCanvas : public Canvas {
  public:
    // `ids` begins the ids of the document's elements, where several documents stand on one page.
    SvgCanvas(Size size, Colour background, std::string ids = "");
    // The finished document. `title` becomes its <title>, for readers that cannot see.
    std::string finish(std::string_view title) const;
    // The same as an element of an HTML page: without a background, and with a label for the title,
    // because browsers show a <title> to whoever points at the picture. The page says how text is
    // set: white-space: pre, font-kerning: none, font-variant-ligatures: none.
    std::string finish_inline(std::string_view title) const;

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
    void region(Rect, const Target&, int, int) override {}
    void picture(Rect rect, const PicturePtr& picture) override;

  protected:
    // An element between those that are drawn before and after.
    void append(std::string_view element) { body_ += element; }
    // A picture that fills the rectangle, inside the document.
    void append_png(Rect rect, std::string_view png, std::string_view attributes = "");

  private:
    Size size_;
    Colour background_;
    std::string ids_;
    std::string body_;
    int clips_ = 0;  // so far, for their ids
    int open_clips_ = 0;
};

}  // namespace viz
