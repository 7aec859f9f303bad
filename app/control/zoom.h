// From the whole model into one number and back: model, block, head, weights, cell. Each level is a
// view of what is selected.
#pragma once

#include <string>
#include <vector>

#include "app/control/actions.h"

namespace app {

// The names of all levels for what is selected: "Block 3", "Head 2", "␣Tom → ␣Mia".
std::vector<std::string> zoom_names(const State& state);
// Of the view that is open; -1: it is none of them.
int zoom_level(const State& state);
void zoom_to(App& app, int level);
// Further in (1) or out (-1), also from a view beside the way.
void zoom(App& app, int by);

}  // namespace app
