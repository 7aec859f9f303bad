// The drawings behind the table of views, for pages that compose them (slide, window). A drawing
// fills the rectangle it is given, without a margin; its title is drawn by whoever places it.
#pragma once

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

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
// "query/I" on row labels. Of a long text "map/L/H" is an overview; the stretch that is magnified
// is "zoom/L/H/FIRST_ROW/FIRST_COL".
Size head_size(const Scene& scene);
void draw_head(Canvas& canvas, Rect rect, const Scene& scene);
Lines head_tooltip(const Scene& scene, const Hit& hit);
// What draw_head uses of a room: its cells are squares.
Size head_extent(Size room, const Scene& scene);

// view_row: the selected query's scores, mask and weights, and how the weights differ from those of
// the query before. Regions "row/L/H/KEY" with a cell for each of these that has room.
Size row_size(const Scene& scene);
void draw_row(Canvas& canvas, Rect rect, const Scene& scene);
// The least height at a width: where not all keys fit, those shown must be named.
float least_row_height(float width, const Scene& scene);

// view_arcs: what the selected query reads, as arcs. Regions "token/I".
Size arcs_size(const Scene& scene);
void draw_arcs(Canvas& canvas, Rect rect, const Scene& scene);

// view_heads: thumbnails of all heads, rows = layers, tinted by a score, and the heads in the order
// of that score. Regions "head/L/H".
Size heads_size(const Scene& scene);
void draw_heads(Canvas& canvas, Rect rect, const Scene& scene);
Lines heads_tooltip(const Scene& scene, const Hit& hit);

// view_attention_page: the four together, as the window's first tab shows them.
Size attention_page_size(const Scene& scene);
void draw_attention_page(Canvas& canvas, Rect rect, const Scene& scene);

// view_layers: maps over layers and positions: how long the residual stream is, how much each block
// changes it, how far it is from where it ends, and what attention and MLP added. Regions
// "norms/resid" and "norms/cosine" of (n_layer + 1) x n cells (row 0: the embedding), "norms/attn",
// "norms/mlp" and "norms/change" of n_layer x n.
Size layers_size(const Scene& scene);
void draw_layers(Canvas& canvas, Rect rect, const Scene& scene);
Lines layers_tooltip(const Scene& scene, const Hit& hit);

// view_vectors: the stream at the selected position itself, a strip for each layer, with its
// statistics. Regions "stream/L/COLUMNS" of the vector's cells (L = 0: the embedding), or
// "stream/L/COLUMNS/MERGED" where a cell stands for so many numbers.
Size vectors_size(const Scene& scene);
void draw_vectors(Canvas& canvas, Rect rect, const Scene& scene);
Lines vectors_tooltip(const Scene& scene, const Hit& hit);

// Line of the stream that belongs to the selected phase: 0 the embedding, then the blocks.
int stream_line(const Scene& scene);

// view_arithmetic: the sums behind one number: that of the locked cell, or else of the selected
// phase. Regions "operand/NAME/FIRST" of 1 x n cells of a vector from dimension FIRST on,
// "term/NAME/I", "token/I".
Size arithmetic_size(const Scene& scene);
void draw_arithmetic(Canvas& canvas, Rect rect, const Scene& scene);
Lines arithmetic_tooltip(const Scene& scene, const Hit& hit);

// view_chain: the probability of the text as a product, token by token, and its surprisal over all
// positions. Regions "token/I", "proposed", "text", "surprisal" of 1 x n cells.
Size chain_size(const Scene& scene);
void draw_chain(Canvas& canvas, Rect rect, const Scene& scene);
Lines chain_tooltip(const Scene& scene, const Hit& hit);

// view_pieces: how the text became ids: the tokens around the selected one with their bytes, and
// the merges that made the selected one. Regions "token/I", "piece/WORD/STEP/INDEX".
Size pieces_size(const Scene& scene);
void draw_pieces(Canvas& canvas, Rect rect, const Scene& scene);
Lines pieces_tooltip(const Scene& scene, const Hit& hit);

// view_lens: what the model would say next after each block, a column for each position that fits,
// and how the followed token rises at the selected one. Regions "lens/FIRST" of n_layer x shown
// cells (column 0: position FIRST), "token/I", "layer/L" on labels, "rise/POSITION" of n_layer x 1
// or 1 x n_layer, "lens-proof".
Size lens_size(const Scene& scene);
void draw_lens(Canvas& canvas, Rect rect, const Scene& scene);
Lines lens_tooltip(const Scene& scene, const Hit& hit);

// view_neurons: the selected layer's MLP at the selected position: all neurons as a strip, the
// strongest as rows, the activation as a curve. Regions "neurons/L/COLUMNS" of the strip's cells,
// "neuron/L/INDEX" on rows, "gelu/L/INDEX".
Size neurons_size(const Scene& scene);
void draw_neurons(Canvas& canvas, Rect rect, const Scene& scene);
Lines neurons_tooltip(const Scene& scene, const Hit& hit);

// view_contributions: what each part of the model adds to the followed token's logit at the
// selected position. Regions "part/embedding", "part/head/L/H", "part/bias/L", "part/mlp/L",
// "part/norm", "total/L" on running totals, "parts-proof".
Size contributions_size(const Scene& scene);
void draw_contributions(Canvas& canvas, Rect rect, const Scene& scene);
Lines contributions_tooltip(const Scene& scene, const Hit& hit);

// view_tree: all continuations that were tried, the selected path in the accent. Regions "node/ID",
// "proposed".
Size tree_size(const Scene& scene);
void draw_tree(Canvas& canvas, Rect rect, const Scene& scene);
Lines tree_tooltip(const Scene& scene, const Hit& hit);

// view_strategies: the prompt under several strategies, a row each, and measures of what they say.
// Regions "rule/ROW" on names, "told/ROW/FIRST" of 1 x shown tokens from number FIRST on,
// "measure/ROW/INDEX".
Size strategies_size(const Scene& scene);
void draw_strategies(Canvas& canvas, Rect rect, const Scene& scene);
Lines strategies_tooltip(const Scene& scene, const Hit& hit);

// view_beam: a beam search as a tree. Regions "beam/NODE".
Size beam_size(const Scene& scene);
void draw_beam(Canvas& canvas, Rect rect, const Scene& scene);
Lines beam_tooltip(const Scene& scene, const Hit& hit);

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
