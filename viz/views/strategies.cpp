// Strategies side by side: what each makes of the same prompt, token by token, where it leaves the
// greedy text, and numbers that say how likely and how varied the texts are.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float heading_height = 24;
constexpr float numbers_height = 15;
constexpr float column_width = 70;
constexpr float least_label = 96, most_label = 168;
constexpr float number_width = 14;  // of a row
constexpr float chip_height = 22;
constexpr float least_row = 41;  // chip, bar, percentage
constexpr float most_row = 96;
constexpr float entropy_height = 18, text_height = 17;
constexpr float least_line = 17, most_line = 20;  // of the table
constexpr float above_table = 8;
constexpr float measure_width = 66, most_measure_width = 118;

using Told = std::vector<model::ScoredToken>;

// A measure as a column of the table.
struct Column {
    const char* name;
    int priority;  // 0 stays longest where there is no room for all
    double model::TextMeasures::*value;
    std::string (*written)(double);
    const char* formula;
};
constexpr std::array columns{
    Column{"log-prob.", 0, &model::TextMeasures::log_probability, number, "Σ ln p of its tokens"},
    Column{"perplexity", 1, &model::TextMeasures::perplexity, number, "exp(−Σ ln p / n)"},
    Column{"mean p", 5, &model::TextMeasures::mean_probability, percent, "Σ p / n"},
    Column{"entropy", 2, &model::TextMeasures::mean_entropy_bits, number,
           "bits: mean entropy of the distributions that the tokens are from"},
    Column{"distinct-1", 6, &model::TextMeasures::distinct_1, weight,
           "different tokens / tokens (Li et al. 2016)"},
    Column{"distinct-2", 3, &model::TextMeasures::distinct_2, weight,
           "different pairs / pairs of neighbours (Li et al. 2016)"},
    Column{"repeated-4", 4, &model::TextMeasures::repeated_4, percent,
           "1 − different 4-grams / 4-grams (Welleck et al. 2020)"},
};

std::string written(const Column& column, double value) {
    return std::isnan(value) ? "–" : column.written(value);
}

// Everything that is drawn of one strategy.
struct Row {
    const model::StrategyRun* run = nullptr;
    Told told;           // at this step
    int leaves = -1;     // the first token that is not the reference's
    int rewritten = -1;  // the first token that a search changed with this step
    bool waits = false;  // more is asked for than there is yet
};

struct Table {
    std::vector<Row> rows;
    int reference = 0;
    int tokens = 0;          // of the longest row
    double entropy_top = 0;  // of all that is told
};

Table table_of(const Scene& scene, const model::Strategies& all) {
    Table table;
    const int n = scene.compared_tokens();
    for (size_t i = 0; i < all.rows.size(); ++i) {
        const model::StrategyRun& run = *all.rows[i];
        Row row;
        row.run = &run;
        row.told = run.after(n);
        row.waits = run.why == model::StopReason::none && run.length() < n;
        if (run.beam) row.rewritten = model::first_difference(row.told, run.after(n - 1));
        const bool first_greedy =
            run.rule.greedy() &&
            (table.rows.empty() || !table.rows[table.reference].run->rule.greedy());
        table.rows.push_back(std::move(row));
        if (first_greedy) table.reference = static_cast<int>(i);
        table.tokens = std::max(table.tokens, static_cast<int>(table.rows.back().told.size()));
        for (const auto& token : table.rows.back().told) {
            table.entropy_top = std::max(table.entropy_top, token.entropy_bits);
        }
    }
    for (Row& row : table.rows) {
        row.leaves = model::first_difference(row.told, table.rows[table.reference].told);
    }
    return table;
}

bool differs(const Table& table, const Row& row, int at) {
    const Told& other = table.rows[table.reference].told;
    return at >= static_cast<int>(other.size()) || row.told[at].id != other[at].id;
}

struct Plan {
    Rect grid, measures;
    float label = 0, row = 0, column = 0, line = 0;
    int first = 0, shown = 0;  // tokens
    bool entropies = false, texts = false;

    Rect row_at(int i) const { return {grid.x, grid.y + row * static_cast<float>(i), grid.w, row}; }
    Rect cell(int i, int token) const {
        return {grid.x + label + column * static_cast<float>(token - first), row_at(i).y, column,
                row};
    }
};

