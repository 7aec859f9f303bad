// The class at its phones: the window's end of it. What is on the screen goes to them, and their
// votes come into the guesses.
#pragma once

#include <optional>

#include "app/control/actions.h"

namespace app {

// Puts the class's page on the network and shows how it comes in. Throws model::Error in one line.
void open_class(App& app, std::optional<int> port);
void close_class(App& app);
// Whether a hidden step takes the votes of phones.
bool takes_phone_votes(const State& state);
// Hides the step and takes votes, or takes no more.
void turn_voting(App& app);

// Once a frame: tells phones what is new, counts their votes. What the class said is kept with the
// run for a restart, a few times a second.
void follow_class(App& app);
// When that has to be looked at again; none: when something happens.
std::optional<Clock::time_point> votes_due(const App& app);

}  // namespace app
