// Points, sizes and rectangles, in pixels; y grows downward.
#pragma once

#include <algorithm>

namespace viz {

struct Point {
    float x = 0, y = 0;
};

struct Size {
    float w = 0, h = 0;
};

struct Rect {
    float x = 0, y = 0, w = 0, h = 0;

    float right() const { return x + w; }
    float bottom() const { return y + h; }
    Point centre() const { return {x + w / 2, y + h / 2}; }
    bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
    Rect inset(float by) const { return {x + by, y + by, w - 2 * by, h - 2 * by}; }
    // Parts cut off one side: r.left(100) is the left 100 pixels.
    Rect left(float width) const { return {x, y, width, h}; }
    Rect top(float height) const { return {x, y, w, height}; }
    Rect without_left(float width) const { return {x + width, y, w - width, h}; }
    Rect without_top(float height) const { return {x, y + height, w, h - height}; }
    Rect without_right(float width) const { return {x, y, w - width, h}; }
    Rect without_bottom(float height) const { return {x, y, w, h - height}; }
};

// What lies in both; where nothing does, its width or its height is below 0.
inline Rect intersection(Rect a, Rect b) {
    const float x = std::max(a.x, b.x), y = std::max(a.y, b.y);
    return {x, y, std::min(a.right(), b.right()) - x, std::min(a.bottom(), b.bottom()) - y};
}

}  // namespace viz
