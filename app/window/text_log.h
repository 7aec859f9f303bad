// What stands on the screen, for the test that measures it: every text with its box, how much of it
// is to be seen, and how well it stands out from the surface under it.
#pragma once

#include <string>
#include <vector>

#include "viz/paint/canvas.h"

namespace app {

class TextLog : public viz::Canvas {
  public:
    explicit TextLog(viz::Size window) : clips_{{0, 0, window.w, window.h}} {}

    // A line "X Y W H CUT CONTRAST SIZE text" for each text that nothing was drawn over, all but
    // the contrast in the pixels of the drawing. CUT: how far its box is outside of what can be
    // seen. CONTRAST: as in theme.h; 0: over a picture, not known.
    std::string lines() const;

    void fill_rect(viz::Rect rect, viz::Colour colour, float radius) override;
    void text(viz::Point at, std::string_view text, const viz::TextStyle& style,
              float degrees) override;
    void heatmap(viz::Rect rect, const viz::Heatmap&) override;
    void push_clip(viz::Rect rect) override;
    void pop_clip() override { clips_.pop_back(); }
    void stroke_rect(viz::Rect, viz::Stroke, float) override {}
    void polyline(std::span<const viz::Point>, viz::Stroke) override {}
    void fill_polygon(std::span<const viz::Point>, viz::Colour) override {}
    void curve(viz::Point, viz::Point, viz::Point, viz::Point, viz::Stroke) override {}
    void region(viz::Rect, const viz::Target&, int, int) override {}

  private:
    struct Text {
        viz::Rect box;
        float cut, contrast, size;
        std::string words;
    };
    struct Surface {
        viz::Rect rect;
        viz::Colour colour;
        bool known;  // false: a picture
    };
    void cover(viz::Rect rect);

    std::vector<viz::Rect> clips_;
    std::vector<Surface> surfaces_;
    std::vector<Text> texts_;
};

}  // namespace app
