// From logits to a token, as columns: the logits, divided by the temperature, their exponentials,
// what the strategy cuts, the division by their sum, and the draw: a number between 0 and 1 that
// falls into one token's part of the whole (model/decode/decoding.h).
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "model/decode/options.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/title.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float title_height = 30, names_height = 42, foot_height = 26;
constexpr float lowest_row = 24, highest_row = 40;
constexpr size_t most_rows = 18;
constexpr float strip_width = 26;

// A candidate on its way to the choice.
struct Way {
    int index = 0;      // in the ranking
    double logit = 0;   // after penalties
    double scaled = 0;  // divided by the temperature
    double mass = 0;    // e^(scaled - the largest)
    double from = 0;  // the part of the whole that is its own: from here on, as long as `adjusted`
};

struct Ways {
    std::vector<Way> all;  // the largest logit first
    std::vector<Way> shown;
    double sum = 0;  // of the masses that are kept
    double temperature = 1;
    double drawn = 0;  // in [0, 1)
    double span = 0;   // from the lowest shown to the highest, of logits or of what is divided
};

const model::Candidate& candidate_of(const Scene& scene, const Way& way) {
    return scene.step.ranking.candidates[static_cast<size_t>(way.index)];
}

bool kept(const Scene& scene, const Way& way) {
    return !scene.decoding.sampled() || candidate_of(scene, way).adjusted > 0;
}

// What the columns come to: of greedy decoding, too, after its penalties.
double chance(const Scene& scene, const Ways& ways, const Way& way) {
    return scene.decoding.sampled() ? candidate_of(scene, way).adjusted : way.mass / ways.sum;
}

Ways ways_of(const Scene& scene, size_t room) {
    const model::Ranking& ranking = scene.step.ranking;
    const model::Decoding& decoding = scene.decoding;
    const std::vector<int> ids = scene.step.ids();
    // Greedy decoding takes the largest: nothing divides or cuts.
    const std::vector<double> logits = model::processed_logits(ranking, decoding, ids);
    std::vector<int> order(logits.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](int i) { return logits[static_cast<size_t>(i)]; });
    Ways ways;
    ways.temperature = decoding.sampled() ? decoding.temperature : 1;
    const double top = logits[static_cast<size_t>(order.front())];
    for (const int index : order) {
        Way way{index, logits[static_cast<size_t>(index)]};
        way.scaled = way.logit / ways.temperature;
        way.mass = std::exp((way.logit - top) / ways.temperature);
        if (kept(scene, way)) ways.sum += way.mass;
        ways.all.push_back(way);
    }
    double from = 0;
    for (Way& way : ways.all) {
        way.from = from;
        if (kept(scene, way)) from += chance(scene, ways, way);
    }
    ways.drawn = model::uniform(decoding.seed, static_cast<int>(ids.size()));
    ways.shown.assign(ways.all.begin(), ways.all.begin() + static_cast<std::ptrdiff_t>(
                                                               std::min(room, ways.all.size())));
    const auto pick = std::ranges::find(ways.all, ranking.pick, &Way::index);
    if (pick - ways.all.begin() >= static_cast<std::ptrdiff_t>(ways.shown.size())) {
        ways.shown.back() = *pick;
    }
    for (const Way& way : ways.shown) {
        if (std::isinf(way.logit)) continue;
        const Way& first = ways.all.front();
        ways.span = std::max({ways.span, first.logit - way.logit, first.scaled - way.scaled});
    }
    return ways;
}

enum class Stage { logit, scaled, mass, chance };

struct Column {
    Stage stage;
    std::vector<std::string> names, hows;  // wordings
    Rect place;                            // of its rows
};

