// The drawings behind the table of views, for pages that compose them (slide, window). A drawing
// fills the rectangle it is given, without a margin; its title is drawn by whoever places it.
#pragma once

#include "viz/canvas.h"
#include "viz/scene.h"

namespace viz {

// view_tokens: chips with index and id, the proposed one dashed; at the right how far the context
// is filled and how likely the text is. What does not fit is left out at the start (or around the
// selected position) and counted. Regions "token/I", "proposed", "text".
Size tokens_size(const Scene& scene);
void draw_tokens(Canvas& canvas, Rect rect, const Scene& scene);
// The chips alone, vertically filling the rectangle.
void draw_chips(Canvas& canvas, Rect rect, const Scene& scene);

// view_ranking: candidates with bars, and what the distribution is like. Regions
// "candidate/INDEX", "other".
Size ranking_size(const Scene& scene);
void draw_ranking(Canvas& canvas, Rect rect, const Scene& scene);

// view_attention: one head as a map with both axes named. Region "map/L/H" of n x n cells and
// "query/I" on row labels.
Size head_size(const Scene& scene);
void draw_head(Canvas& canvas, Rect rect, const Scene& scene);
// What draw_head uses of a room: its cells are squares.
Size head_extent(Size room, const Scene& scene);

// view_row: the selected query's scores, mask and weights. Regions "row/L/H/KEY" of 3 x 1 cells.
Size row_size(const Scene& scene);
void draw_row(Canvas& canvas, Rect rect, const Scene& scene);
// The least height at a width: where not all keys fit, those shown must be named.
float least_row_height(float width, const Scene& scene);

// view_arcs: what the selected query reads, as arcs. Regions "token/I".
Size arcs_size(const Scene& scene);
void draw_arcs(Canvas& canvas, Rect rect, const Scene& scene);

// view_heads: thumbnails of all heads, rows = layers. Regions "head/L/H".
Size heads_size(const Scene& scene);
void draw_heads(Canvas& canvas, Rect rect, const Scene& scene);

// view_attention_page: the four together, as the window's first tab shows them.
Size attention_page_size(const Scene& scene);
void draw_attention_page(Canvas& canvas, Rect rect, const Scene& scene);

// view_layers: norms of the residual stream and of what attention and MLP added, at every layer
// and position, and the selected stream itself. Regions "norms/resid" of (n_layer + 1) x n cells
// (row 0: the embedding), "norms/attn" and "norms/mlp" of n_layer x n, "stream/L/COLUMNS" of the
// vector's cells (L = 0: the embedding).
Size layers_size(const Scene& scene);
void draw_layers(Canvas& canvas, Rect rect, const Scene& scene);

// view_flow: "Where we are": the path of the data. Regions "phase/NAME" and "layer/L" for blocks.
Size flow_size(const Scene& scene);
void draw_flow(Canvas& canvas, Rect rect, const Scene& scene);
// The phases as their regions name them: "tokens", "embedding", ...
const char* phase_id(Phase phase);

// view_diagram: the pass as a ring of boxes around the selected block, each with its tensor's shape
// and a number of this step; the selected phase is marked and said in words. Regions "phase/NAME"
// (in a block "phase/NAME/BOX"), "layer/L", "head/L/H".
Size diagram_size(const Scene& scene);
void draw_diagram(Canvas& canvas, Rect rect, const Scene& scene);
Lines diagram_tooltip(const Scene& scene, const Hit& hit);

// view_cost: what a step costs, naive and cached. Regions "cost/naive" and "cost/cached" (columns
// of the table), "cost/cache", "cost/run", "cost/time" and "cost/curve" of cells along the text's
// length.
Size cost_size(const Scene& scene);
void draw_cost(Canvas& canvas, Rect rect, const Scene& scene);
Lines cost_tooltip(const Scene& scene, const Hit& hit);

}  // namespace viz
