// One attention head, or the heads of a layer mixed, as a map: rows are the tokens that look,
// columns the tokens looked at.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/layout/difference.h"
#include "viz/layout/grid.h"
#include "viz/layout/legend.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"
#include "viz/views/attention/attention_map.h"
#include "viz/views/drawings.h"
#include "viz/views/pointing.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float label_size = 13;
constexpr float longest_label = 86;
constexpr float comfortable_cell = 40;
constexpr float largest_cell = 56;
constexpr float least_cell = 13;    // of the preferred size
constexpr float smallest_cell = 6;  // below, a stretch is shown magnified
constexpr float hopeless_cell = 3.5f;
constexpr int worthwhile = 20;    // positions magnified
constexpr int gapless_from = 65;  // tokens
constexpr const char* masked_words = "masked: comes later";

// Scale and masked key stand side by side where there is room.
bool one_line(const Scene& scene, float width) {
    return colour_scale_width(weight_scale(scene)) + masked_key_width() + 20 <= width;
}

float legend_height(const Scene& scene, float width) {
    const size_t lines = (one_line(scene, width) ? 1 : 2) + map_notes(scene).size();
    return legend_line * static_cast<float>(lines);
}

MapPart make_layout(Rect rect, const Scene& scene) {
    const TextStyle style = mono(label_size, {});
    const int count = scene.length();
    const auto n = static_cast<float>(count);
    const float label = std::min(longest_token(scene, label_size, longest_label), rect.w * 0.22f);
    const float left = axis_height + label + 10;
    const float above = slope_reach(style, label) + 6;
    const float below = axis_height + 4 + legend_height(scene, rect.w);
    // The last column's label leans out to the right, less half a cell.
    const float high = rect.h - above - below;
    const float wide = rect.w - left;
    float cell = std::min(high / n, (wide - slope_reach(style, label)) / (n - 0.5f));
    cell = std::clamp(cell, 20 / n, largest_cell);
    return {{rect.x + left, rect.y + above, cell * n, cell * n},
            cell,
            label,
            label_size,
            0,
            0,
            count,
            count};
}

std::optional<LongMap> magnified(Rect rect, const MapPart& whole, const Scene& scene) {
    if (whole.cell >= smallest_cell) return {};
    std::optional<LongMap> both = long_map(rect, scene);
    // Few positions are worth the division only where the whole says next to nothing.
    if (both && both->zoom.rows < worthwhile && whole.cell >= hopeless_cell) return {};
    return both;
}

// The sum of the selected row, where there is room beside it.
void draw_sum(Canvas& canvas, Rect rect, const MapPart& at, const Scene& scene) {
    double sum = 0;
    const int row = scene.position();
    for (float w : shown_row(scene, scene.selection.layer, scene.selection.head, row)) sum += w;
    const std::string text = "sum " + weight(sum);
    const TextStyle style = mono(11, scene.theme.muted);
    const float high = std::max(at.cell, style.size);
    const Rect place{at.rect.right() + 7,
                     at.rect.y + at.cell * (static_cast<float>(row) + 0.5f) - high / 2,
                     width_of(style, text) + 1, high};
    if (place.right() <= rect.right()) draw_text_in(canvas, place, text, style);
}

void draw_legend(Canvas& canvas, Rect rect, const MapPart& at, const Scene& scene) {
    const TextStyle style = sans(11.5f, scene.theme.muted);
    const ColourScale scale = weight_scale(scene);
    const float scale_width = colour_scale_width(scale);
    const bool beside = one_line(scene, rect.w);
    float widest = std::max(scale_width, masked_key_width());
    if (beside) widest = scale_width + 20 + masked_key_width();
    const std::vector<std::string> notes = map_notes(scene);
    for (const std::string& note : notes) widest = std::max(widest, width_of(style, note) + 1);
    // Below the map, moved to the left as far as its words need.
    const float x = std::max(rect.x, std::min(at.rect.x, rect.right() - widest));
    Rect line{x, at.rect.bottom() + axis_height + 4, rect.right() - x, legend_line};
    draw_colour_scale(canvas, line, scene, scale);
    Rect key = line.without_left(scale_width + 20);
    if (!beside) {
        line.y += line.h;
        key = line;
    }
    draw_masked_key(canvas, key, scene);
    for (const std::string& note : notes) {
        line.y += line.h;
        draw_text_in(canvas, line, note, style);
    }
}

}  // namespace

float longest_token(const Scene& scene, float size, float most) {
    const TextStyle style = mono(size, {});
    float width = 0;
    for (int i = 0; i < scene.length() && width < most; ++i) {
        width = std::max(width, width_of(style, scene.shown_at(i)));
    }
    return std::min(width, most);
}

ColourScale weight_scale(const Scene& scene) {
    const auto& [layer, head] = std::pair(scene.selection.layer, scene.selection.head);
    if (scene.compared()) {
        const double largest = shown_change(scene, layer, head).largest;
        return change_scale(scene, signed_weight(-largest), signed_weight(largest),
                            "weight − untouched");
    }
    const std::string high = scene.attention.own_scale
                                 ? weight(darkest_weight(scene, layer, head)) + " largest weight"
                                 : "weight 1";
    return {"0", high, [&scene](float t) { return sequential(scene.theme, scene.colormap, t); },
            120};
}

