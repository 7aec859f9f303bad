// viz::Canvas on an ImGui draw list: what the window shows. It collects the regions that drawings
// declare; what is under the mouse is looked up in them.
#pragma once

#include <imgui.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "app/glyph_atlas.h"
#include "viz/canvas.h"
#include "viz/scene.h"

namespace app {

// A place that can be pointed at, in the canvas' coordinates.
struct Region {
    viz::Rect rect;     // divided into rows x cols cells
    viz::Rect visible;  // the part inside the clip
    std::string id;
    int rows = 1, cols = 1;
};

// The regions of one finished frame, in drawing order.
class Regions {
  public:
    void add(Region region) { all_.push_back(std::move(region)); }
    // What is at a point: the region drawn last. An empty id where there is none.
    viz::Hit at(viz::Point point) const;
    // The cell that a hit means; null when this frame did not draw it.
    const Region* find(std::string_view id) const;
    viz::Rect cell(const viz::Hit& hit) const;
    const std::vector<Region>& all() const { return all_; }

  private:
    std::vector<Region> all_;
};

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

    const Regions& regions() const { return regions_; }
    Regions take_regions() { return std::move(regions_); }

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
    void region(viz::Rect rect, std::string_view id, int rows, int cols) override;

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
    Regions regions_;
};

}  // namespace app