Plan plan_of(Rect rect, const Table& table) {
    Plan plan;
    const auto rows = static_cast<float>(table.rows.size());
    float widest = least_label;
    for (const Row& row : table.rows) {
        widest = std::max(widest, width_of(bold(12.5f, {}), model::rule_name(row.run->rule)) +
                                      number_width + 12.0f);
    }
    plan.label = std::min({widest, most_label, rect.w * 0.3f});
    plan.line = rect.h < 360.0f ? least_line : most_line;
    const float table_height = plan.line * (rows + 1);
    const float above = heading_height + numbers_height;
    const float room = rect.h - above - table_height - above_table;
    plan.row = std::clamp(room / rows, least_row, most_row);
    plan.grid = {rect.x, rect.y + above, rect.w, plan.row * rows};
    plan.measures = {rect.x, plan.grid.bottom() + above_table, rect.w, table_height};
    plan.entropies = plan.row >= least_row + entropy_height + 5;
    plan.texts = plan.row >= least_row + entropy_height + text_height + 8;
    plan.column = column_width;
    const int fit = std::max(1, static_cast<int>((rect.w - plan.label) / plan.column));
    plan.shown = std::min(fit, table.tokens);
    plan.first = table.tokens - plan.shown;
    return plan;
}

Colour other_ink(const Theme& t) {
    return mix(t.warning, t.text, t.dark ? 0.25f : 0.4f);
}

void draw_token(Canvas& canvas, Rect cell, const Row& row, int at, const Table& table,
                const Scene& scene) {
    const Theme& t = scene.theme;
    const model::ScoredToken& token = row.told[static_cast<size_t>(at)];
    const bool other = differs(table, row, at);
    const bool proposed = at + 1 == scene.step.number();
    const Rect chip{cell.x + 2, cell.y, cell.w - 4, chip_height};
    const Colour edge = proposed ? t.accent : other ? t.warning : t.border;
    draw_chip(canvas, chip, other ? mix(t.card, t.warning, 0.16f) : t.inset,
              {edge, at == row.leaves ? 2.0f : 1.0f, proposed}, 5);
    const TextStyle style = mono(12.5f, t.text);
    draw_text_in(canvas, chip.inset(4), fit_token(style, scene.shown(token.id), chip.w - 8), style,
                 Align::centre);
    const Rect bar{chip.x + 3, chip.bottom() + 3, chip.w - 6, 3};
    canvas.fill_rect(bar, t.grid, 1.5f);
    draw_bar(canvas, bar, token.probability, other ? t.warning : t.bar);
    draw_text_in(canvas, {cell.x, bar.bottom() + 0.5f, cell.w, 13}, percent(token.probability),
                 mono(smallest_text, other ? other_ink(t) : t.muted), Align::centre);
}

// How unsure the model was at each token, as columns on one scale for all rows.
void draw_entropies(Canvas& canvas, Rect strip, const Row& row, const Plan& plan,
                    const Table& table, const Scene& scene) {
    const Theme& t = scene.theme;
    const float end = strip.x + plan.label + plan.column * static_cast<float>(plan.shown);
    draw_line(canvas, {strip.x + plan.label + 2, strip.bottom()}, {end, strip.bottom()},
              hairline(t.grid));
    for (int at = plan.first; at < static_cast<int>(row.told.size()); ++at) {
        const double part = row.told[static_cast<size_t>(at)].entropy_bits / table.entropy_top;
        const float height = std::max(1.0f, static_cast<float>(part) * strip.h);
        const float x = strip.x + plan.label + plan.column * static_cast<float>(at - plan.first);
        canvas.fill_rect({x + 5, strip.bottom() - height, plan.column - 10, height}, t.bar_faint,
                         1.5f);
    }
    if (&row != table.rows.data()) return;  // one scale, said once
    draw_text_in(canvas, {strip.x, strip.y, plan.label - 8, strip.h},
                 fit_wording(sans(smallest_text, {}),
                             {"entropy to " + bits(table.entropy_top), "entropy"}, plan.label - 8),
                 sans(smallest_text, t.muted));
}

// The end of the text in words.
void draw_continuation(Canvas& canvas, Rect line, const Row& row, const Scene& scene) {
    const TextStyle style = sans(11.5f, scene.theme.muted);
    std::vector<std::string> tokens;
    float used = 0;
    const float dots = width_of(style, "… ");
    size_t from = row.told.size();
    while (from > 0) {
        std::string text = scene.shown(row.told[from - 1].id);
        // Spaces are spaces here.
        for (size_t at = text.find("␣"); at != std::string::npos; at = text.find("␣", at)) {
            text.replace(at, std::string_view("␣").size(), " ");
        }
        used += width_of(style, text);
        if (used + (from > 1 ? dots : 0) > line.w) break;
        tokens.push_back(std::move(text));
        --from;
    }
    std::string text = from > 0 ? "… " : "";
    for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) text += *token;
    draw_text_in(canvas, line, fit_words(style, text, line.w), style);
}

