// Beam search: keep the B most probable continuations instead of one.
//
// Each step extends every beam by its likeliest tokens and keeps the B best sums of log
// probabilities (Sutskever et al. 2014, section 3.2). No length penalty: the sum is what is shown.
#pragma once

#include <vector>

#include "model/model.h"
#include "model/transformer.h"

namespace model {

struct Beam {
    std::vector<int> ids;        // prompt and continuation
    double log_probability = 0;  // of the continuation, natural logarithm
    bool ended = false;          // by the end-of-text token
};

struct BeamOptions {
    int beams = 4;  // >= 1
    int steps = 20;
    bool stop_at_end = false;  // a beam that ends is kept as it is
    bool use_cache = true;
    Ablation ablation = {};  // of every pass
};

// The beams after `steps` tokens, most probable first; fewer steps where the context is full or
// all beams ended. Throws Error for a bad prompt, Stopped when asked to stop.
std::vector<Beam> beam_search(const Model& model, const std::vector<int>& prompt,
                              const BeamOptions& options, const StopAsked& stop = {});

}  // namespace model
