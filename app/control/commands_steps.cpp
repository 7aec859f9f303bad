// The commands that go on, back and forward along a run.
#include <algorithm>

#include "app/control/class_guesses.h"
#include "app/control/command_groups.h"

namespace app {

namespace {

bool can_play(const State& s) {
    return s.playing || can_append(s) || can_go_forward(s);
}

std::function<void(App&)> move_candidate(int by) {
    return [by](App& app) {
        int& candidate = app.state.selection.candidate;
        if (takes_guesses(app.state)) {  // in the order of what is shown
            const auto some = viz::to_guess_from(*app.state.model, app.state.step->ranking);
            const int at = static_cast<int>(std::ranges::find(some, candidate) - some.begin());
            const int last = static_cast<int>(some.size()) - 1;
            candidate = some[static_cast<size_t>(std::clamp(at > last ? 0 : at + by, 0, last))];
            return;
        }
        const int last = static_cast<int>(app.state.step->ranking.candidates.size()) - 1;
        candidate = std::clamp(candidate + by, 0, last);
    };
}

}  // namespace

std::vector<Command> step_commands() {
    return {
        {"append",
         "Append",
         {"Space"},
         "append the proposed token",
         [](const State& s) { return s.can_append() || s.ended(); },
         append_or_reveal},
        {"force",
         "Append this one",
         {"Enter"},
         "append the chosen candidate instead",
         can_append,
         [](App& app) {
             const State& s = app.state;
             append(app, s.step->ranking.candidates[s.selection.candidate].id);
         }},
        {"candidate-up",
         "Candidate up",
         {"Up"},
         "choose the candidate above",
         has_step,
         move_candidate(-1)},
        {"candidate-down",
         "Candidate down",
         {"Down"},
         "choose the candidate below",
         has_step,
         move_candidate(1)},
        {"back",
         "Back",
         {"Left"},
         "the step before, as it was",
         can_go_back,
         [](App& app) { go_to(app, app.state.length() - 1); }},
        {"forward",
         "Forward",
         {"Right"},
         "the step after, where it was computed",
         can_go_forward,
         [](App& app) { go_to(app, app.state.length() + 1); }},
        {"step",
         "Step",
         {"N"},
         "forward, or append",
         [](const State& s) { return can_append(s) || can_go_forward(s); },
         [](App& app) { step(app); }},
        {"first",
         "First step",
         {"Home"},
         "the first step: the prompt alone",
         can_go_back,
         [](App& app) { go_to(app, app.state.step->prompt_length); }},
        {"last",
         "Last step",
         {"End"},
         "the last step that was computed",
         can_go_forward,
         [](App& app) { go_to(app, app.state.path_length()); }},
        {"play",
         "Play",
         {"P"},
         "a step at a time until paused",
         can_play,
         [](App& app) {
             app.state.playing = !app.state.playing;
             app.state.next_step = Clock::now();
         }},
    };
}

}  // namespace app
