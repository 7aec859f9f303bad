// The forward pass of GPT-2 (Radford et al. 2019): one function for the prompt, the cached step
// and the naive pass. It fills one TokenRecord for each position it runs.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "model/base/progress.h"
#include "model/pass/ablation.h"
#include "model/pass/kv_cache.h"
#include "model/pass/record.h"
#include "model/pass/weights.h"

namespace model {

// Asked before every block; true gives the pass up. It then throws Stopped.
using StopAsked = std::function<bool()>;

// Runs `ids` at positions cache.size()..., attending to everything in the cache before them.
// The cache grows by ids.size(); if the pass throws, the cache is as before. The
// records hold what was computed: what is ablated is zero there, and they know of it.
Records forward(const Config& config, const Weights& weights, KvCache& cache,
                std::span<const int> ids, const StopAsked& stop = {},
                const Ablation& ablation = {});

// Queries of one attention product: large enough for it to be efficient, small enough to leave
// most of the masked half out.
inline constexpr int query_band = 128;

// Logits [n_vocab] that a record's final hidden state gives. Only the last position's are needed
// for a step, so the pass does not compute the others'.
std::vector<float> logits(const Weights& weights, const TokenRecord& record);

}  // namespace model
