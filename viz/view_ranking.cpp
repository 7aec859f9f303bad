// The ranking of the next token, before one is appended: candidates with bars, what the decoding
// strategy made of them, and how sure the model is.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/format.h"
#include "viz/parts.h"
#include "viz/views.h"

namespace viz {

namespace {

constexpr float header_height = 26;
constexpr float lowest_row = 25;
constexpr float highest_row = 36;
constexpr float fact_height = 26;
constexpr float facts_above = 14;
constexpr int most_rows = 40;
constexpr double near_tie = 0.01;  // the second has at least 99 % of the first's probability

// Columns that are there, right-aligned at these x; 0: no room for it.
struct Columns {
    float token, token_width, bar, bar_width;
    float probability, raw, logit, since;
};

Columns make_columns(Rect rect, const Scene& scene) {
    const float k = scene.text_scale;
    Columns c{};
    c.token = rect.x + 6 * k;
    float right = rect.right() - 6 * k;
    const float wide = rect.w / k;
    if (wide >= 380 && !scene.step.rank_before.empty()) {
        c.since = right;
        right -= 66 * k;
    }
    if (wide >= 270) {
        c.logit = right;
        right -= 60 * k;
    }
    if (scene.decoding.sampled() && wide >= 480) {
        c.raw = right;
        right -= 74 * k;
    }
    c.probability = right;
    right -= 80 * k;
    const float rest = std::max(right - c.token, 0.0f);
    c.token_width = std::min(rest * 0.54f, 150 * k);
    c.bar = c.token + c.token_width + 8 * k;
    c.bar_width = std::max(right - c.bar, 0.0f);
    return c;
}

// Candidates that have a row: those from the top that fit, moved down as far as the selected one
// asks for; the proposed one takes the last row when it lies further below.
std::vector<int> rows_shown(const Scene& scene, int room) {
    const int all = static_cast<int>(scene.step.ranking.candidates.size());
    room = std::clamp(room, 1, all);
    const int selected = std::clamp(scene.selection.candidate, 0, all - 1);
    const int first = std::max(0, selected - room + 1);
    std::vector<int> rows;
    for (int i = first; i < first + room; ++i) rows.push_back(i);
    const int pick = scene.step.ranking.pick;
    if (room > 1 && pick > rows.back() && scene.step.why == model::Why::none) {
        rows[rows.back() == selected ? room - 2 : room - 1] = pick;
        std::sort(rows.begin(), rows.end());
    }
    return rows;
}

void draw_header(Canvas& canvas, Rect row, const Columns& c, const Scene& scene) {
    const TextStyle style = sans(scene, 11.5f, scene.theme.muted);
    auto right = [&](float x, const char* text) {
        if (x > 0)
            draw_text_in(canvas, {row.x, row.y, x - row.x, row.h}, text, style, Align::right);
    };
    draw_text_in(canvas, {c.token, row.y, c.token_width, row.h}, "token", style);
    right(c.probability, scene.decoding.sampled() ? "adjusted" : "probability");
    right(c.raw, "raw");
    right(c.logit, "logit");
    right(c.since, "since last");
}

// "▲ 41": how many ranks it gained since the position before.
void draw_since(Canvas& canvas, Rect row, float right, int gained, const Scene& scene) {
    const float k = scene.text_scale;
    const Theme& t = scene.theme;
    if (gained == 0) {
        draw_text_in(canvas, {row.x, row.y, right - row.x, row.h}, "=", mono(scene, 12, t.faint),
                     Align::right);
        return;
    }
    const Colour colour = gained > 0 ? t.up : t.down;
    const TextStyle style = mono(scene, 12, colour);
    const std::string text = count(std::abs(gained));
    draw_text_in(canvas, {row.x, row.y, right - row.x, row.h}, text, style, Align::right);
    const float x = right - width_of(style, text) - 12 * k;
    const float y = row.centre().y;
    const float tip = (gained > 0 ? -4.0f : 4.0f) * k;
    const Point triangle[] = {
        {x - 4 * k, y - tip * 0.8f}, {x + 4 * k, y - tip * 0.8f}, {x, y + tip}};
    canvas.fill_polygon(triangle, colour);
}

void draw_bars(Canvas& canvas, Rect row, const Columns& c, const model::Candidate& candidate,
               double top, Colour colour, const Scene& scene) {
    const float k = scene.text_scale;
    const float y = row.centre().y;
    if (!scene.decoding.sampled()) {
        const float high = std::min(14 * k, row.h * 0.5f);
        draw_bar(canvas, {c.bar, y - high / 2, c.bar_width, high}, candidate.probability / top,
                 colour);
        return;
    }
    const float high = std::min(10 * k, row.h * 0.36f);
    draw_bar(canvas, {c.bar, y - high * 0.8f, c.bar_width, high}, candidate.adjusted / top, colour);
    draw_bar(canvas, {c.bar, y + high * 0.4f, c.bar_width, high * 0.4f},
             candidate.probability / top, scene.theme.bar);
}

void draw_candidate(Canvas& canvas, Rect row, const Columns& c, int index, double top,
                    const Scene& scene) {
    const Theme& t = scene.theme;
    const float k = scene.text_scale;
    const model::Ranking& ranking = scene.step.ranking;
    const model::Candidate& candidate = ranking.candidates[index];
    const bool sampled = scene.decoding.sampled();
    const bool proposed = index == ranking.pick && scene.step.why == model::Why::none;
    const bool cut = sampled && index >= ranking.kept;
    const Rect band = row.inset(1);
    if (proposed) canvas.fill_rect(band, t.accent_soft, 6 * k);
    if (index == scene.selection.candidate && index > 0) {
        canvas.stroke_rect(band, {t.accent, 1.25f}, 6 * k);
    }
    canvas.region(row, "candidate/" + std::to_string(index));

    const Colour ink = cut ? t.faint : proposed ? t.accent : t.text;
    const TextStyle token = mono(scene, 14.5f, ink);
    const std::string text = fit_token(token, scene.shown(candidate.id), c.token_width);
    draw_text_in(canvas, {c.token, row.y, c.token_width + 1, row.h}, text, token);
    draw_bars(canvas, row, c, candidate, top,
              proposed  ? t.accent
              : sampled ? mix(t.bar, t.accent, 0.45f)
                        : t.bar,
              scene);
    auto right = [&](float x, const std::string& value, const TextStyle& style) {
        if (x > 0)
            draw_text_in(canvas, {row.x, row.y, x - row.x, row.h}, value, style, Align::right);
    };
    right(c.probability,
          cut       ? "cut"
          : sampled ? percent(candidate.adjusted)
                    : percent(candidate.probability),
          mono(scene, 13, cut ? t.faint : t.text));
    right(c.raw, percent(candidate.probability), mono(scene, 12, t.muted));
    right(c.logit, number(candidate.logit), mono(scene, 13, cut ? t.faint : t.muted));
    if (c.since > 0) {
        draw_since(canvas, row, c.since, scene.step.rank_before[candidate.id] - index, scene);
    }
}

void draw_others(Canvas& canvas, Rect row, const Columns& c, const std::vector<int>& shown,
                 double top, const Scene& scene) {
    const Theme& t = scene.theme;
    const auto& all = scene.step.ranking.candidates;
    const bool sampled = scene.decoding.sampled();
    std::vector<bool> has_row(all.size());
    for (int index : shown) has_row[index] = true;
    model::Candidate rest;
    for (size_t i = 0; i < all.size(); ++i) {
        if (has_row[i]) continue;
        rest.probability += all[i].probability;
        rest.adjusted += all[i].adjusted;
    }
    const std::string text = "other " + count(static_cast<long long>(all.size() - shown.size())) +
                             (all.size() - shown.size() == 1 ? " token" : " tokens");
    const TextStyle style = sans(scene, 13, t.muted);
    const float bar_end = c.bar + c.bar_width;
    draw_text_in(canvas, {c.token, row.y, bar_end - c.token, row.h}, text, style);
    // A bar only at the candidates' scale, and where the words leave it free.
    if (std::max(rest.probability, rest.adjusted) <= top &&
        width_of(style, text) + 8 * scene.text_scale <= c.bar - c.token) {
        draw_bars(canvas, row, c, rest, top, t.bar_faint, scene);
    }
    auto right = [&](float x, double value, float size) {
        if (x <= 0) return;
        draw_text_in(canvas, {row.x, row.y, x - row.x, row.h}, percent(value),
                     mono(scene, size, t.muted), Align::right);
    };
    right(c.probability, sampled ? rest.adjusted : rest.probability, 13);
    right(c.raw, rest.probability, 12);
    canvas.region(row, "other");
}

struct Fact {
    const char* name;
    std::string value;
    bool warn;
};

std::vector<Fact> make_facts(const Scene& scene) {
    const model::Ranking& ranking = scene.step.ranking;
    const double first = ranking.candidates[0].probability;
    const double second = ranking.candidates.size() > 1 ? ranking.candidates[1].probability : 0;
    std::string margin = percent(first - second);
    margin.resize(margin.size() - 1);  // a difference of percentages is in points
    std::string ties = "none";
    if (ranking.tied > 1) {
        ties = count(ranking.tied) + " tokens tie exactly";
    } else if (second >= first * (1 - near_tie)) {
        ties = "near tie, within 1 %";
    }
    const int loop = model::loop_length(scene.step.ids());
    const std::string repeats = loop == 0   ? "not repeating"
                                : loop == 1 ? "repeats last token"
                                            : "repeats last " + count(loop) + " tokens";
    return {{"entropy", bits(ranking.entropy_bits), false},
            {"margin to 2nd", margin + "points", false},
            {"ties", ties, ties != "none"},
            {"loop", repeats, loop > 0}};
}

int fact_columns(Rect rect, float k) {
    return rect.w >= 380 * k ? 2 : 1;
}

float facts_height(Rect rect, float k) {
    return (facts_above + fact_height * (4.0f / static_cast<float>(fact_columns(rect, k)))) * k;
}

void draw_facts(Canvas& canvas, Rect rect, const Scene& scene) {
    const float k = scene.text_scale;
    const Theme& t = scene.theme;
    const int columns = fact_columns(rect, k);
    const Point line[] = {{rect.x, rect.y + 6 * k}, {rect.right(), rect.y + 6 * k}};
    canvas.polyline(line, {t.border, 1});
    const std::vector<Fact> facts = make_facts(scene);
    const float between = 20 * k;
    const float width = (rect.w - between * (columns - 1)) / columns - 6 * k;
    for (int i = 0; i < 4; ++i) {
        const Rect cell{rect.x + 6 * k + (i % columns) * (width + between),
                        rect.y + (facts_above + fact_height * (i / columns)) * k, width - 3 * k,
                        fact_height * k};
        const TextStyle name = sans(scene, 12.5f, t.muted);
        const TextStyle value = bold(scene, 12.5f, facts[i].warn ? t.warning : t.text);
        draw_text_in(canvas, cell, facts[i].name, name);
        draw_text_in(canvas, cell.without_left(width_of(name, facts[i].name) + 8 * k),
                     facts[i].value, value, Align::right);
    }
}

}  // namespace

Size ranking_size(const Scene& scene) {
    const float k = scene.text_scale;
    return {416 * k, (header_height + 11 * 34 + facts_above + 2 * fact_height) * k};
}

void draw_ranking(Canvas& canvas, Rect rect, const Scene& scene) {
    const float k = scene.text_scale;
    const Columns columns = make_columns(rect, scene);
    const float facts = facts_height(rect, k);
    float body = rect.h - header_height * k;
    const bool with_facts = body - facts >= 5 * lowest_row * k;
    if (with_facts) body -= facts;
    // As many rows as fit at a comfortable height, the last one for all other tokens.
    const int all = static_cast<int>(scene.step.ranking.candidates.size());
    const int comfortable = static_cast<int>(body / (34 * k));
    const int fitting = static_cast<int>(body / (lowest_row * k));
    const int room =
        std::min({comfortable >= 9 ? comfortable : std::min(fitting, 9), all + 1, most_rows}) - 1;
    const std::vector<int> shown = rows_shown(scene, room);
    const int lines = static_cast<int>(shown.size()) + 1;
    const float height = std::clamp(body / lines, 1.0f, highest_row * k);

    const auto& candidates = scene.step.ranking.candidates;
    double top = candidates[0].probability;
    if (scene.decoding.sampled()) top = std::max(top, candidates[0].adjusted);
    draw_header(canvas, rect.top(header_height * k), columns, scene);
    Rect row{rect.x, rect.y + header_height * k, rect.w, height};
    for (size_t i = 0; i < shown.size(); ++i) {
        draw_candidate(canvas, row, columns, shown[i], top, scene);
        if (i > 0 && shown[i] > shown[i - 1] + 1) {  // ranks were left out here
            const Point line[] = {{rect.x, row.y}, {rect.right(), row.y}};
            canvas.polyline(line, {scene.theme.faint, 1, true});
        }
        row.y += height;
    }
    if (lines <= all) draw_others(canvas, row, columns, shown, top, scene);
    row.y += height;
    if (with_facts) draw_facts(canvas, {rect.x, row.y, rect.w, facts}, scene);
}

}  // namespace viz
