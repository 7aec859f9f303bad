// Activations: how long the residual stream is after every block at every position, how much
// attention and MLP added to it, and the selected stream itself, number by number.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/format.h"
#include "viz/parts.h"
#include "viz/views.h"

namespace viz {

namespace {

constexpr float token_size = 12;
constexpr float longest_token = 80;
constexpr float heading_height = 24;
constexpr float between = 14;
constexpr float highest_line = 28;
constexpr float stream_cell = 5;  // the narrowest cell of the vector, and a fifth of its height
constexpr float stream_height = 58;
constexpr const char* widest_end = "888.88  log scale";

// One map: a line for each layer, a column for each position.
struct Map {
    const char* id;
    std::string title;
    const std::vector<double> Norms::*values;
    bool embedding;  // its first line is the embedding, before any block
    Colour bar;
};

struct Frame {
    Rect rect;     // of the maps' cells, all heights together
    float labels;  // width at the left
    float bars;    // where the bars of the selected position begin; 0: no room
    float bars_width;
};

// Norms differ by factors, not by amounts: the scale is logarithmic.
struct Scale {
    double low, high;
    float at(double value) const {
        if (!(low > 0) || high <= low) return 1;
        return static_cast<float>(std::log(value / low) / std::log(high / low));
    }
};

Scale scale_of(const std::vector<Norms>& norms, const std::vector<double> Norms::*values) {
    Scale scale{1e300, 0};
    for (const Norms& n : norms) {
        for (double value : n.*values) {
            scale.low = std::min(scale.low, value);
            scale.high = std::max(scale.high, value);
        }
    }
    return scale;
}

// Line of the residual map that belongs to the selected phase: 0 the embedding, then the blocks.
int stream_line(const Scene& scene) {
    switch (scene.selection.phase) {
        case Phase::tokens:
        case Phase::embedding:
            return 0;
        case Phase::attention:
        case Phase::mlp:
            return scene.selection.layer + 1;
        default:
            return scene.model.config.n_layer;
    }
}

std::string line_name(int line) {
    return line == 0 ? "embedding" : "block " + std::to_string(line);
}

// The scale stands at the right, its bar where the other maps' bars are. `more` is part of the
// title where there is room.
void draw_heading(Canvas& canvas, Rect line, const std::string& title, const std::string& more,
                  ColourScale scale, const Scene& scene) {
    const float k = scene.text_scale;
    scale.bar = 90;
    scale.low_width = 46;
    const float ends = width_of(sans(scene, 11.5f, {}), widest_end) + 8 * k;
    const float width =
        std::max(colour_scale_width(scene, scale), (scale.low_width + scale.bar + 8) * k + ends);
    const TextStyle style = bold(scene, 13, scene.theme.text);
    const Rect room = line.without_right(width + 16 * k);
    const bool whole = width_of(style, title + more) <= room.w;
    draw_text_in(canvas, room, whole ? title + more : title, style);
    draw_colour_scale(canvas, line.without_left(line.w - width), scene, scale);
}

void draw_map(Canvas& canvas, Rect cells, const Frame& frame, const Map& map,
              const std::vector<Norms>& norms, const Scene& scene) {
    const float k = scene.text_scale;
    const Theme& t = scene.theme;
    const int n = scene.length();
    const int first_block = map.embedding ? 0 : 1;
    const int lines = scene.model.config.n_layer + 1 - first_block;
    const float pitch = cells.h / static_cast<float>(lines);
    const float column = cells.w / static_cast<float>(n);
    const Scale scale = scale_of(norms, map.values);
    const int selected = stream_line(scene) - first_block;
    auto line_at = [&](int i) { return cells.y + pitch * static_cast<float>(i); };

    Heatmap heat{lines,
                 n,
                 {},
                 pitch >= 10 && column >= 6 ? 1.0f : 0.0f,
                 pitch >= 14 && column >= 14 ? 2.0f : 0.0f};
    for (int i = 0; i < lines; ++i) {
        for (const Norms& position : norms) {
            heat.colours.push_back(
                sequential(t, scene.colormap, scale.at((position.*map.values)[i])));
        }
    }
    canvas.heatmap(cells, heat);
    canvas.region(cells, std::string("norms/") + map.id, lines, n);

    const TextStyle plain = sans(scene, 11.5f, t.muted);
    const TextStyle chosen = bold(scene, 11.5f, t.accent);
    const TextStyle value = mono(scene, 11, t.muted);
    const float needed = plain.size * 1.2f;
    const float high = std::max(pitch, needed);
    for (int i : thinned(lines, pitch, needed, std::max(selected, 0))) {
        const Rect label{cells.x - frame.labels, line_at(i) + pitch / 2 - high / 2,
                         frame.labels - 8 * k, high};
        draw_text_in(canvas, label, line_name(i + first_block), i == selected ? chosen : plain,
                     Align::right);
    }
    if (frame.bars > 0) {
        const auto& here = norms[scene.position()].*map.values;
        const double most = *std::max_element(here.begin(), here.end());
        const float number_width = 56 * k;
        for (int i = 0; i < lines; ++i) {
            const float thick = std::clamp(pitch - 2, 1.0f, 12 * k);
            const Rect bar{frame.bars, line_at(i) + pitch / 2 - thick / 2,
                           frame.bars_width - number_width, thick};
            draw_bar(canvas, bar, most > 0 ? here[i] / most : 0, map.bar);
        }
        for (int i : thinned(lines, pitch, value.size * 1.2f, std::max(selected, 0))) {
            draw_text_in(canvas,
                         {frame.bars + frame.bars_width - number_width,
                          line_at(i) + pitch / 2 - high / 2, number_width, high},
                         number(here[i]), value, Align::right);
        }
    }
    const float x = cells.x + column * static_cast<float>(scene.position());
    canvas.stroke_rect({x - 0.5f, cells.y - 0.5f, column + 1, cells.h + 1},
                       {t.accent.with_alpha(0.55f), 1.25f}, 2);
    if (selected >= 0) {
        canvas.stroke_rect({x - 1, line_at(selected) - 1, column + 2, pitch + 2}, {t.accent, 2}, 3);
    }
    if (scene.locked.id == std::string("norms/") + map.id) {
        canvas.stroke_rect({cells.x + column * static_cast<float>(scene.locked.col) - 0.5f,
                            line_at(scene.locked.row) - 0.5f, column + 1, pitch + 1},
                           {t.text, 1.5f}, 2);
    }
}

// The vector itself. Many numbers fold into several lines.
void draw_stream(Canvas& canvas, Rect rect, const Scene& scene) {
    const float k = scene.text_scale;
    const Theme& t = scene.theme;
    const int line = stream_line(scene);
    const std::vector<float> stream = scene.step.records[scene.position()]->resid_pre(line);
    const int d = static_cast<int>(stream.size());
    float largest = 0;
    for (float value : stream) largest = std::max(largest, std::abs(value));
    const int rows = std::max(1, static_cast<int>(std::ceil(d * stream_cell / rect.w)));
    const int cols = (d + rows - 1) / rows;
    Heatmap map{rows, cols, {}, 0, 0};
    for (int i = 0; i < rows * cols; ++i) {
        map.colours.push_back(i < d ? diverging(t, largest > 0 ? stream[i] / largest : 0) : t.card);
    }
    const std::string ends = number(largest);
    const ColourScale scale{"-" + ends, ends, [&](float x) { return diverging(t, 2 * x - 1); }};
    const TextStyle style = bold(scene, 13, t.text);
    const std::string where =
        line == 0 ? "Embedding" : "Stream after block " + std::to_string(line);
    const std::string token = fit_token(style, scene.shown_at(scene.position()), 120 * k);
    draw_heading(canvas, rect.top((heading_height - 6) * k), where + " at " + token,
                 ": " + count(d) + " numbers", scale, scene);
    const Rect strip = rect.without_top(heading_height * k);
    canvas.heatmap(strip, map);
    canvas.stroke_rect(strip, {t.border, 1});
    const std::string id = "stream/" + std::to_string(line) + "/" + std::to_string(cols);
    canvas.region(strip, id, rows, cols);
    if (scene.locked.id == id) {
        const float w = strip.w / static_cast<float>(cols), h = strip.h / static_cast<float>(rows);
        canvas.stroke_rect({strip.x + w * static_cast<float>(scene.locked.col),
                            strip.y + h * static_cast<float>(scene.locked.row), w, h},
                           {t.text, 1.5f});
    }
}

void draw_tokens_above(Canvas& canvas, Rect cells, float width, const Scene& scene) {
    const float k = scene.text_scale;
    const int n = scene.length();
    const float column = cells.w / static_cast<float>(n);
    const TextStyle plain = mono(scene, token_size, scene.theme.text);
    for (int i : thinned(n, column, slope_pitch(plain), scene.position())) {
        TextStyle style = plain;
        if (i == scene.position()) style.colour = scene.theme.accent;
        draw_sloped(canvas, {cells.x + column * (static_cast<float>(i) + 0.5f), cells.y - 7 * k},
                    fit_token(style, scene.shown_at(i), width), style, Slope::rising);
    }
}

}  // namespace

Size layers_size(const Scene& scene) {
    return {900 * scene.text_scale, 660 * scene.text_scale};
}

void draw_layers(Canvas& canvas, Rect rect, const Scene& scene) {
    const float k = scene.text_scale;
    const Theme& t = scene.theme;
    const std::vector<Norms>& norms = scene.memo.norms.read(scene.step.records);
    const Map maps[] = {
        {"resid", "Length (norm) of the residual stream", &Norms::resid, true, t.bar},
        {"attn", "Length of what attention added", &Norms::attn, false, t.attn},
        {"mlp", "Length of what the MLP added", &Norms::mlp, false, t.mlp},
    };
    const TextStyle token = mono(scene, token_size, t.text);
    float token_width = 0;
    for (int i = 0; i < scene.length(); ++i) {
        token_width = std::max(token_width, width_of(token, scene.shown_at(i)));
    }
    token_width = std::min({token_width, longest_token * k, rect.h * 0.12f});
    const float reach = slope_reach(token, token_width);

    Frame frame{};
    frame.labels = width_of(bold(scene, 11.5f, {}), "embedding") + 10 * k;
    const bool with_bars = rect.w >= 480 * k;
    frame.bars_width = with_bars ? std::min(rect.w * 0.28f, 240 * k) : 0;
    // The last column's token leans out to the right.
    const float right = with_bars ? frame.bars_width + std::max(24 * k, reach) : reach;
    frame.bars = with_bars ? rect.right() - frame.bars_width : 0;

    const int layers = scene.model.config.n_layer;
    const float fixed = reach + 3 * heading_height * k + 3 * between * k +
                        (heading_height + stream_height) * k + 7 * k;
    const float line =
        std::clamp((rect.h - fixed) / static_cast<float>(3 * layers + 1), 1.0f, highest_line * k);
    Rect row = rect.top(heading_height * k);
    for (const Map& map : maps) {
        const Scale scale = scale_of(norms, map.values);
        const ColourScale legend{number(scale.low), number(scale.high) + "  log scale",
                                 [&](float x) { return sequential(t, scene.colormap, x); }};
        draw_heading(canvas, row.top((heading_height - 6) * k), map.title, "", legend, scene);
        row.y += heading_height * k + (map.embedding ? reach + 7 * k : 0);
        const Rect cells{rect.x + frame.labels, row.y, rect.w - frame.labels - right,
                         line * static_cast<float>(layers + (map.embedding ? 1 : 0))};
        if (map.embedding) {
            draw_tokens_above(canvas, cells, token_width, scene);
            if (with_bars) {
                const TextStyle style = sans(scene, 11.5f, t.muted);
                const std::string at =
                    fit_token(style, scene.shown_at(scene.position()),
                              frame.bars_width - width_of(style, "at  (position 8,888)"));
                draw_text_in(canvas, {frame.bars, cells.y - 22 * k, frame.bars_width, 18 * k},
                             "at " + at + " (position " + count(scene.position()) + ")", style);
            }
        }
        draw_map(canvas, cells, frame, map, norms, scene);
        row.y = cells.bottom() + between * k;
    }
    const float height = (heading_height + stream_height) * k;
    draw_stream(canvas, {rect.x, row.y, rect.w, std::min(height, rect.bottom() - row.y)}, scene);
}

}  // namespace viz
