#include "viz/views/ranking/facts.h"

#include <array>
#include <string>

#include "model/decode/ranking_change.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"

namespace viz {

namespace {

constexpr int fact_count = 4;
constexpr float fact_height = 26;
constexpr float facts_above = 14;
constexpr double near_tie = 0.01;  // the second has at least 99 % of the first's probability

struct Fact {
    const char* name;
    const char* brief;  // where there is no room for the name
    std::string value;
    bool warn;
};

std::array<Fact, fact_count> make_facts(const Scene& scene) {
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
    std::array<Fact, fact_count> facts{{
        {"entropy", "entropy", bits(ranking.entropy_bits), false},
        {"margin to 2nd", "margin", margin + "points", false},
        {"ties", "ties", ties, ties != "none"},
        {"loop", "loop", repeats, loop > 0},
    }};
    if (const model::Step* untouched = scene.compared()) {
        // In the place of what has nothing to say here.
        facts[ties == "none" ? 2 : 1] = {"KL from untouched", "KL",
                                         bits(model::kl_bits(untouched->ranking, ranking)), false};
    }
    return facts;
}

int fact_columns(float width) {
    return width >= 380.0f ? 2 : 1;
}

}  // namespace

float ranking_facts_height(float width) {
    const int columns = fact_columns(width), rows = (fact_count + columns - 1) / columns;
    return facts_above + fact_height * static_cast<float>(rows);
}

void draw_ranking_facts(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const int columns = fact_columns(rect.w);
    draw_across(canvas, rect, rect.y + 6, hairline(t.border));
    const auto facts = make_facts(scene);
    const float between = 20;
    const float width = (rect.w - between * (columns - 1)) / columns - 6;
    for (int i = 0; i < fact_count; ++i) {
        const int row = i / columns, column = i % columns;
        const Rect cell{rect.x + 6 + column * (width + between),
                        rect.y + facts_above + fact_height * row, width - 3, fact_height};
        const TextStyle name = sans(12.5f, t.muted);
        const TextStyle value = bold(12.5f, facts[i].warn ? t.warning : t.text);
        const float room = cell.w - 8 - width_of(value, facts[i].value);
        const char* words = width_of(name, facts[i].name) <= room ? facts[i].name : facts[i].brief;
        draw_text_in(canvas, cell, words, name);
        draw_text_in(canvas, cell.without_left(width_of(name, words) + 8), facts[i].value, value,
                     Align::right);
    }
}

}  // namespace viz
