#include "viz/views/lens/rise.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/paint/format.h"

namespace viz {

namespace {

constexpr float rank_width = 52, probability_width = 68;
constexpr float widest_step = 220;  // from block to block in the chart

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
    const bool plot = p.w >= rise_plot_from;
    const Rect area{p.x + rank_width + 14, p.y, p.w - (rank_width + probability_width + 28), p.h};
    draw_text_in(canvas, heads.left(rank_width), "rank", plain, Align::right);
    draw_text_in(canvas, heads, "probability", plain, Align::right);
    const double worst = std::log(std::max(scene.model.config.n_vocab, 2));
    auto x_of = [&](double rank) {
        return area.right() - static_cast<float>(std::log(rank) / worst) * area.w;
    };
    if (plot) {
        const TextStyle small = sans(smallest_text, t.muted);
        const Rect ends{area.x - 4, heads.y, area.w + 8, heads.h};
        const std::string low = count(scene.model.config.n_vocab);
        const float used = width_of(small, low + "1") + 12;
        if (width_of(small, "log") + used <= ends.w) {
            draw_text_in(canvas, ends, "log", small, Align::centre);
        }
        if (used <= ends.w) draw_text_in(canvas, ends, low, small);
        draw_text_in(canvas, ends, "1", small, Align::right);
        for (double rank = 1; rank <= scene.model.config.n_vocab; rank *= 10) {
            const Point grid[] = {{x_of(rank), area.y}, {x_of(rank), area.bottom()}};
            canvas.polyline(grid, hairline(t.border));
        }
        std::vector<Point> points;
        for (int i = 0; i < layers; ++i) {
            points.push_back({x_of(readings[i].chosen.rank + 1), f.cell(i, 0).centre().y});
        }
        if (const model::Step* untouched = scene.compared()) {
            const auto there = scene.memo.lens.read(
                scene.model, untouched->records[static_cast<size_t>(position)], followed);
            std::vector<Point> ghost;
            for (int i = 0; i < layers; ++i) {
                ghost.push_back({x_of(there[i].chosen.rank + 1), f.cell(i, 0).centre().y});
            }
            canvas.polyline(ghost, {t.muted, 1.25f, true});
        }
        canvas.polyline(points, {t.accent, 1.75f});
        const float dot = std::clamp(f.pitch * 0.16f, 1.5f, 4.0f);
        for (Point at : points) {
            canvas.fill_rect({at.x - dot, at.y - dot, 2 * dot, 2 * dot}, t.accent, dot);
        }
    }
    const TextStyle value = mono(11.5f, t.text);
    const float needed = value.size * 1.25f;
    const float high = std::max(f.pitch, needed);
    for (int i : thinned_to_last(layers, f.pitch, needed, scene.selection.layer)) {
        const model::Standing& stands = readings[i].chosen;
        const Rect row{p.x, f.cell(i, 0).centre().y - high / 2, p.w, high};
        TextStyle style = value;
        if (i == scene.selection.layer) style.colour = t.accent;
        draw_text_in(canvas, row.left(rank_width), count(stands.rank + 1), style, Align::right);
        draw_text_in(canvas, row, percent(stands.probability), style, Align::right);
    }
    const Target target{"rise", {position}};
    canvas.region(p, target, layers, 1);
    if (scene.locked.target == target && scene.locked.row < layers && scene.locked.col == 0) {
        const Rect row = f.cell(scene.locked.row, 0);
        canvas.stroke_rect({p.x, row.y, p.w + 2, row.h}, {t.text, 1.5f}, 4);
    }
}

void draw_lens_rise_chart(Canvas& canvas, const LensFrame& f, const Scene& scene) {
    const Theme& t = scene.theme;
    const int position = scene.position(), followed = scene.followed();
    const int layers = scene.model.config.n_layer, n_vocab = scene.model.config.n_vocab;
    const auto readings = scene.memo.lens.read(scene.model, scene.step.records[position], followed);
    const Rect r = f.chart;
    const TextStyle title = bold(13, t.text), plain = sans(11.5f, t.muted);
    const TextStyle value = mono(11.5f, t.text), small = mono(smallest_text, t.muted);
    const std::string token = fit_token(title, scene.shown(followed), 150);
    const std::string at = fit_token(title, scene.shown_at(position), 150);
    draw_text_in(canvas, r.top(18),
                 fit_wording(title,
                             {"Rank of " + token + " at " + at + " (position " + count(position) +
                                  ") after each block, log scale",
                              "Rank of " + token + " (position " + count(position) + "), log scale",
                              "Rank of " + token},
                             r.w),
                 title);
    const float line = 16;
    const float labels = width_of(plain, "probability") + 12;
    Rect plot{r.x + labels, r.y + 40, r.w - labels, r.h - 40 - 2 * line - 8};
    // Numbers may be wider than the step from block to block: then those at the ends need room.
    const float needed = width_of(value, "> 99.9 %") + 8;
    const float over = std::max(0.0f, (needed - plot.w / static_cast<float>(layers)) / 2);
    plot = plot.without_left(over).without_right(over);
    const float step = std::min(plot.w / static_cast<float>(layers), widest_step);
    plot.w = step * static_cast<float>(layers);
    const double worst = std::log(std::max(n_vocab, 2));
    auto at_rank = [&](int layer, double rank) {
        return Point{plot.x + step * (static_cast<float>(layer) + 0.5f),
                     plot.y + static_cast<float>(std::log(rank) / worst) * plot.h};
    };
    float free_from = -1e9f;  // below the last label of the axis
    for (double rank = 1; rank <= n_vocab; rank *= 10) {
        const float y = at_rank(0, rank).y;
        const Point grid[] = {{plot.x, y}, {plot.right(), y}};
        canvas.polyline(grid, hairline(t.border));
        if (y < free_from || y > plot.bottom() - 2) continue;
        draw_text_in(canvas, {r.x, y - 8, labels - 10, 16}, count(static_cast<long long>(rank)),
                     small, Align::right);
        free_from = y + small.size * 1.3f;
    }
    std::vector<Point> points;
    for (int i = 0; i < layers; ++i) points.push_back(at_rank(i, readings[i].chosen.rank + 1));
    if (const model::Step* untouched = scene.compared()) {
        const auto there = scene.memo.lens.read(
            scene.model, untouched->records[static_cast<size_t>(position)], followed);
        std::vector<Point> ghost;
        for (int i = 0; i < layers; ++i) ghost.push_back(at_rank(i, there[i].chosen.rank + 1));
        canvas.polyline(ghost, {t.muted, 1.25f, true});
    }
    canvas.polyline(points, {t.accent, 2});
    for (Point point : points) {
        const float dot = std::min(4.0f, step * 0.3f);
        canvas.fill_rect({point.x - dot, point.y - dot, 2 * dot, 2 * dot}, t.accent, dot);
    }
    const Rect names{r.x, plot.bottom() + 6, labels - 10, line};
    const Rect chances{r.x, names.bottom(), names.w, line};
    draw_text_in(canvas, names, "block", plain, Align::right);
    draw_text_in(canvas, chances, "probability", plain, Align::right);
    const float wide = std::max(step, needed);
    for (int i : thinned_to_last(layers, step, needed, scene.selection.layer)) {
        const bool here = i == scene.selection.layer;
        const model::Standing& stands = readings[i].chosen;
        TextStyle style = value;
        if (here) style.colour = t.accent;
        const float x = points[i].x - wide / 2;
        draw_text_in(canvas, {x, points[i].y - 21, wide, 16}, count(stands.rank + 1), style,
                     Align::centre);
        draw_text_in(canvas, {x, names.y, wide, line}, std::to_string(i + 1),
                     here ? bold(11.5f, t.accent) : plain, Align::centre);
        draw_text_in(canvas, {x, chances.y, wide, line}, percent(stands.probability), style,
                     Align::centre);
    }
    const Target target{"rise", {position}};
    const Rect columns{plot.x, r.y + 20, plot.w, r.h - 20};
    canvas.region(columns, target, 1, layers);
    if (scene.locked.target == target && scene.locked.row == 0 && scene.locked.col < layers) {
        canvas.stroke_rect(cell_of(columns, 1, layers, 0, scene.locked.col), {t.text, 1.5f}, 4);
    }
}

}  // namespace viz
