// What a head's q . k is divided by before softmax, as a number and in words.
#pragma once

#include <string>

#include "model/pass/config.h"

namespace model {

// What q . k is multiplied with in block `layer`: 1 / sqrt(d_head) (Vaswani et al. 2017, eq. 1)
// unless the configuration has "scale_attn_weights" off; with "scale_attn_by_inverse_layer_idx"
// also divided by the block's number, counted from 1 (Mistral's stable GPT-2).
float attention_scale(const Config& config, int layer);

// The divisors behind a dot product: `between` and `root` ("√d_head"), `between` and the block's
// number; empty where nothing is divided.
std::string attention_divisors(const Config& config, int layer, const std::string& root,
                               const std::string& between);

}  // namespace model
