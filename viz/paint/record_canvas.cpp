// The lines of the recorder: the call, its numbers with one decimal, its colours.
#include "viz/paint/record_canvas.h"

#include <array>
#include <cstdio>

#include "model/base/error.h"
#include "viz/paint/format.h"
#include "viz/paint/utf8.h"

namespace viz {
namespace {

std::string of(float value) {
    return " " + decimal(value, 1);
}
std::string of(Point p) {
    return of(p.x) + of(p.y);
}
std::string of(Rect r) {
    return of(r.x) + of(r.y) + of(r.w) + of(r.h);
}

std::string of(std::span<const Point> points) {
    std::string out;
    for (Point p : points) out += of(p);
    return out;
}

std::string of(Colour c) {
    std::array<char, 16> text;
    if (c.a == 255) {
        std::snprintf(text.data(), text.size(), " #%02x%02x%02x", c.r, c.g, c.b);
    } else {
        std::snprintf(text.data(), text.size(), " #%02x%02x%02x%02x", c.r, c.g, c.b, c.a);
    }
    return text.data();
}

std::string of(Stroke s) {
    return of(s.colour) + " w" + decimal(s.width, 1) + (s.dashed ? " dashed" : "");
}

std::string radius_of(float radius) {
    return radius > 0 ? " r" + decimal(radius, 1) : "";
}

const char* name(Face face) {
    constexpr std::array names{"sans", "sans_bold", "mono", "mono_bold"};
    return names[static_cast<size_t>(face)];
}

std::string quoted(std::string_view text) {
    std::string out = " \"";
    for (char c : drawable(text)) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

}  // namespace

void RecordCanvas::fill_rect(Rect rect, Colour colour, float radius) {
    lines_ += "fill_rect" + of(rect) + radius_of(radius) + of(colour) + "\n";
}

void RecordCanvas::stroke_rect(Rect rect, Stroke stroke, float radius) {
    lines_ += "stroke_rect" + of(rect) + radius_of(radius) + of(stroke) + "\n";
}

void RecordCanvas::polyline(std::span<const Point> points, Stroke stroke) {
    lines_ += "polyline" + of(points) + of(stroke) + "\n";
}

void RecordCanvas::fill_polygon(std::span<const Point> points, Colour colour) {
    lines_ += "fill_polygon" + of(points) + of(colour) + "\n";
}

void RecordCanvas::curve(Point from, Point control1, Point control2, Point to, Stroke stroke) {
    lines_ += "curve" + of(from) + of(control1) + of(control2) + of(to) + of(stroke) + "\n";
}

void RecordCanvas::text(Point baseline, std::string_view text, const TextStyle& style,
                        float degrees) {
    lines_ += "text" + of(baseline) + " " + name(style.face) + of(style.size) + of(style.colour) +
              (degrees != 0 ? " turned" + of(degrees) : "") + quoted(text) + "\n";
}

void RecordCanvas::heatmap(Rect rect, const Heatmap& map) {
    const std::vector<Colour>& colours = map.colours;
    model::check(colours.size() == static_cast<size_t>(map.rows) * static_cast<size_t>(map.cols),
                 "a heatmap has a colour for every cell");
    lines_ +=
        "heatmap" + of(rect) + " " + std::to_string(map.rows) + "x" + std::to_string(map.cols);
    if (map.gap > 0) lines_ += " gap" + decimal(map.gap, 1);
    lines_ += radius_of(map.radius);
    for (size_t i = 0; i < colours.size();) {
        size_t end = i + 1;
        while (end < colours.size() && colours[end] == colours[i]) ++end;
        lines_ += of(colours[i]);
        if (end - i > 1) lines_ += "*" + std::to_string(end - i);
        i = end;
    }
    lines_ += "\n";
}

void RecordCanvas::push_clip(Rect rect) {
    lines_ += "push_clip" + of(rect) + "\n";
}

void RecordCanvas::pop_clip() {
    lines_ += "pop_clip\n";
}

void RecordCanvas::region(Rect rect, const Target& target, int rows, int cols) {
    lines_ += "region" + of(rect) + " " + target.text();
    if (rows != 1 || cols != 1) lines_ += " " + std::to_string(rows) + "x" + std::to_string(cols);
    lines_ += "\n";
}

}  // namespace viz
