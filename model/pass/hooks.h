// The one table of named tensors: names as TransformerLens spells them, shapes, and how each is
// read from finished records. Trace files, tests and docs follow it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/pass/model.h"
#include "model/pass/record.h"

namespace model {

struct HookTensor {
    std::string name;  // "blocks.0.attn.hook_pattern"
    std::vector<int64_t> shape;
    std::vector<float> values;  // row-major
};

// Every hook name of a model in the order of the pass, "logits" last.
std::vector<std::string> hook_names(const Config& config);

// Reads one tensor for all positions. Throws Error for an unknown name.
HookTensor read_hook(const Model& model, const Records& records, const std::string& name);

}  // namespace model
