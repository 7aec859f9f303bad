#include "app/screen/imgui_canvas.h"

#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/screen/imgui_compat.h"

namespace app {

namespace {

constexpr int most_rect_cells = 16 * 16;     // larger maps are textures where cells touch
constexpr int most_rounded_cells = 64 * 64;  // and always from here on

ImU32 packed(viz::Colour c) {
    return IM_COL32(c.r, c.g, c.b, c.a);
}

// What is seen of a rectangle within a clip.
viz::Rect seen(viz::Rect rect, viz::Rect clip) {
    rect = viz::intersection(rect, clip);
    return {rect.x, rect.y, std::max(rect.w, 0.0f), std::max(rect.h, 0.0f)};
}

// FNV-1a over whole colours.
uint64_t fingerprint(const viz::Heatmap& map) {
    uint64_t hash = 0xcbf29ce484222325u;
    auto add = [&hash](uint64_t word) { hash = (hash ^ word) * 0x100000001b3u; };
    add(static_cast<uint64_t>(map.rows));
    add(static_cast<uint64_t>(map.cols));
    for (viz::Colour c : map.colours) add(packed(c));
    return hash;
}

}  // namespace

MapTextures::~MapTextures() {
    for (const auto& [key, held] : held_) glDeleteTextures(1, &held.texture);
}

unsigned MapTextures::find(const viz::Heatmap& map) {
    Held& held = held_[map.key != 0 ? map.key : fingerprint(map)];
    held.used = true;
    if (held.texture == 0) {
        glGenTextures(1, &held.texture);
        glBindTexture(GL_TEXTURE_2D, held.texture);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
        static_assert(sizeof(viz::Colour) == 4, "colours lie as OpenGL reads them");
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, map.cols, map.rows, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                     map.colours.data());
    }
    return held.texture;
}

void MapTextures::sweep() {
    for (auto held = held_.begin(); held != held_.end();) {
        if (!held->second.used) {
            glDeleteTextures(1, &held->second.texture);
            held = held_.erase(held);
        } else {
            (held++)->second.used = false;
        }
    }
}

ImGuiCanvas::ImGuiCanvas(ImDrawList& list, GlyphAtlas& glyphs, MapTextures& maps, float scale,
                         float density, viz::Size size)
    : list_(list), glyphs_(glyphs), maps_(maps), scale_(scale), density_(density) {
    clips_.push_back({0, 0, size.w, size.h});
    // One texture for shapes and glyphs makes one draw call of them; see whiten().
    list_.Flags &= ~ImDrawListFlags_AntiAliasedLinesUseTex;
    push_texture(list_, glyphs_.texture());
}

ImGuiCanvas::~ImGuiCanvas() {
    pop_texture(list_);
}

// ImGui gives the vertices of shapes the white pixel of its own texture; ours is elsewhere.
void ImGuiCanvas::whiten(int first_vertex) {
    const viz::Point white = glyphs_.white();
    for (int i = first_vertex; i < list_.VtxBuffer.Size; ++i) {
        list_.VtxBuffer[i].uv = {white.x, white.y};
    }
}

float ImGuiCanvas::snapped(float v) const {
    return std::round(v * scale_ * density_) / density_;
}

void ImGuiCanvas::fill(viz::Rect rect, ImU32 colour, float radius) {
    // Whole pixels, but never nothing: a bar of a small probability stays a sliver.
    auto edges = [this](float from, float to, float& low, float& high) {
        low = snapped(from);
        high = snapped(to);
        if (high - low < 1 / density_) {
            low = from * scale_;
            high = to * scale_;
        }
    };
    ImVec2 low, high;
    edges(rect.x, rect.right(), low.x, high.x);
    edges(rect.y, rect.bottom(), low.y, high.y);
    list_.AddRectFilled(low, high, colour, radius * scale_);
}

void ImGuiCanvas::fill_rect(viz::Rect rect, viz::Colour colour, float radius) {
    if (rect.w <= 0 || rect.h <= 0 || colour.a == 0) return;
    const int first = list_.VtxBuffer.Size;
    fill(rect, packed(colour), radius);
    whiten(first);
}

void ImGuiCanvas::stroke_rect(viz::Rect rect, viz::Stroke line, float radius) {
    if (rect.w <= 0 || rect.h <= 0) return;
    ImVec2 low = at({rect.x, rect.y}), high = at({rect.right(), rect.bottom()});
    if (std::lround(line.width * scale_ * density_) == 1) {  // a hairline fills one row of pixels
        auto middle = [this](float v) { return (std::floor(v * density_) + 0.5f) / density_; };
        low = {middle(low.x), middle(low.y)};
        high = {middle(high.x - 0.01f), middle(high.y - 0.01f)};
    }
    list_.PathRect(low, high, radius * scale_);
    const std::vector<ImVec2> path(list_._Path.begin(), list_._Path.end());
    list_.PathClear();
    stroke(path, line, true);
}

void ImGuiCanvas::stroke(const std::vector<ImVec2>& path, viz::Stroke line, bool closed) {
    if (path.size() < 2) return;
    const int first = list_.VtxBuffer.Size;
    const ImU32 colour = packed(line.colour);
    const float width = line.width * scale_;
    if (!line.dashed) {
        add_polyline(list_, path.data(), static_cast<int>(path.size()), colour, width, closed);
        whiten(first);
        return;
    }
    // Walks the path and draws every other stretch.
    std::vector<ImVec2> dash;
    float left = line.dash() * scale_;
    bool drawing = true;
    dash.push_back(path.front());
    auto end_dash = [&] {
        if (drawing && dash.size() > 1) {
            add_polyline(list_, dash.data(), static_cast<int>(dash.size()), colour, width, false);
        }
        dash.clear();
    };
    const size_t pieces = path.size() - (closed ? 0 : 1);
    for (size_t i = 0; i < pieces; ++i) {
        ImVec2 from = path[i];
        const ImVec2 to = path[(i + 1) % path.size()];
        float length = std::hypot(to.x - from.x, to.y - from.y);
        while (length > left) {
            from.x += (to.x - from.x) * left / length;
            from.y += (to.y - from.y) * left / length;
            length -= left;
            dash.push_back(from);
            end_dash();
            drawing = !drawing;
            left = (drawing ? line.dash() : line.dash_gap()) * scale_;
            dash.push_back(from);
        }
        left -= length;
        dash.push_back(to);
    }
    end_dash();
    whiten(first);
}

