// What the tooltip says of what is pointed at.
#pragma once

#include "viz/scene/scene.h"

namespace viz {

// Asks the views in the order of their table, then says what several of them draw: tokens, heads,
// cells of attention. Empty when there is nothing to say.
Lines tooltip(const Scene& scene, const Hit& hit);

}  // namespace viz
