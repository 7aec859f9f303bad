// Activations: maps over layers and positions. How long the residual stream is, how much each block
// changes it, how far its direction is from where it ends, and what attention and MLP added.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/layout/grid.h"
#include "viz/layout/legend.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/title.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float token_size = 12;
constexpr float longest_token = 80;
constexpr float heading_height = 24;
constexpr float between = 14;
constexpr float highest_line = 28;
constexpr float least_line = 4;     // below, what attention and MLP added is left out
constexpr float two_columns = 900;  // the narrowest room for them
constexpr float columns_gap = 40;
constexpr float bars_from = 440;         // the narrowest room for bars
constexpr float differences_from = 170;  // of the bars' room
constexpr float number_width = 56;
constexpr const char* widest_end = "888.88  log scale";

// One map: a line for each layer, a column for each position.
struct Map {
    const char* id;
    const char* title;
    const char* more;  // of the title, where there is room
    std::vector<double> Norms::*values;
    bool embedding;  // its first line is the embedding, before any block
    bool cosine;     // from -1 to 1; all others are sizes
    Colour Theme::*bar;
};

constexpr Map maps[] = {
    {"resid", "Length of the residual stream", " (norm)", &Norms::resid, true, false, &Theme::bar},
    {"change", "Change: added ÷ before", " (lengths)", &Norms::change, false, false, &Theme::bar},
    {"cosine", "Cosine with the final stream", "", &Norms::cosine, true, true, &Theme::bar},
    {"attn", "Length of what attention added", "", &Norms::attn, false, false, &Theme::attn},
    {"mlp", "Length of what the MLP added", "", &Norms::mlp, false, false, &Theme::mlp},
};
using Chosen = std::vector<const Map*>;

int lines_of(const Map& map, const Scene& scene) {
    return scene.model.config.n_layer + (map.embedding ? 1 : 0);
}

struct Frame {
    float labels;              // width at the left
    float right;               // of what is right of the cells
    float bars_width;          // of it, for bars and numbers of the selected position; 0: no room
    float differences;         // of it, for what changed since the position before; 0: no room
    float token_width, reach;  // of the tokens above
};

// Sizes differ by factors, not by amounts: the scale is logarithmic.
struct Scale {
    double low, high;  // of what is there: what is switched off has no place on it
    float at(double value) const {
        if (!(value > 0)) return 0;
        if (high <= low) return 1;
        return static_cast<float>(std::log(value / low) / std::log(high / low));
    }
};

Scale scale_of(const std::vector<Norms>& norms, std::vector<double> Norms::*values) {
    Scale scale{1e300, 0};
    for (const Norms& n : norms) {
        for (double value : n.*values) {
            if (value > 0) scale.low = std::min(scale.low, value);
            scale.high = std::max(scale.high, value);
        }
    }
    return scale;
}

std::string line_name(int line) {
    return line == 0 ? "embedding" : "block " + std::to_string(line);
}

// The scale stands at the right, its bar where the other maps' bars are.
void draw_heading(Canvas& canvas, Rect line, const Map& map, bool merged, const Scale& sizes,
                  const Scene& scene) {
    const Theme& t = scene.theme;
    ColourScale scale{number(sizes.low), number(sizes.high) + "  log scale",
                      [&](float x) { return sequential(t, scene.colormap, x); }};
    if (map.cosine) {
        scale.low = "-1";
        scale.high = "1";
        scale.colour = [&](float x) { return diverging(t, 2 * x - 1); };
    }
    scale.bar = line.w < bars_from ? 48 : 90;
    scale.low_width = 40;
    const float ends = width_of(sans(11.5f, {}), widest_end) + 8;
    const float width =
        std::max(colour_scale_width(scale), scale.low_width + scale.bar + 8.0f + ends);
    Title title{.wordings = {std::string(map.title) + map.more, map.title}, .gap = 10};
    if (merged) {
        title.note = std::string("columns: the ") + (map.cosine ? "lowest" : "largest") +
                     " of their positions";
    }
    draw_title(canvas, line.without_right(width + 12), title, t);
    draw_colour_scale(canvas, line.without_left(line.w - width), scene, scale);
}

