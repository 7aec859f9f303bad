// The inside of the selected block: the stream down the left side, and what attention and the MLP
// read from it and add to it, as boxes. Lengths are in pixels.
#pragma once

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

namespace viz {

inline constexpr float block_head = 28;   // height of the panel's title
inline constexpr float stream_width = 5;  // of the residual stream's line

// The title alone where the panel has room for no more.
void draw_diagram_block(Canvas& canvas, Rect panel, const Scene& scene);

}  // namespace viz
