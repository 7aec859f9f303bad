// The attention map of a long text: all of it as an overview in which no strong link vanishes, and
// a stretch of it magnified so that its tokens can be read.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "viz/layout/difference.h"
#include "viz/layout/grid.h"
#include "viz/layout/legend.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"
#include "viz/views/attention/attention_map.h"

namespace viz {

namespace {

constexpr float label_size = 11;
constexpr float longest_label = 68;
constexpr float comfortable_cell = 17, narrowest_cell = 13.5f, widest_cell = 24;
constexpr int most_positions = 40, wanted_positions = 24, least_positions = 12;
constexpr float least_overview = 112;
constexpr float between = 18;
constexpr const char* merged_words = "overview: each dot the largest of its cells";

float legend_width(const Scene& scene) {
    const TextStyle style = sans(11.5f, {});
    float width = std::max(colour_scale_width(weight_scale(scene)), masked_key_width());
    for (const std::string& note : map_notes(scene)) width = std::max(width, width_of(style, note));
    return std::max(width, width_of(style, merged_words)) + 2;
}

float legend_height(const Scene& scene) {
    return legend_line * static_cast<float>(3 + map_notes(scene).size());
}

// How many positions a room of so many pixels shows, and how large.
struct Stretch {
    int positions;
    float cell;
    float side() const { return cell * static_cast<float>(positions); }
};

Stretch stretch_of(float room, const Scene& scene) {
    int positions = static_cast<int>(room / comfortable_cell);
    if (positions < wanted_positions) {
        positions = std::min(wanted_positions, static_cast<int>(room / narrowest_cell));
    }
    positions = std::clamp(positions, 1, std::min(most_positions, scene.length()));
    return {positions, std::min(room / static_cast<float>(positions), widest_cell)};
}

// What is pointed at, or what is before the selected position, is in the stretch.
void place_stretch(MapPart& part, const Scene& scene) {
    const int last = scene.length() - part.rows;
    const Target& id = scene.locked.target;
    if (const auto cell = pointed_cell(scene)) {
        part.row = cell->query - part.rows / 2;
        part.col = cell->key - part.cols / 2;
        // It must not move away under the pointer.
        if (id.is("zoom")) {
            part.row = id.number(2, scene.length());
            part.col = id.number(3, scene.length());
        }
    } else {
        part.row = scene.position() - part.rows * 3 / 4;
        part.col = std::min(part.row, last);
    }
    part.row = std::clamp(part.row, 0, last);
    part.col = std::clamp(part.col, 0, last);
}

// The overview above the stretch, its legend at its right.
std::optional<LongMap> one_below(Rect rect, const Scene& scene) {
    const float axis = axis_height, space = between;
    const float label = std::min(longest_token(scene, label_size, longest_label), rect.w * 0.2f);
    const float reach = slope_reach(mono(label_size, {}), label);
    const float left = axis + label + 10;
    const float least = std::max(least_overview, legend_height(scene) - axis);
    const float fixed = axis + 4 + space + reach + 7 + axis + 4;
    const float room = std::min(rect.w - left - reach, rect.h - fixed - least);
    const Stretch stretch = stretch_of(room, scene);
    const float side = std::min({rect.h - fixed - stretch.side(),
                                 rect.w - axis - space - legend_width(scene), stretch.side()});
    if (stretch.positions < least_positions || stretch.cell < narrowest_cell * 0.99f ||
        side < least_overview) {
        return {};
    }
    LongMap at;
    at.overview = {rect.x + axis, rect.y, side, side};
    const float x = at.overview.right() + space;
    at.legend = {x, rect.y, rect.right() - x, legend_height(scene)};
    const float y = at.overview.bottom() + 4 + axis + space + reach + 7;
    at.zoom = {{rect.x + left, y, stretch.side(), stretch.side()},
               stretch.cell,
               label,
               label_size,
               0,
               0,
               stretch.positions,
               stretch.positions};
    at.used = {std::max(at.zoom.rect.right() + reach, x + legend_width(scene)) - rect.x,
               at.zoom.rect.bottom() + 4 + axis - rect.y};
    return at;
}

// The overview at the left, its legend below it, the stretch at the right.
std::optional<LongMap> side_by_side(Rect rect, const Scene& scene) {
    const float axis = axis_height, space = between;
    const float label = std::min(longest_token(scene, label_size, longest_label), rect.w * 0.2f);
    const float reach = slope_reach(mono(label_size, {}), label);
    const float left = axis + label + 10;
    const float above = reach + 7, below = axis + 4;
    const float column = std::max(axis + least_overview, legend_width(scene));
    const float room = std::min(rect.w - column - space - left - reach, rect.h - above - below);
    const Stretch stretch = stretch_of(room, scene);
    const float side = std::min({rect.w - axis - space - left - stretch.side() - reach,
                                 rect.h - above - below - legend_height(scene), stretch.side()});
    if (stretch.positions < least_positions || stretch.cell < narrowest_cell * 0.99f ||
        side < least_overview) {
        return {};
    }
    LongMap at;
    at.overview = {rect.x + axis, rect.y + above, side, side};
    at.legend = {rect.x, at.overview.bottom() + below, legend_width(scene), legend_height(scene)};
    const float x = std::max(at.overview.right(), at.legend.right()) + space + left;
    at.zoom = {{x, rect.y + above, stretch.side(), stretch.side()},
               stretch.cell,
               label,
               label_size,
               0,
               0,
               stretch.positions,
               stretch.positions};
    at.used = {at.zoom.rect.right() + reach - rect.x,
               std::max(at.zoom.rect.bottom() + below, at.legend.bottom()) - rect.y};
    return at;
}

// One cell a pixel at most; each is the largest of those it stands for, of changes the largest
// either way.
Heatmap merged(int pixels, const Scene& scene) {
    const Theme& t = scene.theme;
    const int n = scene.length();
    const int side = std::clamp(pixels, 1, n);
    const auto& [layer, head] = std::pair(scene.selection.layer, scene.selection.head);
    const bool differs = scene.compared() != nullptr;
    const model::AttentionPattern& pattern =
        differs ? shown_change(scene, layer, head).rows : shown_pattern(scene, layer, head);
    const float darkest =
        differs ? shown_change(scene, layer, head).largest : darkest_weight(scene, layer, head);
    std::vector<float> largest(static_cast<size_t>(side) * side,
                               std::numeric_limits<float>::quiet_NaN());
    std::vector<int> place(n);
    for (int i = 0; i < n; ++i) place[i] = static_cast<int>(static_cast<int64_t>(i) * side / n);
    for (int query = 0; query < n; ++query) {
        float* line = largest.data() + static_cast<size_t>(place[query]) * side;
        const std::vector<float>& row = pattern[query];
        for (int key = 0; key <= query; ++key) {
            float& cell = line[place[key]];
            cell = std::abs(cell) >= std::abs(row[key]) ? cell : row[key];
        }
    }
    const ColourTable table(t, scene.colormap);
    Heatmap map{side, side, {}, 0, 0};
    map.colours.reserve(largest.size());
    for (float value : largest) {
        map.colours.push_back(std::isnan(value) ? t.masked
                              : differs         ? change_colour(scene, value, darkest)
                                                : table.at(value / darkest));
    }
    if (scene.attention.hide_first && side == n) {
        for (int query = 0; query < n; ++query) {
            map.colours[static_cast<size_t>(query) * side] = t.inset;
        }
    }
    return map;
}

void draw_overview(Canvas& canvas, const LongMap& at, const Scene& scene) {
    const Theme& t = scene.theme;
    const int n = scene.length();
    const Rect& rect = at.overview;
    canvas.heatmap(rect, merged(static_cast<int>(rect.w), scene));
    draw_masked_triangle(canvas, rect, n, t);
    canvas.stroke_rect(rect, hairline(t.border));
    canvas.region(rect, target::map(scene.selection.layer, scene.selection.head), n, n);
    const float cell = rect.w / static_cast<float>(n);
    const float y = rect.y + cell * (static_cast<float>(scene.position()) + 0.5f);
    draw_across(canvas, rect, y, {t.accent.with_alpha(0.45f), 1.25f});
    const MapPart& zoom = at.zoom;
    const Rect part{rect.x + cell * static_cast<float>(zoom.col),
                    rect.y + cell * static_cast<float>(zoom.row),
                    cell * static_cast<float>(zoom.cols), cell * static_cast<float>(zoom.rows)};
    canvas.stroke_rect(part.inset(-1), {t.accent, 2}, 2);
}

std::string span_of(int first, int positions) {
    return count(first) + "–" + count(first + positions - 1);
}

}  // namespace

std::optional<LongMap> long_map(Rect rect, const Scene& scene) {
    std::optional<LongMap> below = one_below(rect, scene), beside = side_by_side(rect, scene);
    if (!below && !beside) return {};
    auto better = [](const LongMap& a, const LongMap& b) {
        if (a.zoom.rows != b.zoom.rows) return a.zoom.rows > b.zoom.rows;
        return a.overview.w + a.zoom.rect.w >= b.overview.w + b.zoom.rect.w;
    };
    LongMap at = below && (!beside || better(*below, *beside)) ? *below : *beside;
    place_stretch(at.zoom, scene);
    return at;
}

void draw_long_map(Canvas& canvas, Rect rect, const LongMap& at, const Scene& scene) {
    const MapPart& zoom = at.zoom;
    draw_map_axes(canvas, rect, at.overview.x - axis_height, at.overview,
                  "query, " + span_of(0, scene.length()) + " →",
                  "key, " + span_of(0, scene.length()) + " →", scene);
    draw_overview(canvas, at, scene);

    draw_map_axes(canvas, rect, zoom.rect.x - zoom.labels - (10 + axis_height), zoom.rect,
                  "query (looking), " + span_of(zoom.row, zoom.rows) + " →",
                  "key (looked at), " + span_of(zoom.col, zoom.cols) + " →", scene);
    draw_map_labels(canvas, zoom, scene);
    draw_map_cells(canvas, zoom, scene);
    const Selection& s = scene.selection;
    canvas.region(zoom.rect, {"zoom", {s.layer, s.head, zoom.row, zoom.col}}, zoom.rows, zoom.cols);
    draw_map_outlines(canvas, zoom, scene);

    const TextStyle style = sans(11.5f, scene.theme.muted);
    Rect line = at.legend.top(legend_line);
    draw_colour_scale(canvas, line, scene, weight_scale(scene));
    line.y += line.h;
    draw_masked_key(canvas, line, scene);
    std::vector<std::string> notes = map_notes(scene);
    if (at.overview.w < static_cast<float>(scene.length())) notes.push_back(merged_words);
    for (const std::string& note : notes) {
        line.y += line.h;
        draw_text_in(canvas, line, note, style);
    }
}

}  // namespace viz