std::string second_line(const Row& row, const Table& table, const Scene& scene) {
    if (row.waits && row.told.empty()) return "is being run …";
    if (row.run->why == model::StopReason::end_of_text &&
        static_cast<int>(row.told.size()) < scene.step.number()) {
        return "ended the text";
    }
    if (row.rewritten >= 0) return "rewrote from " + count(row.rewritten + 1);
    if (&row == &table.rows[static_cast<size_t>(table.reference)]) return "the reference";
    if (row.told.empty()) return "";
    if (row.leaves < 0) return "the same so far";
    return "leaves it at " + count(row.leaves + 1);
}

void draw_row(Canvas& canvas, int i, const Plan& plan, const Table& table, const Scene& scene) {
    const Theme& t = scene.theme;
    const Row& row = table.rows[static_cast<size_t>(i)];
    const Rect place = plan.row_at(i);
    const Rect label{place.x, place.y, plan.label - 8, least_row};
    const TextStyle number = sans(12.5f, t.muted), name = bold(12.5f, t.text);
    const Rect line = label.top(chip_height);
    draw_text_in(canvas, line, count(i + 1), number);
    const Rect beside = line.without_left(number_width);
    draw_text_in(canvas, beside, fit_words(name, model::rule_name(row.run->rule), beside.w), name);
    std::string under = second_line(row, table, scene);
    const TextStyle small = sans(smallest_text, t.muted);
    if (row.run->rule.decoding.sampled()) {
        const std::string seed = "seed " + std::to_string(row.run->rule.decoding.seed);
        under = fit_wording(
            small, {seed + (under.empty() ? "" : " · ") + under, under.empty() ? seed : under},
            label.w);
    }
    draw_text_in(canvas, {label.x, label.y + chip_height, label.w, 16},
                 fit_words(small, under, label.w), small);
    canvas.region(label, {"rule", {i}});
    const int end = static_cast<int>(row.told.size());
    for (int at = plan.first; at < end; ++at) {
        draw_token(canvas, plan.cell(i, at), row, at, table, scene);
    }
    if (end > plan.first) {
        const Rect first = plan.cell(i, plan.first);
        canvas.region(
            {first.x, first.y, plan.column * static_cast<float>(end - plan.first), least_row},
            {"told", {i, plan.first}}, 1, end - plan.first);
    }
    float y = place.y + least_row + 2;
    if (plan.entropies && table.entropy_top > 0) {
        draw_entropies(canvas, {place.x, y, place.w, entropy_height}, row, plan, table, scene);
        y += entropy_height + 3;
    }
    if (plan.texts && !row.told.empty()) {
        const float x = place.x + plan.label + 2;
        draw_continuation(canvas, {x, y, place.right() - x, text_height}, row, scene);
    }
}

void draw_numbers(Canvas& canvas, Rect line, const Plan& plan, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle style = mono(smallest_text, t.muted);
    for (int at = plan.first; at < plan.first + plan.shown; ++at) {
        const float x = line.x + plan.label + plan.column * static_cast<float>(at - plan.first);
        draw_text_in(canvas, {x, line.y, plan.column, line.h}, count(at + 1), style, Align::centre);
    }
    if (plan.first > 0) {
        draw_text_in(canvas, {line.x, line.y, plan.label - 8, line.h},
                     "… " + count(plan.first) + " earlier", sans(smallest_text, t.muted));
    }
}

void draw_measures(Canvas& canvas, const Plan& plan, const Table& table, const Scene& scene) {
    const Theme& t = scene.theme;
    const Rect rect = plan.measures;
    const float room = rect.w - plan.label;
    const int fit = std::max(1, static_cast<int>(room / measure_width));
    const int shown = std::min(fit, static_cast<int>(columns.size()));
    const float width = std::min(room / static_cast<float>(shown), most_measure_width);
    const float line = plan.line;
    draw_across(canvas, rect, rect.y + line, hairline(t.border));
    draw_text_in(canvas, {rect.x, rect.y, plan.label - 8, line}, "of the continuation",
                 sans(smallest_text, t.muted));
    for (size_t i = 0; i < table.rows.size(); ++i) {
        const Row& row = table.rows[i];
        const TextStyle name = sans(12, t.text);
        draw_text_in(canvas,
                     {rect.x, rect.y + line * static_cast<float>(i + 1), plan.label - 8, line},
                     fit_words(name, model::rule_name(row.run->rule), plan.label - 8), name);
    }
    float x = rect.x + plan.label;
    for (size_t c = 0; c < columns.size(); ++c) {
        const Column& column = columns[c];
        if (column.priority >= shown) continue;
        draw_text_in(canvas, {x, rect.y, width - 8, line}, column.name,
                     sans(smallest_text, t.muted), Align::right);
        for (size_t i = 0; i < table.rows.size(); ++i) {
            const Rect cell{x, rect.y + line * static_cast<float>(i + 1), width, line};
            const model::TextMeasures m = model::measure(table.rows[i].told);
            draw_text_in(canvas, cell.without_right(8), written(column, m.*column.value),
                         mono(12, t.text), Align::right);
            canvas.region(cell, {"measure", {static_cast<int>(i), static_cast<int>(c)}});
        }
        x += width;
    }
}

