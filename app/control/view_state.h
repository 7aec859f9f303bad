// What a saved run remembers of the window: which view, and what was looked at in it.
#pragma once

#include <nlohmann/json.hpp>

#include "app/control/state.h"

namespace app {

nlohmann::json view_json(const State& state);
// Takes over what is there and makes sense for the run that is shown; the rest stays as it is.
void apply_view(State& state, const nlohmann::json& view);

}  // namespace app
