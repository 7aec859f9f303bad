// A hundred draws of the next token, each with its own seed: how often each token came, beside how
// often its chance says that it should.
#include "model/decode/draws.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/table.h"
#include "viz/paint/format.h"
#include "viz/paint/paragraph.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr int times = 100;
constexpr float heading_height = 24, names_height = 20, foot_height = 24;
constexpr float least_line = 22, most_line = 34;

struct Draws {
    std::vector<int> counts;  // by candidate
    std::vector<int> order;   // candidates that came, the most frequent first
};

Draws draws_of(const Scene& scene) {
    Draws draws;
    const model::Ranking& ranking = scene.step.ranking;
    draws.counts = model::draw_often(ranking, scene.decoding.seed, scene.length(), times);
    for (size_t i = 0; i < draws.counts.size(); ++i) {
        if (draws.counts[i] > 0) draws.order.push_back(static_cast<int>(i));
    }
    std::ranges::stable_sort(draws.order, [&](int a, int b) {
        return draws.counts[static_cast<size_t>(a)] > draws.counts[static_cast<size_t>(b)];
    });
    return draws;
}

const model::Candidate& candidate_at(const Scene& scene, int index) {
    return scene.step.ranking.candidates[static_cast<size_t>(index)];
}

enum { token, bar, count_of, expected };
Table table_in(Rect rect) {
    return Table(rect,
                 {{.name = "token", .width = 120},
                  {.name = "came", .before = 12, .after = 12},
                  {.width = 34, .align = Align::right},
                  {.name = "by its chance", .width = 92, .align = Align::right, .before = 8}});
}

std::string heading(const Scene& scene) {
    return count(times) + " draws of the next token: what the seeds " +
           std::to_string(scene.decoding.seed) + " to " +
           std::to_string(scene.decoding.seed + times - 1) + " choose";
}

// The bar is what came; the stroke across it stands where the chance says it should end.
void draw_row(Canvas& canvas, const Table& table, Rect row, const Scene& scene, int index, int came,
              double scale) {
    const Theme& t = scene.theme;
    const model::Candidate& candidate = candidate_at(scene, index);
    const bool proposed = index == scene.step.ranking.pick;
    if (index == scene.selection.candidate) canvas.fill_rect(row, t.accent_soft, 5);
    table.write_token(canvas, row, token, scene.shown(candidate.id),
                      mono(13.5f, proposed ? t.accent : t.text));
    const Rect cell = table.cell(bar, row);
    const Rect full{cell.x, row.centre().y - 6, cell.w, 12};
    draw_bar(canvas, full, came / scale, proposed ? t.accent : t.bar);
    const double should = candidate.adjusted * times;
    const auto x = static_cast<float>(cell.x + cell.w * std::min(should / scale, 1.0));
    draw_line(canvas, {x, full.y - 4}, {x, full.bottom() + 4}, {t.text, 1.5f});
    table.write(canvas, row, count_of, count(came), bold(13, t.text));
    table.write(canvas, row, expected, number(should), sans(12.5f, t.muted));
    canvas.region(row, {"draw", {index}});
}

Size draws_size(const Scene&) {
    return {560, heading_height + names_height + 12 * 28 + foot_height};
}

void draw_draws(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    if (!scene.decoding.sampled()) {
        draw_paragraph(canvas, rect,
                       "Greedy decoding draws nothing: it takes the likeliest token each time. "
                       "Choose a temperature, top-k or top-p to see a hundred draws.",
                       sans(14, t.muted));
        return;
    }
    const Draws draws = draws_of(scene);
    const Rect line = rect.top(heading_height);
    draw_text_in(canvas, line, fit_words(sans(12.5f, t.muted), heading(scene), line.w),
                 sans(12.5f, t.muted));
    rect = rect.without_top(heading_height);
    const Table table = table_in(rect);
    table.write_names(canvas, rect.top(names_height), sans(11.5f, t.muted));
    rect = rect.without_top(names_height);
    const auto all = static_cast<int>(draws.order.size());
    const auto room = static_cast<int>((rect.h - foot_height) / least_line);
    const int rows = std::clamp(all, 0, std::max(room, 1));
    if (rows == 0) return;
    const float high =
        std::clamp((rect.h - foot_height) / static_cast<float>(rows), least_line, most_line);
    double scale = 1;
    for (int i = 0; i < rows; ++i) {
        const int index = draws.order[static_cast<size_t>(i)];
        scale = std::max({scale, double(draws.counts[static_cast<size_t>(index)]),
                          candidate_at(scene, index).adjusted * times});
    }
    int shown = 0;
    for (int i = 0; i < rows; ++i) {
        const int index = draws.order[static_cast<size_t>(i)];
        const int came = draws.counts[static_cast<size_t>(index)];
        draw_row(canvas, table, {rect.x, rect.y + high * static_cast<float>(i), rect.w, high},
                 scene, index, came, scale);
        shown += came;
    }
    const Rect foot{rect.x, rect.y + high * static_cast<float>(rows), rect.w, foot_height};
    const std::string rest =
        all > rows ? plural(all - rows, "other token") + ": " + plural(times - shown, "draw")
                   : plural(all, "token") + " came; " + count(scene.step.ranking.kept) +
                         " could have come";
    draw_text_in(canvas, foot, fit_words(sans(12, t.muted), rest, foot.w), sans(12, t.muted));
}

Lines draw_tooltip(const Scene& scene, const Hit& hit) {
    const int index = hit.target.number(0, static_cast<int>(scene.step.ranking.candidates.size()));
    if (index < 0 || !scene.decoding.sampled()) return {};
    const model::Candidate& candidate = candidate_at(scene, index);
    const Draws draws = draws_of(scene);
    return {scene.shown(candidate.id) + " came " +
                plural(draws.counts[static_cast<size_t>(index)], "time"),
            "chance " + percent(candidate.adjusted) + ", so " + number(candidate.adjusted * times) +
                " of " + count(times) + " on average"};
}

void select_draw(Selection& selection, const Hit& hit, const Extent&) {
    selection.candidate = hit.target.number(0);
}

constexpr Pointing targets[] = {
    {.kind = "draw", .tooltip = draw_tooltip, .select = select_draw, .locks = true},
};

}  // namespace

// Targets: "draw/CANDIDATE".
extern const View draws_view{
    .id = "draws",
    .title = "A hundred draws",
    .help = "how often each token comes when the next one is drawn a hundred times",
    .group = Group::choice,
    .preferred_size = draws_size,
    .draw = draw_draws,
    .tells_choice = true,
    .needs_sampling = true,
    .targets = targets,
};

}  // namespace viz
