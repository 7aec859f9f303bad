// The commands that change the run: strategies, another draw, undo, delete.
#include <algorithm>

#include "app/control/command_groups.h"
#include "app/control/strategies.h"

namespace app {

std::vector<Command> run_commands() {
    return {
        {"strategy-add",
         "Add",
         {},
         "compare one more strategy, up to four",
         [](const State& s) { return s.rules.size() < model::most_rules; },
         [](App& app) { add_rule(app.state); }},
        {"strategy-remove",
         "Remove",
         {},
         "compare without this strategy",
         [](const State& s) { return s.rules.size() > 1; },
         [](App& app) { remove_rule(app.state); }},
        {"strategy-seed",
         "Seed",
         {},
         "another seed for this strategy",
         [](const State& s) { return chosen_rule(s).decoding.sampled(); },
         [](App& app) { next_seed(app.state); }},
        {"strategies-dice",
         "Dice",
         {},
         "other seeds for all strategies that sample",
         [](const State& s) {
             return std::ranges::any_of(s.rules,
                                        [](const auto& rule) { return rule.decoding.sampled(); });
         },
         [](App& app) { next_seeds(app.state); }},
        {"draw-again",
         "Draw again",
         {"R"},
         "another seed: sample other tokens",
         [](const State& s) { return s.can_append() && s.decoding.sampled(); },
         [](App& app) {
             model::Decoding decoding = app.state.decoding;
             ++decoding.seed;
             set_decoding(app, decoding);
         }},
        {"undo",
         "Undo",
         {"Ctrl+Z"},
         "take back what was done to the run",
         [](const State& s) { return s.can_undo; },
         [](App& app) {
             app.state.toast.reset();
             app.worker.post(Undo{});
         }},
        {"redo",
         "Redo",
         {"Ctrl+Y", "Ctrl+Shift+Z"},
         "do it again",
         [](const State& s) { return s.can_redo; },
         [](App& app) { app.worker.post(Redo{}); }},
        {"delete",
         "Delete",
         {"Delete"},
         "delete the last token and what follows",
         can_go_back,
         [](App& app) { app.worker.post(Remove{app.state.step->node}); }},
    };
}

}  // namespace app
