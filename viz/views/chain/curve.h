// The surprisal curve: bits and perplexity over all positions of the text.
#pragma once

#include <vector>

#include "viz/layout/stretch.h"
#include "viz/paint/canvas.h"
#include "viz/scene/likelihood.h"
#include "viz/scene/scene.h"

namespace viz {

// Surprisal and its running mean over all positions. Perplexity is two to the power of the mean:
// the same line read on the right axis. `links`: one for
// each position from the second on; `stretch` is shaded.
void draw_chain_curve(Canvas& canvas, Rect rect, const Scene& scene,
                      const std::vector<ChainLink>& links, Stretch stretch);

}  // namespace viz
