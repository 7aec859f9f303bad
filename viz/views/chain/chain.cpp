// The chain rule: the probability of the text as a product of conditional ones, token by token,
// with the surprisal of each, and how perplexity runs over the whole text.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/stretch.h"
#include "viz/layout/table.h"
#include "viz/paint/format.h"
#include "viz/scene/likelihood.h"
#include "viz/views/chain/curve.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float formula_line = 24;
constexpr float fact_height = 44;
constexpr float header_height = 26;
constexpr float lowest_row = 24, highest_row = 32;
constexpr float lowest_curve = 128, highest_curve = 240;
constexpr float between = 16;

double bits_of(double log) {
    return -log / std::log(2.0);
}

// What the text would be with the proposed token.
struct Proposed {
    bool there = false;
    ChainLink link;
};

Proposed proposed_of(const Scene& scene, const std::vector<ChainLink>& links) {
    if (scene.step.why != model::StopReason::none) return {};
    const model::Ranking& ranking = scene.step.ranking;
    const double p = ranking.proposed().probability;
    const double log = (links.empty() ? 0.0 : links.back().log_so_far) + std::log(p);
    const double factors = static_cast<double>(links.size()) + 1;
    return {true,
            {scene.length(), p, ranking.pick, -std::log2(p) + 0.0, log, std::exp(-log / factors)}};
}

// One factor of the formula, and the number that stands below it.
struct Factor {
    std::string symbol, value;
    bool selected = false;
};

// "P(␣the | Tom ␣gave)"; a long context keeps its end.
Factor factor_of(const Scene& scene, const ChainLink& link) {
    const TextStyle style = mono(13, {});
    const float token = 110;
    std::string given;
    for (int i = std::max(0, link.position - 2); i < link.position; ++i) {
        given += (given.empty() ? "" : " ") + fit_token(style, scene.shown_at(i), token);
    }
    if (link.position > 2) given = "… " + given;
    return {"P(" + fit_token(style, scene.shown_at(link.position), token) + " | " + given + ")",
            percent(link.probability), link.position == scene.position()};
}

// Those factors that fit, from the first on, then "…" and as a rule the last.
std::vector<Factor> factors_shown(const Scene& scene, const std::vector<ChainLink>& links,
                                  float room, float sign) {
    const TextStyle symbol = mono(13, {}), value = mono(13, {});
    auto width = [&](const Factor& f) {
        return std::max(width_of(symbol, f.symbol), width_of(value, f.value)) + sign;
    };
    const Factor dots{"…", "…", false};
    std::vector<Factor> shown;
    const Factor last = factor_of(scene, links.back());
    float used = width(last);
    for (size_t i = 0; i + 1 < links.size(); ++i) {
        const Factor factor = factor_of(scene, links[i]);
        const bool all_others = i + 2 == links.size();
        if (used + width(factor) + (all_others ? 0 : width(dots)) > room) {
            shown.push_back(dots);
            break;
        }
        used += width(factor);
        shown.push_back(factor);
    }
    shown.push_back(last);
    return shown;
}

void draw_formula(Canvas& canvas, Rect rect, const Scene& scene,
                  const std::vector<ChainLink>& links) {
    const Theme& t = scene.theme;
    const Rect upper = rect.top(formula_line), lower = {rect.x, upper.bottom(), rect.w, upper.h};
    if (links.empty()) {
        draw_text_in(canvas, upper,
                     "One token alone: nothing predicted it, so there is no product.",
                     sans(13, t.muted));
        return;
    }
    const TextStyle symbol = mono(13, t.text), value = mono(13, t.muted);
    const TextStyle name = bold(13.5f, t.text);
    const std::string result = probability_of_log(links.back().log_so_far);
    const float left = width_of(name, "P(text)") + width_of(symbol, " = ");
    const float sign = width_of(symbol, " × ");
    const float end = width_of(symbol, " = ") + width_of(name, result);
    const std::vector<Factor> factors = factors_shown(scene, links, rect.w - left - end, sign);
    draw_text_in(canvas, upper, "P(text)", name);
    float x = rect.x + width_of(name, "P(text)");
    auto sign_at = [&](const char* text) {
        draw_text_in(canvas, {x, upper.y, sign + 1, upper.h}, text, value, Align::centre);
        draw_text_in(canvas, {x, lower.y, sign + 1, lower.h}, text, value, Align::centre);
        x += sign;
    };
    sign_at("=");
    for (size_t i = 0; i < factors.size(); ++i) {
        if (i > 0) sign_at("×");
        const Factor& f = factors[i];
        const float width = std::min(std::max(width_of(symbol, f.symbol), width_of(value, f.value)),
                                     rect.right() - x);
        TextStyle ink = symbol;
        if (f.selected) ink.colour = t.accent;
        draw_text_in(canvas, {x, upper.y, width + 1, upper.h}, fit_token(ink, f.symbol, width), ink,
                     Align::centre);
        draw_text_in(canvas, {x, lower.y, width + 1, lower.h}, f.value, value, Align::centre);
        x += width;
    }
    if (x + end > rect.right() + 1) return;  // the result is among the facts too
    draw_text_in(canvas, {x, lower.y, sign + 1, lower.h}, "=", value, Align::centre);
    x += sign;
    draw_text_in(canvas, {x, lower.y, rect.right() - x + 2, lower.h}, result, name);
}

