#include "viz/view.h"

#include <algorithm>
#include <array>

#include "viz/views.h"

namespace viz {

namespace {

constexpr std::array table{
    View{"tokens", "Tokens", "the sequence as chips with index and id, and the proposed token",
         false, Heading::title, tokens_size, draw_tokens},
    View{"flow", "Where we are", "the path from tokens to the appended token, block by block",
         false, Heading::title, flow_size, draw_flow},
    View{"attention", "Attention", "one head large, all heads small, one row as numbers and arcs",
         true, Heading::own, attention_page_size, draw_attention_page},
    View{"head", "Attention map", "the pattern of one head, queries by keys", false, Heading::head,
         head_size, draw_head},
    View{"heads", "All heads", "thumbnails of every head, one row for each layer", false,
         Heading::title, heads_size, draw_heads},
    View{"row", "Scores, mask, softmax", "the selected query's scores, mask and weights as numbers",
         false, Heading::head, row_size, draw_row},
    View{"arcs", "What it reads", "arcs from the selected query to the tokens it looks at", false,
         Heading::head, arcs_size, draw_arcs},
    View{"layers", "Activations", "sizes of the residual stream and of what each block added to it",
         true, Heading::title, layers_size, draw_layers},
    View{"diagram", "Diagram", "the whole pass as boxes with shapes, and where the reader is in it",
         true, Heading::own, diagram_size, draw_diagram, diagram_tooltip},
    View{"cost", "Cost", "what a step costs with the cache and without", true, Heading::title,
         cost_size, draw_cost, cost_tooltip},
    View{"ranking", "Ranking at the last position",
         "candidates for the next token with probability, logit and change of rank", false,
         Heading::title, ranking_size, draw_ranking},
};

}  // namespace

std::span<const View> views() {
    return table;
}

const View* find_view(std::string_view id) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const View& view) { return view.id == id; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace viz
