// What a saved run remembers of how it was looked at: for the window that opens it, and for an
// export without a window.
#pragma once

#include <nlohmann/json.hpp>

#include "app/run/snapshot.h"
#include "viz/views/view_table.h"

namespace app {

// The fields of `view` in a run file (docs/files.md) that drawings depend on.
nlohmann::json look_json(const Snapshot& look);
// Takes over what is there and makes sense for the step of the look; the rest stays as it is.
void take_look(Snapshot& look, const nlohmann::json& view);
// The view that was shown, and the one beside it; null where there was none.
const viz::View* saved_view(const nlohmann::json& view);
const viz::View* saved_beside(const nlohmann::json& view);

}  // namespace app
