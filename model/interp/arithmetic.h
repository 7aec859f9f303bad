// The sums behind one number on the screen: a cell of an attention map, what a head reads, a number
// of the residual stream, a neuron, the final norm, a logit, a probability.
//
// Every result is the number of the record or of the ranking itself; the terms sum to it but for
// rounding (the pass sums in float32 and in another order).
#pragma once

#include <span>
#include <vector>

#include "model/decode/decoding.h"
#include "model/pass/model.h"
#include "model/pass/record.h"

namespace model {

// One product of a long sum.
struct Term {
    int dimension = 0;  // of the two vectors; of a sum over keys: the key's position
    float value = 0;
    float weight = 0;
    float product = 0;
};

// One query and one key of a head, from their products to the weight.
struct ScoreArithmetic {
    std::vector<float> q, k;      // [d_head]
    std::vector<float> products;  // q_c * k_c
    float sum = 0;                // of the products
    float scale = 0;              // attention_scale: 1 / sqrt(d_head) in GPT-2
    float score = 0;              // sum * scale
    float largest = 0;            // score of the row
    double total = 0;             // of exp(score - largest) over the row
    float weight = 0;             // exp(score - largest) / total; 0 when masked
    bool uniform = false;         // pinned: the weight is 1 / (query + 1) instead
    bool masked = false;          // the key is later than the query: its score counts as -inf
};

// Any key of `records`, also a masked one: its products and its score are what they would be.
ScoreArithmetic score_arithmetic(const Config& config, const Records& records, int layer, int head,
                                 int query, int key);

// What a head reads at one of its dimensions: the weighted values of the keys up to the query.
struct ValueArithmetic {
    std::vector<Term> terms;  // `value` of V, `weight` of the pattern; largest product first
    float z = 0;              // the record's: their sum, or 0 where the head was ablated
    bool ablated = false;     // z is 0 although the terms are not
};
ValueArithmetic value_arithmetic(const Config& config, const Records& records, int layer, int head,
                                 int query, int dimension);

// One number of the residual stream after `line` blocks (0: the embedding): all that was added.
struct ResidualPart {
    enum class Kind { token, position, attention, mlp };
    Kind kind = Kind::token;
    int layer = 0;  // of attention and MLP
    float value = 0;
};
struct ResidualArithmetic {
    std::vector<ResidualPart> parts;  // in the order of the pass
    float sum = 0;                    // TokenRecord::resid_pre(line)[dimension]
};
ResidualArithmetic residual_arithmetic(const Model& model, const TokenRecord& record, int line,
                                       int dimension);

// The length of a vector: the root of the sum of its squares.
struct LengthArithmetic {
    std::vector<Term> terms;  // value = weight; largest square first
    double squares = 0;
    double length = 0;
};
LengthArithmetic length_arithmetic(std::span<const float> x);

// A neuron of a layer's MLP: the second norm's values times its column of W_in, then the
// activation.
struct NeuronArithmetic {
    std::vector<Term> terms;  // largest product first, whatever its sign
    float bias = 0;
    float pre = 0;   // the record's: the sum of the terms, and the bias
    float post = 0;  // the activation of pre
};
NeuronArithmetic neuron_arithmetic(const Model& model, const TokenRecord& record, int layer,
                                   int neuron);
// The neuron whose value after the activation is the largest.
int strongest_neuron(const Model& model, const TokenRecord& record, int layer);

// The final layer norm at one dimension: (x - mean) * scale * gain + bias.
struct NormArithmetic {
    double mean = 0, variance = 0;  // of the whole stream
    double scale = 0;               // 1 / sqrt(variance + epsilon)
    float x = 0, gain = 0, bias = 0;
    float normed = 0;  // the record's
};
NormArithmetic norm_arithmetic(const Model& model, const TokenRecord& record, int dimension);

// A logit: the final norm's values times the token's row of the unembedding.
struct LogitArithmetic {
    std::vector<Term> terms;  // largest product first, whatever its sign
    float logit = 0;          // their sum, as the model has it
};
LogitArithmetic logit_arithmetic(const Model& model, const TokenRecord& record, int id);

// From a logit to a probability, and to what the decoding strategy makes of it.
struct ProbabilityArithmetic {
    float logit = 0, largest = 0;  // its own; of all tokens
    double total = 0;              // of exp(logit - largest) over the vocabulary
    double probability = 0;        // exp(logit - largest) / total
    double processed = 0;          // the logit after the repetition penalty; -inf: ruled out
    double processed_largest = 0;
    double kept_total = 0;  // of exp((processed - largest) / temperature) over the tokens kept
    double adjusted = 0;    // of that sum; 0: cut
};
// `index` into the ranking that `decoding` decided for the token after `ids`.
ProbabilityArithmetic probability_arithmetic(const Ranking& ranking, const Decoding& decoding,
                                             std::span<const int> ids, int index);

}  // namespace model