void ImGuiCanvas::polyline(std::span<const viz::Point> points, viz::Stroke line) {
    std::vector<ImVec2> path;
    for (viz::Point p : points) path.push_back(at(p));
    const bool level = path.size() == 2 && path[0].y == path[1].y;
    const bool upright = path.size() == 2 && path[0].x == path[1].x;
    if ((level || upright) && std::lround(line.width * scale_ * density_) == 1) {
        for (ImVec2& p : path) {  // as in stroke_rect
            float& across = level ? p.y : p.x;
            across = (std::floor(across * density_) + 0.5f) / density_;
        }
    }
    stroke(path, line, false);
}

void ImGuiCanvas::fill_polygon(std::span<const viz::Point> points, viz::Colour colour) {
    std::vector<ImVec2> path;
    for (viz::Point p : points) path.push_back(at(p));
    float area = 0;
    for (size_t i = 0; i < path.size(); ++i) {
        const ImVec2 a = path[i], b = path[(i + 1) % path.size()];
        area += a.x * b.y - b.x * a.y;
    }
    if (area < 0) std::reverse(path.begin(), path.end());  // ImGui smooths clockwise edges only
    const int first = list_.VtxBuffer.Size;
    list_.AddConvexPolyFilled(path.data(), static_cast<int>(path.size()), packed(colour));
    whiten(first);
}

void ImGuiCanvas::curve(viz::Point from, viz::Point control1, viz::Point control2, viz::Point to,
                        viz::Stroke line) {
    list_.PathLineTo(at(from));
    list_.PathBezierCubicCurveTo(at(control1), at(control2), at(to));
    const std::vector<ImVec2> path(list_._Path.begin(), list_._Path.end());
    list_.PathClear();
    stroke(path, line, false);
}

void ImGuiCanvas::text(viz::Point baseline, std::string_view text, const viz::TextStyle& style,
                       float degrees) {
    constexpr auto phases = static_cast<float>(GlyphAtlas::phases);
    const ImU32 colour = packed(style.colour);
    const float to_screen = scale_ * density_;
    const float size = style.size * to_screen;
    const int turned = static_cast<int>(std::lround(degrees));
    const float angle = degrees * std::numbers::pi_v<float> / 180;
    const viz::Point along{std::cos(angle), -std::sin(angle)};
    for (const viz::Glyph& glyph : viz::lay_out(style.face, size, text)) {
        // The pen's pixel and the quarter of it. Level text stands on whole pixels.
        const float x =
            std::round((baseline.x * to_screen + glyph.x * along.x + glyph.y * along.y) * phases);
        float y =
            std::round((baseline.y * to_screen + glyph.x * along.y - glyph.y * along.x) * phases);
        if (turned == 0) y = std::round(y / phases) * phases;
        const viz::Point pen{std::floor(x / phases), std::floor(y / phases)};
        const GlyphImage* image = glyphs_.find(*glyph.file, glyph.index, size, turned,
                                               static_cast<int>(x - pen.x * phases),
                                               static_cast<int>(y - pen.y * phases));
        if (!image) continue;
        const viz::Rect &box = image->box, &uv = image->uv;
        list_.PrimReserve(6, 4);
        list_.PrimRectUV({(pen.x + box.x) / density_, (pen.y + box.y) / density_},
                         {(pen.x + box.right()) / density_, (pen.y + box.bottom()) / density_},
                         {uv.x, uv.y}, {uv.right(), uv.bottom()}, colour);
    }
}

void ImGuiCanvas::heatmap(viz::Rect rect, const viz::Heatmap& map) {
    if (map.rows <= 0 || map.cols <= 0) return;
    const bool touching = map.gap <= 0 && map.radius <= 0;
    if (map.rows * map.cols > (touching ? most_rect_cells : most_rounded_cells)) {
        list_.AddImage(texture_id(maps_.find(map)), {snapped(rect.x), snapped(rect.y)},
                       {snapped(rect.right()), snapped(rect.bottom())});
        return;
    }
    const int first = list_.VtxBuffer.Size;
    for (int row = 0; row < map.rows; ++row) {
        for (int col = 0; col < map.cols; ++col) {
            const viz::Colour colour = map.colours[static_cast<size_t>(row) * map.cols + col];
            if (colour.a == 0) continue;
            const viz::Rect cell =
                viz::cell_of(rect, map.rows, map.cols, row, col).inset(map.gap / 2);
            if (cell.w > 0 && cell.h > 0) fill(cell, packed(colour), map.radius);
        }
    }
    whiten(first);
}

void ImGuiCanvas::push_clip(viz::Rect rect) {
    clips_.push_back(seen(rect, clips_.back()));
    const viz::Rect& r = clips_.back();
    list_.PushClipRect(at({r.x, r.y}), at({r.right(), r.bottom()}));
}

void ImGuiCanvas::pop_clip() {
    clips_.pop_back();
    list_.PopClipRect();
}

void ImGuiCanvas::region(viz::Rect rect, const viz::Target& target, int rows, int cols) {
    regions_.add({rect, seen(rect, clips_.back()), target, rows, cols});
}

}  // namespace app
