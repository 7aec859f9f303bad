// Queries, keys and values as what they are: rows of the normed stream times three matrices of
// weights, plus biases. All matrices are drawn at one scale, so that a weight of 160 x 32 looks
// five times as high as wide; below them what comes out at the selected position, large.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "model/pass/attention_scale.h"
#include "model/pass/hooks.h"
#include "model/pass/kernels.h"
#include "viz/layout/grid.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/title.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float title_height = 28, names_height = 36, strip_height = 26, strip_pitch = 34;
constexpr float sign_width = 26;  // of × and =
constexpr float gap = 10;
constexpr float least_wide = 46;  // of a matrix with its name
constexpr float bias_gap = 5;
constexpr float least_bias = 4;  // pixels, of a row that would be thinner
constexpr const char* names[] = {"Q", "K", "V"};
constexpr const char* results[] = {"q", "k", "v"};

// Numbers of a matrix, row by row.
struct Grid {
    int rows = 0, cols = 0;
    std::vector<float> values;
    float at(int row, int col) const {
        return values[static_cast<size_t>(row) * static_cast<size_t>(cols) +
                      static_cast<size_t>(col)];
    }
    float largest() const {
        float most = 0;
        for (const float value : values) most = std::max(most, std::abs(value));
        return most;
    }
};

struct Parts {
    Grid stream;                  // [positions, d_model]
    std::array<Grid, 3> weights;  // [d_model, d_head]
    std::array<Grid, 3> biases;   // [1, d_head]
    std::array<Grid, 3> out;      // [positions, d_head]
};

Parts parts_of(const Scene& scene) {
    const model::Config& c = scene.model.config;
    const Selection& s = scene.selection;
    const auto& layer = scene.model.weights.layers[static_cast<size_t>(s.layer)];
    const int d = c.d_model, d_head = c.d_head();
    Parts parts;
    const std::string block = "blocks." + std::to_string(s.layer) + ".";
    model::HookTensor normed =
        model::read_hook(scene.model, scene.step.records, block + "ln1.hook_normalized");
    parts.stream = {scene.length(), d, std::move(normed.values)};
    for (size_t which = 0; which < 3; ++which) {
        parts.weights[which] = {d, d_head, {}};
        parts.biases[which] = {1, d_head, {}};
        parts.out[which] = {scene.length(), d_head, {}};
    }
    std::vector<float> row(static_cast<size_t>(3 * d));
    const auto take = [&](const float* from, std::array<Grid, 3>& grids) {
        for (size_t which = 0; which < 3; ++which) {
            const float* begin = from + which * static_cast<size_t>(d) + s.head * d_head;
            grids[which].values.insert(grids[which].values.end(), begin, begin + d_head);
        }
    };
    for (int i = 0; i < d; ++i) {
        model::read_row(layer.qkv, i, row.data());
        take(row.data(), parts.weights);
    }
    take(layer.qkv_bias, parts.biases);
    for (const auto& record : scene.step.records) {
        const std::span<const float> heads[] = {record->q(s.layer), record->k(s.layer),
                                                record->v(s.layer)};
        for (size_t which = 0; which < 3; ++which) {
            const auto own = heads[which].subspan(static_cast<size_t>(s.head * d_head),
                                                  static_cast<size_t>(d_head));
            parts.out[which].values.insert(parts.out[which].values.end(), own.begin(), own.end());
        }
    }
    return parts;
}

// A cell for each number; where they are finer than pixels, the strongest of those that fall
// together.
void draw_grid(Canvas& canvas, Rect rect, const Grid& grid, float largest, const Theme& theme) {
    const auto merged = [](int n, float pixels) {
        return std::max(
            1, static_cast<int>(std::ceil(static_cast<float>(n) / std::max(pixels, 1.0f))));
    };
    const int by_row = merged(grid.rows, rect.h), by_col = merged(grid.cols, rect.w);
    Heatmap map{(grid.rows + by_row - 1) / by_row, (grid.cols + by_col - 1) / by_col, {}};
    for (int row = 0; row < map.rows; ++row) {
        for (int col = 0; col < map.cols; ++col) {
            float strongest = 0;
            for (int i = row * by_row; i < std::min((row + 1) * by_row, grid.rows); ++i) {
                for (int j = col * by_col; j < std::min((col + 1) * by_col, grid.cols); ++j) {
                    if (std::abs(grid.at(i, j)) > std::abs(strongest)) strongest = grid.at(i, j);
                }
            }
            map.colours.push_back(diverging(theme, strongest / std::max(largest, 1e-9f)));
        }
    }
    canvas.heatmap(rect, map);
    canvas.stroke_rect(rect.inset(-0.5f), hairline(theme.border));
}

