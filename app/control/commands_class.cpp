// The commands of a class at its phones: a part of the one table.
#include "app/control/class_guesses.h"
#include "app/control/class_phones.h"
#include "app/control/command_groups.h"

namespace app {

namespace {

bool on_phones(const State& s) {
    return s.phones.on;
}

void show_class(App& app) {
    if (!app.state.phones.on) return open_class(app, {});
    toggle_overlay(app.state, Overlay::classroom);
}

}  // namespace

std::vector<Command> class_commands() {
    return {
        {"class",
         "Class",
         {"F2"},
         "phones vote for the next token",
         has_step,
         show_class,
         over_sheets},
        {"class-voting",
         "Open voting",
         {"F3"},
         "phones: take votes, or take no more",
         [](const State& s) { return on_phones(s) && s.can_append(); },
         turn_voting,
         over_sheets},
        {"class-reveal",
         "Reveal",
         {},
         "what the guesses were worth, as Space does",
         [](const State& s) { return on_phones(s) && takes_guesses(s); },
         [](App& app) {
             app.state.overlay = Overlay::none;  // what is revealed lies under the card
             append_or_reveal(app);
         },
         over_sheets},
        {"class-end",
         "End the class",
         {},
         "the page leaves the network; the votes stay",
         on_phones,
         close_class,
         over_sheets},
    };
}

}  // namespace app
