// Attention as three matrices side by side: scores, the same with the future masked, weights. Below
// them the selected row large: each key's score, its exponential, and what that is of their sum.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "model/pass/attention.h"
#include "model/pass/attention_scale.h"
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

constexpr float title_height = 28, name_height = 22;
constexpr float gap = 46;           // between the matrices, with an arrow
constexpr int most_positions = 40;  // of a matrix: a stretch that ends at the selected one
constexpr float longest_label = 72;
constexpr float label_size = 11;

// Positions [first, first + n) as queries and keys.
struct Stretch {
    int first = 0, n = 0;
};

Stretch stretch_of(const Scene& scene) {
    const int length = scene.length();
    if (length <= most_positions) return {0, length};
    const int last = std::clamp(scene.position() + 4, most_positions - 1, length - 1);
    return {last - most_positions + 1, most_positions};
}

// What a query makes of a key before the mask.
float score(const Scene& scene, int query, int key) {
    const model::Config& c = scene.model.config;
    const Selection& s = scene.selection;
    const size_t at = static_cast<size_t>(s.head) * static_cast<size_t>(c.d_head());
    const auto& records = scene.step.records;
    return model::dot(records[static_cast<size_t>(query)]->q(s.layer).data() + at,
                      records[static_cast<size_t>(key)]->k(s.layer).data() + at, c.d_head()) *
           model::attention_scale(c, s.layer);
}

enum class Stage { scores, masked, weights };

void draw_matrix(Canvas& canvas, Rect square, Stage stage, Stretch part, float largest,
                 const std::vector<float>& scores, const Scene& scene) {
    const Theme& t = scene.theme;
    const Selection& s = scene.selection;
    const auto n = static_cast<size_t>(part.n);
    const float cell = square.w / static_cast<float>(part.n);
    Heatmap map{part.n, part.n, {}, cell >= 14 ? 1.5f : 0.0f, cell >= 14 ? 2.0f : 0.0f};
    const model::AttentionPattern& pattern = shown_pattern(scene, s.layer, s.head);
    std::vector<std::string> numbers;
    const TextStyle style = mono(smallest_text, t.text);
    const bool written = cell >= width_of(style, "-88.8") + 2;
    for (size_t row = 0; row < n; ++row) {
        for (size_t col = 0; col < n; ++col) {
            const bool later = col > row && stage != Stage::scores;
            const float value = stage == Stage::weights
                                    ? later ? 0
                                            : pattern[static_cast<size_t>(part.first) + row]
                                                     [static_cast<size_t>(part.first) + col]
                                    : scores[row * n + col];
            map.colours.push_back(later                     ? t.masked
                                  : stage == Stage::weights ? sequential(t, scene.colormap, value)
                                                            : diverging(t, value / largest));
            if (written) {
                numbers.push_back(!later ? stage == Stage::weights ? short_weight(value)
                                                                   : decimal(value, 1)
                                  : stage == Stage::weights ? "0"
                                                            : "−∞");
            }
        }
    }
    canvas.heatmap(square, map);
    for (size_t i = 0; i < numbers.size(); ++i) {
        const auto [row, col] = std::div(static_cast<int>(i), part.n);
        TextStyle ink = style;
        ink.colour = text_on(map.colours[i]);
        if (col > row && stage != Stage::scores) ink.colour = t.muted;
        draw_text_in(canvas, cell_of(square, part.n, part.n, row, col), numbers[i], ink,
                     Align::centre);
    }
    if (!written && stage != Stage::scores) draw_masked_triangle(canvas, square, part.n, t);
    if (part.first == 0 && part.n == scene.length()) {
        canvas.region(square, target::map(s.layer, s.head), part.n, part.n);
    }
    const int selected = scene.position() - part.first;
    canvas.stroke_rect(
        Rect{square.x, square.y + cell * static_cast<float>(selected), square.w, cell}.inset(-1),
        {t.accent, 1.75f}, 3);
}

