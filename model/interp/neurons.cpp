#include "model/interp/neurons.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "model/base/error.h"
#include "model/interp/attribution.h"
#include "model/interp/lens.h"
#include "model/pass/kernels.h"

namespace model {

namespace {

const LayerWeights& weights_of(const Model& model, int layer) {
    check(layer >= 0 && layer < model.config.n_layer, "neurons: layer of the model");
    return model.weights.layers[static_cast<size_t>(layer)];
}

// A row of W_out without its mean, times the final norm's gain: its product with a row of the
// unembedding is the score.
void read_direction(const Model& model, int layer, int index, float* out) {
    check(index >= 0 && index < model.config.d_mlp, "neurons: neuron of the MLP");
    const int d = model.config.d_model;
    read_row(weights_of(model, layer).mlp_out, index, out);
    const double mean = std::accumulate(out, out + d, 0.0) / d;
    for (int j = 0; j < d; ++j) {
        out[j] = static_cast<float>((out[j] - mean) * model.weights.ln_final.gain[j]);
    }
}

std::vector<Promoted> highest(std::span<const float> scores, int most) {
    std::vector<Promoted> best;  // few: kept in order
    for (size_t id = 0; id < scores.size(); ++id) {
        const bool full = static_cast<int>(best.size()) == most;
        if (full && !(scores[id] > best.back().score)) continue;
        if (full) best.pop_back();
        const auto at =
            std::ranges::upper_bound(best, scores[id], std::greater{}, &Promoted::score);
        best.insert(at, {static_cast<int>(id), scores[id]});
    }
    return best;
}

}  // namespace

std::vector<float> neuron_values(const Model& model, const TokenRecord& record, int layer) {
    const auto pre = record.mlp_pre(layer);
    std::vector<float> post(pre.size());
    model.config.activation->apply(pre.data(), static_cast<int>(pre.size()), post.data());
    return post;
}

std::vector<double> output_lengths(const Model& model, int layer) {
    const Matrix& w = weights_of(model, layer).mlp_out;
    std::vector<float> row(static_cast<size_t>(w.cols));
    std::vector<double> lengths;
    for (int i = 0; i < w.rows; ++i) {
        read_row(w, i, row.data());
        lengths.push_back(norm(row.data(), w.cols));
    }
    return lengths;
}

Neuron neuron_at(const Model& model, const TokenRecord& record, int layer,
                 std::span<const double> lengths, int index) {
    const auto i = static_cast<size_t>(index);
    check(index >= 0 && i < lengths.size(), "neurons: neuron of the MLP");
    const float post = neuron_values(model, record, layer)[i];
    return {index, record.mlp_pre(layer)[i], post, std::abs(post) * lengths[i]};
}

std::vector<Neuron> strongest_neurons(const Model& model, const TokenRecord& record, int layer,
                                      std::span<const double> lengths, int most) {
    const auto pre = record.mlp_pre(layer);
    const std::vector<float> post = neuron_values(model, record, layer);
    check(lengths.size() == post.size(), "neurons: a length for each");
    std::vector<Neuron> all;
    for (size_t i = 0; i < post.size(); ++i) {
        all.push_back({static_cast<int>(i), pre[i], post[i], std::abs(post[i]) * lengths[i]});
    }
    const auto kept = static_cast<size_t>(std::clamp(most, 0, static_cast<int>(all.size())));
    std::ranges::partial_sort(
        all, all.begin() + static_cast<long>(kept), [](const Neuron& a, const Neuron& b) {
            return a.length != b.length ? a.length > b.length : a.index < b.index;
        });
    all.resize(kept);
    return all;
}

std::vector<std::vector<Promoted>> promoted_tokens(const Model& model, int layer,
                                                   std::span<const int> neurons, int most) {
    const int d = model.config.d_model, n_vocab = model.config.n_vocab;
    const int n = static_cast<int>(neurons.size());
    if (n == 0 || most <= 0) return std::vector<std::vector<Promoted>>(neurons.size());
    std::vector<float> directions(static_cast<size_t>(n) * d);
    for (int i = 0; i < n; ++i) {
        read_direction(model, layer, neurons[static_cast<size_t>(i)],
                       directions.data() + static_cast<size_t>(i) * d);
    }
    std::vector<float> scores(static_cast<size_t>(n) * n_vocab);
    unembed({directions.data(), n, d, d}, model.weights.unembed,
            {scores.data(), n, n_vocab, n_vocab});
    std::vector<std::vector<Promoted>> promoted;
    for (size_t i = 0; i < neurons.size(); ++i) {
        const auto vocabulary = static_cast<size_t>(n_vocab);
        promoted.push_back(highest({scores.data() + i * vocabulary, vocabulary}, most));
    }
    return promoted;
}

double neuron_share(const Model& model, const TokenRecord& record, int layer, int index, int id) {
    const auto d = static_cast<size_t>(model.config.d_model);
    check(id >= 0 && id < model.config.n_vocab, "neuron_share: id within the vocabulary");
    std::vector<float> direction(d), u(d);
    read_direction(model, layer, index, direction.data());
    read_row(model.weights.unembed, id, u.data());
    const double score = std::inner_product(u.begin(), u.end(), direction.begin(), 0.0);
    const double post = neuron_values(model, record, layer)[static_cast<size_t>(index)];
    return post * score * final_scale(model, record);
}

}  // namespace model