Colour colour_of(size_t which, const Theme& t) {
    return which == 0 ? t.query : which == 1 ? t.key : t.value;
}

std::string shape(int rows, int cols) {
    return count(rows) + " × " + count(cols);
}

struct Places {
    float scale = 1;  // pixels a number
    Rect stream;
    std::array<Rect, 3> weights, biases, out;
    float bottom = 0;
};

Places places_of(Rect rect, const Scene& scene) {
    const model::Config& c = scene.model.config;
    const auto d = static_cast<float>(c.d_model), d_head = static_cast<float>(c.d_head());
    const auto n = static_cast<float>(scene.length());
    const float fixed = 2 * sign_width + 4 * gap;
    const float high = rect.h - names_height - bias_gap - least_bias;
    Places p;
    // As large as the height allows, or the width: with slots as wide as matrices, or as names.
    const float room = rect.w - fixed;
    const float wide_slots = room / (d + 6 * d_head), slender = (room - 6 * least_wide) / d;
    const float by_width = wide_slots * d_head >= least_wide ? wide_slots : slender;
    p.scale = std::max(std::min(by_width, high / std::max(d, n)), 0.01f);
    const auto slot = [&] { return std::max(d_head * p.scale, least_wide); };
    const float y = rect.y + names_height, wide = d_head * p.scale;
    float x = rect.x;
    p.stream = {x, y, d * p.scale, n * p.scale};
    x = p.stream.right() + sign_width;
    const float bias = std::max(p.scale, least_bias);
    for (size_t i = 0; i < 3; ++i) {
        p.weights[i] = {x, y, wide, d * p.scale};
        p.biases[i] = {x, p.weights[i].bottom() + bias_gap, wide, bias};
        x += slot() + gap;
    }
    x += sign_width - gap;
    for (size_t i = 0; i < 3; ++i) {
        p.out[i] = {x, y, wide, n * p.scale};
        x += slot() + gap;
    }
    p.bottom = std::max(p.biases[0].bottom(), p.stream.bottom());
    return p;
}

void draw_name(Canvas& canvas, Rect over, float y, const std::string& name,
               const std::string& below, Colour ink, const Theme& t) {
    const float room = std::max(over.w, least_wide) + gap - 2;
    const TextStyle style = bold(13, ink), small = mono(10.5f, t.muted);
    draw_text_in(canvas, {over.x, y, room, 17}, fit_words(style, name, room), style);
    draw_text_in(canvas, {over.x, y + 16, room, 14}, fit_words(small, below, room), small);
}

void draw_sign(Canvas& canvas, float x, float y, const char* sign, const Theme& t) {
    draw_text_in(canvas, {x - sign_width, y, sign_width, 20}, sign, bold(16, t.muted),
                 Align::centre);
}

// What comes out at the selected position, number by number.
void draw_strips(Canvas& canvas, Rect rect, const Parts& parts, const Scene& scene) {
    const Theme& t = scene.theme;
    const int position = scene.position(), d_head = parts.out[0].cols;
    const TextStyle name = bold(13, t.text), small = sans(11.5f, t.muted);
    const std::string token = fit_token(bold(13, {}), scene.shown_at(position), 120);
    draw_title(canvas, rect.top(20),
               {.wordings = {"What comes out at " + token, token},
                .note = "its query, key and value, " + count(d_head) + " numbers each"},
               t);
    const float labels = width_of(name, "q = x · W_Q + b_Q") + 14;
    const float ends = width_of(small, "length 188.8") + 10;
    float y = rect.y + 26;
    for (size_t which = 0; which < 3; ++which) {
        if (y + strip_height > rect.bottom() + 1) return;
        Grid own{1, d_head, {}};
        double length = 0;
        for (int i = 0; i < d_head; ++i) {
            const float value = parts.out[which].at(position, i);
            own.values.push_back(value);
            length += double{value} * double{value};
        }
        const std::string words =
            std::string(results[which]) + " = x · W_" + names[which] + " + b_" + names[which];
        TextStyle ink = name;
        ink.colour = colour_of(which, t);
        draw_text_in(canvas, {rect.x, y, labels, strip_height}, words, ink);
        const Rect strip{rect.x + labels, y, rect.w - labels - ends, strip_height};
        const float largest = std::max(own.largest(), 1e-9f);
        draw_grid(canvas, strip, own, largest, t);
        canvas.region(strip, {"qkv-out", {static_cast<int>(which)}}, 1, d_head);
        const float cell = strip.w / static_cast<float>(d_head);
        const TextStyle digits = mono(smallest_text, t.text);
        if (cell >= width_of(digits, "-8.8") + 3) {
            for (int i = 0; i < d_head; ++i) {
                TextStyle on = digits;
                on.colour = text_on(diverging(
                    t, own.values[static_cast<size_t>(i)] / std::max(own.largest(), 1e-9f)));
                draw_text_in(canvas, cell_of(strip, 1, d_head, 0, i),
                             decimal(own.values[static_cast<size_t>(i)], 1), on, Align::centre);
            }
        }
        draw_text_in(canvas, {strip.right() + 8, y, ends, strip_height},
                     "length " + number(std::sqrt(length)), small);
        y += strip_pitch;
    }
}

