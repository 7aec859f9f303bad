// The selected query's row with numbers: scores, mask, softmax.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "viz/format.h"
#include "viz/parts.h"
#include "viz/views.h"

namespace viz {

namespace {

constexpr float caption_height = 20;
constexpr float line_height = 30;
constexpr float number_size = smallest_text;
constexpr float token_size = 11;
constexpr float longest_token = 70;

// What fits a cell; nothing that is not zero is shown as zero.
std::string short_weight(double value) {
    if (value == 0) return "0";
    if (value < 0.005) return "<.01";
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

std::string short_score(double value) {
    char text[32];
    std::snprintf(text, sizeof text, std::abs(value) < 99.95 ? "%.1f" : "%.0f", value);
    return text;
}

struct Row {
    std::vector<float> scores, weights;  // of keys 0..query
    std::vector<int> keys;               // that are shown, in order; later ones are masked
    bool all = true;
};

Row make_row(const Scene& scene, int room) {
    const Selection& s = scene.selection;
    const int query = scene.position();
    Row row;
    row.scores =
        model::attention_scores(scene.model.config, scene.step.records, s.layer, s.head, query);
    row.weights = shown_row(scene, s.layer, s.head, query);
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

std::string caption(const Row& row, const Scene& scene) {
    const int query = scene.position();
    const int later = scene.length() - query - 1;
    std::string text;
    if (row.all) {
        text = count(query + 1) + (query == 0 ? " key" : " keys");
        if (later > 0) text += ", " + count(later) + " masked";
    } else if (static_cast<int>(row.keys.size()) <= query) {
        text = count(static_cast<long long>(row.keys.size())) + " strongest of " +
               count(query + 1) + " keys";
    } else {
        text = count(query + 1) + " keys; " + count(later) + " masked ones not shown";
    }
    const double sum = std::accumulate(row.weights.begin(), row.weights.end(), 0.0);
    text += " · weights sum to " + weight(sum);
    if (scene.hide_first) text += " without token 0";
    return text;
}

float cell_width(const Scene& scene) {
    return width_of(mono(scene, number_size, {}), "-8.88") + 3 * scene.text_scale;
}

float label_width(const Scene& scene) {
    return width_of(sans(scene, 11.5f, {}), "weight") + 10 * scene.text_scale;
}

void draw_number(Canvas& canvas, Rect cell, const std::string& text, Colour fill,
                 const Scene& scene) {
    canvas.fill_rect(cell, fill, 4);
    draw_text_in(canvas, {cell.x - 4, cell.y, cell.w + 8, cell.h}, text,
                 mono(scene, number_size, text_on(fill)), Align::centre);
}

void draw_masked(Canvas& canvas, Rect cell, const char* text, const Scene& scene) {
    canvas.fill_rect(cell, scene.theme.masked, 4);
    if (*text == 0) {
        draw_hatch(canvas, cell, scene.theme);
        return;
    }
    draw_text_in(canvas, cell, text, mono(scene, number_size, scene.theme.muted), Align::centre);
}

void draw_tick(Canvas& canvas, Rect cell, const Scene& scene) {
    const Theme& t = scene.theme;
    const float s = 3.5f * scene.text_scale;
    const Point at = cell.centre();
    canvas.fill_rect(cell, mix(t.card, t.value, 0.10f), 4);
    const Point tick[] = {
        {at.x - s, at.y}, {at.x - s * 0.3f, at.y + s * 0.7f}, {at.x + s, at.y - s * 0.8f}};
    canvas.polyline(tick, {t.value, 1.4f * scene.text_scale});
}

}  // namespace

Size row_size(const Scene& scene) {
    const float k = scene.text_scale;
    const auto keys = static_cast<float>(std::clamp(scene.length(), 8, 24));
    return {label_width(scene) + keys * cell_width(scene),
            (caption_height + longest_token * 0.75f + 3 * line_height) * k};
}

void draw_row(Canvas& canvas, Rect rect, const Scene& scene) {
    const float k = scene.text_scale;
    const Theme& t = scene.theme;
    const Selection& s = scene.selection;
    const int query = scene.position();
    const float left = label_width(scene);
    const TextStyle token = mono(scene, token_size, t.text);
    // The last column's token leans out to the right.
    float token_width = 0;
    for (int i = 0; i < scene.length(); ++i) {
        token_width = std::max(token_width, width_of(token, scene.shown_at(i)));
    }
    const float token_room =
        (rect.h - (caption_height + 3 * 22 + 6) * k) / 0.75f - token.size * 0.6f;
    token_width = std::min({token_width, longest_token * k, token_room, rect.w * 0.25f});
    const bool tokens = token_width >= 24 * k;
    const float reach = tokens ? slope_reach(token, token_width) : 0;
    const float least = cell_width(scene);
    const float wide = rect.w - left - std::max(reach - least / 2, 0.0f);
    const Row row = make_row(scene, static_cast<int>(wide / least));
    const float cell = std::clamp(wide / static_cast<float>(row.keys.size()), 1.0f, 46 * k);

    draw_text_in(canvas, rect.top(caption_height * k - 4 * k), caption(row, scene),
                 sans(scene, 11.5f, t.muted));
    const float top = rect.y + caption_height * k + (tokens ? reach + 4 * k : 0);
    const float pitch = std::min((rect.bottom() - top) / 3, line_height * k);
    const char* names[] = {"q·k/√d", "mask", "weight"};
    for (int i = 0; i < 3; ++i) {
        draw_text_in(canvas, {rect.x, top + pitch * i, left, pitch - 4 * k}, names[i],
                     sans(scene, 11.5f, t.muted));
    }
    float largest = 0;
    for (float score : row.scores) largest = std::max(largest, std::abs(score));
    for (size_t i = 0; i < row.keys.size(); ++i) {
        const int key = row.keys[i];
        const float x = rect.x + left + cell * static_cast<float>(i);
        auto line = [&](int number) {
            return Rect{x, top + pitch * number, cell - 2, pitch - 4 * k};
        };
        if (tokens) {
            const TextStyle style = key == query ? mono(scene, token_size, t.accent) : token;
            draw_sloped(canvas, {x + cell / 2 - 1, top - 5 * k},
                        fit_token(style, scene.shown_at(key), token_width), style, Slope::rising);
        }
        if (key > query) {
            draw_masked(canvas, line(0), "", scene);
            draw_masked(canvas, line(1), "-∞", scene);
            draw_masked(canvas, line(2), "0", scene);
        } else {
            const float score = row.scores[key];
            draw_number(canvas, line(0), short_score(score),
                        diverging(t, largest > 0 ? score / largest : 0), scene);
            draw_tick(canvas, line(1), scene);
            const bool hidden = scene.hide_first && key == 0;
            const float weight_here = row.weights[key];
            draw_number(canvas, line(2), hidden ? "–" : short_weight(weight_here),
                        hidden ? t.inset : sequential(t, scene.colormap, weight_here), scene);
        }
        const Rect column{x, top, cell - 2, 3 * pitch - 4 * k};
        const std::string id = "row/" + std::to_string(s.layer) + "/" + std::to_string(s.head) +
                               "/" + std::to_string(key);
        canvas.region(column, id, 3, 1);
        if (scene.hover.id == id) canvas.stroke_rect(column, {t.text, 1.25f}, 4);
    }
}

}  // namespace viz
