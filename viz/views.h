// The drawings behind the table of views, for pages that compose them (slide, window).
#pragma once

#include "viz/canvas.h"
#include "viz/scene.h"

namespace viz {

// view_tokens: chips with index and id, the proposed one dashed. Regions "token/I", "proposed".
Size tokens_size(const Scene& scene);
void draw_tokens(Canvas& canvas, Rect rect, const Scene& scene);

// view_ranking: candidates with bars. Regions "candidate/INDEX".
Size ranking_size(const Scene& scene);
void draw_ranking(Canvas& canvas, Rect rect, const Scene& scene);

// view_attention: one head as a map with both axes named. Region "map/L/H" of n x n cells and
// "query/I" on row labels.
Size head_size(const Scene& scene);
void draw_head(Canvas& canvas, Rect rect, const Scene& scene);

// view_row: the selected query's scores, mask and weights. Region "row/L/H" of 3 x n cells.
Size row_size(const Scene& scene);
void draw_row(Canvas& canvas, Rect rect, const Scene& scene);

// view_arcs: what the selected query reads, as arcs. Regions "token/I".
Size arcs_size(const Scene& scene);
void draw_arcs(Canvas& canvas, Rect rect, const Scene& scene);

// view_heads: thumbnails of all heads, rows = layers. Regions "head/L/H".
Size heads_size(const Scene& scene);
void draw_heads(Canvas& canvas, Rect rect, const Scene& scene);

// view_attention_page: the four together, as the window's first tab shows them.
Size attention_page_size(const Scene& scene);
void draw_attention_page(Canvas& canvas, Rect rect, const Scene& scene);

// view_layers: the residual stream of every layer at every position, and what attention and MLP
// added. Regions "layer/L", "norms/L" of 1 x n cells.
Size layers_size(const Scene& scene);
void draw_layers(Canvas& canvas, Rect rect, const Scene& scene);

// view_flow: "Where we are": the path of the data. Regions "phase/NAME", "layer/L".
Size flow_size(const Scene& scene);
void draw_flow(Canvas& canvas, Rect rect, const Scene& scene);

}  // namespace viz
