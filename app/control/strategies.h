// Strategies side by side in the window: what is asked of the worker, and how rows are edited.
#pragma once

#include <string_view>

#include "app/control/actions.h"

namespace app {

// Has the prompt run under the rules while a view shows them, and no longer.
void ask_for_strategies(App& app);

// The row that is edited.
const model::StrategyRule& chosen_rule(const State& state);
void select_rule(State& state, int row);
// "greedy", the name of an option that samples, or "beams".
void choose_rule_kind(State& state, std::string_view kind);
std::string_view rule_kind(const model::StrategyRule& rule);
Parameter rule_parameter(const model::StrategyRule& rule, int n_vocab);
void slide_rule(State& state, float t);
// The width of the search that the view of beams shows: the first search among the rows, made one
// where there is none.
void slide_beams(State& state, float t);
Parameter beams_parameter(const State& state);
void next_seed(State& state);
void next_seeds(State& state);  // of all that sample
void add_rule(State& state);
void remove_rule(State& state);
// Takes over what was typed, or says what is wrong with it.
void enter_rules(State& state);

}  // namespace app
