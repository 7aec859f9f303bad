#include "app/control/class_guesses.h"

namespace app {

bool takes_guesses(const State& state) {
    return state.can_append() && state.guessing && state.reveal == viz::Reveal::guess;
}

void hide_step(State& state) {
    state.reveal = viz::Reveal::guess;
    state.phones.voting = true;
    if (!state.step) return;
    if (state.guesses.scores.contains(state.step->ids())) {  // what everybody has seen stays told
        state.reveal = viz::Reveal::all;
        return;
    }
    state.selection.candidate = viz::to_guess_from(*state.model, state.step->ranking).front();
}

int chosen_candidate(const State& state) {
    const auto& all = state.step->ranking.candidates;
    return all[static_cast<size_t>(state.selection.candidate)].id;
}

void vote_for(State& state, int id, int by) {
    if (!takes_guesses(state) || id < 0 || id >= state.model->config.n_vocab) return;
    viz::vote(state.guesses.open[state.step->ids()], id, by);
}

void type_guess(State& state) {
    const std::vector<int> ids = viz::typed_guess(*state.model, state.guess);
    if (ids.empty()) return;
    vote_for(state, ids.front(), 1);
    state.guess.clear();
    state.wants_typing = "field/guess";
}

void score_step(State& state) {
    const std::vector<int> ids = state.step->ids();
    const auto& guesses = state.guesses.at(ids);
    if (guesses.empty()) return;
    state.guesses.scores[ids] = viz::score_guesses(guesses, state.step->ranking);
}

viz::RunningScore score_so_far(const State& state) {
    std::vector<viz::ClassScore> steps;
    for (const auto& [ids, score] : state.guesses.scores) steps.push_back(score);
    return viz::running_score(steps);
}

}  // namespace app
