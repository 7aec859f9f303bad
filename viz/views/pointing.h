// What comes of pointing at a drawing or clicking on it, whichever view declared the target.
#pragma once

#include "viz/scene/scene.h"

namespace viz {

// The words for what is pointed at; none where there is nothing to say.
Lines tooltip(const Scene& scene, const Hit& hit);

// Selects what a click there means; false where it means nothing.
bool select(Selection& selection, const Hit& hit, const Extent& extent);

// The cell that a click keeps on show; its target is empty where a click keeps nothing.
Hit lockable(const Hit& hit);

}  // namespace viz