struct Fact {
    std::string value, name, formula;
};

void draw_facts(Canvas& canvas, Rect rect, const Scene& scene,
                const std::vector<ChainLink>& links) {
    const Theme& t = scene.theme;
    const double log = links.back().log_so_far;
    const auto factors = static_cast<double>(links.size());
    const std::string n = count(static_cast<long long>(links.size()));
    std::vector<Fact> facts{
        {probability_of_log(log), "P(text)", "the product"},
        {number(log), "log-probability", "Σ ln p"},
        {number(bits_of(log) / factors), "bits per token", "mean of −log₂ p"},
        {number(links.back().perplexity), "perplexity", "exp(−Σ ln p / " + n + ")"},
    };
    const float width = rect.w / 4;
    canvas.region(rect, target::text());
    for (size_t i = 0; i < facts.size(); ++i) {
        const Rect cell{rect.x + width * static_cast<float>(i), rect.y, width - 10, rect.h};
        const TextStyle value = bold(16, t.text), name = sans(11.5f, t.muted);
        draw_text_in(canvas, cell.top(24), facts[i].value, value);
        const std::string whole = facts[i].name + "  " + facts[i].formula;
        draw_text_in(canvas, cell.without_top(24).top(18),
                     width_of(name, whole) <= cell.w ? whole : facts[i].name, name);
    }
}

namespace column {
enum { index, token, given, probability, rank, bits, bar, product, perplexity, by };
}

Table table_of(Rect rect, const Scene& scene) {
    const float digits = width_of(mono(12, {}), count(scene.length()));
    const Align right = Align::right;
    return Table(rect,
                 {{.width = digits, .align = right},
                  {.name = "token",
                   .width = std::clamp(rect.w * 0.16f, 50.0f, 150.0f),
                   .before = 12,
                   .after = 10},
                  {.name = "after", .width = rect.w * 0.18f, .from = 980, .after = 10},
                  {.name = "probability", .width = 72, .align = right, .from = 300},
                  {.name = "rank", .width = 56, .align = right, .from = 400},
                  {.name = "bits", .width = 62, .align = right},
                  {.name = "surprisal", .before = 10, .after = 4},
                  {.name = "product", .width = 84, .align = right, .from = 470},
                  {.name = "perplexity", .width = 84, .align = right, .from = 560},
                  {.name = "chosen by", .width = 66, .from = 700, .before = 14}},
                 8);
}

// A ring: given; a triangle: the highest; a diamond: drawn; a dot: put there by hand.
void draw_chosen_by(Canvas& canvas, Rect row, float x, model::ChosenBy by, const Scene& scene) {
    const Theme& t = scene.theme;
    const float r = 3.5f, y = row.centre().y;
    const Point at{x + r, y};
    switch (by) {
        case model::ChosenBy::prompt:
            canvas.stroke_rect({at.x - r, at.y - r, 2 * r, 2 * r}, {t.muted, 1.25f}, r);
            break;
        case model::ChosenBy::argmax: {
            const Point tip[] = {{at.x - r, at.y + r}, {at.x + r, at.y + r}, {at.x, at.y - r}};
            canvas.fill_polygon(tip, t.muted);
            break;
        }
        case model::ChosenBy::sampled: {
            const Point diamond[] = {
                {at.x - r, at.y}, {at.x, at.y - r}, {at.x + r, at.y}, {at.x, at.y + r}};
            canvas.fill_polygon(diamond, t.muted);
            break;
        }
        case model::ChosenBy::forced:
            draw_dot(canvas, at, r, t.warning);
            break;
    }
    draw_text_in(canvas, {x + 2 * r + 6, row.y, 60, row.h}, model::chosen_by_name(by),
                 sans(11.5f, t.muted));
}

