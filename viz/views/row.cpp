// The selected query's row with numbers: scores, mask, softmax.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "model/pass/attention_scale.h"
#include "viz/layout/difference.h"
#include "viz/layout/grid.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float caption_height = 20;
constexpr float line_height = 30, lowest_line = 24;
constexpr float number_size = smallest_text;
constexpr float token_size = 11;
constexpr float longest_token = 70, shortest_token = 40;

std::string short_score(double value) {
    char text[32];
    std::snprintf(text, sizeof text, std::abs(value) < 99.95 ? "%.1f" : "%.0f", value);
    return text;
}

struct Row {
    std::vector<float> scores, weights;  // of keys 0..query; scores of a single head only
    // Weights of the query before, or of this one in the untouched run; empty where not shown.
    std::vector<float> before;
    float darkest = 1;
    std::vector<int> keys;  // that are shown, in order; later ones are masked
    bool all = true;
};

bool one_head(const Scene& scene) {
    return scene.attention.mix == AttentionLook::Mix::one;
}

// Of the row's cells: scores, mask and weights; of heads that are mixed only the weights.
int cell_lines(const Scene& scene) {
    return one_head(scene) ? 3 : 1;
}

Row make_row(const Scene& scene, int room) {
    const Selection& s = scene.selection;
    const int query = scene.position();
    Row row;
    if (one_head(scene)) {
        row.scores =
            model::attention_scores(scene.model.config, scene.step.records, s.layer, s.head, query);
    }
    row.weights = shown_row(scene, s.layer, s.head, query);
    row.darkest = darkest_weight(scene, s.layer, s.head);
    row.all = scene.length() <= room;
    row.keys.resize(row.all ? scene.length() : query + 1);
    std::iota(row.keys.begin(), row.keys.end(), 0);
    if (!row.all && query + 1 > room) {
        std::stable_sort(row.keys.begin(), row.keys.end(),
                         [&](int a, int b) { return row.weights[a] > row.weights[b]; });
        row.keys.resize(std::max(room, 1));
        std::sort(row.keys.begin(), row.keys.end());
    }
    return row;
}

// Which keys are shown, and what their weights sum to; the latter where there is room for it.
std::string caption(const Row& row, float width, const Scene& scene) {
    const int query = scene.position();
    const int later = scene.length() - query - 1;
    const auto shown = static_cast<int>(row.keys.size());
    std::string text = count(query + 1) + (query == 0 ? " key" : " keys");
    if (shown <= query) {
        text = count(shown) + " strongest of " + text;
    } else if (later > 0) {
        text += row.all ? ", " + count(later) + " masked"
                        : " (" + count(later) + " masked ones not shown)";
    }
    const double sum = std::accumulate(row.weights.begin(), row.weights.end(), 0.0);
    // The first that must not be left out; the others while they fit.
    std::vector<std::string> more;
    const model::TokenRecord& record = *scene.step.records[static_cast<size_t>(query)];
    if (one_head(scene) && record.is_uniform(scene.selection.layer, scene.selection.head)) {
        text += " · pinned to equal weights";
    }
    if (scene.attention.hide_first) text += " · token 0 hidden";
    if (!one_head(scene)) more.push_back("no scores: each head has its own");
    more.push_back((shown <= query ? "all weights sum to " : "weights sum to ") + weight(sum));
    if (!row.before.empty()) {
        more.push_back(scene.compared() ? std::string("change: from the untouched run")
                                        : "change: since " + scene.shown_at(query - 1));
    }
    if (row.darkest < 1) more.push_back("darkest at " + weight(row.darkest));
    const TextStyle style = sans(11.5f, {});
    for (const std::string& part : more) {
        if (width_of(style, text + " · " + part) <= width) text += " · " + part;
    }
    return text;
}

float cell_width() {
    return width_of(mono(number_size, {}), "-8.88") + 3;
}

std::string score_name(const Scene& scene) {
    return "q·k" + model::attention_divisors(scene.model.config, scene.selection.layer, "√d", "/");
}

