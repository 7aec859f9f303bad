// The ranking of the next token, before one is appended: candidates with bars, what the decoding
// strategy made of them, and how sure the model is.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/decode/options.h"
#include "model/decode/ranking_change.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/table.h"
#include "viz/paint/format.h"
#include "viz/scene/guesses.h"
#include "viz/views/drawings.h"
#include "viz/views/ranking/facts.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float header_height = 26;
constexpr float lowest_row = 25;
constexpr float highest_row = 36;
constexpr float boundary_height = 20;  // of the line between what is kept and what is cut
constexpr int most_rows = 40;

// What the last two columns, and the outlines behind the bars, compare with: the position before,
// or the untouched run.
struct Before {
    bool untouched = false;
    std::vector<double> probability;  // by id; empty: nothing to compare with
    std::vector<int> rank;
};

Before compared_with(const Scene& scene) {
    Before before;
    if (const model::Step* untouched = scene.compared()) {
        before.untouched = true;
        for (const model::Standing& one : model::standings(untouched->ranking).of) {
            before.probability.push_back(one.probability);
            before.rank.push_back(one.rank);
        }
        return before;
    }
    before.probability.assign(scene.step.probability_before.begin(),
                              scene.step.probability_before.end());
    before.rank = scene.step.rank_before;
    return before;
}

// Whether what the strategy made of the probabilities is shown.
bool sampled(const Scene& scene) {
    return scene.decoding.sampled() && scene.tells_probabilities();
}

// Whether there is a choice, and it may be seen.
bool chosen(const Scene& scene) {
    return scene.step.why == model::StopReason::none && scene.tells_choice();
}

namespace column {
enum { candidate, probability, raw, logit, points, since };
}

// The first column holds the token and, behind it, the bar.
struct Columns {
    Table table;
    float token = 0, token_width = 0, bar = 0, bar_width = 0;
};

Columns columns_of(Rect rect, const Before& before, const Scene& scene) {
    const Align right = Align::right;
    const bool names = scene.reveal == Reveal::guess;    // alone
    const bool logits = scene.reveal == Reveal::logits;  // alone
    const bool since =
        !names && !scene.brief && !before.rank.empty() && (before.untouched || scene.since);
    Columns c{
        Table(rect,
              {{.name = names ? "some of the likeliest, from A to Z" : "token"},
               {.name = sampled(scene) ? "adjusted" : "probability",
                .width = 80,
                .align = right,
                .there = !names && !logits},
               {.name = "raw", .width = 74, .align = right, .from = 480, .there = sampled(scene)},
               {.name = "logit",
                .width = 60,
                .align = right,
                .from = logits ? 0.0f : 270,
                .there = !names},
               {.width = 66,
                .align = right,
                .from = scene.decoding.sampled() ? 524.0f : 430,
                .there = since && !logits},
               {.width = 66, .align = right, .from = 380, .there = since}},
              6)};
    c.token = c.table.left(column::candidate);
    const float rest = c.table.width(column::candidate);
    c.token_width = names ? rest : std::min(rest * 0.54f, scene.brief ? 120 : 150.0f);
    if (names) return c;
    c.bar = c.token + c.token_width + 8;
    c.bar_width = std::max(rest - c.token_width - 8, 0.0f);
    return c;
}

// Index of the token that was chosen to be followed; -1: none was.
int followed_index(const Scene& scene) {
    const auto& all = scene.step.ranking.candidates;
    for (size_t i = 0; scene.selection.token >= 0 && i < all.size(); ++i) {
        if (all[i].id == scene.selection.token) return static_cast<int>(i);
    }
    return -1;
}

bool is_cut(const Scene& scene, int index) {
    return sampled(scene) && !(scene.step.ranking.candidates[index].adjusted > 0);
}

