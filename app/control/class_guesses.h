// What a class guesses before a step is revealed, counted by its teacher.
#pragma once

#include "app/control/state.h"

namespace app {

// Whether a step is hidden, so that guesses are worth counting.
bool takes_guesses(const State& state);
// Hides what the step would say, and phones may vote. The chosen row is then the first of those
// that are offered.
void hide_step(State& state);
int chosen_candidate(const State& state);  // id of the token
void vote_for(State& state, int id, int by);
// One vote for the token that the field's text begins with: "Paris" means "␣Paris".
void type_guess(State& state);
// What was guessed of the shown step counts from now on.
void score_step(State& state);
// Of all steps that were revealed.
viz::RunningScore score_so_far(const State& state);

}  // namespace app