float label_width(const Scene& scene) {
    const TextStyle style = sans(11.5f, {});
    return std::max(width_of(style, "weight"), width_of(style, score_name(scene))) + 10;
}

void draw_number(Canvas& canvas, Rect cell, const std::string& text, Colour fill) {
    canvas.fill_rect(cell, fill, 4);
    draw_text_in(canvas, {cell.x - 4, cell.y, cell.w + 8, cell.h}, text,
                 mono(number_size, text_on(fill)), Align::centre);
}

void draw_masked(Canvas& canvas, Rect cell, const char* text, const Scene& scene) {
    canvas.fill_rect(cell, scene.theme.masked, 4);
    if (*text == 0) {
        draw_hatch(canvas, cell, scene.theme);
        return;
    }
    draw_text_in(canvas, cell, text, mono(number_size, scene.theme.muted), Align::centre);
}

void draw_tick(Canvas& canvas, Rect cell, const Scene& scene) {
    const Theme& t = scene.theme;
    const float s = 3.5f;
    const Point at = cell.centre();
    canvas.fill_rect(cell, mix(t.card, t.value, 0.10f), 4);
    const Point tick[] = {
        {at.x - s, at.y}, {at.x - s * 0.3f, at.y + s * 0.7f}, {at.x + s, at.y - s * 0.8f}};
    canvas.polyline(tick, {t.value, 1.4f});
}

// What a slope of tokens above the cells may take, and takes.
float longest_of(const std::vector<int>& positions, const Scene& scene) {
    const TextStyle style = mono(token_size, {});
    float width = 0;
    for (int i : positions) width = std::max(width, width_of(style, scene.shown_at(i)));
    return std::min(width, longest_token);
}

std::vector<int> all_positions(const Scene& scene) {
    std::vector<int> positions(scene.length());
    std::iota(positions.begin(), positions.end(), 0);
    return positions;
}

// "+0.12"; what is too small to be written has no sign.
void draw_change(Canvas& canvas, Rect cell, float change, const Scene& scene) {
    const Theme& t = scene.theme;
    std::string text = short_weight(std::abs(change));
    if (std::abs(change) >= 0.005f) text = (change > 0 ? "+" : "-") + text;
    const Colour colour = std::abs(change) < 0.005f ? t.muted : change > 0 ? t.up : t.down;
    draw_text_in(canvas, {cell.x - 4, cell.y, cell.w + 8, cell.h}, text, mono(number_size, colour),
                 Align::centre);
}

void draw_key(Canvas& canvas, Rect column, float pitch, int key, const Row& row, float largest,
              const Scene& scene) {
    const Theme& t = scene.theme;
    Rect cell{column.x, column.y, column.w, pitch - 4};
    auto next = [&] {
        const Rect at = cell;
        cell.y += pitch;
        return at;
    };
    if (key > scene.position()) {
        if (one_head(scene)) {
            draw_masked(canvas, next(), "", scene);
            draw_masked(canvas, next(), "-∞", scene);
        }
        draw_masked(canvas, next(), "0", scene);
        return;
    }
    if (one_head(scene)) {
        const float score = row.scores[key];
        draw_number(canvas, next(), short_score(score),
                    diverging(t, largest > 0 ? score / largest : 0));
        draw_tick(canvas, next(), scene);
    }
    const bool hidden = scene.attention.hide_first && key == 0;
    const float weight = row.weights[key];
    draw_number(canvas, next(), hidden ? "–" : short_weight(weight),
                hidden ? t.inset : sequential(t, scene.colormap, weight / row.darkest));
    if (row.before.empty() || hidden) return;
    if (key < static_cast<int>(row.before.size())) {
        draw_change(canvas, next(), weight - row.before[key], scene);
    } else {
        draw_text_in(canvas, next(), "new", mono(number_size, t.muted), Align::centre);
    }
}

}  // namespace

float least_row_height(float width, const Scene& scene) {
    const float lines = caption_height + static_cast<float>(cell_lines(scene)) * lowest_line + 6;
    const float cells = static_cast<float>(scene.length()) * cell_width();
    if (label_width(scene) + cells <= width) return lines;
    return lines + slope_reach(mono(token_size, {}), shortest_token) + 4;
}