std::vector<std::string> map_notes(const Scene& scene) {
    std::vector<std::string> notes;
    if (scene.compared()) {
        notes.push_back(difference_words);
    } else if (scene.attention.own_scale) {
        notes.push_back("rows that see one token alone do not count");
    }
    if (scene.attention.hide_first) notes.push_back("token 0 hidden, rows renormalised");
    return notes;
}

float masked_key_width() {
    return width_of(sans(11.5f, {}), masked_words) + 22;
}

void draw_masked_key(Canvas& canvas, Rect line, const Scene& scene) {
    const Theme& t = scene.theme;
    const Rect cell{line.x, line.centre().y - 7, 14, 14};
    canvas.fill_rect(cell, t.masked, 2);
    draw_hatch(canvas, cell, t);
    draw_text_in(canvas, line.without_left(22), masked_words, sans(11.5f, t.muted));
}

std::optional<MapCell> pointed_cell(const Scene& scene) {
    const int n = scene.length();
    const Target& id = scene.locked.target;
    if (id.number(0) != scene.selection.layer || id.number(1) != scene.selection.head) return {};
    MapCell cell{scene.locked.row, scene.locked.col};
    if (id.is("row")) {
        cell = {scene.position(), id.number(2, n)};
    } else if (id.is("zoom")) {
        cell.query += id.number(2, n);
        cell.key += id.number(3, n);
    } else if (!id.is("map")) {
        return {};
    }
    if (cell.query < 0 || cell.query >= n || cell.key < 0 || cell.key >= n) return {};
    return cell;
}

void draw_map_cells(Canvas& canvas, const MapPart& part, const Scene& scene) {
    const Theme& t = scene.theme;
    const auto& [layer, head] = std::pair(scene.selection.layer, scene.selection.head);
    const bool differs = scene.compared() != nullptr;
    const model::AttentionPattern& pattern =
        differs ? shown_change(scene, layer, head).rows : shown_pattern(scene, layer, head);
    const float darkest =
        differs ? shown_change(scene, layer, head).largest : darkest_weight(scene, layer, head);
    Heatmap map{part.rows, part.cols, {}, 0, 0};
    if (part.cols < gapless_from && part.cell >= 4) {
        map.gap = part.cell >= 16 ? 2.0f : 1.0f;
        map.radius = part.cell >= 16 ? 3.0f : 0.0f;
    }
    map.colours.reserve(static_cast<size_t>(part.rows) * part.cols);
    for (int query = part.row; query < part.row + part.rows; ++query) {
        for (int key = part.col; key < part.col + part.cols; ++key) {
            const bool hidden = scene.attention.hide_first && key == 0;
            map.colours.push_back(
                key > query ? t.masked
                : hidden    ? t.inset
                : differs   ? change_colour(scene, pattern[query][key], darkest)
                            : sequential(t, scene.colormap, pattern[query][key] / darkest));
        }
    }
    canvas.heatmap(part.rect, map);
    if (part.rows == scene.length()) {
        draw_masked_triangle(canvas, part.rect, part.rows, t);
        return;
    }
    for (int row = 0; row < part.rows; ++row) {
        for (int col = std::max(part.row + row + 1 - part.col, 0); col < part.cols; ++col) {
            draw_hatch(canvas, cell_of(part.rect, part.rows, part.cols, row, col), t);
        }
    }
}

void draw_map_labels(Canvas& canvas, const MapPart& part, const Scene& scene) {
    const Theme& t = scene.theme;
    const int selected = scene.position();
    const TextStyle plain = mono(part.label_size, t.text);
    const TextStyle chosen = mono(part.label_size, t.accent);
    const Rect names{part.rect.x - 9 - part.labels, part.rect.y, part.labels + 1, part.rect.h};
    for (const auto& [i, row] :
         named_rows(names, part.rows, plain.size * 1.2f, selected - part.row)) {
        const int query = part.row + i;
        const TextStyle& style = query == selected ? chosen : plain;
        draw_text_in(canvas, row, fit_token(style, scene.shown_at(query), part.labels), style,
                     Align::right);
        canvas.region(row, {"query", {query}});
    }
    // The last column is the newest token, and the one pointed at must be named.
    const std::optional<MapCell> pointed = pointed_cell(scene);
    const bool whole = part.cols == scene.length();
    const int always = pointed && !whole ? pointed->key - part.col : part.cols - 1;
    for (const auto& [i, column] :
         named_columns(part.rect, part.cols, slope_pitch(plain), always)) {
        const std::string token = scene.shown_at(part.col + i);
        draw_sloped(canvas, {column.centre().x, part.rect.y - 7},
                    fit_token(plain, token, part.labels), plain, Slope::rising);
    }
}

