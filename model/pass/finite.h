// Numbers that are none: found where they come out, told by the weights that they come from.
#pragma once

#include <span>

#include "model/pass/weights.h"

namespace model {

// Throws Error where a file of the weights was changed under the pass that made these values, and
// unless every value is finite: names the first tensor that holds NaN or infinity, or
// says that none does. The weights are read only then: a model opens without being read.
void check_finite(std::span<const float> values, const Weights& weights);

}  // namespace model