// No more columns than pixels: of several positions the one that stands out.
Heatmap heat_of(const Map& map, int pixels, const std::vector<Norms>& norms, const Scale& scale,
                const Scene& scene) {
    const Theme& t = scene.theme;
    const int n = scene.length(), lines = lines_of(map, scene), cols = std::clamp(pixels, 1, n);
    const ColourTable table(t, scene.colormap);
    Heatmap heat{lines, cols, {}, 0, 0};
    for (int i = 0; i < lines; ++i) {
        for (int col = 0; col < cols; ++col) {
            const int first = static_cast<int>(static_cast<int64_t>(col) * n / cols);
            const int end = static_cast<int>(static_cast<int64_t>(col + 1) * n / cols);
            double value = (norms[first].*map.values)[i];
            for (int p = first + 1; p < end; ++p) {
                const double other = (norms[p].*map.values)[i];
                value = map.cosine ? std::min(value, other) : std::max(value, other);
            }
            heat.colours.push_back(map.cosine ? diverging(t, static_cast<float>(value))
                                              : table.at(scale.at(value)));
        }
    }
    return heat;
}

// The selected position's values: bars, numbers, and what changed since the position before.
void draw_values(Canvas& canvas, Rect cells, const Frame& frame, const Map& map, int selected,
                 const std::vector<Norms>& norms, const Scene& scene) {
    const Theme& t = scene.theme;
    const int lines = lines_of(map, scene), position = scene.position();
    const float pitch = cells.h / static_cast<float>(lines);
    const auto& here = norms[position].*map.values;
    const double most = map.cosine ? 1 : *std::max_element(here.begin(), here.end());
    const Rect bars{cells.right() + frame.right - frame.bars_width, cells.y,
                    frame.bars_width - frame.differences - number_width, cells.h};
    auto middle = [&](int i) { return cells.y + pitch * (static_cast<float>(i) + 0.5f); };
    for (int i = 0; i < lines; ++i) {
        const float thick = std::clamp(pitch - 2, 1.0f, 12.0f);
        const Colour colour = here[i] < 0 ? diverging(t, -0.8f) : t.*map.bar;
        draw_bar(canvas, {bars.x, middle(i) - thick / 2, bars.w, thick},
                 most > 0 ? std::abs(here[i]) / most : 0, colour);
    }
    const TextStyle style = mono(11, t.muted), small = mono(smallest_text, t.muted);
    const Rect numbers{bars.right(), cells.y, number_width, cells.h};
    for (const auto& [i, row] :
         named_rows(numbers, lines, style.size * 1.2f, std::max(selected, 0))) {
        draw_text_in(canvas, row, number(here[i]), style, Align::right);
        if (frame.differences <= 0 || position == 0) continue;
        const double more = here[i] - (norms[position - 1].*map.values)[i];
        draw_text_in(canvas, {row.right(), row.y, frame.differences, row.h},
                     (more > 0 ? "+" : "") + number(more), small, Align::right);
    }
}

void draw_map(Canvas& canvas, Rect cells, const Frame& frame, const Map& map, const Scale& scale,
              const std::vector<Norms>& norms, const Scene& scene) {
    const Theme& t = scene.theme;
    const int n = scene.length();
    const int first_block = map.embedding ? 0 : 1;
    const int lines = lines_of(map, scene);
    const float pitch = cells.h / static_cast<float>(lines);
    const float column = cells.w / static_cast<float>(n);
    const int selected = stream_line(scene) - first_block;
    auto line_at = [&](int i) { return cells.y + pitch * static_cast<float>(i); };

    Heatmap heat = heat_of(map, static_cast<int>(cells.w), norms, scale, scene);
    heat.gap = pitch >= 10 && column >= 6 ? 1.0f : 0.0f;
    heat.radius = pitch >= 14 && column >= 14 ? 2.0f : 0.0f;
    canvas.heatmap(cells, heat);
    const Target target{"norms", map.id};
    canvas.region(cells, target, lines, n);

    const TextStyle plain = sans(11.5f, t.muted);
    const TextStyle chosen = bold(11.5f, t.accent);
    const Rect names{cells.x - frame.labels, cells.y, frame.labels - 8, cells.h};
    for (const auto& [i, row] :
         named_rows(names, lines, plain.size * 1.2f, std::max(selected, 0))) {
        draw_text_in(canvas, row, line_name(i + first_block), i == selected ? chosen : plain,
                     Align::right);
    }
    if (frame.bars_width > 0) draw_values(canvas, cells, frame, map, selected, norms, scene);
    const float x = cells.x + column * static_cast<float>(scene.position());
    canvas.stroke_rect({x - 0.5f, cells.y - 0.5f, column + 1, cells.h + 1},
                       {t.accent.with_alpha(0.55f), 1.25f}, 2);
    if (selected >= 0) {
        canvas.stroke_rect({x - 1, line_at(selected) - 1, column + 2, pitch + 2}, {t.accent, 2}, 3);
    }
    if (const auto cell = locked_cell(scene, target, cells, lines, n)) {
        canvas.stroke_rect({cell->x - 0.5f, cell->y - 0.5f, column + 1, pitch + 1}, {t.text, 1.5f},
                           2);
    }
}

