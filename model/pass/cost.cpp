#include "model/pass/cost.h"

#include "model/base/error.h"

namespace model {

PassCost& PassCost::operator+=(const PassCost& other) {
    qkv += other.qkv;
    scores += other.scores;
    weighted_values += other.weighted_values;
    attn_out += other.attn_out;
    mlp += other.mlp;
    unembedding += other.unembedding;
    weight_bytes += other.weight_bytes;
    cache_bytes += other.cache_bytes;
    return *this;
}

PassCost pass_cost(const Config& config, Precision precision, int n, int m) {
    check(n >= 1 && m >= 0, "pass_cost: a pass has new positions");
    const int64_t d = config.d_model, f = config.d_mlp, layers = config.n_layer;
    const int64_t vocabulary = config.n_vocab, rows = n;
    const int64_t pairs = rows * m + rows * (rows + 1) / 2;
    PassCost cost;
    cost.qkv = layers * rows * 3 * d * d;
    cost.scores = cost.weighted_values = layers * pairs * d;
    cost.attn_out = layers * rows * d * d;
    cost.mlp = layers * rows * 2 * d * f;
    cost.unembedding = d * vocabulary;

    const int64_t matrix = precision == Precision::f16 ? 2 : 4, vector = 4;
    const int64_t block_matrices = 4 * d * d + 2 * d * f;
    // Gains of two norms; their biases and those of q, k, v, W_O, W_in and W_out.
    const int64_t block_vectors = 2 * d + (config.biases ? 2 * d + 3 * d + d + f + d : 0);
    const int64_t last_vectors = config.biases ? 2 * d : d;
    cost.weight_bytes = layers * (block_matrices * matrix + block_vectors * vector) +
                        last_vectors * vector + vocabulary * d * matrix + rows * 2 * d * matrix;
    cost.cache_bytes = kv_bytes(config, m);
    return cost;
}

PassCost run_cost(const Config& config, Precision precision, int prompt_length, int length,
                  Passes passes) {
    PassCost sum = pass_cost(config, precision, prompt_length, 0);
    for (int n = prompt_length + 1; n <= length; ++n) {
        sum += passes == Passes::naive ? pass_cost(config, precision, n, 0)
                                       : pass_cost(config, precision, 1, n - 1);
    }
    return sum;
}

int64_t kv_bytes(const Config& config, int n) {
    return int64_t{2} * config.n_layer * n * config.d_model * int64_t{sizeof(float)};
}

}  // namespace model
