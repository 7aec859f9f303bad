// What a view draws on. Four back ends: ImGui in the window, Cairo for PDF and PNG, SVG, and a
// recorder that writes one line of text a call (goldens). Coordinates are pixels, y downward.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viz/paint/font.h"
#include "viz/paint/geometry.h"
#include "viz/paint/target.h"
#include "viz/paint/theme.h"

namespace viz {

struct TextStyle {
    Face face = Face::sans;
    float size = 13;  // pixels an em
    Colour colour;
};

struct Stroke {
    Colour colour;
    float width = 1;
    bool dashed = false;
    bool hairline = false;  // stays as thin where the drawing is enlarged

    // Lengths of a dash and of the gap behind it.
    float dash() const { return 3 * width; }
    float dash_gap() const { return 2.5f * width; }
};

inline Stroke hairline(Colour colour, bool dashed = false) {
    return {colour, 1, dashed, true};
}

// A grid of coloured cells that fills a rectangle. Colours row by row.
struct Heatmap {
    int rows = 0;
    int cols = 0;
    std::vector<Colour> colours;
    float gap = 0;     // pixels between cells
    float radius = 0;  // of a cell's corners
    // Of a map that a display list keeps: the same number is the same map. 0: unknown.
    uint64_t key = 0;

    // Cells that touch and hide what is under them.
    bool seamless() const;
};

// Somebody's picture, such as a logo.
struct Picture {
    int width = 0, height = 0;
    std::vector<uint32_t> argb;  // 0xAARRGGBB row by row; the colours are multiplied by the alpha
    std::string png;             // the same as a file
};
using PicturePtr = std::shared_ptr<const Picture>;

// What a part of a page is, for who has it read aloud.
enum class PagePart {
    title,
    words,
    figure,
    aside,  // a page's number, a logo
    legend  // of a figure, in it: what its colours and lines mean
};

// One of rows x cols equal cells; the gap of a heatmap is taken from all four sides of each.
Rect cell_of(Rect rect, int rows, int cols, int row, int col);
// A cell of a seamless map, made to reach under those that are drawn after it, within the map: a
// viewer that smooths or rounds edges would let the page shine through between them.
Rect reach_under(Rect cell, Rect map);

class Canvas {
  public:
    virtual ~Canvas() = default;
    virtual void fill_rect(Rect rect, Colour colour, float radius = 0) = 0;
    virtual void stroke_rect(Rect rect, Stroke stroke, float radius = 0) = 0;
    virtual void polyline(std::span<const Point> points, Stroke stroke) = 0;
    virtual void fill_polygon(std::span<const Point> points, Colour colour) = 0;  // convex
    // A cubic Bezier curve.
    virtual void curve(Point from, Point control1, Point control2, Point to, Stroke stroke) = 0;
    // UTF-8 text from `baseline` to the right, turned by `degrees` counterclockwise about it.
    virtual void text(Point baseline, std::string_view text, const TextStyle& style,
                      float degrees = 0) = 0;
    virtual void heatmap(Rect rect, const Heatmap& map) = 0;
    virtual void push_clip(Rect rect) = 0;
    virtual void pop_clip() = 0;
    // Says that this target is at `rect`, divided into rows x cols equal cells. Later regions lie
    // above earlier ones.
    virtual void region(Rect rect, const Target& target, int rows = 1, int cols = 1) = 0;
    // Fills the rectangle with a picture. Only what pages are made of shows one.
    virtual void picture(Rect, const PicturePtr&) {}
    // What is drawn until end_part() is this part of the page; `says` stands for a figure whose
    // marks are not read one by one. Legends lie in figures, other parts in none.
    virtual void begin_part(PagePart, std::string_view /*says*/) {}
    virtual void end_part() {}
};

// Draws a part of a page.
void draw_part(Canvas& canvas, PagePart part, std::string_view says,
               const std::function<void()>& draw);

enum class Align { left, centre, right };

// Text whose left end, middle or right end is at x, on the baseline y.
void draw_text(Canvas& canvas, Point baseline, std::string_view text, const TextStyle& style,
               Align align = Align::left);
// Text vertically centred on its capitals within the rectangle, cut at the end if it is too wide.
void draw_text_in(Canvas& canvas, Rect rect, std::string_view text, const TextStyle& style,
                  Align align = Align::left);

// Forwards every call with a scale and an offset: one drawing in any place and at any size.
class PlacedCanvas : public Canvas {
  public:
    PlacedCanvas(Canvas& target, Point origin, float scale)
        : target_(target), origin_(origin), scale_(scale) {}
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
    Point at(Point p) const { return {origin_.x + p.x * scale_, origin_.y + p.y * scale_}; }
    Rect at(Rect r) const {
        return {origin_.x + r.x * scale_, origin_.y + r.y * scale_, r.w * scale_, r.h * scale_};
    }
    Stroke at(Stroke stroke) const;
    std::vector<Point> at(std::span<const Point> points) const;

    Canvas& target_;
    Point origin_;
    float scale_;
};

// A drawing as a small picture of itself: nothing in it can be pointed at, and text too small to be
// read is a stroke.
class SmallCanvas : public PlacedCanvas {
  public:
    SmallCanvas(Canvas& target, Point origin, float scale)
        : PlacedCanvas(target, origin, scale), scale_(scale) {}
    void text(Point baseline, std::string_view text, const TextStyle& style,
              float degrees) override;
    void region(Rect, const Target&, int, int) override {}

  private:
    float scale_;
};

// Draws into the rectangle with everything `scale` times as large: text, lengths, regions. What
// draws sees a rectangle that is as much smaller, from the origin.
void draw_enlarged(Canvas& canvas, Rect rect, float scale,
                   const std::function<void(Canvas&, Rect)>& draw);

}  // namespace viz
