#include "viz/views/lens/rise.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "viz/layout/grid.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/plot.h"
#include "viz/layout/title.h"
#include "viz/paint/format.h"

namespace viz {

namespace {

constexpr float rank_width = 52, probability_width = 68;
constexpr float widest_step = 220;  // from block to block in the chart

using Readings = std::vector<model::LensReading>;

// The axis of ranks: 1 at its end.
Axis ranks(const Scene& scene) {
    return {static_cast<double>(std::max(scene.model.config.n_vocab, 2)), 1, true};
}

// The rank after each block, and behind it that in the untouched run, where `at` says.
void draw_ranks(Canvas& canvas, const Readings& readings, float width, float dot,
                const Scene& scene, const std::function<Point(int block, double rank)>& at) {
    const Theme& t = scene.theme;
    auto points_of = [&](const Readings& of) {
        std::vector<Point> points;
        for (size_t i = 0; i < of.size(); ++i) {
            points.push_back(at(static_cast<int>(i), of[i].chosen.rank + 1));
        }
        return points;
    };
    if (const model::Step* untouched = scene.compared()) {
        const auto& record = untouched->records[static_cast<size_t>(scene.position())];
        canvas.polyline(points_of(scene.memo.lens.read(scene.model, record, scene.followed())),
                        {t.muted, 1.25f, true});
    }
    const std::vector<Point> points = points_of(readings);
    canvas.polyline(points, {t.accent, width});
    draw_dots(canvas, points, dot, t.accent);
}

}  // namespace

void draw_lens_rise(Canvas& canvas, const LensFrame& f, const Scene& scene) {
    const Theme& t = scene.theme;
    const int position = scene.position(), followed = scene.followed();
    const auto readings = scene.memo.lens.read(scene.model, scene.step.records[position], followed);
    const int layers = scene.model.config.n_layer;
    const Rect p = f.panel;
    const float y = p.y - (2 * lens_header_line + 4);
    const TextStyle plain = sans(11.5f, t.muted);
    const TextStyle name = mono(lens_token_size, t.accent);
    const std::string before = "rank of ";
    const std::string after = " at position " + count(position);
    const float words = width_of(plain, before);
    const bool says_where = p.w >= words + width_of(plain, after) + 48;
    const float token_room = p.w - words - (says_where ? width_of(plain, after) : 0) - 2;
    const std::string token = fit_token(name, scene.shown(followed), token_room);
    const Rect line{p.x, y, p.w, lens_header_line};
    draw_text_in(canvas, line, before, plain);
    draw_text_in(canvas, line.without_left(words), token, name);
    if (says_where) {
        draw_text_in(canvas, line.without_left(words + width_of(name, token)), after, plain);
    }
    const Rect heads{p.x, y + lens_header_line, p.w, lens_header_line};
    const Rect area{p.x + rank_width + 14, p.y, p.w - (rank_width + probability_width + 28), p.h};
    draw_text_in(canvas, heads.left(rank_width), "rank", plain, Align::right);
    draw_text_in(canvas, heads, "probability", plain, Align::right);
    if (p.w >= rise_plot_from) {
        const TextStyle small = sans(smallest_text, t.muted);
        const Rect ends{area.x - 4, heads.y, area.w + 8, heads.h};
        const std::string low = count(scene.model.config.n_vocab);
        const float used = width_of(small, low + "1") + 12;
        if (width_of(small, "log") + used <= ends.w) {
            draw_text_in(canvas, ends, "log", small, Align::centre);
        }
        if (used <= ends.w) draw_text_in(canvas, ends, low, small);
        draw_text_in(canvas, ends, "1", small, Align::right);
        const Plot plot{area, ranks(scene), steps(layers - 1, 0)};
        for (const double rank : powers_of_ten(plot.x)) {
            draw_down(canvas, area, plot.x_at(rank), hairline(t.border));
        }
        draw_ranks(canvas, readings, 1.75f, std::clamp(f.pitch * 0.16f, 1.5f, 4.0f), scene,
                   [&](int block, double rank) { return plot.at(rank, block); });
    }
    const TextStyle value = mono(11.5f, t.text);
    for (const auto& [i, row] :
         named_rows(p, layers, value.size * 1.25f, scene.selection.layer, Thin::to_last)) {
        const model::Standing& stands = readings[i].chosen;
        TextStyle style = value;
        if (i == scene.selection.layer) style.colour = t.accent;
        draw_text_in(canvas, row.left(rank_width), count(stands.rank + 1), style, Align::right);
        draw_text_in(canvas, row, percent(stands.probability), style, Align::right);
    }
    const Target target{"rise", {position}};
    canvas.region(p, target, layers, 1);
    if (const auto row = locked_cell(scene, target, p, layers, 1)) {
        canvas.stroke_rect({row->x, row->y, row->w + 2, row->h}, {t.text, 1.5f}, 4);
    }
}

void draw_lens_rise_chart(Canvas& canvas, const LensFrame& f, const Scene& scene) {
    const Theme& t = scene.theme;
    const int position = scene.position(), followed = scene.followed();
    const int layers = scene.model.config.n_layer;
    const auto readings = scene.memo.lens.read(scene.model, scene.step.records[position], followed);
    const Rect r = f.chart;
    const TextStyle title = bold(13, t.text), plain = sans(11.5f, t.muted);
    const TextStyle value = mono(11.5f, t.text), small = mono(smallest_text, t.muted);
    const std::string token = fit_token(title, scene.shown(followed), 150);
    const std::string at = fit_token(title, scene.shown_at(position), 150);
    draw_title(canvas, r.top(18),
               {.wordings = {"Rank of " + token + " at " + at + " (position " + count(position) +
                                 ") after each block, log scale",
                             "Rank of " + token + " (position " + count(position) + "), log scale",
                             "Rank of " + token}},
               t);
    const float line = 16;
    const float labels = width_of(plain, "probability") + 12;
    Rect area{r.x + labels, r.y + 40, r.w - labels, r.h - 40 - 2 * line - 8};
    // Numbers may be wider than the step from block to block: then those at the ends need room.
    const float needed = width_of(value, "> 99.9 %") + 8;
    const float over = std::max(0.0f, (needed - area.w / static_cast<float>(layers)) / 2);
    area = area.without_left(over).without_right(over);
    const float step = std::min(area.w / static_cast<float>(layers), widest_step);
    area.w = step * static_cast<float>(layers);
    const Plot plot{area, steps(0, layers - 1), ranks(scene)};
    float free_from = -1e9f;  // below the last label of the axis
    for (const double rank : powers_of_ten(plot.y)) {
        const float y = plot.y_at(rank);
        draw_across(canvas, area, y, hairline(t.border));
        if (y < free_from || y > area.bottom() - 2) continue;
        draw_height_name(canvas, plot, rank, count(static_cast<long long>(rank)), small, over + 10);
        free_from = y + small.size * 1.3f;
    }
    draw_ranks(canvas, readings, 2, std::min(4.0f, step * 0.3f), scene,
               [&](int block, double rank) { return plot.at(block, rank); });
    const Rect names{r.x, area.bottom() + 6, labels - 10, line};
    const Rect chances{r.x, names.bottom(), names.w, line};
    draw_text_in(canvas, names, "block", plain, Align::right);
    draw_text_in(canvas, chances, "probability", plain, Align::right);
    for (const auto& [i, column] : named_columns({area.x, names.y, area.w, line}, layers, needed,
                                                 scene.selection.layer, Thin::to_last)) {
        const bool here = i == scene.selection.layer;
        const model::Standing& stands = readings[i].chosen;
        TextStyle style = value;
        if (here) style.colour = t.accent;
        const float above = plot.y_at(stands.rank + 1) - 21;
        draw_text_in(canvas, {column.x, above, column.w, 16}, count(stands.rank + 1), style,
                     Align::centre);
        draw_text_in(canvas, column, std::to_string(i + 1), here ? bold(11.5f, t.accent) : plain,
                     Align::centre);
        draw_text_in(canvas, {column.x, chances.y, column.w, line}, percent(stands.probability),
                     style, Align::centre);
    }
    const Target target{"rise", {position}};
    const Rect columns{area.x, r.y + 20, area.w, r.h - 20};
    canvas.region(columns, target, 1, layers);
    if (const auto column = locked_cell(scene, target, columns, 1, layers)) {
        canvas.stroke_rect(*column, {t.text, 1.5f}, 4);
    }
}

}  // namespace viz
