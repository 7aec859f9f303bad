// A canvas that keeps the box of every text and every region: what layout tests look at.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"
#include "viz/views/view_table.h"

namespace tests {

// A text's box, turned with it: four corners around.
struct TextBox {
    std::string text;
    float size;
    viz::Point along, up;  // unit vectors of its sides
    viz::Point corners[4];
};

struct PlacedRegion {
    viz::Rect rect;
    std::string id;
    int rows, cols;
};

class LayoutCanvas : public viz::Canvas {
  public:
    std::vector<TextBox> texts;
    std::vector<PlacedRegion> regions;

    void fill_rect(viz::Rect, viz::Colour, float) override {}
    void stroke_rect(viz::Rect, viz::Stroke, float) override {}
    void polyline(std::span<const viz::Point>, viz::Stroke) override {}
    void fill_polygon(std::span<const viz::Point>, viz::Colour) override {}
    void curve(viz::Point, viz::Point, viz::Point, viz::Point, viz::Stroke) override {}
    void heatmap(viz::Rect, const viz::Heatmap&) override {}
    void push_clip(viz::Rect) override {}
    void pop_clip() override {}
    void region(viz::Rect rect, const viz::Target& target, int rows, int cols) override {
        regions.push_back({rect, target.text(), rows, cols});
    }
    void text(viz::Point at, std::string_view text, const viz::TextStyle& style,
              float degrees) override {
        const float turn = degrees * std::numbers::pi_v<float> / 180;
        TextBox box{std::string(text),
                    style.size,
                    {std::cos(turn), -std::sin(turn)},
                    {-std::sin(turn), -std::cos(turn)},
                    {}};
        const float width = viz::text_width(style.face, style.size, text);
        const float above = viz::cap_height(style.face, style.size), below = 0.18f * style.size;
        auto corner = [&](float right, float high) {
            return viz::Point{at.x + box.along.x * right + box.up.x * high,
                              at.y + box.along.y * right + box.up.y * high};
        };
        box.corners[0] = corner(0, -below);
        box.corners[1] = corner(width, -below);
        box.corners[2] = corner(width, above);
        box.corners[3] = corner(0, above);
        if (!text.empty()) texts.push_back(box);
    }
};

// How far a box is outside a rectangle; negative when it is inside.
inline float outside(const TextBox& box, viz::Rect rect) {
    float most = -1e9f;
    for (viz::Point p : box.corners) {
        most =
            std::max({most, rect.x - p.x, p.x - rect.right(), rect.y - p.y, p.y - rect.bottom()});
    }
    return most;
}

// Whether two boxes share more than `slack` pixels: no side of either separates them.
inline bool overlap(const TextBox& a, const TextBox& b, float slack) {
    for (viz::Point axis : {a.along, a.up, b.along, b.up}) {
        auto extent = [&](const TextBox& box, float& low, float& high) {
            low = 1e9f;
            high = -1e9f;
            for (viz::Point p : box.corners) {
                const float at = p.x * axis.x + p.y * axis.y;
                low = std::min(low, at);
                high = std::max(high, at);
            }
        };
        float a_low, a_high, b_low, b_high;
        extent(a, a_low, a_high);
        extent(b, b_low, b_high);
        if (a_high - slack <= b_low || b_high - slack <= a_low) return false;
    }
    return true;
}

// A view's drawing, a little off the corner.
inline LayoutCanvas drawn(const char* view, viz::Size size, const viz::Scene& scene,
                          float scale = 1) {
    LayoutCanvas canvas;
    viz::draw_enlarged(canvas, {10, 20, size.w, size.h}, scale,
                       [&](viz::Canvas& page, viz::Rect whole) {
                           viz::find_view(view)->draw(page, whole, scene);
                       });
    return canvas;
}

// Texts whose middle lies in a rectangle, in the order of drawing.
inline std::vector<std::string> texts_in(const LayoutCanvas& canvas, viz::Rect rect) {
    std::vector<std::string> found;
    for (const TextBox& text : canvas.texts) {
        const viz::Point a = text.corners[0], b = text.corners[2];
        if (rect.contains({(a.x + b.x) / 2, (a.y + b.y) / 2})) found.push_back(text.text);
    }
    return found;
}

inline bool has(const std::vector<std::string>& texts, const std::string& text) {
    return std::ranges::find(texts, text) != texts.end();
}

}  // namespace tests
