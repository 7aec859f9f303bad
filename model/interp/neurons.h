// The neurons of a block's MLP: how strongly each fires at a position, how much it writes into the
// residual stream, and which tokens that makes likelier.
//
// An MLP adds the sum of its neurons' rows of W_out, each times the neuron's value after the
// activation, and a bias if the model has them (Geva et al. 2021: a neuron is a key that fires and
// a value that is written).
#pragma once

#include <span>
#include <vector>

#include "model/pass/model.h"
#include "model/pass/record.h"

namespace model {

struct Neuron {
    int index = 0;
    float pre = 0;      // blocks.L.mlp.hook_pre
    float post = 0;     // blocks.L.mlp.hook_post: the activation of it
    double length = 0;  // of the vector it writes: |post| times the length of its row of W_out
};

// blocks.L.mlp.hook_post [d_mlp]: the same bits as the pass had.
std::vector<float> neuron_values(const Model& model, const TokenRecord& record, int layer);

// Length of every neuron's row of W_out [d_mlp].
std::vector<double> output_lengths(const Model& model, int layer);

// The `most` neurons that write the longest vectors, longest first; ties by lower index.
// `lengths`: of output_lengths.
std::vector<Neuron> strongest_neurons(const Model& model, const TokenRecord& record, int layer,
                                      std::span<const double> lengths, int most);
Neuron neuron_at(const Model& model, const TokenRecord& record, int layer,
                 std::span<const double> lengths, int index);

// How much one unit of a neuron adds to a token's logit, before the final norm's scale: the
// sum over j of (w_j - mean(w)) g_j u_j; w its row of W_out, g the final norm's gain, u the token's
// row of the unembedding (model/interp/attribution.h). The neuron's value
// and final_scale make of it what is added at a position.
struct Promoted {
    int id = 0;
    float score = 0;
};

// For each of `neurons` the `most` tokens with the highest score, highest first; ties by lower id.
std::vector<std::vector<Promoted>> promoted_tokens(const Model& model, int layer,
                                                   std::span<const int> neurons, int most);

// What a neuron adds directly to the logit of a token at this position.
double neuron_share(const Model& model, const TokenRecord& record, int layer, int index, int id);

}  // namespace model
