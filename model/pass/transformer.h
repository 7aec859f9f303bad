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
// The cache grows by ids.size(); if the pass throws, the cache is as before. Throws Error for
// weights that give no numbers (finite.h), as logits() and visit_logits() do. The
// records hold what was computed: what is ablated is zero there, and they know of it.
Records forward(const Config& config, const Weights& weights, KvCache& cache,
                std::span<const int> ids, const StopAsked& stop = {},
                const Ablation& ablation = {});

// A token at the end of a path of its own behind what the cache holds.
struct Branch {
    std::span<const RecordPtr> path;  // of the positions from cache.size() on
    int id = 0;
};
// Runs the last token of each branch, all in one pass: the weights are read once. The records are
// those of the branches alone, to the bit. The cache stays as it is.
Records forward(const Config& config, const Weights& weights, const KvCache& cache,
                std::span<const Branch> branches, const StopAsked& stop = {},
                const Ablation& ablation = {});

// Logits [n_vocab] that a record's final hidden state gives. Only the last position's are needed
// for a step, so the pass does not compute the others'.
std::vector<float> logits(const Weights& weights, const TokenRecord& record);

// Calls read(i, logits) for every record, from several threads at once; the logits are gone
// afterwards. The weights are read once for many records. `stop` is asked now and then.
using ReadLogits = std::function<void(size_t i, std::span<const float> logits)>;
void visit_logits(const Weights& weights, std::span<const RecordPtr> records,
                  const ReadLogits& read, const StopAsked& stop = {});

}  // namespace model