void draw_tokens_above(Canvas& canvas, Rect cells, float width, const Scene& scene) {
    const int n = scene.length();
    const TextStyle plain = mono(token_size, scene.theme.text);
    for (const auto& [i, column] : named_columns(cells, n, slope_pitch(plain), scene.position())) {
        TextStyle style = plain;
        if (i == scene.position()) style.colour = scene.theme.accent;
        draw_sloped(canvas, {column.centre().x, cells.y - 7},
                    fit_token(style, scene.shown_at(i), width), style, Slope::rising);
    }
}

// What the bars are of.
void draw_position(Canvas& canvas, Rect line, const Frame& frame, const Scene& scene) {
    const TextStyle style = sans(11.5f, scene.theme.muted);
    const int position = scene.position();
    const std::string since = "± since " + count(position - 1);
    if (frame.differences > 0 && position > 0) {
        draw_text_in(canvas, line, since, style, Align::right);
        line.w -= width_of(style, since) + 10;
    }
    std::string where = " (position " + count(position) + ")";
    if (line.w < width_of(style, "at ␣token" + where)) where = " (" + count(position) + ")";
    const std::string token =
        fit_token(style, scene.shown_at(position), line.w - width_of(style, "at " + where) - 2);
    draw_text_in(canvas, line, "at " + token + where, style);
}

float fixed_height(const Frame& frame, size_t maps_shown) {
    return frame.reach + 7 + static_cast<float>(maps_shown) * heading_height +
           static_cast<float>(maps_shown - 1) * between;
}

int lines_of(const Chosen& chosen, const Scene& scene) {
    int lines = 0;
    for (const Map* map : chosen) lines += lines_of(*map, scene);
    return lines;
}

float line_of(Rect rect, const Frame& frame, const Chosen& chosen, const Scene& scene) {
    const float room = rect.h - 7 - fixed_height(frame, chosen.size());
    return room / static_cast<float>(lines_of(chosen, scene));
}

Frame make_frame(Rect rect, const Scene& scene) {
    const TextStyle token = mono(token_size, {});
    Frame frame{};
    const float most = std::min(longest_token, rect.h * 0.12f);
    for (int i = 0; i < scene.length() && frame.token_width < most; ++i) {
        frame.token_width =
            std::min(most, std::max(frame.token_width, width_of(token, scene.shown_at(i))));
    }
    frame.reach = slope_reach(token, frame.token_width);
    frame.labels = width_of(bold(11.5f, {}), "embedding") + 10;
    if (rect.w >= bars_from) frame.bars_width = std::min(rect.w * 0.37f, 260.0f);
    if (frame.bars_width >= differences_from) frame.differences = number_width;
    // The last column's token leans out to the right.
    frame.right =
        frame.bars_width > 0 ? frame.bars_width + std::max(24.0f, frame.reach) : frame.reach;
    return frame;
}

// Returns where it ends.
float draw_column(Canvas& canvas, Rect rect, const Chosen& chosen, float highest,
                  const std::vector<Norms>& norms, const Scene& scene) {
    const Frame frame = make_frame(rect, scene);
    const float line = std::clamp(line_of(rect, frame, chosen, scene), 0.25f, highest);
    Rect row = rect.top(heading_height);
    for (const Map* map : chosen) {
        const bool first = map == chosen.front();
        const Scale scale = scale_of(norms, map->values);
        Rect cells{rect.x + frame.labels, row.bottom(), rect.w - frame.labels - frame.right,
                   line * static_cast<float>(lines_of(*map, scene))};
        draw_heading(canvas, row.top(heading_height - 6), *map,
                     static_cast<float>(scene.length()) > cells.w, scale, scene);
        if (first) {
            cells.y += frame.reach + 7;
            draw_tokens_above(canvas, cells, frame.token_width, scene);
            if (frame.bars_width > 0) {
                const float x = rect.right() - frame.bars_width;
                draw_position(canvas, {x, cells.y - 22, frame.bars_width, 18}, frame, scene);
            }
        }
        draw_map(canvas, cells, frame, *map, scale, norms, scene);
        row.y = cells.bottom() + between;
    }
    return row.y - between;
}

Size layers_size(const Scene&) {
    return {1000, 620};
}