void draw_names(Canvas& canvas, Rect square, float labels, Stretch part, bool rows,
                const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle plain = mono(label_size, t.text), chosen = mono(label_size, t.accent);
    const int selected = scene.position() - part.first;
    if (rows) {
        const Rect names{square.x - labels, square.y, labels - 8, square.h};
        for (const auto& [i, row] : named_rows(names, part.n, label_size * 1.25f, selected)) {
            const TextStyle& style = i == selected ? chosen : plain;
            draw_text_in(canvas, row, fit_token(style, scene.shown_at(part.first + i), labels - 8),
                         style, Align::right);
            canvas.region(row, {"query", {part.first + i}});
        }
    }
    for (const auto& [i, column] : named_columns(square, part.n, slope_pitch(plain), part.n - 1)) {
        draw_sloped(canvas, {column.centre().x, square.y - 6},
                    fit_token(plain, scene.shown_at(part.first + i), longest_label), plain,
                    Slope::rising);
    }
}

void draw_arrow(Canvas& canvas, Rect between, const std::string& words, const Scene& scene) {
    const Theme& t = scene.theme;
    const float y = between.centre().y;
    draw_line(canvas, {between.x + 8, y}, {between.right() - 10, y}, {t.muted, 1.5f});
    const Point head[] = {
        {between.right() - 14, y - 4}, {between.right() - 8, y}, {between.right() - 14, y + 4}};
    canvas.polyline(head, {t.muted, 1.5f});
    draw_text_in(canvas, {between.x, y - 20, between.w, 16}, words, sans(11, t.muted),
                 Align::centre);
}

// The selected row: keys as columns, those with the largest weights where not all have room.
void draw_division(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const Selection& s = scene.selection;
    const int query = scene.position();
    const std::vector<float> all =
        model::attention_scores(scene.model.config, scene.step.records, s.layer, s.head, query);
    const std::vector<float> weights =
        model::attention_row(scene.model.config, scene.step.records, s.layer, s.head, query);
    const float most = *std::ranges::max_element(all);
    double sum = 0;
    for (const float x : all) sum += std::exp(double{x} - most);

    const TextStyle caption = sans(12, t.muted), number_style = mono(11.5f, t.text);
    const std::string token = fit_token(bold(13, {}), scene.shown_at(query), 120);
    draw_title(
        canvas, rect.top(20),
        {.wordings = {"the row of " + token + ": each key's exponential, divided by their sum",
                      "the row of " + token, token},
         .end = "Σ exp(score − " + decimal(most, 1) + ") = " + number(sum)},
        t);
    const Rect body = rect.without_top(26);
    const float names = width_of(caption, "exp(score − max)") + 12;
    const float column = std::max(width_of(number_style, "-88.8") + 8, 44.0f);
    const auto room = static_cast<size_t>(std::max((body.w - names) / column, 1.0f));
    std::vector<size_t> keys(all.size());
    std::iota(keys.begin(), keys.end(), size_t{0});
    if (keys.size() > room) {
        std::ranges::stable_sort(keys, [&](size_t a, size_t b) { return weights[a] > weights[b]; });
        keys.resize(room);
        std::ranges::sort(keys);
    }
    const float line = 18;
    const Rect labels{body.x, body.y, names - 12, body.h};
    const float bars = std::max(body.h - 4 * line, 10.0f);
    const auto at = [&](float y, float h) { return Rect{labels.x, body.y + y, labels.w, h}; };
    draw_text_in(canvas, at(0, line), "score", caption, Align::right);
    draw_text_in(canvas, at(line, bars), "exp(score − max)", caption, Align::right);
    draw_text_in(canvas, at(line + bars, line), "÷ sum = weight", caption, Align::right);
    draw_text_in(canvas, at(2 * line + bars, line), "key", caption, Align::right);
    for (size_t i = 0; i < keys.size(); ++i) {
        const size_t key = keys[i];
        const Rect place{body.x + names + column * static_cast<float>(i), body.y, column, body.h};
        draw_text_in(canvas, place.top(line), decimal(all[key], 1), number_style, Align::centre);
        const auto part = static_cast<float>(std::exp(double{all[key]} - most));
        const Rect track{place.centre().x - 11, place.y + line + 3, 22, bars - 6};
        canvas.fill_rect(track, mix(t.card, t.grid, 0.7f), 3);
        const float high = std::max(track.h * part, 1.0f);
        canvas.fill_rect({track.x, track.bottom() - high, track.w, high},
                         sequential(t, scene.colormap, weights[key]), std::min(3.0f, high / 2));
        canvas.stroke_rect({track.x, track.bottom() - high, track.w, high}, hairline(t.border),
                           std::min(3.0f, high / 2));
        draw_text_in(canvas, {place.x, place.y + line + bars, place.w, line},
                     short_weight(weights[key]), number_style, Align::centre);
        const TextStyle name = mono(11, t.muted);
        draw_text_in(canvas, {place.x, place.y + 2 * line + bars, place.w, line},
                     fit_token(name, scene.shown_at(static_cast<int>(key)), column - 4), name,
                     Align::centre);
        canvas.region(place, {"row", {s.layer, s.head, static_cast<int>(key)}});
    }
    const auto left = all.size() - keys.size();
    const std::string words = left == 0 ? "all weights sum to 1"
                                        : "the largest of " +
                                              plural(static_cast<long long>(all.size()), "key") +
                                              "; all weights sum to 1";
    draw_text_in(canvas, {body.x + names, body.bottom() - line, body.w - names, line}, words,
                 caption);
}

