// What a pass costs: multiply-adds by part and bytes that must be read, counted from the model's
// shape alone.
//
// A pass runs n new positions on top of m whose keys and values are cached (0: none, the naive
// pass over the whole text). With d = d_model, f = d_mlp, L blocks and V tokens it multiplies
// and adds
//
//     qkv, W_O             L n 3 d^2,  L n d^2
//     MLP                  L n 2 d f
//     scores, weighting    L d s each, where s = n m + n (n + 1) / 2 pairs of a query and a key
//     unembedding          d V: of the last row only, the one that is ranked
//
// the products of Vaswani et al. 2017, section 3, of which masked pairs are left out; the heads'
// widths add up to d. Pope et al. 2022 ("Efficiently Scaling Transformer Inference") count alike.
// Norms, softmax, the activation and additions are left out: they grow with d, not with its square.
#pragma once

#include <cstdint>

#include "model/pass/config.h"
#include "model/pass/weights.h"

namespace model {

struct PassCost {
    // Multiply-adds: one of each is one.
    int64_t qkv = 0;              // queries, keys and values of the new positions
    int64_t scores = 0;           // q . k of every pair that is not masked
    int64_t weighted_values = 0;  // z: the values summed by their weights
    int64_t attn_out = 0;         // W_O
    int64_t mlp = 0;              // W_in and W_out
    int64_t unembedding = 0;      // the last row against every token

    int64_t weight_bytes = 0;  // of parameters, each read once; embedding rows of new positions
    int64_t cache_bytes = 0;   // keys and values read that an earlier pass computed

    int64_t multiply_adds() const {
        return qkv + scores + weighted_values + attn_out + mlp + unembedding;
    }
    PassCost& operator+=(const PassCost& other);
};

// n >= 1, m >= 0. `precision`: of the matrices; vectors are float32.
PassCost pass_cost(const Config& config, Precision precision, int n, int m);

// All passes that led to a text of `length` tokens, its prompt included: one for the prompt and
// one for every token appended. Naive: each runs the whole text again.
enum class Passes { naive, cached };
PassCost run_cost(const Config& config, Precision precision, int prompt_length, int length,
                  Passes passes);

// Bytes of float32 keys and values of n positions: 2 L n d 4.
int64_t kv_bytes(const Config& config, int n);

}  // namespace model