void draw_row(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle token = mono(token_size, t.text);
    const float left = label_width(scene);
    const float least = cell_width();

    // The tokens' slope takes height above the cells and, with the last one, width beside them.
    int lines = cell_lines(scene);
    float above = rect.h - (caption_height + static_cast<float>(lines) * lowest_line + 6);
    // What changed is shown where the tokens do not suffer.
    const float wanted = slope_reach(token, longest_of(all_positions(scene), scene)) + 10;
    const bool change = (scene.position() > 0 || scene.compared()) && above - lowest_line >= wanted;
    if (change) {
        above -= lowest_line;
        ++lines;
    }
    const float room = std::min(above * 1.4f - token.size * 0.6f, rect.w * 0.25f);
    float token_width = std::min(longest_of(all_positions(scene), scene), room);
    const bool tokens = room >= 0.7f * shortest_token;
    const float beside = tokens ? std::max(slope_reach(token, token_width) - least / 2, 0.0f) : 0;
    const float wide = rect.w - left - beside;
    Row row = make_row(scene, static_cast<int>(wide / least));
    if (change) {
        const Selection& s = scene.selection;
        row.before = scene.compared() ? untouched_row(scene, s.layer, s.head, scene.position())
                                      : shown_row(scene, s.layer, s.head, scene.position() - 1);
    }
    const float cell = std::clamp(wide / static_cast<float>(row.keys.size()), 1.0f, 46.0f);
    token_width = std::min(longest_of(row.keys, scene), room);

    draw_text_in(canvas, rect.top(caption_height - 4), caption(row, rect.w, scene),
                 sans(11.5f, t.muted));
    const float top =
        rect.y + caption_height + (tokens ? slope_reach(token, token_width) + 4.0f : 0);
    const float pitch = std::min((rect.bottom() - top) / static_cast<float>(lines), line_height);
    std::vector<std::string> names{"weight", "change"};
    if (one_head(scene)) names.insert(names.begin(), {score_name(scene), "mask"});
    for (int i = 0; i < lines; ++i) {
        draw_text_in(canvas, {rect.x, top + pitch * static_cast<float>(i), left, pitch - 4},
                     names[i], sans(11.5f, t.muted));
    }
    float largest = 0;
    for (float score : row.scores) largest = std::max(largest, std::abs(score));
    for (size_t i = 0; i < row.keys.size(); ++i) {
        const int key = row.keys[i];
        const Rect column{rect.x + left + cell * static_cast<float>(i), top, cell - 2,
                          static_cast<float>(lines) * pitch - 4};
        if (tokens) {
            TextStyle style = token;
            if (key == scene.position()) style.colour = t.accent;
            draw_sloped(canvas, {column.centre().x, top - 5},
                        fit_token(style, scene.shown_at(key), token_width), style, Slope::rising);
        }
        draw_key(canvas, column, pitch, key, row, largest, scene);
        const Target target{"row", {scene.selection.layer, scene.selection.head, key}};
        canvas.region(column, target, lines, 1);
        if (scene.locked.target == target) canvas.stroke_rect(column, {t.text, 1.25f}, 4);
    }
}

namespace {

Size row_size(const Scene& scene) {
    const auto keys = static_cast<float>(std::clamp(scene.length(), 8, 24));
    const float reach = slope_reach(mono(token_size, {}), longest_of(all_positions(scene), scene));
    return {label_width(scene) + keys * cell_width() + reach,
            (caption_height + static_cast<float>(cell_lines(scene) + 1) * line_height) + reach + 4};
}

}  // namespace

// Targets: "row/L/H/KEY" with a cell for each of these that has room.
extern const View row_view{
    .id = "row",
    .title = "Scores, mask, softmax",
    .help = "the selected query's scores, mask and weights as numbers",
    .group = Group::attention,
    .heading = Heading::head,
    .preferred_size = row_size,
    .draw = draw_row,
    .least = {260, 120},
    .shows_head = true,
    .switches = Switches::attention,
};

}  // namespace viz
