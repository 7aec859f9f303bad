// The elements of the SVG document.
#include "viz/paint/svg_canvas.h"

#include <algorithm>
#include <cmath>

#include "model/base/error.h"
#include "viz/paint/format.h"
#include "viz/paint/xml.h"

namespace viz {
namespace {

std::string of(float value) {
    // Weights that nobody trained can be finite and add up to more than a number holds.
    if (!std::isfinite(value)) {
        throw model::Error(
            "drawing: a number of this model is too large to be drawn; its file may be damaged");
    }
    return decimal(value, 2);
}

std::string attribute(const char* name, float value) {
    return std::string(" ") + name + "=\"" + of(value) + "\"";
}

std::string attributes(Rect r) {
    return attribute("x", r.x) + attribute("y", r.y) + attribute("width", r.w) +
           attribute("height", r.h);
}

// fill="#rrggbb", and fill-opacity where the colour is not opaque.
std::string paint(const std::string& name, Colour c) {
    std::string out = " " + name + "=\"#" + rgb_hex(c) + "\"";
    if (c.a != 255) out += " " + name + "-opacity=\"" + decimal(c.a / 255.0, 3) + "\"";
    return out;
}

std::string rounding(Rect rect, float radius) {
    radius = std::min(radius, std::min(rect.w, rect.h) / 2);
    return radius > 0 ? attribute("rx", radius) : "";
}

std::string line(Stroke stroke) {
    std::string out = " fill=\"none\"" + paint("stroke", stroke.colour);
    if (stroke.width != 1) out += attribute("stroke-width", stroke.width);
    if (stroke.dashed) {
        out += " stroke-dasharray=\"" + of(stroke.dash()) + " " + of(stroke.dash_gap()) + "\"";
    }
    return out;
}

std::string path(Point p) {
    return of(p.x) + " " + of(p.y);
}

std::string list(std::span<const Point> points) {
    std::string out = " points=\"";
    for (const Point& p : points) out += (&p == points.data() ? "" : " ") + path(p);
    return out + "\"";
}

// A piece of a text that is set in the face, or in its fallback where the face lacks it.
struct Run {
    bool own;
    float x;
    std::string text;
};

std::vector<Run> runs_of(Face face, float size, std::string_view text) {
    const FontFile& own_file = font_file(face);
    // Whoever shows it orders and joins what needs it by the same rules, with the same fonts.
    if (is_shaped(text)) return {{true, 0, shown_text(face, text)}};
    std::vector<Run> runs;
    for (const Glyph& glyph : lay_out(face, size, text)) {
        const bool own = *glyph.file == own_file;
        if (runs.empty() || runs.back().own != own) runs.push_back({own, glyph.x, ""});
        append_character(runs.back().text, glyph.character);
    }
    return runs;
}

std::string base64(std::string_view bytes) {
    constexpr const char* digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (size_t i = 0; i < bytes.size(); i += 3) {
        uint32_t three = 0;
        for (size_t k = i; k < i + 3; ++k) {
            three = three << 8 | (k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0u);
        }
        for (size_t k = 0; k < 4; ++k) {
            out += i + k <= bytes.size() ? digits[three >> (18 - 6 * k) & 63] : '=';
        }
    }
    return out;
}

}  // namespace

SvgCanvas::SvgCanvas(Size size, Colour background, std::string ids)
    : size_(size), background_(background), ids_(std::move(ids)) {}

std::string SvgCanvas::finish(std::string_view title) const {
    model::check(open_clips_ == 0, "every clip is popped");
    const std::string w = of(size_.w), h = of(size_.h);
    std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w + "\" height=\"" +
                      h + "\" viewBox=\"0 0 " + w + " " + h + "\" role=\"img\"";
    // No kerning and no ligatures, in measure with lay_out().
    out += " xml:space=\"preserve\" style=\"font-kerning:none;font-variant-ligatures:none\">\n";
    out += "<title>" + xml_text(title) + "</title>\n";
    out += "<rect width=\"" + w + "\" height=\"" + h + "\"" + paint("fill", background_) + "/>\n";
    return out + body_ + "</svg>\n";
}

std::string SvgCanvas::finish_inline(std::string_view title) const {
    model::check(open_clips_ == 0, "every clip is popped");
    return "<svg viewBox=\"0 0 " + of(size_.w) + " " + of(size_.h) +
           "\" role=\"img\" aria-label=\"" + xml_attribute(title) + "\">\n" + body_ + "</svg>\n";
}

void SvgCanvas::fill_rect(Rect rect, Colour colour, float radius) {
    if (rect.w <= 0 || rect.h <= 0) return;
    body_ += "<rect" + attributes(rect) + rounding(rect, radius) + paint("fill", colour) + "/>\n";
}

void SvgCanvas::stroke_rect(Rect rect, Stroke stroke, float radius) {
    if (rect.w <= 0 || rect.h <= 0) return;
    body_ += "<rect" + attributes(rect) + rounding(rect, radius) + line(stroke) + "/>\n";
}

void SvgCanvas::polyline(std::span<const Point> points, Stroke stroke) {
    if (points.empty()) return;
    body_ += "<polyline" + list(points) + line(stroke) + " stroke-linejoin=\"round\"/>\n";
}

void SvgCanvas::fill_polygon(std::span<const Point> points, Colour colour) {
    if (points.empty()) return;
    body_ += "<polygon" + list(points) + paint("fill", colour) + "/>\n";
}

void SvgCanvas::curve(Point from, Point control1, Point control2, Point to, Stroke stroke) {
    body_ += "<path d=\"M" + path(from) + " C" + path(control1) + " " + path(control2) + " " +
             path(to) + "\"" + line(stroke) + "/>\n";
}

void SvgCanvas::text(Point baseline, std::string_view text, const TextStyle& style, float degrees) {
    if (text.empty()) return;
    // Place and width keep the layout where the font is not installed.
    const auto place = [&](float x, std::string_view piece) {
        return attribute("x", x) +
               attribute("textLength", text_width(style.face, style.size, piece)) +
               " lengthAdjust=\"spacingAndGlyphs\"";
    };
    const std::vector<Run> runs = runs_of(style.face, style.size, text);
    const bool plain = runs.size() == 1 && runs.front().own;
    body_ += "<text" + (plain ? place(baseline.x, text) : "") + attribute("y", baseline.y);
    if (degrees != 0) {
        body_ += " transform=\"rotate(" + of(-degrees) + " " + path(baseline) + ")\"";
    }
    body_ += std::string(" font-family=\"") + font_family(style.face) + "\"";
    body_ += attribute("font-size", style.size);
    if (const int weight = font_weight(style.face); weight != 400) {
        body_ += " font-weight=\"" + std::to_string(weight) + "\"";
    }
    body_ += paint("fill", style.colour) + ">";
    // A fallback is named, because some viewers would change the font of the whole text.
    for (const Run& run : runs) {
        if (plain) {
            body_ += xml_text(run.text);
            continue;
        }
        body_ += "<tspan" + place(baseline.x + run.x, run.text);
        if (!run.own) {
            body_ += std::string(" font-family=\"") + fallback_family(style.face) + "\"";
        }
        body_ += ">" + xml_text(run.text) + "</tspan>";
    }
    body_ += "</text>\n";
}

void SvgCanvas::heatmap(Rect rect, const Heatmap& map) {
    const std::vector<Colour>& colours = map.colours;
    model::check(colours.size() == static_cast<size_t>(map.rows) * static_cast<size_t>(map.cols),
                 "a heatmap has a colour for every cell");
    const bool seamless = map.seamless();
    body_ += map.gap > 0 ? "<g>\n" : "<g shape-rendering=\"crispEdges\">\n";
    for (int row = 0; row < map.rows; ++row) {
        const Colour* cells = colours.data() + static_cast<size_t>(row) * map.cols;
        for (int col = 0, end = 0; col < map.cols; col = end) {
            end = col + 1;
            if (map.gap <= 0 && map.radius <= 0) {
                while (end < map.cols && cells[end] == cells[col]) ++end;
            }
            Rect cell = cell_of(rect, map.rows, map.cols, row, col);
            cell.w *= static_cast<float>(end - col);
            cell = seamless ? reach_under(cell, rect) : cell.inset(map.gap / 2);
            if (cells[col].a != 0) fill_rect(cell, cells[col], map.radius);
        }
    }
    body_ += "</g>\n";
}

void SvgCanvas::push_clip(Rect rect) {
    const std::string id = ids_ + "clip" + std::to_string(++clips_);
    ++open_clips_;
    rect.w = std::max(rect.w, 0.0f);
    rect.h = std::max(rect.h, 0.0f);
    body_ += "<clipPath id=\"" + id + "\"><rect" + attributes(rect) + "/></clipPath>\n";
    body_ += "<g clip-path=\"url(#" + id + ")\">\n";
}

void SvgCanvas::pop_clip() {
    model::check(open_clips_ > 0, "a clip is pushed before it is popped");
    --open_clips_;
    body_ += "</g>\n";
}

void SvgCanvas::append_png(Rect rect, std::string_view png, std::string_view more) {
    body_ += "<image" + attributes(rect) + " preserveAspectRatio=\"none\"" + std::string(more) +
             " href=\"data:image/png;base64," + base64(png) + "\"/>\n";
}

void SvgCanvas::picture(Rect rect, const PicturePtr& picture) {
    append_png(rect, picture->png);
}

}  // namespace viz
