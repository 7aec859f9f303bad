#include "viz/views/view_table.h"

#include <algorithm>
#include <array>

#include "viz/views/drawings.h"

namespace viz {

namespace {

// First what the window always shows, then its tabs in their order, then the parts of the first.
constexpr std::array table{
    View{"tokens", "Token ribbon",
         "the sequence as chips with index and id, and the proposed token", false, Heading::title,
         tokens_size, draw_tokens},
    View{"flow", "Where we are", "the path from tokens to the appended token, block by block",
         false, Heading::title, flow_size, draw_flow},
    View{"ranking", "Ranking at the last position",
         "candidates for the next token with probability, logit and change of rank", false,
         Heading::title, ranking_size, draw_ranking},

    View{"attention", "Attention", "one head large, all heads small, one row as numbers and arcs",
         true, Heading::own, attention_page_size, draw_attention_page},
    View{"heads", "Heads",
         "thumbnails of every head, one row for each layer, and what they look at", true,
         Heading::title, heads_size, draw_heads, heads_tooltip},
    View{"layers", "Activations", "length, change and direction of the stream at every layer", true,
         Heading::title, layers_size, draw_layers, layers_tooltip},
    View{"vectors", "Vectors", "the numbers of the stream after every block, with statistics", true,
         Heading::title, vectors_size, draw_vectors, vectors_tooltip},
    View{"neurons", "Neurons",
         "the selected layer's MLP: its strongest neurons and what they write", true,
         Heading::title, neurons_size, draw_neurons, neurons_tooltip},
    View{"lens", "Logit lens", "what the model would say after each block, and a token's rise",
         true, Heading::title, lens_size, draw_lens, lens_tooltip},
    View{"contributions", "What pushed it",
         "what each head and MLP adds to the logit of the followed token", true, Heading::title,
         contributions_size, draw_contributions, contributions_tooltip},
    View{"arithmetic", "Arithmetic", "the sums behind one number, step by step", true, Heading::own,
         arithmetic_size, draw_arithmetic, arithmetic_tooltip},
    View{"chain", "Chain rule", "the probability of the text as a product, token by token", true,
         Heading::title, chain_size, draw_chain, chain_tooltip},
    View{"pieces", "Tokens", "how the text became ids: words, bytes, merges", true, Heading::title,
         pieces_size, draw_pieces, pieces_tooltip},
    View{"tree", "Branches", "every continuation that was tried, with its probabilities", true,
         Heading::title, tree_size, draw_tree, tree_tooltip},
    View{"strategies", "Strategies", "the same prompt under several decoding strategies", true,
         Heading::title, strategies_size, draw_strategies, strategies_tooltip},
    View{"beam", "Beam search", "the tree of a beam search: what it kept, what it pruned", true,
         Heading::title, beam_size, draw_beam, beam_tooltip},
    View{"cost", "Cost", "what a step costs with the cache and without, counted and measured", true,
         Heading::title, cost_size, draw_cost, cost_tooltip},
    View{"diagram", "Diagram", "the whole pass as boxes with shapes and live numbers", true,
         Heading::title, diagram_size, draw_diagram, diagram_tooltip},
    View{"row", "Scores, mask, softmax", "the selected query's scores, mask and weights as numbers",
         true, Heading::head, row_size, draw_row},

    View{"head", "Attention map", "the pattern of one head, queries by keys", false, Heading::head,
         head_size, draw_head, head_tooltip},

    View{"arcs", "What it reads", "arcs from the selected query to the tokens it looks at", false,
         Heading::head, arcs_size, draw_arcs},
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

bool shows_strategies(const View& view) {
    return view.draw == draw_strategies || view.draw == draw_beam;
}

}  // namespace viz