// The end of the text before a token.
std::string context_of(const Scene& scene, int position, const TextStyle& style, float width) {
    std::string text;
    for (int i = position - 1; i >= 0; --i) {
        const std::string longer = scene.shown_at(i) + (text.empty() ? "" : " ") + text;
        if (width_of(style, (i > 0 ? "… " : "") + longer) > width) {
            return text.empty() ? fit_token(style, scene.shown_at(i), width) : "… " + text;
        }
        text = longer;
    }
    return text;
}

void draw_first(Canvas& canvas, Rect row, const Table& table, const Scene& scene) {
    const Theme& t = scene.theme;
    const bool selected = scene.position() == 0;
    if (selected) canvas.fill_rect(row.inset(1), t.accent_soft, 6);
    canvas.region(row, target::token(0));
    const TextStyle token = mono(13.5f, selected ? t.accent : t.text);
    table.write(canvas, row, column::index, "0", mono(12, t.muted));
    table.write_token(canvas, row, column::token, scene.shown_at(0), token);
    const float from = table.right(column::token) + 10;
    draw_text_in(canvas, {from, row.y, row.right() - from - 8, row.h},
                 "given: nothing predicts the first token", sans(11.5f, t.muted));
}

void draw_link(Canvas& canvas, Rect row, const Table& table, const ChainLink& link, double most,
               bool proposed, const Scene& scene) {
    const Theme& t = scene.theme;
    const bool selected = !proposed && link.position == scene.position();
    if (proposed) {
        canvas.stroke_rect(row.inset(1), {t.accent, 1.5f, true}, 6);
    } else if (selected) {
        canvas.fill_rect(row.inset(1), t.accent_soft, 6);
    }
    canvas.region(row, proposed ? target::proposed() : target::token(link.position));
    const Colour ink = proposed || selected ? t.accent : t.text;
    const TextStyle token = mono(13.5f, ink), plain = mono(12.5f, t.text),
                    quiet = mono(12.5f, t.muted);
    const std::string text =
        proposed ? scene.shown(scene.step.ranking.proposed().id) : scene.shown_at(link.position);
    table.write(canvas, row, column::index, count(link.position), mono(12, t.muted));
    table.write_token(canvas, row, column::token, text, token);
    if (table.has(column::given)) {
        table.write(canvas, row, column::given,
                    context_of(scene, link.position, quiet, table.width(column::given)), quiet);
    }
    table.write(canvas, row, column::probability, percent(link.probability), plain);
    table.write(canvas, row, column::rank, count(link.rank + 1), quiet);
    table.write(canvas, row, column::bits, number(link.bits), plain);
    const float high = std::min(12.0f, row.h * 0.45f);
    const Rect bar{table.left(column::bar), row.centre().y - high / 2, table.width(column::bar),
                   high};
    if (!proposed) {
        draw_bar(canvas, bar, most > 0 ? link.bits / most : 0, selected ? t.accent : t.bar);
    } else {
        const std::string words = "would add " + bits(link.bits);
        const TextStyle style = sans(11.5f, t.accent);
        if (width_of(style, words) <= bar.w) {
            table.write(canvas, row, column::bar, words, style);
        } else {
            draw_bar(canvas, bar, link.bits / most, t.accent.with_alpha(0.4f));
        }
    }
    table.write(canvas, row, column::product, probability_of_log(link.log_so_far), quiet);
    table.write(canvas, row, column::perplexity, number(link.perplexity), quiet);
    if (proposed) {
        table.write(canvas, row, column::by, "proposed", sans(11.5f, t.accent));
    } else if (table.has(column::by)) {
        draw_chosen_by(canvas, row, table.left(column::by), scene.step.choices[link.position].by,
                       scene);
    }
}

Size chain_size(const Scene& scene) {
    const auto rows = static_cast<float>(std::clamp(scene.length(), 4, 16) + 1);
    return {900, 2 * formula_line + fact_height + 3 * between + header_height + 28 * rows +
                     lowest_curve + 40};
}