void draw_map_axes(Canvas& canvas, Rect rect, float x, Rect cells, const std::string& queries,
                   const std::string& keys, const Scene& scene) {
    const TextStyle style = sans(12, scene.theme.muted);
    // A small map is shorter than the name of its axis, which then runs on above it.
    const float query_width = width_of(style, queries);
    const float low = std::min(std::max(cells.centre().y + query_width / 2, rect.y + query_width),
                               cells.bottom() + axis_height);
    canvas.text({x + 13, low}, queries, style, 90);
    const float key_width = width_of(style, keys);
    const float left = std::clamp(cells.centre().x - key_width / 2, x + axis_height,
                                  std::max(x + axis_height, rect.right() - key_width));
    draw_text_in(canvas, {left, cells.bottom() + 4, key_width + 1, axis_height}, keys, style);
}

void draw_map_outlines(Canvas& canvas, const MapPart& part, const Scene& scene) {
    const Theme& t = scene.theme;
    const int selected = scene.position() - part.row;
    auto place = [&](int row, int col, int cols) {
        return Rect{part.rect.x + part.cell * static_cast<float>(col) - 1,
                    part.rect.y + part.cell * static_cast<float>(row) - 1,
                    part.cell * static_cast<float>(cols) + 2, part.cell + 2};
    };
    const float radius = part.cell >= 16 ? 4.0f : 0.0f;
    if (selected >= 0 && selected < part.rows) {
        canvas.stroke_rect(place(selected, 0, part.cols), {t.accent, part.cell >= 6 ? 2.0f : 1.25f},
                           radius);
    }
    const std::optional<MapCell> pointed = pointed_cell(scene);
    if (!pointed) return;
    const int row = pointed->query - part.row, col = pointed->key - part.col;
    if (row < 0 || row >= part.rows || col < 0 || col >= part.cols) return;
    canvas.stroke_rect(place(row, col, 1), {t.text, 1.5f}, radius);
}

bool is_magnified(Size room, const Scene& scene) {
    const Rect rect{0, 0, room.w, room.h};
    return magnified(rect, make_layout(rect, scene), scene).has_value();
}

Size head_extent(Size room, const Scene& scene) {
    const Rect rect{0, 0, room.w, room.h};
    const MapPart at = make_layout(rect, scene);
    if (const auto both = magnified(rect, at, scene)) return both->used;
    const float labels = slope_reach(mono(label_size, {}), at.labels) - at.cell / 2;
    return {std::min(at.rect.right() + std::max(labels, 0.0f), room.w),
            at.rect.bottom() + axis_height + 4 + legend_height(scene, room.w)};
}

void draw_head(Canvas& canvas, Rect rect, const Scene& scene) {
    const MapPart at = make_layout(rect, scene);
    if (const auto both = magnified(rect, at, scene)) {
        draw_long_map(canvas, rect, *both, scene);
        return;
    }
    draw_map_axes(canvas, rect, rect.x, at.rect, "query (looking) →", "key (looked at) →", scene);
    draw_map_labels(canvas, at, scene);
    draw_map_cells(canvas, at, scene);
    const bool off = scene.attention.mix == AttentionLook::Mix::one &&
                     scene.is_off(scene.selection.layer, scene.selection.head);
    if (off) draw_switched_off(canvas, at.rect, scene.theme);
    canvas.region(at.rect, target::map(scene.selection.layer, scene.selection.head), at.rows,
                  at.cols);
    draw_map_outlines(canvas, at, scene);
    draw_sum(canvas, rect, at, scene);
    draw_part(canvas, PagePart::legend, "", [&] { draw_legend(canvas, rect, at, scene); });
}

// A cell of the magnified part is a cell of the map.

namespace {

Size head_size(const Scene& scene) {
    const TextStyle style = mono(label_size, {});
    const auto n = static_cast<float>(scene.length());
    const float cell =
        std::max(std::min(comfortable_cell, 640 / n), std::min(least_cell, 1600 / n));
    const float map = std::max(cell * n, 160.0f);
    const float label = longest_token(scene, label_size, longest_label);
    const float width = map + axis_height + 10 + label + slope_reach(style, label);
    const float height = map + slope_reach(style, label) + 6 + axis_height + 4 + 2 * legend_line;
    return {std::max(width, 340.0f), height};
}

// A magnified cell as one of the whole map, which every drawing of the head knows.
Hit cell_of_map(const Hit& hit) {
    const Target& zoom = hit.target;
    if (zoom.numbers() < 4) return {};
    return {target::map(zoom.number(0), zoom.number(1)), zoom.number(2) + hit.row,
            zoom.number(3) + hit.col};
}

constexpr Pointing targets[] = {
    {.kind = "zoom", .means = cell_of_map},
};

}  // namespace

// Targets: "map/L/H" of n x n cells and "query/I" on row labels. Of a long text "map/L/H" is an
// overview; the stretch that is magnified is "zoom/L/H/FIRST_ROW/FIRST_COL".
extern const View head_view{
    .id = "head",
    .title = "Attention map",
    .help = "the pattern of one head, queries by keys",
    .group = Group::attention,
    .tab = false,
    .heading = Heading::head,
    .preferred_size = head_size,
    .draw = draw_head,
    .least = {330, 330},
    .shows_head = true,
    .switches = Switches::attention,
    .targets = targets,
};

}  // namespace viz