// Candidates that have a row: those from the top that fit, moved down as far as the selected one
// asks for; the proposed and the followed one take the place of the last where they lie elsewhere.
std::vector<int> rows_shown(const Scene& scene, int room) {
    const int all = static_cast<int>(scene.step.ranking.candidates.size());
    room = std::clamp(room, 1, all);
    const int selected = std::clamp(scene.selection.candidate, 0, all - 1);
    const int first = std::max(0, selected - room + 1);
    std::vector<int> rows;
    for (int i = first; i < first + room; ++i) rows.push_back(i);
    const int pick = scene.step.ranking.pick;
    std::vector<int> asked{selected};
    if (chosen(scene) && pick > rows.back()) asked.push_back(pick);
    if (const int followed = followed_index(scene); followed >= 0) asked.push_back(followed);
    for (int index : asked) {
        if (std::find(rows.begin(), rows.end(), index) != rows.end()) continue;
        const auto gives_way = std::find_if(rows.rbegin(), rows.rend(), [&](int row) {
            return std::find(asked.begin(), asked.end(), row) == asked.end();
        });
        if (gives_way != rows.rend()) *gives_way = index;
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

// Where the strategy cuts: the row that follows its line, or as many as there are rows when all
// others are cut; -1 when it cuts none of them, or (with a penalty) not from one rank on.
int boundary(const Scene& scene, const std::vector<int>& shown) {
    const auto& all = scene.step.ranking.candidates;
    const int kept = scene.step.ranking.kept;
    if (!sampled(scene) || kept == static_cast<int>(all.size())) return -1;
    for (int i = 0; i < kept; ++i) {
        if (is_cut(scene, i)) return -1;
    }
    const auto first_cut = std::lower_bound(shown.begin(), shown.end(), kept);
    if (first_cut == shown.end() && shown.back() + 1 < kept) return -1;
    return static_cast<int>(first_cut - shown.begin());
}

// What cuts: "cut by top-k 40, top-p 0.9".
std::string cut_words(const Scene& scene) {
    const std::string cuts = model::describe_cuts(scene.decoding);
    return cuts.empty() ? "too unlikely to be drawn" : "cut by " + cuts;
}

void draw_boundary(Canvas& canvas, Rect row, const Scene& scene) {
    const float y = row.centre().y;
    const Theme& t = scene.theme;
    const TextStyle style = sans(11.5f, t.muted);
    const std::string words = fit_words(style, cut_words(scene), row.w - 60);
    const float half = width_of(style, words) / 2 + 8;
    const float middle = row.centre().x;
    draw_line(canvas, {row.x + 6, y}, {middle - half, y}, hairline(t.faint, true));
    draw_line(canvas, {middle + half, y}, {row.right() - 6, y}, hairline(t.faint, true));
    draw_text_in(canvas, row, words, style, Align::centre);
}

void draw_header(Canvas& canvas, Rect row, const Columns& c, const Before& before,
                 const Scene& scene) {
    const TextStyle style = sans(11.5f, scene.theme.muted);
    c.table.write_names(canvas, row, style);
    // One name for both columns.
    const bool both = c.table.has(column::points);
    c.table.write(canvas, row, column::since,
                  before.untouched ? both ? "untouched: points, rank" : "untouched"
                  : both           ? "since last: points, rank"
                                   : "since last",
                  both ? sans(11, scene.theme.muted) : style);
}

// "▲ 41": how many ranks it gained since the position before.
void draw_since(Canvas& canvas, Rect row, const Table& table, int gained, const Scene& scene) {
    const Theme& t = scene.theme;
    if (gained == 0) return table.write(canvas, row, column::since, "=", mono(12, t.faint));
    const Colour colour = gained > 0 ? t.up : t.down;
    const TextStyle style = mono(12, colour);
    const std::string text = count(std::abs(gained));
    table.write(canvas, row, column::since, text, style);
    const float x = table.right(column::since) - width_of(style, text) - 12;
    draw_triangle(canvas, {x, row.centre().y}, 4, gained > 0, colour);
}

// Lowest and highest of a scale.
struct Range {
    double low = 0, high = 1;
    double part(double value) const {
        return high > low ? std::clamp((value - low) / (high - low), 0.0, 1.0) : 1;
    }
};

// Logits have no zero that means something, so they are places on a line, not bars.
void draw_logit(Canvas& canvas, Rect row, const Columns& c, double logit, Range logits,
                const Scene& scene) {
    const float y = row.centre().y, r = 5;
    const float left = c.bar + r, right = c.bar + c.bar_width - r;
    if (right <= left) return;
    draw_line(canvas, {left, y}, {right, y}, {scene.theme.grid, 1.5f});
    const float x = left + (right - left) * static_cast<float>(logits.part(logit));
    draw_dot(canvas, {x, y}, r, mix(scene.theme.bar, scene.theme.text, 0.35f));
}

// What a bar would be in the untouched run: its outline, dashed.
void draw_ghost(Canvas& canvas, Rect full, double part, const Scene& scene) {
    const float width = full.w * static_cast<float>(std::min(part, 1.0));
    if (width < 2) return;
    const Rect bar = Rect{full.x, full.y, width, full.h}.inset(-1);
    canvas.stroke_rect(bar, {scene.theme.muted, 1.25f, true}, bar.h / 2);
}

// As long as 100 % would be.
void draw_track(Canvas& canvas, Rect full, const Scene& scene) {
    canvas.fill_rect(full, mix(scene.theme.card, scene.theme.grid, 0.7f),
                     std::min(full.h / 2, 3.0f));
}

void draw_bars(Canvas& canvas, Rect row, const Columns& c, const model::Candidate& candidate,
               Colour colour, const Before& before, const Scene& scene) {
    const float y = row.centre().y;
    const double ghost =
        before.untouched ? before.probability[static_cast<size_t>(candidate.id)] : 0;
    if (!sampled(scene)) {
        const float high = std::min(14.0f, row.h * 0.5f);
        const Rect full{c.bar, y - high / 2, c.bar_width, high};
        draw_track(canvas, full, scene);
        draw_bar(canvas, full, candidate.probability, colour);
        draw_ghost(canvas, full, ghost, scene);
        return;
    }
    const float high = std::min(10.0f, row.h * 0.36f);
    const Rect adjusted{c.bar, y - high * 0.8f, c.bar_width, high};
    draw_track(canvas, adjusted, scene);
    draw_bar(canvas, adjusted, candidate.adjusted, colour);
    const Rect raw{c.bar, y + high * 0.4f, c.bar_width, high * 0.4f};
    draw_bar(canvas, raw, candidate.probability, scene.theme.bar);
    draw_ghost(canvas, raw, ghost, scene);
}

// A band at the edge, and the word where the bar or the token leaves room for it.
void draw_followed(Canvas& canvas, Rect row, const Columns& c, float text_width,
                   const model::Candidate& candidate, const Scene& scene) {
    canvas.fill_rect({row.x, row.y + 3, 3, row.h - 6}, scene.theme.accent, 1.5f);
    const TextStyle style = bold(11, scene.theme.accent);
    const float needed = width_of(style, "followed");
    const double longest =
        scene.tells_probabilities() ? std::max(candidate.probability, candidate.adjusted) : 1;
    const float bar = c.bar_width * static_cast<float>(std::min(longest, 1.0));
    if (c.bar_width - bar >= needed + 8) {
        draw_text_in(canvas, {c.bar, row.y, c.bar_width, row.h}, "followed", style, Align::right);
    } else if (c.token_width - text_width >= needed + 8) {
        draw_text_in(canvas, {c.token, row.y, c.token_width, row.h}, "followed", style,
                     Align::right);
    }
}

void draw_candidate(Canvas& canvas, Rect row, const Columns& c, int index, Range logits,
                    const Before& before, const Scene& scene) {
    const Theme& t = scene.theme;
    const model::Ranking& ranking = scene.step.ranking;
    const model::Candidate& candidate = ranking.candidates[index];
    const bool adjusted = sampled(scene);
    const bool proposed = index == ranking.pick && chosen(scene);
    const bool cut = is_cut(scene, index);
    const bool followed = candidate.id == scene.selection.token;
    const Rect band = row.inset(1);
    if (proposed) canvas.fill_rect(band, t.accent_soft, 6);
    if (index == scene.selection.candidate && (index > 0 || scene.reveal == Reveal::guess)) {
        canvas.stroke_rect(band, {t.accent, 1.25f}, 6);
    }
    canvas.region(row, {"candidate", {index}});

    const Colour ink = cut ? t.muted : proposed ? t.accent : t.text;
    const TextStyle token = mono(14.5f, ink);
    const std::string text = fit_token(token, scene.shown(candidate.id), c.token_width);
    draw_text_in(canvas, {c.token, row.y, c.token_width + 1, row.h}, text, token);
    if (cut) {
        const float y = row.centre().y + 1;
        draw_line(canvas, {c.token, y}, {c.token + width_of(token, text), y}, hairline(t.muted));
    }
    if (followed) draw_followed(canvas, row, c, width_of(token, text), candidate, scene);
    if (scene.reveal == Reveal::guess) return;
    const bool unweighed = scene.reveal == Reveal::logits;
    if (unweighed)
        draw_logit(canvas, row, c, candidate.logit, logits, scene);
    else
        draw_bars(canvas, row, c, candidate,
                  proposed   ? t.accent
                  : adjusted ? mix(t.bar, t.accent, 0.45f)
                             : t.bar,
                  before, scene);
    const Table& table = c.table;
    table.write(canvas, row, column::probability,
                cut        ? "cut"
                : adjusted ? percent(candidate.adjusted)
                           : percent(candidate.probability),
                mono(13, cut ? t.muted : t.text));
    table.write(canvas, row, column::raw, percent(candidate.probability), mono(12, t.muted));
    table.write(canvas, row, column::logit, number(candidate.logit),
                mono(13, unweighed ? t.text : t.muted));
    const auto id = static_cast<size_t>(candidate.id);
    if (table.has(column::points)) {
        const double gained = candidate.probability - before.probability[id];
        table.write(canvas, row, column::points, points(gained),
                    mono(11.5f, gained > 0   ? t.up
                                : gained < 0 ? t.down
                                             : t.faint));
    }
    if (table.has(column::since)) {
        draw_since(canvas, row, table, before.rank[id] - index, scene);
    }
}

void draw_others(Canvas& canvas, Rect row, const Columns& c, const std::vector<int>& shown,
                 const Scene& scene) {
    const Theme& t = scene.theme;
    const auto& all = scene.step.ranking.candidates;
    std::vector<bool> has_row(all.size());
    for (int index : shown) has_row[index] = true;
    model::Candidate rest;
    for (size_t i = 0; i < all.size(); ++i) {
        if (has_row[i]) continue;
        rest.probability += all[i].probability;
        rest.adjusted += all[i].adjusted;
    }
    const TextStyle style = sans(13, t.muted);
    const auto others = static_cast<long long>(all.size() - shown.size());
    const float room = scene.tells_probabilities() ? c.token_width : c.bar + c.bar_width - c.token;
    const std::string text = fit_wording(
        style, {"other " + plural(others, "token"), count(others) + " others", "others"}, room);
    draw_text_in(canvas, {c.token, row.y, room + 1, row.h}, text, style);
    if (scene.tells_probabilities()) draw_bars(canvas, row, c, rest, t.bar_faint, {}, scene);
    c.table.write(canvas, row, column::probability,
                  percent(sampled(scene) ? rest.adjusted : rest.probability), mono(13, t.muted));
    c.table.write(canvas, row, column::raw, percent(rest.probability), mono(12, t.muted));
    canvas.region(row, "other");
}

Size ranking_size(const Scene&) {
    return {416, header_height + 11 * 34 + ranking_facts_height(416)};
}

void draw_ranking(Canvas& canvas, Rect rect, const Scene& scene) {
    const Before before = compared_with(scene);
    const Columns columns = columns_of(rect, before, scene);
    const float facts = ranking_facts_height(rect.w);
    float body = rect.h - header_height;
    // They are about probabilities.
    const bool with_facts = scene.tells_probabilities() && body - facts >= 5 * lowest_row;
    if (with_facts) body -= facts;
    // As many rows as fit at a comfortable height, the last one for all other tokens.
    const int all = static_cast<int>(scene.step.ranking.candidates.size());
    auto rows_in = [&](float height) {
        const int comfortable = static_cast<int>(height / 34);
        const int fitting = static_cast<int>(height / lowest_row);
        const int room = comfortable >= 9 ? comfortable : std::min(fitting, 9);
        const int rows = std::min({room, all + 1, most_rows}) - 1;
        if (scene.reveal != Reveal::guess) return rows_shown(scene, rows);
        // From the first on, or so far down that the chosen one has a row.
        const std::vector<int> some = to_guess_from(scene.model, scene.step.ranking);
        const auto chosen = std::ranges::find(some, scene.selection.candidate) - some.begin();
        const int most = static_cast<int>(some.size());
        const int taken = std::clamp(rows, 1, most);
        const int last = chosen < most ? std::max(static_cast<int>(chosen) + 1, taken) : taken;
        return std::vector<int>(some.begin() + (last - taken), some.begin() + last);
    };
    std::vector<int> shown = rows_in(body);
    int cut_from = boundary(scene, shown);
    if (cut_from >= 0) {
        shown = rows_in(body - boundary_height);
        cut_from = boundary(scene, shown);
    }
    if (cut_from >= 0) body -= boundary_height;
    const int lines = static_cast<int>(shown.size()) + 1;
    const float height = std::clamp(body / static_cast<float>(lines), 1.0f, highest_row);

    const auto& candidates = scene.step.ranking.candidates;
    draw_header(canvas, rect.top(header_height), columns, before, scene);
    Rect row{rect.x, rect.y + header_height, rect.w, height};
    auto cut_before = [&](size_t i) {
        if (static_cast<int>(i) != cut_from) return false;
        draw_boundary(canvas, row.top(boundary_height), scene);
        row.y += boundary_height;
        return true;
    };
    const Range logits{candidates[shown.back()].logit, candidates[shown.front()].logit};
    for (size_t i = 0; i < shown.size(); ++i) {
        const bool cut_here = cut_before(i);
        draw_candidate(canvas, row, columns, shown[i], logits, before, scene);
        if (scene.reveal != Reveal::guess && i > 0 && shown[i] > shown[i - 1] + 1 &&
            !cut_here) {  // ranks were left out here
            draw_across(canvas, rect, row.y, hairline(scene.theme.faint, true));
        }
        row.y += height;
    }
    cut_before(shown.size());
    if (lines <= all) draw_others(canvas, row, columns, shown, scene);
    row.y += height;
    if (with_facts) draw_ranking_facts(canvas, {rect.x, row.y, rect.w, facts}, scene);
}

Lines other_tooltip(const Scene& scene, const Hit&) {
    return {"All tokens of the vocabulary that have no row here",
            "of " + count(static_cast<long long>(scene.step.ranking.candidates.size())) +
                " tokens in all"};
}

constexpr Pointing targets[] = {
    {.kind = "other", .tooltip = other_tooltip},
};

}  // namespace

// Targets: "candidate/INDEX", "other".
extern const View ranking_view{
    .id = "ranking",
    .title = "Ranking at the last position",
    .help = "candidates for the next token with probability, logit and change of rank",
    .group = Group::choice,
    .tab = false,
    .preferred_size = ranking_size,
    .draw = draw_ranking,
    .least = {250, 260},
    .plays = Plays::late,
    .targets = targets,
};

}  // namespace viz
