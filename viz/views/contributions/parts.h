// The parts that add up to a logit: every head, attention bias and MLP, the embedding and the final
// norm's bias; their names, and their running totals in logits.
#pragma once

#include <string>
#include <vector>

#include "model/interp/attribution.h"
#include "viz/scene/scene.h"

namespace viz {

enum class PartKind { embedding, head, bias, mlp, norm };

struct LogitPart {
    PartKind kind;
    int layer = -1, head = -1;  // -1: of none
    double value = 0;           // added to the logit
};

Target part_target(const LogitPart& part);           // "part/head/2/0"
std::string part_name(const LogitPart& part);        // "MLP 3", head_name's for heads
std::string short_part_name(const LogitPart& part);  // "L3 · H1"
// How a part is computed, by hook names.
std::string part_source(const LogitPart& part);

// All parts in the order of the pass; without the biases in a model that has none.
std::vector<LogitPart> all_parts(const model::LogitParts& parts, const Scene& scene);
// The sum of the parts after the embedding, after each layer and after the final norm's bias.
std::vector<double> running_totals(const model::LogitParts& parts, const Scene& scene);

}  // namespace viz
