// One attention head as a map: rows are the tokens that look, columns the tokens looked at.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/parts.h"
#include "viz/views.h"

namespace viz {

namespace {

constexpr float label_size = 13;
constexpr float longest_label = 86;
constexpr float axis_height = 22;  // its name
constexpr float legend_line = 22;
constexpr float comfortable_cell = 40;
constexpr float largest_cell = 56;
constexpr float least_cell = 13;  // of the preferred size
constexpr int gapless_from = 65;  // tokens

struct Layout {
    Rect map;
    float cell;
    float row_labels;  // width
};

float longest(const Scene& scene) {
    const TextStyle style = mono(scene, label_size, {});
    float width = 0;
    for (int i = 0; i < scene.length(); ++i) {
        width = std::max(width, width_of(style, scene.shown_at(i)));
    }
    return std::min(width, longest_label * scene.text_scale);
}

ColourScale weight_scale(const Scene& scene) {
    return {"0", "1 weight",
            [&scene](float t) { return sequential(scene.theme, scene.colormap, t); }, 120};
}

constexpr const char* masked_words = "masked: comes later";
constexpr const char* hidden_words = "token 0 hidden, rows renormalised";

float masked_key_width(const Scene& scene) {
    return width_of(sans(scene, 11.5f, {}), masked_words) + 22 * scene.text_scale;
}

// Scale and masked key stand side by side where there is room.
bool one_line(const Scene& scene, float width) {
    return colour_scale_width(scene, weight_scale(scene)) + masked_key_width(scene) +
               20 * scene.text_scale <=
           width;
}

float legend_height(const Scene& scene, float width) {
    const int lines = (one_line(scene, width) ? 1 : 2) + (scene.attention.hide_first ? 1 : 0);
    return legend_line * scene.text_scale * static_cast<float>(lines);
}

Layout make_layout(Rect rect, const Scene& scene) {
    const float k = scene.text_scale;
    const TextStyle style = mono(scene, label_size, {});
    const auto n = static_cast<float>(scene.length());
    const float label = std::min(longest(scene), rect.w * 0.22f);
    const float left = axis_height * k + label + 10 * k;
    const float above = slope_reach(style, label) + 6 * k;
    const float below = (axis_height + 4) * k + legend_height(scene, rect.w);
    // The last column's label leans out to the right, less half a cell.
    const float high = rect.h - above - below;
    const float wide = rect.w - left;
    float cell = std::min(high / n, (wide - slope_reach(style, label)) / (n - 0.5f));
    cell = std::clamp(cell, 0.25f, largest_cell * k);
    return {{rect.x + left, rect.y + above, cell * n, cell * n}, cell, label};
}

void draw_cells(Canvas& canvas, const Layout& at, const Scene& scene) {
    const Theme& t = scene.theme;
    const int n = scene.length();
    const auto pattern = shown_pattern(scene, scene.selection.layer, scene.selection.head);
    Heatmap map{n, n, {}, 0, 0};
    if (n < gapless_from && at.cell >= 4) {
        map.gap = at.cell >= 16 ? 2.0f : 1.0f;
        map.radius = at.cell >= 16 ? 3.0f : 0.0f;
    }
    map.colours.reserve(static_cast<size_t>(n) * n);
    for (int query = 0; query < n; ++query) {
        for (int key = 0; key < n; ++key) {
            const bool hidden = scene.attention.hide_first && key == 0;
            map.colours.push_back(key > query ? t.masked
                                  : hidden    ? t.inset
                                              : sequential(t, scene.colormap, pattern[query][key]));
        }
    }
    canvas.heatmap(at.map, map);
    draw_masked_triangle(canvas, at.map, n, t);
}

void draw_labels(Canvas& canvas, const Layout& at, const Scene& scene) {
    const float k = scene.text_scale;
    const Theme& t = scene.theme;
    const int n = scene.length();
    const int selected = scene.position();
    const TextStyle plain = mono(scene, label_size, t.text);
    const TextStyle chosen = mono(scene, label_size, t.accent);
    for (int i : thinned(n, at.cell, plain.size * 1.2f, selected)) {
        const float height = std::max(at.cell, plain.size * 1.2f);
        const float middle = at.map.y + at.cell * (static_cast<float>(i) + 0.5f);
        const Rect row{at.map.x - 9 * k - at.row_labels, middle - height / 2, at.row_labels + 1,
                       height};
        const TextStyle& style = i == selected ? chosen : plain;
        draw_text_in(canvas, row, fit_token(style, scene.shown_at(i), at.row_labels), style,
                     Align::right);
        canvas.region(row, "query/" + std::to_string(i));
    }
    for (int i : thinned(n, at.cell, slope_pitch(plain), n - 1)) {
        const Point start{at.map.x + at.cell * (static_cast<float>(i) + 0.5f), at.map.y - 7 * k};
        draw_sloped(canvas, start, fit_token(plain, scene.shown_at(i), at.row_labels), plain,
                    Slope::rising);
    }
}

void draw_axes(Canvas& canvas, Rect rect, const Layout& at, const Scene& scene) {
    const float k = scene.text_scale;
    const TextStyle style = sans(scene, 12, scene.theme.muted);
    const char* queries = "query (looking) →";
    const char* keys = "key (looked at) →";
    // A small map is shorter than the name of its axis, which then runs on above it.
    const float query_width = width_of(style, queries);
    const float low = std::min(std::max(at.map.centre().y + query_width / 2, rect.y + query_width),
                               at.map.bottom() + axis_height * k);
    canvas.text({rect.x + 13 * k, low}, queries, style, 90);
    const float key_width = width_of(style, keys);
    const float x = std::clamp(at.map.centre().x - key_width / 2, rect.x + axis_height * k,
                               std::max(rect.x, rect.right() - key_width));
    draw_text_in(canvas, {x, at.map.bottom() + 4 * k, key_width + 1, axis_height * k}, keys, style);
}

void draw_legend(Canvas& canvas, Rect rect, const Layout& at, const Scene& scene) {
    const float k = scene.text_scale;
    const Theme& t = scene.theme;
    const TextStyle style = sans(scene, 11.5f, t.muted);
    const ColourScale scale = weight_scale(scene);
    const float scale_width = colour_scale_width(scene, scale);
    const bool beside = one_line(scene, rect.w);
    float widest = std::max(scale_width, masked_key_width(scene));
    if (beside) widest = scale_width + 20 * k + masked_key_width(scene);
    if (scene.attention.hide_first) widest = std::max(widest, width_of(style, hidden_words) + 1);
    // Below the map, moved to the left as far as its words need.
    const float x = std::max(rect.x, std::min(at.map.x, rect.right() - widest));
    Rect line{x, at.map.bottom() + (axis_height + 4) * k, rect.right() - x, legend_line * k};
    draw_colour_scale(canvas, line, scene, scale);
    Rect key = line.without_left(scale_width + 20 * k);
    if (!beside) {
        line.y += line.h;
        key = line;
    }
    const Rect cell{key.x, key.centre().y - 7 * k, 14 * k, 14 * k};
    canvas.fill_rect(cell, t.masked, 2);
    draw_hatch(canvas, cell, t);
    draw_text_in(canvas, key.without_left(22 * k), masked_words, style);
    if (scene.attention.hide_first) {
        line.y += line.h;
        draw_text_in(canvas, line, hidden_words, style);
    }
}

void draw_outlines(Canvas& canvas, const Layout& at, const Scene& scene, const std::string& id) {
    const Theme& t = scene.theme;
    const auto row_at = [&](int row) { return at.map.y + at.cell * static_cast<float>(row); };
    const Rect row{at.map.x - 1, row_at(scene.position()) - 1, at.map.w + 2, at.cell + 2};
    canvas.stroke_rect(row, {t.accent, at.cell >= 6 ? 2.0f : 1.25f}, at.cell >= 16 ? 4.0f : 0.0f);
    if (scene.locked.id != id) return;
    const Rect cell{at.map.x + at.cell * static_cast<float>(scene.locked.col) - 1,
                    row_at(scene.locked.row) - 1, at.cell + 2, at.cell + 2};
    canvas.stroke_rect(cell, {t.text, 1.5f}, at.cell >= 16 ? 4.0f : 0.0f);
}

}  // namespace

Size head_extent(Size room, const Scene& scene) {
    const float k = scene.text_scale;
    const Layout at = make_layout({0, 0, room.w, room.h}, scene);
    const float labels = slope_reach(mono(scene, label_size, {}), at.row_labels) - at.cell / 2;
    return {std::min(at.map.right() + std::max(labels, 0.0f), room.w),
            at.map.bottom() + (axis_height + 4) * k + legend_height(scene, room.w)};
}

Size head_size(const Scene& scene) {
    const float k = scene.text_scale;
    const TextStyle style = mono(scene, label_size, {});
    const auto n = static_cast<float>(scene.length());
    const float cell =
        std::max(std::min(comfortable_cell, 640 / n), std::min(least_cell, 1600 / n));
    const float map = std::max(cell * n, 160.0f) * k;
    const float label = longest(scene);
    const float width = map + (axis_height + 10) * k + label + slope_reach(style, label);
    const float height =
        map + slope_reach(style, label) + (6 + axis_height + 4 + 2 * legend_line) * k;
    return {std::max(width, 340 * k), height};
}

void draw_head(Canvas& canvas, Rect rect, const Scene& scene) {
    const Layout at = make_layout(rect, scene);
    const int n = scene.length();
    const std::string id =
        "map/" + std::to_string(scene.selection.layer) + "/" + std::to_string(scene.selection.head);
    draw_axes(canvas, rect, at, scene);
    draw_labels(canvas, at, scene);
    draw_cells(canvas, at, scene);
    canvas.region(at.map, id, n, n);
    draw_outlines(canvas, at, scene, id);
    draw_legend(canvas, rect, at, scene);
}

}  // namespace viz
