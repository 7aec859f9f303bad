// What a pass leaves out, to see what it was for: heads and MLPs whose output is set to zero.
#pragma once

#include <set>
#include <utility>

namespace model {

// Zero ablation: a head's z is zero before W_O, an MLP's output is zero with its bias. Everything
// else is computed as ever, from a stream that lacks them. Numbers count from 0.
struct Ablation {
    std::set<std::pair<int, int>> heads;  // layer, head
    std::set<int> mlps;                   // layer

    bool empty() const { return heads.empty() && mlps.empty(); }
    bool operator==(const Ablation&) const = default;
};

}  // namespace model
