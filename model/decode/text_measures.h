// Numbers that say what a continuation is like: how likely the model finds it, how varied it is.
#pragma once

#include <span>

namespace model {

// One token of a continuation and the distribution that it is from, before any strategy.
struct ScoredToken {
    int id = 0;
    double probability = 0;   // softmax of the logits
    int rank = 0;             // 0: the argmax
    double entropy_bits = 0;  // of the distribution
};

struct TextMeasures {
    int tokens = 0;
    double log_probability = 0;   // sum of ln p
    double perplexity = 0;        // exp(-log_probability / tokens)
    double mean_probability = 0;  // arithmetic mean of p
    double mean_entropy_bits = 0;
    // Different n-grams as a part of all n-grams of the continuation (Li et al. 2016).
    double distinct_1 = 0, distinct_2 = 0;
    // The part of 4-grams that are a repetition, 1 - distinct-4 (Welleck et al. 2020, seq-rep-4).
    double repeated_4 = 0;
};

// Not-a-number where there are too few tokens for a measure.
TextMeasures measure(std::span<const ScoredToken> tokens);

}  // namespace model
