// Drawings that pages compose (the attention page, slides, the diagram). A drawing fills the
// rectangle it is given, without a margin; its title is drawn by whoever places it. What they
// declare to be pointed at is said in their own files.
#pragma once

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

namespace viz {

// The token ribbon's chips alone, from the top of the rectangle: in one line, or in a few smaller
// ones.
void draw_chips(Canvas& canvas, Rect rect, const Scene& scene);
// Lines that the chips take at the end of the run, as far as the tokens until here tell; 1 where
// all fit side by side, or there are more than can be read.
int chip_lines(float width, const Scene& scene);
// Height of so many lines of chips that are as small as they may be.
float chip_lines_height(int lines);

// One head as a map with both axes named.
void draw_head(Canvas& canvas, Rect rect, const Scene& scene);
// What it uses of a room: its cells are squares.
Size head_extent(Size room, const Scene& scene);

// The selected query's scores, mask and weights, and how the weights differ from those of
// the query before.
void draw_row(Canvas& canvas, Rect rect, const Scene& scene);
// The least height at a width: where not all keys fit, those shown must be named.
float least_row_height(float width, const Scene& scene);

// What the selected query reads, as arcs.
void draw_arcs(Canvas& canvas, Rect rect, const Scene& scene);

// Thumbnails of all heads, rows = layers, tinted by a score, and the heads in the order
// of that score.
void draw_heads(Canvas& canvas, Rect rect, const Scene& scene);

}  // namespace viz