Size scores_size(const Scene& scene) {
    const auto n = static_cast<float>(std::clamp(scene.length(), 6, 24));
    return {3 * n * 24 + 2 * gap + 90, n * 24 + 300};
}

void draw_scores(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const Selection& s = scene.selection;
    const Stretch part = stretch_of(scene);
    const std::string where = part.n < scene.length() ? "positions " + count(part.first) + " to " +
                                                            count(part.first + part.n - 1) +
                                                            " of " + count(scene.length())
                                                      : "";
    draw_title(canvas, rect.top(20),
               {.wordings = {head_name(s.layer, s.head)},
                .note = "rows: queries (looking), columns: keys (looked at)",
                .end = where},
               t);
    const Rect body = rect.without_top(title_height);
    const TextStyle plain = mono(label_size, {});
    float labels = 30, slopes = 0;
    for (int i = part.first; i < part.first + part.n; ++i) {
        const float width = std::min(width_of(plain, scene.shown_at(i)), longest_label);
        labels = std::max(labels, width + 10);
        slopes = std::max(slopes, slope_reach(plain, width));
    }
    const float below = std::clamp(body.h * 0.36f, 130.0f, 230.0f);
    const float side = std::max(std::min((body.w - labels - 2 * gap - slopes) / 3,
                                         body.h - below - slopes - name_height - 24),
                                40.0f);
    std::vector<float> scores;
    float largest = 1e-6f;
    for (int query = part.first; query < part.first + part.n; ++query) {
        for (int key = part.first; key < part.first + part.n; ++key) {
            scores.push_back(score(scene, query, key));
            largest = std::max(largest, std::abs(scores.back()));
        }
    }
    const std::string divided = model::attention_divisors(
        scene.model.config, s.layer, "√" + count(scene.model.config.d_head()), " / ");
    const std::string names[] = {"scores: q · k" + divided, "the future masked: −∞",
                                 "weights: rows sum to 1"};
    float x = body.x + labels;
    const float y = body.y + name_height + slopes + 6;
    for (int i = 0; i < 3; ++i) {
        const Rect square{x, y, side, side};
        const TextStyle style = bold(12.5f, t.text);
        const float room = side + (i < 2 ? gap : slopes);
        draw_text_in(canvas, {x, body.y, room, name_height - 4}, fit_words(style, names[i], room),
                     style);
        draw_names(canvas, square, labels, part, i == 0, scene);
        draw_matrix(canvas, square, static_cast<Stage>(i), part, largest, scores, scene);
        if (i < 2) {
            draw_arrow(canvas, {square.right(), square.y, gap, side}, i == 0 ? "mask" : "softmax",
                       scene);
        }
        x += side + gap;
    }
    draw_division(canvas,
                  {rect.x, y + side + 22, rect.w, std::min(below, rect.bottom() - y - side - 22)},
                  scene);
}

}  // namespace

// Targets: "map/L/H" on the matrices, "query/I", "row/L/H/KEY".
extern const View scores_view{
    .id = "scores",
    .title = "Three matrices",
    .help = "scores, masked scores and weights of a head side by side, and one row's division",
    .group = Group::attention,
    .heading = Heading::own,
    .preferred_size = scores_size,
    .draw = draw_scores,
    .least = {540, 330},
    .shows_head = true,
};

}  // namespace viz
