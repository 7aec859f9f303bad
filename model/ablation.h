// What a pass leaves out, to see what it was for: heads and MLPs whose output is set to zero.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "model/config.h"

namespace model {

// Zero ablation: a head's z is zero before W_O, an MLP's output is zero with its bias. Everything
// else is computed as ever, from a stream that lacks them. Numbers count from 0.
struct Ablation {
    std::set<std::pair<int, int>> heads;  // layer, head
    std::set<int> mlps;                   // layer

    bool empty() const { return heads.empty() && mlps.empty(); }
    bool operator==(const Ablation&) const = default;
};

// "L3H2,L4MLP": layer 3's head 2 and layer 4's MLP, counted from 1 as people do; empty text for
// none. Throws Error that names `flag` for anything else, or what the model does not have.
Ablation parse_ablation(const std::string& text, const Config& config, const std::string& flag);
// The same text.
std::string describe(const Ablation& ablation);

}  // namespace model
