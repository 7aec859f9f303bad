// Interventions: what a pass leaves out or pins, to see what it was for. Heads, MLPs and whole
// layers whose output is set to zero; heads that look at all tokens alike.
#pragma once

#include <array>
#include <set>
#include <string>
#include <utility>

#include "model/pass/config.h"

namespace model {

// Zero ablation: a head's z is zero before W_O, an MLP's output is zero with its bias, a layer's
// heads, attention output and MLP output are all zero, biases included. Uniform attention: the
// weights of a row are 1 / (query + 1) for keys 0..query, whatever the scores say. Everything else
// is computed as ever, from the stream that this leaves. Numbers count from 0.
struct Ablation {
    static constexpr int every = -1;  // all queries

    std::set<std::pair<int, int>> heads;        // layer, head
    std::set<int> mlps;                         // layer
    std::set<int> layers = {};                  // both of a block's parts
    std::set<std::array<int, 3>> uniform = {};  // layer, head, query or `every`

    bool empty() const {
        return heads.empty() && mlps.empty() && layers.empty() && uniform.empty();
    }
    bool operator==(const Ablation&) const = default;

    bool head_off(int layer, int head) const {
        return layers.contains(layer) || heads.contains({layer, head});
    }
    bool mlp_off(int layer) const { return layers.contains(layer) || mlps.contains(layer); }
    // Whether this row of a head's pattern is pinned to uniform weights.
    bool is_uniform(int layer, int head, int query) const {
        return uniform.contains({layer, head, every}) || uniform.contains({layer, head, query});
    }
};

// Without what other parts say already: parts of a layer that is off, rows of a head that is off or
// uniform at all queries. The passes are the same.
Ablation simplified(Ablation ablation);

// "L3H2,L4MLP,L5,L2H1=uniform,L2H3@7=uniform": layer 3's head 2, layer 4's MLP and all of layer 5
// off; layer 2's head 1 uniform, its head 3 at position 7 alone. Layers and heads are counted from
// 1 as people do, positions from 0 as the token ribbon does; empty text for none. The result is
// simplified. Throws Error that names `flag` for anything else, or what the model does not have.
Ablation parse_ablation(const std::string& text, const Config& config, const std::string& flag);
// The same text.
std::string describe(const Ablation& ablation);
// For people: "without L3H2, L4MLP · uniform L2H1, L2H3@7"; empty for none.
std::string in_words(const Ablation& ablation);

}  // namespace model