Size strategies_size(const Scene&) {
    return {900, 440};
}

void draw_strategies(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle words = sans(12.5f, t.muted);
    const Rect heading = rect.top(20);
    const model::Strategies* all = scene.compared_strategies();
    if (!all || all->rows.empty()) {
        draw_text_in(canvas, heading, "The strategies are being run …", words);
        return;
    }
    const Table table = table_of(scene, *all);
    const std::string reference =
        model::rule_name(table.rows[static_cast<size_t>(table.reference)].run->rule);
    const std::string from = plural(table.tokens, "token") + " after the same prompt";
    const std::string marked = "orange: not what " + reference + " says";
    draw_text_in(
        canvas, heading,
        fit_wording(words,
                    {from + " · " + marked + " · bar and number: the model's own probability",
                     from + " · " + marked, marked, from},
                    rect.w),
        words);
    const Plan plan = plan_of(rect, table);
    draw_numbers(canvas, {rect.x, rect.y + heading_height, rect.w, numbers_height}, plan, scene);
    for (int i = 0; i < static_cast<int>(table.rows.size()); ++i) {
        draw_row(canvas, i, plan, table, scene);
    }
    draw_measures(canvas, plan, table, scene);
}

Lines strategies_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    const model::Strategies* all = scene.compared_strategies();
    if (!all || (!id.is("rule") && !id.is("told") && !id.is("measure"))) return {};
    const int row = id.number(0, static_cast<int>(all->rows.size()));
    if (row < 0) return {};
    const Table table = table_of(scene, *all);
    const Row& shown = table.rows[static_cast<size_t>(row)];
    const std::string name = model::rule_name(shown.run->rule);
    if (id.is("rule")) {
        Lines lines{name, shown.run->beam ? "keeps the " + count(shown.run->rule.beams) +
                                                " most probable texts; shown is the best"
                                          : model::describe(shown.run->rule.decoding)};
        const std::string says = second_line(shown, table, scene);
        if (!says.empty()) lines.push_back(says);
        return lines;
    }
    if (id.is("measure")) {
        const int c = id.number(1, static_cast<int>(columns.size()));
        if (c < 0) return {};
        const Column& column = columns[static_cast<size_t>(c)];
        const model::TextMeasures m = model::measure(shown.told);
        return {name + ": " + column.name + " " + written(column, m.*column.value), column.formula,
                "n = " + count(m.tokens) + ", the proposed token included"};
    }
    const int at = id.number(1) + hit.col;
    if (at < 0 || at >= static_cast<int>(shown.told.size())) return {};
    const model::ScoredToken& token = shown.told[static_cast<size_t>(at)];
    Lines lines{name + ": " + scene.shown(token.id) + "  token " + count(at + 1),
                "id " + std::to_string(token.id) + ", probability " + percent(token.probability) +
                    ", rank " + count(token.rank + 1),
                "entropy there " + bits(token.entropy_bits)};
    const Told& other = table.rows[static_cast<size_t>(table.reference)].told;
    if (row != table.reference && at < static_cast<int>(other.size()) &&
        differs(table, shown, at)) {
        lines.push_back(
            model::rule_name(table.rows[static_cast<size_t>(table.reference)].run->rule) +
            " says " + scene.shown(other[static_cast<size_t>(at)].id));
    }
    return lines;
}

constexpr Pointing targets[] = {
    {.kind = "rule", .tooltip = strategies_tooltip},
    {.kind = "told", .tooltip = strategies_tooltip},
    {.kind = "measure", .tooltip = strategies_tooltip},
};

}  // namespace

// Targets: "rule/ROW" on names, "told/ROW/FIRST" of 1 x shown tokens from number FIRST on,
// "measure/ROW/INDEX".
extern const View strategies_view{
    .id = "strategies",
    .title = "Strategies",
    .help = "the same prompt under several decoding strategies",
    .group = Group::choice,
    .preferred_size = strategies_size,
    .draw = draw_strategies,
    .strategies = true,
    .switches = Switches::strategies,
    .targets = targets,
};

}  // namespace viz