// What is made of queries and keys, where there is room for it: larger than the rest.
void draw_weights(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const Selection& s = scene.selection;
    const float side = std::min({rect.w, rect.h - names_height - 24, 300.0f});
    constexpr float least_side = 140;
    if (side < least_side) return;
    const model::AttentionPattern& pattern = shown_pattern(scene, s.layer, s.head);
    const auto n = static_cast<int>(pattern.size());
    Heatmap map{n, n, {}};
    for (int row = 0; row < n; ++row) {
        for (int col = 0; col < n; ++col) {
            map.colours.push_back(
                col > row
                    ? t.masked
                    : sequential(t, scene.colormap,
                                 pattern[static_cast<size_t>(row)][static_cast<size_t>(col)]));
        }
    }
    const Rect square{rect.x, rect.y + names_height, side, side};
    const TextStyle style = bold(13, t.text), small = sans(11, t.muted);
    const std::string of =
        "softmax(q · k" +
        model::attention_divisors(scene.model.config, s.layer,
                                  "√" + count(scene.model.config.d_head()), " / ") +
        ")";
    draw_text_in(canvas, {square.x, rect.y, rect.w, 17},
                 fit_wording(style, {"weights = " + of, "weights"}, rect.w), style);
    draw_text_in(canvas, {square.x, rect.y + 16, rect.w, 14},
                 fit_words(small, "queries by keys, enlarged", rect.w), small);
    canvas.heatmap(square, map);
    canvas.stroke_rect(square.inset(-0.5f), hairline(t.border));
    canvas.region(square, target::map(s.layer, s.head), n, n);
    draw_text_in(canvas, {square.x, square.bottom() + 4, rect.w, 16},
                 fit_words(small, "weights × v is what the head reads", rect.w), small);
}

Size qkv_size(const Scene& scene) {
    const model::Config& c = scene.model.config;
    const float scale = 320.0f / static_cast<float>(c.d_model);
    return {320 + 6 * std::max(scale * static_cast<float>(c.d_head()), least_wide) + 120, 560};
}

void draw_qkv(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const model::Config& c = scene.model.config;
    const Selection& s = scene.selection;
    const Parts parts = parts_of(scene);
    const float strips = 26 + 3 * strip_pitch;
    const Rect body = rect.without_top(title_height).without_bottom(strips + 14);
    const Places p = places_of(body, scene);
    draw_title(canvas, rect.top(20),
               {.wordings = {head_name(s.layer, s.head) + ": queries, keys and values",
                             head_name(s.layer, s.head)},
                .note = "all at one scale",
                .end = "x: the stream after the norm"},
               t);
    draw_name(canvas, p.stream, body.y, "x, normed stream", shape(scene.length(), c.d_model),
              t.text, t);
    draw_grid(canvas, p.stream, parts.stream, parts.stream.largest(), t);
    canvas.region(p.stream, {"qkv", {3}}, parts.stream.rows, parts.stream.cols);
    draw_sign(canvas, p.weights[0].x, p.stream.y - 2, "×", t);
    draw_sign(canvas, p.out[0].x, p.stream.y - 2, "=", t);
    for (size_t which = 0; which < 3; ++which) {
        const Colour ink = colour_of(which, t);
        draw_name(canvas, p.weights[which], body.y, std::string("W_") + names[which],
                  shape(c.d_model, c.d_head()), ink, t);
        draw_grid(canvas, p.weights[which], parts.weights[which], parts.weights[which].largest(),
                  t);
        canvas.region(p.weights[which], {"qkv", {static_cast<int>(which)}}, c.d_model, c.d_head());
        draw_grid(canvas, p.biases[which], parts.biases[which], parts.biases[which].largest(), t);
        draw_name(canvas, p.out[which], body.y, results[which], shape(scene.length(), c.d_head()),
                  ink, t);
        draw_grid(canvas, p.out[which], parts.out[which], parts.out[which].largest(), t);
    }
    const TextStyle small = sans(11, t.muted);
    const Rect under{p.out[0].x, p.biases[0].y - 8, rect.right() - p.out[0].x, 18};
    draw_text_in(canvas, under,
                 fit_wording(small, {"← plus the biases b_Q, b_K, b_V", "← plus biases"}, under.w),
                 small);
    // The selected position's row of each.
    const float row = p.stream.y + p.scale * static_cast<float>(scene.position());
    const float thick = std::max(p.scale, 2.0f);
    const auto mark = [&](const Rect& grid) {
        canvas.stroke_rect(Rect{grid.x, row - (thick - p.scale) / 2, grid.w, thick}.inset(-1.5f),
                           {t.accent, 1.5f}, 2);
    };
    mark(p.stream);
    for (const Rect& grid : p.out) mark(grid);
    draw_weights(
        canvas,
        {p.out[2].x + std::max(p.out[2].w, least_wide) + 40, body.y,
         rect.right() - p.out[2].x - std::max(p.out[2].w, least_wide) - 40, p.bottom - body.y},
        scene);
    draw_strips(canvas, {rect.x, p.bottom + 18, rect.w, strips}, parts, scene);
}