std::vector<Column> columns_of(Rect rect, const Ways& ways, const Scene& scene) {
    const model::Decoding& d = scene.decoding;
    const bool sampled = d.sampled();
    std::vector<Column> columns;
    const std::string scores = d.penalised() ? "after the penalties" : "the model's scores";
    columns.push_back({Stage::logit, {"logits"}, {scores, "scores"}, {}});
    if (sampled && ways.temperature != 1) {
        const std::string by = model::short_number(ways.temperature);
        columns.push_back({Stage::scaled,
                           {"÷ T = " + by, "÷ " + by},
                           {ways.temperature < 1 ? "further apart" : "closer together", ""},
                           {}});
    }
    const std::string cuts = sampled ? model::describe_cuts(d) : "";
    columns.push_back({Stage::mass,
                       {"exp(· − max)", "exp"},
                       cuts.empty() ? std::vector<std::string>{"the largest is 1", ""}
                                    : std::vector<std::string>{"cut by " + cuts, "some cut"},
                       {}});
    columns.push_back(
        {Stage::chance, {"÷ sum = probability", "÷ sum"}, {"sum " + number(ways.sum)}, {}});
    const float gap = 22;
    const float wide = (rect.w + gap) / static_cast<float>(columns.size());
    for (size_t i = 0; i < columns.size(); ++i) {
        columns[i].place = {rect.x + wide * static_cast<float>(i), rect.y, wide - gap, rect.h};
    }
    return columns;
}

void draw_names(Canvas& canvas, const std::vector<Column>& columns, float top, const Theme& t) {
    for (size_t i = 0; i < columns.size(); ++i) {
        const Column& c = columns[i];
        const TextStyle name = bold(12.5f, t.text), how = sans(11, t.muted);
        draw_text_in(canvas, {c.place.x, top, c.place.w + 18, 18},
                     fit_wording(name, c.names, c.place.w + 2), name);
        draw_text_in(canvas, {c.place.x, top + 18, c.place.w + 18, 16},
                     fit_wording(how, c.hows, c.place.w + 2), how);
        if (i == 0) continue;
        const Point head[] = {
            {c.place.x - 15, top + 5}, {c.place.x - 9, top + 9}, {c.place.x - 15, top + 13}};
        canvas.polyline(head, {t.muted, 1.5f});
    }
}

// A number, and where it lies: logits are places on a line, what has a zero and an end is a bar.
void draw_value(Canvas& canvas, Rect row, const Column& column, const Way& way, const Ways& ways,
                const Scene& scene) {
    const Theme& t = scene.theme;
    const bool chosen = way.index == scene.step.ranking.pick;
    const bool cut = !kept(scene, way);
    const TextStyle style = mono(12, cut ? t.muted : chosen ? t.accent : t.text);
    const float numbers = column.stage == Stage::chance ? 58 : 50;
    const Rect cell{column.place.x, row.y, column.place.w, row.h};
    const Rect line = cell.without_right(std::min(numbers, cell.w));
    const bool drawn = line.w >= 30;
    if (column.stage == Stage::logit || column.stage == Stage::scaled) {
        const bool scaled = column.stage == Stage::scaled;
        const double value = scaled ? way.scaled : way.logit;
        const double high = scaled ? ways.all.front().scaled : ways.all.front().logit;
        draw_text_in(canvas, cell, std::isinf(value) ? "−∞" : decimal(value, 2), style,
                     Align::right);
        if (!drawn) return;
        draw_line(canvas, {line.x, row.centre().y}, {line.right(), row.centre().y}, {t.grid, 1.5f});
        if (std::isinf(value)) return;
        // Both on one scale, so that a temperature is seen to move them.
        const double part = ways.span > 0 ? std::max(1 - (high - value) / ways.span, 0.0) : 1;
        draw_dot(canvas, {line.x + 5 + (line.w - 10) * static_cast<float>(part), row.centre().y},
                 4.5f,
                 cut      ? t.faint
                 : chosen ? t.accent
                          : mix(t.bar, t.text, 0.35f));
        return;
    }
    const bool weighed = column.stage == Stage::chance;
    if (cut && weighed) {
        draw_text_in(canvas, cell, "0", style, Align::right);
        return;
    }
    draw_text_in(canvas, cell,
                 weighed ? percent(chance(scene, ways, way))
                 : cut   ? "cut"
                         : number(way.mass),
                 style, Align::right);
    if (!drawn) return;
    const float high = std::min(12.0f, row.h * 0.5f);
    const Rect full{line.x, row.centre().y - high / 2, line.w, high};
    canvas.fill_rect(full, mix(t.card, t.grid, 0.7f), std::min(high / 2, 3.0f));
    draw_bar(canvas, full, weighed ? chance(scene, ways, way) : way.mass,
             cut      ? t.bar_faint
             : chosen ? t.accent
                      : t.bar);
    if (cut) draw_hatch(canvas, full, t);
}

