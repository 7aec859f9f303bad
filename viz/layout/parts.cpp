#include "viz/layout/parts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viz {

namespace {

constexpr float diagonal = std::numbers::sqrt2_v<float> / 2;
constexpr int scale_steps = 64;
constexpr float hatched_from = 14;  // pixels a cell; below, strokes run through the triangle
constexpr float between_strokes = 12;

}  // namespace

TextStyle sans(float size, Colour colour) {
    return {Face::sans, size, colour};
}

TextStyle bold(float size, Colour colour) {
    return {Face::sans_bold, size, colour};
}

TextStyle mono(float size, Colour colour) {
    return {Face::mono, size, colour};
}

float width_of(const TextStyle& style, std::string_view text) {
    return text_width(style.face, style.size, text);
}

std::string fit_token(const TextStyle& style, std::string_view text, float width) {
    return fit_middle(style.face, style.size, text, width);
}

std::string fit_words(const TextStyle& style, std::string_view text, float width) {
    return fit_end(style.face, style.size, text, width);
}

std::string fit_wording(const TextStyle& style, const std::vector<std::string>& wordings,
                        float width) {
    for (const std::string& wording : wordings) {
        if (width_of(style, wording) <= width) return wording;
    }
    return fit_words(style, wordings.back(), width);
}

void draw_if_room(Canvas& canvas, Rect rect, const std::vector<std::string>& wordings,
                  const TextStyle& style) {
    const auto fitting = std::ranges::find_if(
        wordings, [&](const std::string& words) { return width_of(style, words) <= rect.w; });
    if (fitting != wordings.end()) draw_text_in(canvas, rect, *fitting, style);
}

std::vector<int> thinned(int n, float pitch, float needed, int always) {
    const int step = std::max(1, static_cast<int>(std::ceil(needed / pitch - 0.001f)));
    std::vector<int> kept;
    for (int i = 0; i < n; ++i) {
        if (i == always || (i % step == 0 && std::abs(i - always) >= step)) kept.push_back(i);
    }
    return kept;
}

std::vector<int> thinned_to_last(int n, float pitch, float needed, int always) {
    const int last = n - 1;
    const float room = needed - 0.001f * pitch;
    std::vector<int> kept = thinned(n, pitch, needed, always);
    if (always != last && static_cast<float>(last - always) * pitch < room) return kept;
    std::erase_if(
        kept, [&](int i) { return i != always && static_cast<float>(last - i) * pitch < room; });
    if (kept.empty() || kept.back() != last) kept.push_back(last);
    return kept;
}

void draw_sloped(Canvas& canvas, Point start, std::string_view text, const TextStyle& style,
                 Slope slope) {
    const float shift = cap_height(style.face, style.size) / 2 * diagonal;
    const float side = slope == Slope::rising ? 1.0f : -1.0f;
    canvas.text({start.x + side * shift, start.y + shift}, text, style, side * 45);
}

float slope_reach(const TextStyle& style, float width) {
    return (width + style.size * 0.6f) * diagonal;
}

float slope_pitch(const TextStyle& style) {
    return style.size * 1.5f;
}

float colour_scale_width(const ColourScale& scale) {
    const TextStyle style = sans(11.5f, {});
    return std::max(width_of(style, scale.low), scale.low_width) + scale.bar + 16 +
           width_of(style, scale.high);
}

void draw_colour_scale(Canvas& canvas, Rect rect, const Scene& scene, const ColourScale& scale) {
    const TextStyle style = sans(11.5f, scene.theme.muted);
    const float low = std::max(width_of(style, scale.low), scale.low_width);
    Heatmap map{1, scale_steps, {}, 0, 0};
    for (int i = 0; i < scale_steps; ++i) {
        map.colours.push_back(scale.colour(static_cast<float>(i) / (scale_steps - 1)));
    }
    const Rect strip{rect.x + low + 8, rect.centre().y - 4.5f, scale.bar, 9};
    draw_text_in(canvas, rect.left(low), scale.low, style, Align::right);
    canvas.heatmap(strip, map);
    canvas.stroke_rect(strip, hairline(scene.theme.border));
    draw_text_in(canvas, {strip.right() + 8, rect.y, rect.right() - strip.right() - 8, rect.h},
                 scale.high, style);
}

void draw_filling(Canvas& canvas, Rect rect, Size usual, float most,
                  const std::function<void(Canvas&, Rect)>& draw) {
    const float larger = std::clamp(std::min(rect.w / usual.w, rect.h / usual.h), 1.0f, most);
    draw_enlarged(canvas, rect, larger, draw);
}

void draw_masked_triangle(Canvas& canvas, Rect square, int cells, const Theme& theme) {
    const float cell = square.w / static_cast<float>(cells);
    if (cell >= hatched_from) {
        for (int row = 0; row < cells; ++row) {
            for (int col = row + 1; col < cells; ++col) {
                draw_hatch(canvas, {square.x + cell * col, square.y + cell * row, cell, cell},
                           theme);
            }
        }
        return;
    }
    // Lines x + y = sum, from the diagonal to the upper or right edge.
    for (float sum = between_strokes; sum < 2 * square.w; sum += between_strokes) {
        const float far = std::min(sum, square.w);
        const Point ends[] = {{square.x + sum / 2 + cell, square.y + sum / 2 - cell},
                              {square.x + far, square.y + sum - far}};
        if (ends[0].x < ends[1].x) canvas.polyline(ends, hairline(theme.hatch));
    }
}

void draw_hatch(Canvas& canvas, Rect cell, const Theme& theme) {
    const Rect r = cell.inset(std::min(cell.w, cell.h) * 0.24f);
    const Point ends[] = {{r.x, r.bottom()}, {r.right(), r.y}};
    canvas.polyline(ends, hairline(theme.hatch));
}

void draw_bar(Canvas& canvas, Rect full, double part, Colour colour) {
    if (!(part > 0)) return;
    const float width = std::max(1.5f, full.w * static_cast<float>(std::min(part, 1.0)));
    canvas.fill_rect(full.left(width), colour, std::min({full.h / 2, width / 2, 3.0f}));
}

}  // namespace viz
