// What the ranking's distribution is like: entropy in bits, the margin to the second in points,
// ties, whether the text goes in circles, and how far it is from the untouched run.
#pragma once

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

namespace viz {

float ranking_facts_height(float width);  // in pixels, both
void draw_ranking_facts(Canvas& canvas, Rect rect, const Scene& scene);

}  // namespace viz