void draw_chain(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const std::vector<ChainLink> links = chain_of(scene.step);
    const Proposed proposed = proposed_of(scene, links);
    const int n = scene.length();
    const int extra = proposed.there ? 1 : 0;

    // What there is room for, the table first.
    const float formula = (links.empty() ? 1.0f : 2.0f) * formula_line;
    float fixed = formula + header_height + 6;
    const float least_table = 3 * lowest_row;
    const bool with_facts =
        !links.empty() && rect.w >= 380 && fixed + fact_height + between + least_table <= rect.h;
    if (with_facts) fixed += fact_height + between;
    const bool with_curve = links.size() >= 2 && rect.w >= 300 &&
                            fixed + lowest_curve + between + 4 * lowest_row <= rect.h;
    const float curve = std::clamp(rect.h * 0.24f, lowest_curve, highest_curve);
    const float all_rows = static_cast<float>(n + extra);
    const float table_room = rect.h - fixed - (with_curve ? curve + between : 0);
    const int room = std::max(1, static_cast<int>(table_room / lowest_row));
    const int fit = std::clamp(room - extra, 1, n);
    const Stretch stretch = stretch_around(scene.position(), n, fit, 2 * fit / 3);
    const auto rows = static_cast<float>(stretch.size() + extra);
    const float row_height = rows < all_rows ? table_room / std::max(rows, static_cast<float>(room))
                                             : std::min(table_room / all_rows, highest_row);

    draw_formula(canvas, rect.top(formula), scene, links);
    float y = rect.y + formula + 6;
    if (with_facts) {
        draw_facts(canvas, {rect.x, y + 6, rect.w, fact_height}, scene, links);
        y += fact_height + between;
    }
    const Table table = table_of(rect, scene);
    table.write_names(canvas, {rect.x, y, rect.w, header_height}, sans(11.5f, t.muted));
    y += header_height;
    double most = 1;
    for (int i = std::max(stretch.first, 1); i < stretch.last; ++i) {
        if (std::isfinite(links[i - 1].bits)) most = std::max(most, links[i - 1].bits);
    }
    const Stroke left_out = hairline(t.faint, true);
    if (stretch.first > 0) draw_across(canvas, rect, y, left_out);
    for (int i = stretch.first; i < stretch.last; ++i) {
        const Rect row{rect.x, y, rect.w, row_height};
        if (i == 0) {
            draw_first(canvas, row, table, scene);
        } else {
            draw_link(canvas, row, table, links[i - 1], most, false, scene);
        }
        y += row_height;
    }
    if (stretch.last < n && !proposed.there) draw_across(canvas, rect, y, left_out);
    if (proposed.there && rows * row_height <= table_room + 1) {
        draw_link(canvas, {rect.x, y, rect.w, row_height}, table, proposed.link, most, true, scene);
        y += row_height;
    }
    if (!with_curve) return;
    y += between;
    const float height = std::min(rect.bottom() - y, highest_curve);
    draw_chain_curve(canvas, {rect.x, y, rect.w, height}, scene, links, stretch);
}

Lines chain_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    if (!id.is("surprisal") || hit.col < 0 || hit.col >= scene.length()) return {};
    const std::string name = scene.shown_at(hit.col) + "  position " + count(hit.col);
    if (hit.col == 0) return {name, "nothing predicts the first token"};
    const ChainLink link = chain_of(scene.step)[static_cast<size_t>(hit.col) - 1];
    return {name, "surprisal " + bits(link.bits) + "   probability " + percent(link.probability),
            "perplexity so far " + number(link.perplexity)};
}

void select_cell(Selection& selection, const Hit& hit, const Extent& extent) {
    select_position(selection, hit.col, extent);
}

constexpr Pointing targets[] = {
    {.kind = "surprisal", .tooltip = chain_tooltip, .select = select_cell, .locks = true},
};

}  // namespace

// Targets: "token/I", "proposed", "text", "surprisal" of 1 x n cells.
extern const View chain_view{
    .id = "chain",
    .title = "Chain rule",
    .help = "the probability of the text as a product, token by token",
    .group = Group::text,
    .preferred_size = chain_size,
    .draw = draw_chain,
    .tells_choice = true,
    .targets = targets,
};

}  // namespace viz