// The whole from 0 to 1, a part for each token, and where the number fell.
void draw_strip(Canvas& canvas, Rect rect, float rows_end, const std::vector<Rect>& rows,
                const Ways& ways, const Scene& scene) {
    const Theme& t = scene.theme;
    const Rect strip{rect.x + 34, rect.y, strip_width, rect.h};
    canvas.fill_rect(strip, t.inset);
    const auto y = [&](double part) { return strip.y + strip.h * static_cast<float>(part); };
    for (const Way& way : ways.all) {
        const double part = chance(scene, ways, way);
        if (!kept(scene, way) || part * double{strip.h} < 0.75) continue;
        const bool chosen = way.index == scene.step.ranking.pick;
        const Rect own{strip.x, y(way.from), strip.w, y(way.from + part) - y(way.from)};
        canvas.fill_rect(own.h > 3 ? own.without_bottom(1) : own,
                         chosen ? t.accent : t.bar.with_alpha(0.75f));
        canvas.region(own, {"candidate", {way.index}});
    }
    canvas.stroke_rect(strip.inset(-0.5f), hairline(t.border));
    for (size_t i = 0; i < rows.size(); ++i) {
        const Way& way = ways.shown[i];
        if (!kept(scene, way)) continue;
        const double part = chance(scene, ways, way);
        const bool chosen = way.index == scene.step.ranking.pick;
        if (part * double{strip.h} < 3 && !chosen) continue;
        const float to = y(way.from + part / 2);
        canvas.curve({rows_end, rows[i].centre().y}, {rows_end + 18, rows[i].centre().y},
                     {strip.x - 18, to}, {strip.x - 2, to},
                     {chosen ? t.accent : t.faint, chosen ? 1.75f : 1.0f});
    }
    const TextStyle small = sans(11, t.muted), value = mono(12, t.accent);
    draw_text_in(canvas, {strip.right() + 5, strip.y - 8, 24, 16}, "0", small);
    draw_text_in(canvas, {strip.right() + 5, strip.bottom() - 8, 24, 16}, "1", small);
    const float at = y(ways.drawn);
    draw_line(canvas, {strip.x - 4, at}, {strip.right() + 10, at}, {t.text, 2});
    const Point tip[] = {
        {strip.right() + 4, at}, {strip.right() + 11, at - 4.5f}, {strip.right() + 11, at + 4.5f}};
    canvas.fill_polygon(tip, t.text);
    draw_text_in(canvas,
                 {strip.right() + 15, std::clamp(at - 8, strip.y + 8, strip.bottom() - 24), 62, 16},
                 decimal(ways.drawn, 4), value);
}

Size choice_size(const Scene&) {
    return {820, title_height + names_height + foot_height + 14 * 30.0f};
}

std::string foot_words(const Ways& ways, const Scene& scene) {
    const model::Ranking& ranking = scene.step.ranking;
    const std::string token = scene.shown(ranking.proposed().id);
    if (!scene.decoding.sampled()) {
        return "Greedy decoding takes the largest logit, " + token +
               "; the probabilities do not matter to it";
    }
    return "The number " + decimal(ways.drawn, 4) + " (seed " +
           std::to_string(scene.decoding.seed) + ", position " + count(scene.length()) +
           ") falls into the part of " + token;
}

