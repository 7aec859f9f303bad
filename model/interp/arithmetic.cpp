#include "model/interp/arithmetic.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "model/base/error.h"
#include "model/interp/neurons.h"
#include "model/pass/attention.h"
#include "model/pass/attention_scale.h"
#include "model/pass/kernels.h"

namespace model {

namespace {

void largest_first(std::vector<Term>& terms) {
    std::ranges::stable_sort(terms, [](const Term& x, const Term& y) {
        return std::abs(x.product) > std::abs(y.product);
    });
}

bool all_zero(std::span<const float> x) {
    return std::ranges::all_of(x, [](float value) { return value == 0; });
}

}  // namespace

ScoreArithmetic score_arithmetic(const Config& config, const Records& records, int layer, int head,
                                 int query, int key) {
    const auto n = static_cast<int>(records.size());
    check(key >= 0 && key < n && query >= 0 && query < n, "score_arithmetic: positions there are");
    const auto d_head = static_cast<size_t>(config.d_head());
    const auto of_head = [&](std::span<const float> x) {
        const auto part = x.subspan(static_cast<size_t>(head) * d_head, d_head);
        return std::vector<float>(part.begin(), part.end());
    };
    ScoreArithmetic a;
    a.q = of_head(records[static_cast<size_t>(query)]->q(layer));
    a.k = of_head(records[static_cast<size_t>(key)]->k(layer));
    for (size_t c = 0; c < d_head; ++c) a.products.push_back(a.q[c] * a.k[c]);
    // Summed as the kernels sum, so that every number is the one that is drawn.
    a.sum = dot(a.q.data(), a.k.data(), config.d_head());
    a.scale = attention_scale(config, layer);
    std::vector<float> row = attention_scores(config, records, layer, head, query);
    a.masked = key > query;
    a.score = a.masked ? a.sum * a.scale : row[static_cast<size_t>(key)];
    a.largest = *std::max_element(row.begin(), row.end());
    for (const float score : row) a.total += std::exp(double{score} - a.largest);
    a.uniform = records[static_cast<size_t>(query)]->is_uniform(layer, head);
    row = attention_row(config, records, layer, head, query);
    a.weight = a.masked ? 0 : row[static_cast<size_t>(key)];
    return a;
}

ValueArithmetic value_arithmetic(const Config& config, const Records& records, int layer, int head,
                                 int query, int dimension) {
    check(query >= 0 && query < static_cast<int>(records.size()) && dimension >= 0 &&
              dimension < config.d_head(),
          "value_arithmetic: a position and a dimension of the head");
    const size_t first = static_cast<size_t>(head) * config.d_head();
    const size_t at = first + static_cast<size_t>(dimension);
    const std::vector<float> row = attention_row(config, records, layer, head, query);
    ValueArithmetic a;
    for (int key = 0; key <= query; ++key) {
        const float value = records[static_cast<size_t>(key)]->v(layer)[at];
        const float weight = row[static_cast<size_t>(key)];
        a.terms.push_back({key, value, weight, value * weight});
    }
    const auto z = records[static_cast<size_t>(query)]->z(layer);
    a.z = z[at];
    a.ablated = all_zero(z.subspan(first, static_cast<size_t>(config.d_head()))) &&
                std::ranges::any_of(a.terms, [](const Term& t) { return t.product != 0; });
    largest_first(a.terms);
    return a;
}

ResidualArithmetic residual_arithmetic(const Model& model, const TokenRecord& record, int line,
                                       int dimension) {
    const Config& config = model.config;
    check(line >= 0 && line <= config.n_layer && dimension >= 0 && dimension < config.d_model,
          "residual_arithmetic: a line and a dimension of the stream");
    const auto j = static_cast<size_t>(dimension);
    std::vector<float> row(static_cast<size_t>(config.d_model));
    ResidualArithmetic a;
    using Kind = ResidualPart::Kind;
    read_row(model.weights.wte, record.id(), row.data());
    a.parts.push_back({Kind::token, 0, row[j]});
    read_row(model.weights.wpe, record.position(), row.data());
    a.parts.push_back({Kind::position, 0, row[j]});
    a.sum = record.embedded()[j];
    for (int layer = 0; layer < line; ++layer) {
        const float attn = record.attn_out(layer)[j], mlp = record.mlp_out(layer)[j];
        a.parts.push_back({Kind::attention, layer, attn});
        a.parts.push_back({Kind::mlp, layer, mlp});
        a.sum = (a.sum + attn) + mlp;
    }
    return a;
}

LengthArithmetic length_arithmetic(std::span<const float> x) {
    LengthArithmetic a;
    for (size_t j = 0; j < x.size(); ++j) {
        a.terms.push_back({static_cast<int>(j), x[j], x[j], x[j] * x[j]});
        a.squares += double{x[j]} * x[j];
    }
    a.length = std::sqrt(a.squares);
    largest_first(a.terms);
    return a;
}

NeuronArithmetic neuron_arithmetic(const Model& model, const TokenRecord& record, int layer,
                                   int neuron) {
    const Config& config = model.config;
    check(layer >= 0 && layer < config.n_layer && neuron >= 0 && neuron < config.d_mlp,
          "neuron_arithmetic: a neuron of a layer");
    const LayerWeights& w = model.weights.layers[static_cast<size_t>(layer)];
    const std::vector<float> x = record.resid_mid(layer);
    std::vector<float> normed(x.size()), column(x.size());
    normalize(config, w.ln2, x.data(), normed.data());
    read_column(w.mlp_in, neuron, column.data());
    NeuronArithmetic a;
    for (size_t j = 0; j < x.size(); ++j) {
        a.terms.push_back({static_cast<int>(j), normed[j], column[j], normed[j] * column[j]});
    }
    largest_first(a.terms);
    a.bias = w.mlp_in_bias[neuron];
    a.pre = record.mlp_pre(layer)[static_cast<size_t>(neuron)];
    a.post = apply(*config.activation, a.pre);
    return a;
}

int strongest_neuron(const Model& model, const TokenRecord& record, int layer) {
    const std::vector<float> post = neuron_values(model, record, layer);
    return static_cast<int>(std::ranges::max_element(post) - post.begin());
}

NormArithmetic norm_arithmetic(const Model& model, const TokenRecord& record, int dimension) {
    const Config& config = model.config;
    check(dimension >= 0 && dimension < config.d_model, "norm_arithmetic: a dimension");
    const auto j = static_cast<size_t>(dimension);
    const std::vector<float> x = record.resid_pre(config.n_layer);
    NormArithmetic a;
    for (const float value : x) a.mean += value;
    a.mean /= config.d_model;
    for (const float value : x) a.variance += (value - a.mean) * (value - a.mean);
    a.variance /= config.d_model;
    a.scale = 1 / std::sqrt(a.variance + config.ln_eps);
    a.x = x[j];
    a.gain = model.weights.ln_final.gain[j];
    a.bias = model.weights.ln_final.bias[j];
    a.normed = record.ln_final()[j];
    return a;
}

LogitArithmetic logit_arithmetic(const Model& model, const TokenRecord& record, int id) {
    check(id >= 0 && id < model.config.n_vocab, "logit_arithmetic: id within the vocabulary");
    const auto values = record.ln_final();
    std::vector<float> weights(values.size());
    read_row(model.weights.unembed, id, weights.data());
    LogitArithmetic a;
    for (size_t j = 0; j < values.size(); ++j) {
        a.terms.push_back({static_cast<int>(j), values[j], weights[j], values[j] * weights[j]});
    }
    largest_first(a.terms);
    a.logit = dot(values.data(), weights.data(), model.config.d_model);
    return a;
}

ProbabilityArithmetic probability_arithmetic(const Ranking& ranking, const Decoding& decoding,
                                             std::span<const int> ids, int index) {
    const auto& all = ranking.candidates;
    check(index >= 0 && static_cast<size_t>(index) < all.size(),
          "probability_arithmetic: an index into the ranking");
    const Candidate& own = all[static_cast<size_t>(index)];
    ProbabilityArithmetic a;
    a.logit = own.logit;
    a.largest = all[0].logit;
    a.probability = own.probability;
    a.adjusted = own.adjusted;
    const std::vector<double> processed = processed_logits(ranking, decoding, ids);
    a.processed = processed[static_cast<size_t>(index)];
    a.processed_largest = *std::ranges::max_element(processed);
    for (size_t i = 0; i < all.size(); ++i) {
        a.total += std::exp(double{all[i].logit} - a.largest);
        if (all[i].adjusted > 0) {
            a.kept_total += std::exp((processed[i] - a.processed_largest) / decoding.temperature);
        }
    }
    return a;
}

}  // namespace model
