// viz::Canvas on an ImGui draw list: what the window shows. It collects the regions that drawings
// declare; what is under the mouse is looked up in them.
#pragma once

#include <imgui.h>

#include <unordered_map>
#include <vector>

#include "app/screen/glyph_atlas.h"
#include "viz/paint/canvas.h"
#include "viz/scene/regions.h"

namespace app {

// Large maps as textures, one texel a cell, kept while they are drawn.
class MapTextures {
  public:
    ~MapTextures();
    unsigned find(const viz::Heatmap& map);
    // Forgets those that the last frame did not draw.
    void sweep();

  private:
    struct Held {
        unsigned texture = 0;
        bool used = true;
    };
    std::unordered_map<uint64_t, Held> held_;  // by content
};

class ImGuiCanvas : public viz::Canvas {
  public:
    // `scale` pixels of ImGui for a pixel of the canvas, `density` pixels of the screen for one of
    // ImGui.
    ImGuiCanvas(ImDrawList& list, GlyphAtlas& glyphs, MapTextures& maps, float scale, float density,
                viz::Size size);
    ~ImGuiCanvas() override;

    const viz::Regions& regions() const { return regions_; }
    viz::Regions take_regions() { return std::move(regions_); }

    void fill_rect(viz::Rect rect, viz::Colour colour, float radius) override;
    void stroke_rect(viz::Rect rect, viz::Stroke stroke, float radius) override;
    void polyline(std::span<const viz::Point> points, viz::Stroke stroke) override;
    void fill_polygon(std::span<const viz::Point> points, viz::Colour colour) override;
    void curve(viz::Point from, viz::Point control1, viz::Point control2, viz::Point to,
               viz::Stroke stroke) override;
    void text(viz::Point baseline, std::string_view text, const viz::TextStyle& style,
              float degrees) override;
    void heatmap(viz::Rect rect, const viz::Heatmap& map) override;
    void push_clip(viz::Rect rect) override;
    void pop_clip() override;
    void region(viz::Rect rect, const viz::Target& target, int rows, int cols) override;

  private:
    ImVec2 at(viz::Point p) const { return {p.x * scale_, p.y * scale_}; }
    float snapped(float v) const;  // to whole pixels of the screen
    void fill(viz::Rect rect, ImU32 colour, float radius);
    void stroke(const std::vector<ImVec2>& path, viz::Stroke stroke, bool closed);
    void whiten(int first_vertex);

    ImDrawList& list_;
    GlyphAtlas& glyphs_;
    MapTextures& maps_;
    float scale_, density_;
    std::vector<viz::Rect> clips_;
    viz::Regions regions_;
};

}  // namespace app