void draw_choice(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const bool sampled = scene.decoding.sampled();
    const float body = rect.h - title_height - names_height - foot_height;
    const auto room =
        static_cast<size_t>(std::clamp(body / lowest_row - 1, 3.0f, float{most_rows}));
    const Ways ways = ways_of(scene, room);
    const std::string after = fit_token(bold(13, {}), scene.shown_at(scene.length() - 1), 140);
    draw_title(canvas, rect.top(20),
               {.wordings = {"From logits to the token after " + after, "From logits to a token"},
                .end = model::describe(scene.decoding)},
               t);
    const float tokens = std::clamp(rect.w * 0.17f, 76.0f, 150.0f);
    const float strip = sampled ? 34 + strip_width + 80 : 0;
    const Rect area{rect.x + tokens + 10, rect.y + title_height + names_height,
                    rect.w - tokens - 10 - strip, body};
    const std::vector<Column> columns = columns_of(area, ways, scene);
    draw_names(canvas, columns, rect.y + title_height, t);
    const float high =
        std::clamp(body / static_cast<float>(ways.shown.size() + 1), lowest_row, highest_row);
    std::vector<Rect> rows;
    double rest = 1;
    for (const Way& way : ways.shown) {
        const Rect row{rect.x, area.y + high * static_cast<float>(rows.size()), rect.w - strip,
                       high};
        rows.push_back(row);
        const bool chosen = way.index == scene.step.ranking.pick;
        const bool cut = !kept(scene, way);
        if (chosen) canvas.fill_rect(row.inset(1), t.accent_soft, 6);
        const TextStyle style = mono(13.5f, cut ? t.muted : chosen ? t.accent : t.text);
        const Rect name{row.x + 8, row.y, tokens - 8, row.h};
        const std::string token =
            fit_token(style, scene.shown(candidate_of(scene, way).id), name.w);
        draw_text_in(canvas, name, token, style);
        if (cut) {
            draw_line(canvas, {name.x, row.centre().y + 1},
                      {name.x + width_of(style, token), row.centre().y + 1}, hairline(t.muted));
        }
        canvas.region(row, {"candidate", {way.index}});
        for (const Column& column : columns) draw_value(canvas, row, column, way, ways, scene);
        if (kept(scene, way)) rest -= chance(scene, ways, way);
    }
    const auto others = static_cast<long long>(ways.all.size() - ways.shown.size());
    if (others > 0) {
        const Rect row{rect.x, rows.back().bottom(), rect.w - strip, high};
        const TextStyle style = sans(12, t.muted);
        draw_text_in(canvas, {row.x + 8, row.y, tokens, row.h},
                     fit_words(style, plural(others, "other"), tokens), style);
        const Rect last{columns.back().place.x, row.y, columns.back().place.w, row.h};
        draw_text_in(canvas, last, percent(std::max(rest, 0.0)), mono(12, t.muted), Align::right);
    }
    const float end = area.y + high * static_cast<float>(rows.size() + (others > 0 ? 1 : 0));
    if (sampled) {
        const Rect place{rect.right() - strip, area.y + 4, strip, end - area.y - 8};
        const TextStyle name = bold(12.5f, t.text), how = sans(11, t.muted);
        draw_text_in(canvas, {place.x + 14, rect.y + title_height, strip - 14, 18}, "draw", name);
        draw_text_in(canvas, {place.x + 14, rect.y + title_height + 18, strip - 14, 16},
                     fit_words(how, "a number in [0, 1)", strip - 14), how);
        draw_strip(canvas, place, rect.right() - strip + 2, rows, ways, scene);
    }
    const TextStyle foot = sans(12, t.muted);
    draw_text_in(canvas, {rect.x + 8, std::min(end + 6, rect.bottom() - 20), rect.w - 8, 20},
                 fit_words(foot, foot_words(ways, scene), rect.w - 8), foot);
}

}  // namespace

// Targets: "candidate/I".
extern const View choice_view{
    .id = "choice",
    .title = "Logits to a token",
    .help = "logits, divided by the temperature, their exponentials, what is cut, and the draw",
    .group = Group::choice,
    .heading = Heading::own,
    .preferred_size = choice_size,
    .draw = draw_choice,
    .least = {520, 300},
    .tells_choice = true,
};

}  // namespace viz
