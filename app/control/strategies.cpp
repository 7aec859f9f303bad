#include "app/control/strategies.h"

#include <algorithm>
#include <cmath>

#include "model/base/error.h"
#include "viz/paint/format.h"

namespace app {

namespace {

constexpr int least_beams = 2;

bool is_shown(const State& state) {
    auto shows = [](const viz::View* view) { return view && view->strategies; };
    return shows(state.view) || shows(state.beside);
}

model::StrategyRule& chosen(State& state) {
    return state.rules[static_cast<size_t>(state.rule)];
}

int beams_at(float t) {
    const float range = model::most_beams - least_beams;
    return least_beams + static_cast<int>(std::lround(t * range));
}

Parameter beams_of(int beams) {
    return {"beams", viz::count(beams),
            static_cast<float>(beams - least_beams) / (model::most_beams - least_beams)};
}

}  // namespace

void ask_for_strategies(App& app) {
    State& state = app.state;
    state.rule = std::clamp(state.rule, 0, static_cast<int>(state.rules.size()) - 1);
    CompareStrategies wanted;
    if (is_shown(state)) wanted.rules = state.rules;
    if (wanted == app.compare) return;
    app.compare = wanted;
    app.worker.post(wanted);
}

const model::StrategyRule& chosen_rule(const State& state) {
    const int last = static_cast<int>(state.rules.size()) - 1;
    return state.rules[static_cast<size_t>(std::clamp(state.rule, 0, last))];
}

void select_rule(State& state, int row) {
    if (row >= 0 && row < static_cast<int>(state.rules.size())) state.rule = row;
}

void choose_rule_kind(State& state, std::string_view kind) {
    model::StrategyRule& rule = chosen(state);
    if (kind == "beams") {
        rule = {.decoding = {}, .beams = 4};
        return;
    }
    rule.beams = 1;
    rule.decoding = with_strategy(rule.decoding, kind, state.model->config.n_vocab);
}

std::string_view rule_kind(const model::StrategyRule& rule) {
    return rule.searches() ? "beams" : strategy_name(rule.decoding);
}

Parameter rule_parameter(const model::StrategyRule& rule, int n_vocab) {
    return rule.searches() ? beams_of(rule.beams) : parameter(rule.decoding, n_vocab);
}

void slide_rule(State& state, float t) {
    model::StrategyRule& rule = chosen(state);
    if (rule.searches()) {
        rule.beams = beams_at(t);
    } else {
        rule.decoding = with_parameter(rule.decoding, t, state.model->config.n_vocab);
    }
}

void slide_beams(State& state, float t) {
    auto& rules = state.rules;
    auto search = std::ranges::find_if(rules, &model::StrategyRule::searches);
    if (search == rules.end()) {
        if (rules.size() == model::most_rules) rules.pop_back();
        rules.emplace_back();
        search = rules.end() - 1;
    }
    search->beams = beams_at(t);
}

Parameter beams_parameter(const State& state) {
    const auto search = std::ranges::find_if(state.rules, &model::StrategyRule::searches);
    return beams_of(search == state.rules.end() ? model::own_search.beams : search->beams);
}

void next_seed(State& state) {
    ++chosen(state).decoding.seed;
}

void next_seeds(State& state) {
    // Each goes on by as many as there are: no two of them draw alike by chance of their numbers.
    for (model::StrategyRule& rule : state.rules) {
        if (rule.decoding.sampled()) rule.decoding.seed += model::most_rules;
    }
}

void add_rule(State& state) {
    if (state.rules.size() == model::most_rules) return;
    // Another draw of the same strategy: it can be changed from there.
    model::StrategyRule rule = chosen(state);
    if (rule.decoding.sampled()) {
        ++rule.decoding.seed;
    } else {
        rule = {.decoding = with_strategy({}, "temperature", state.model->config.n_vocab)};
    }
    state.rules.insert(state.rules.begin() + state.rule + 1, rule);
    ++state.rule;
}

void remove_rule(State& state) {
    if (state.rules.size() == 1) return;
    state.rules.erase(state.rules.begin() + state.rule);
    state.rule = std::min(state.rule, static_cast<int>(state.rules.size()) - 1);
}

void enter_rules(State& state) {
    try {
        state.rules = model::parse_rules(state.typed_rules, "strategies");
        state.rule = 0;
        state.error.clear();
    } catch (const model::Error& error) {
        state.error = error.what();
    }
}

}  // namespace app
