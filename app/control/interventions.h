// Interventions: what the user can leave out, pin, replace or append by hand, and the comparison
// with the untouched run. The commands, the list that opens with them, and the two cards that ask
// for text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/control/actions.h"
#include "app/control/menus.h"

namespace app {

// What can be done as a list, with what each would act on.
std::vector<MenuItem> what_if_items(const State& state);

// Opens the card that asks what a token of the prompt shall be.
void ask_replacement(App& app, int position);
// What the open card's text stands for: the ids, or why it stands for none.
struct TypedTokens {
    std::vector<int> ids;
    std::string problem;  // one line; empty where all is well
};
TypedTokens typed(const State& state);
// Does what the open card asks for.
void finish_typing(App& app);

// Why the step is not compared though a comparison is asked for; empty where it is, or can be.
std::string no_comparison(const State& state);
// Asks the worker for the untouched run's step where a difference is to be shown and it lacks.
void compare(App& app);

}  // namespace app