Lines qkv_tooltip(const Scene& scene, const Hit& hit) {
    const int which = hit.target.number(0, 4);
    const model::Config& c = scene.model.config;
    const int rows = which == 3 ? scene.length() : c.d_model;
    const int cols = which == 3 ? c.d_model : c.d_head();
    if (which < 0 || hit.row < 0 || hit.row >= rows || hit.col < 0 || hit.col >= cols) return {};
    const Selection& s = scene.selection;
    const std::string block = "blocks." + std::to_string(s.layer) + ".";
    const auto col = static_cast<size_t>(hit.col);
    if (which == 3) {
        const model::Records one{scene.step.records[static_cast<size_t>(hit.row)]};
        const auto normed = model::read_hook(scene.model, one, block + "ln1.hook_normalized");
        return {"normed stream at " + scene.shown_at(hit.row) + ", number " + count(hit.col),
                number(normed.values[col]) + " (" + block + "ln1.hook_normalized)"};
    }
    const model::Matrix& qkv = scene.model.weights.layers[static_cast<size_t>(s.layer)].qkv;
    std::vector<float> row(static_cast<size_t>(qkv.cols));
    model::read_row(qkv, hit.row, row.data());
    const auto first = static_cast<size_t>(which * c.d_model + s.head * c.d_head());
    return {std::string("W_") + names[which] + " of " + head_name(s.layer, s.head) + ", row " +
                count(hit.row) + ", column " + count(hit.col),
            number(row[first + col]) + " (" + block + "attn.W_" + names[which] + ")"};
}

Lines out_tooltip(const Scene& scene, const Hit& hit) {
    const int which = hit.target.number(0, 3), d_head = scene.model.config.d_head();
    if (which < 0 || hit.row != 0 || hit.col < 0 || hit.col >= d_head) return {};
    const Selection& s = scene.selection;
    const auto& record = *scene.step.records[static_cast<size_t>(scene.position())];
    const std::span<const float> all[] = {record.q(s.layer), record.k(s.layer), record.v(s.layer)};
    return {std::string(results[which]) + " at " + scene.shown_at(scene.position()) + ", number " +
                count(hit.col),
            number(all[which][static_cast<size_t>(s.head * d_head + hit.col)]) + " (blocks." +
                std::to_string(s.layer) + ".attn.hook_" + results[which] + ")"};
}

constexpr Pointing targets[] = {
    {.kind = "qkv", .tooltip = qkv_tooltip},
    {.kind = "qkv-out", .tooltip = out_tooltip},
};

}  // namespace

// Targets: "qkv/W" (0 to 2: weights, 3: stream) of its rows and columns, "qkv-out/W".
extern const View qkv_view{
    .id = "qkv",
    .title = "Queries, keys, values",
    .help = "the normed stream times weights plus biases: all matrices of a head at one scale",
    .group = Group::attention,
    .heading = Heading::own,
    .preferred_size = qkv_size,
    .draw = draw_qkv,
    .least = {520, 340},
    .shows_head = true,
    .targets = targets,
};

}  // namespace viz
