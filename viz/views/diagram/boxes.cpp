#include "viz/views/diagram/boxes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "viz/layout/parts.h"

namespace viz {

namespace {

std::string tight(std::string shape) {
    for (size_t at; (at = shape.find(" × ")) != std::string::npos;) shape.replace(at, 4, "×");
    return shape;
}

// "Tom 0.61", the token cut to the room; "length 7.43".
std::string value_text(const TextStyle& style, const DiagramBox& box, float width) {
    if (box.token.empty()) {
        const std::string prefixed = box.prefix.empty() ? "" : box.prefix + " " + box.number;
        return longest_fitting(style, {prefixed, box.number}, width);
    }
    if (box.number.empty()) return fit_token(style, box.token, width);
    const float room = width - width_of(style, " " + box.number);
    const std::string token = fit_token(style, box.token, room);
    const bool telling = token == box.token || room >= width_of(style, "MMMM");
    if (telling) return token + " " + box.number;
    return longest_fitting(style, {box.number}, width);
}

// Name, shape and number of this step: as many as there is room for. The shape joins the name where
// that makes room; the hook's name is under the mouse.
std::vector<TextLine> box_lines(const DiagramBox& box, Rect rect, bool read, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle name = bold(rect.w > 96.0f ? 12.5f : 11.5f, read ? t.accent : t.text);
    const TextStyle small = mono(10.5f, t.muted), value = mono(11, t.text);
    const float width = rect.w - 8;
    const std::vector<std::string> shapes{box.shape, tight(box.shape), box.symbolic,
                                          tight(box.symbolic)};
    TextLine first{longest_fitting(name, {box.name, box.short_name}, width), name};
    TextLine shape{longest_fitting(small, shapes, width), small};
    TextLine number{value_text(value, box, width), value};
    const int room = std::max(1, static_cast<int>((rect.h - 4) / box_line));
    auto wanted = [&] { return 1 + !shape.text.empty() + !number.text.empty(); };
    if (wanted() > room && !shape.text.empty()) {
        const float rest = width - width_of(name, first.text) - 8;
        if (std::string beside = longest_fitting(small, shapes, rest); !beside.empty()) {
            first.more = std::move(beside);
            first.more_style = small;
            shape.text.clear();
        }
    }
    if (wanted() > room) number.text.clear();
    if (wanted() > room) shape.text.clear();
    std::vector<TextLine> lines;
    for (TextLine* line : {&first, &shape, &number}) {
        if (!line->text.empty()) lines.push_back(std::move(*line));
    }
    return lines;
}

// Numbers as colours along the lower edge, where there is room; on their own scale.
bool draw_values(Canvas& canvas, Rect rect, const DiagramBox& box, const Scene& scene) {
    const size_t n = box.values.size();
    if (n == 0 || static_cast<float>(n) > rect.w * 2) return false;
    float most = 0;
    for (float value : box.values) most = std::max(most, std::abs(value));
    Heatmap map{1, static_cast<int>(n), {}, 0, 0};
    for (float value : box.values) {
        map.colours.push_back(box.is_signed ? diverging(scene.theme, most > 0 ? value / most : 0)
                                            : sequential(scene.theme, scene.colormap, value));
    }
    const Rect cells{rect.x, rect.bottom() - 8, rect.w, 8};
    canvas.heatmap(cells, map);
    canvas.stroke_rect(cells, hairline(scene.theme.border));
    return true;
}

}  // namespace

void draw_arrow_head(Canvas& canvas, Point tip, Point from, float size, Colour colour) {
    const float dx = tip.x - from.x, dy = tip.y - from.y;
    const float length = std::max(std::sqrt(dx * dx + dy * dy), 0.01f);
    const float ux = dx / length * size, uy = dy / length * size;
    const Point head[] = {{tip.x, tip.y},
                          {tip.x - ux - uy * 0.6f, tip.y - uy + ux * 0.6f},
                          {tip.x - ux + uy * 0.6f, tip.y - uy - ux * 0.6f}};
    canvas.fill_polygon(head, colour);
}

void draw_arrow(Canvas& canvas, std::vector<Point> points, Stroke stroke, float head) {
    const Point tip = points.back(), from = points[points.size() - 2];
    const float dx = tip.x - from.x, dy = tip.y - from.y;
    const float length = std::max(std::sqrt(dx * dx + dy * dy), 0.01f);
    // The line ends inside the head, so that it does not blunt the tip.
    const float back = std::min(head * 0.8f, length);
    points.back() = {tip.x - dx / length * back, tip.y - dy / length * back};
    canvas.polyline(points, stroke);
    draw_arrow_head(canvas, tip, from, head, stroke.colour);
}

float room_of_weights(const DiagramBox& weights) {
    return std::max(width_of(bold(11, {}), weights.name),
                    width_of(mono(10.5f, {}), tight(weights.shape))) +
           12;
}

void draw_weights(Canvas& canvas, Point from, Point to, Stroke stroke, float head, float high,
                  const DiagramBox& weights, const Scene& scene) {
    draw_arrow(canvas, {from, to}, stroke, head);
    const float left = std::min(from.x, to.x), room = std::abs(to.x - from.x);
    if (room < room_of_weights(weights) - 0.5f || high < 26) return;
    // The arrow's head keeps its end free.
    const Rect whole{left + (to.x < from.x ? head : 0), from.y - 13, room - head, 26};
    draw_text_in(canvas, whole.top(12), weights.name, bold(11, scene.theme.text), Align::centre);
    draw_text_in(canvas, whole.without_top(14), tight(weights.shape),
                 mono(10.5f, scene.theme.muted), Align::centre);
    canvas.region(whole, weights.target);
}

Colour wire(const Theme& t) {
    return mix(t.faint, t.muted, 0.35f);
}

std::string longest_fitting(const TextStyle& style, const std::vector<std::string>& texts,
                            float width) {
    for (const std::string& text : texts) {
        if (!text.empty() && width_of(style, text) <= width) return text;
    }
    return "";
}

void draw_lines(Canvas& canvas, Rect rect, const std::vector<TextLine>& lines) {
    const auto n = static_cast<float>(lines.size());
    rect = {rect.x, rect.y + 2, rect.w, rect.h - 4};
    const float pitch = std::min(16.5f, rect.h / std::max(1.0f, n));
    float y = rect.centre().y - pitch * n / 2;
    for (const TextLine& line : lines) {
        const float gap = line.more.empty() ? 0 : 8.0f;
        const float width = width_of(line.style, line.text);
        const float more = line.more.empty() ? 0 : width_of(line.more_style, line.more);
        const float x = rect.centre().x - (width + gap + more) / 2;
        draw_text_in(canvas, {x, y, width + 1, pitch}, line.text, line.style);
        draw_text_in(canvas, {x + width + gap, y, more + 1, pitch}, line.more, line.more_style);
        y += pitch;
    }
}

void draw_box(Canvas& canvas, Rect rect, const DiagramBox& box, bool read, const Scene& scene) {
    const Theme& t = scene.theme;
    const float radius = std::min(6.0f, rect.h * 0.25f);
    const bool own = box.edge.a > 0;
    canvas.fill_rect(rect,
                     read  ? t.accent_soft
                     : own ? mix(t.card, box.edge, 0.12f)
                           : t.card,
                     radius);
    canvas.stroke_rect(rect.inset(0.5f),
                       {read  ? t.accent
                        : own ? box.edge
                              : mix(t.border, t.faint, 0.5f),
                        read || own ? 1.5f : 1.0f},
                       radius);
    canvas.region(rect, box.target);
    const std::vector<TextLine> lines = box_lines(box, rect, read, scene);
    Rect inside = rect;
    const float spare = rect.h - 16.5f * static_cast<float>(lines.size());
    if (spare >= 20 && draw_values(canvas, rect.inset(7), box, scene)) {
        inside = rect.without_bottom(14);
    }
    draw_lines(canvas, inside, lines);
}

}  // namespace viz