void draw_layers(Canvas& canvas, Rect rect, const Scene& scene) {
    const std::vector<Norms>& norms = scene.memo.norms.read(scene.step.records);
    const auto& [resid, change, cosine, attn, mlp] = maps;
    if (rect.w >= two_columns) {
        const float width = (rect.w - columns_gap) / 2;
        const float end = draw_column(canvas, rect.left(width), {&resid, &attn, &mlp}, highest_line,
                                      norms, scene);
        // The other has fewer lines: they are higher, so that both end together.
        const Rect right{rect.right() - width, rect.y, width,
                         std::min(end - rect.y + 7.0f, rect.h)};
        draw_column(canvas, right, {&cosine, &change}, 2 * highest_line, norms, scene);
        return;
    }
    Chosen all{&resid, &change, &cosine, &attn, &mlp};
    if (line_of(rect, make_frame(rect, scene), all, scene) < least_line) all.resize(3);
    draw_column(canvas, rect, all, highest_line, norms, scene);
}

Lines layers_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    const Map* map = std::find_if(std::begin(maps), std::end(maps),
                                  [&](const Map& m) { return id.word() == m.id; });
    if (!id.is("norms") || map == std::end(maps) || hit.col >= scene.length() ||
        hit.row >= lines_of(*map, scene)) {
        return {};
    }
    const int layers = scene.model.config.n_layer;
    const Norms& norms = scene.memo.norms.read(scene.step.records)[hit.col];
    const std::string value = number((norms.*map->values)[hit.row]);
    // The stream's lines begin with the embedding.
    const bool embedding = map->embedding && hit.row == 0;
    const int layer = map->embedding ? hit.row - 1 : hit.row;
    const std::string name = "blocks." + std::to_string(layer);
    const std::string where = embedding        ? "embedding"
                              : map->embedding ? "after block " + std::to_string(hit.row)
                                               : "block " + std::to_string(hit.row + 1);
    const std::string stream =
        embedding ? "hook_embed + hook_pos_embed" : name + ".hook_resid_post";
    Lines lines{scene.shown_at(hit.col) + "  position " + count(hit.col)};
    const std::string_view kind = map->id;
    if (kind == "resid") {
        lines.insert(lines.end(), {where + ": length " + value, stream});
    } else if (kind == "cosine") {
        lines.insert(lines.end(),
                     {where + ": cosine " + value + " with the final stream",
                      stream + " and blocks." + std::to_string(layers - 1) + ".hook_resid_post"});
    } else if (kind == "change") {
        lines.insert(lines.end(),
                     {where + " added " + value + " times the length of the stream before it",
                      name + ".hook_attn_out + hook_mlp_out, over hook_resid_pre"});
    } else {
        const bool attention = kind == "attn";
        lines.insert(lines.end(),
                     {where + (attention ? ", attention" : ", MLP") + " added: length " + value,
                      name + (attention ? ".hook_attn_out" : ".hook_mlp_out")});
    }
    if (hit.col > 0) {
        const Norms& before = scene.memo.norms.read(scene.step.records)[hit.col - 1];
        const double more = (norms.*map->values)[hit.row] - (before.*map->values)[hit.row];
        lines.push_back((more > 0 ? "+" : "") + number(more) + " since the position before");
    }
    return lines;
}

void select_cell(Selection& selection, const Hit& hit, const Extent& extent) {
    const std::string_view map = hit.target.word();
    const bool stream = map == "resid" || map == "cosine";
    const int layer = stream ? hit.row - 1 : hit.row;
    select_block(selection, std::clamp(layer, 0, extent.layers - 1),
                 map == "attn" ? Phase::attention : Phase::mlp, extent);
    // Row 0 of the stream's maps is the embedding, before any block.
    if (layer < 0) selection.phase = Phase::embedding;
    select_position(selection, hit.col, extent);
}

constexpr Pointing targets[] = {
    {.kind = "norms", .tooltip = layers_tooltip, .select = select_cell, .locks = true},
};

}  // namespace

// Targets: "norms/resid" and "norms/cosine" of (n_layer + 1) x n cells (row 0: the embedding),
// "norms/attn", "norms/mlp" and "norms/change" of n_layer x n.
extern const View layers_view{
    .id = "layers",
    .title = "Activations",
    .help = "length, change and direction of the stream after every block",
    .group = Group::stream,
    .preferred_size = layers_size,
    .draw = draw_layers,
    .least = {420, 420},
    .targets = targets,
};

}  // namespace viz
