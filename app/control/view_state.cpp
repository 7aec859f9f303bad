#include "app/control/view_state.h"

#include "app/control/class_guesses.h"
#include "app/run/class_votes.h"
#include "app/run/saved_look.h"

namespace app {

nlohmann::json view_json(const State& state) {
    nlohmann::json view = look_json(state);
    view["view"] = state.view->id;
    view["beside"] = state.beside ? state.beside->id : "";
    view["guesses"] = guesses_json(state.guesses);
    if (state.guessing && state.reveal != viz::Reveal::all) view["guessing"] = true;
    if (const Walk& walk = state.walk; walk.open() && walk.shown >= 0) {
        view["lesson"] = {
            {"id", walk.lesson->id}, {"stop", walk.shown + 1}, {"answered", walk.answered}};
    }
    return view;
}

void apply_view(State& state, const nlohmann::json& view) {
    if (!view.is_object() || !state.step) return;
    if (const viz::View* found = saved_view(view)) show_view(state, found);
    if (view.contains("beside")) state.beside = saved_beside(view);
    take_look(state, view);
    if (const auto guesses = view.find("guesses"); guesses != view.end()) {
        state.guesses = read_guesses(*guesses, state.model->config.n_vocab);
        state.phones.recount = true;
    }
    if (const auto guessing = view.find("guessing"); guessing != view.end() && *guessing == true) {
        state.guessing = true;
        hide_step(state);
    }
}

}  // namespace app
