#include "model/interp/attribution.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "model/base/error.h"
#include "model/base/thread_pool.h"
#include "model/pass/kernels.h"

namespace model {

namespace {

using Vector = std::vector<double>;

constexpr int worth_sharing = 256;  // columns of W_O

// In double: parts may be much larger than the logit they make.
double along(const Vector& direction, std::span<const float> x) {
    return std::inner_product(direction.begin(), direction.end(), x.begin(), 0.0);
}

std::vector<float> row_of(const Matrix& w, int row) {
    std::vector<float> values(static_cast<size_t>(w.cols));
    read_row(w, row, values.data());
    return values;
}

// What a part is multiplied with to give its share. With the norm's scale s, gain g and the token's
// row u of the unembedding, a part x adds s * sum (x_j - mean(x)) g_j u_j
// = sum x_j * s (g_j u_j - mean(g u)).
Vector direction_of(const Model& model, const TokenRecord& record, const std::vector<float>& u) {
    const auto d = static_cast<double>(u.size());
    const double scale = final_scale(model, record);
    Vector direction;
    for (size_t j = 0; j < u.size(); ++j) {
        direction.push_back(double{model.weights.ln_final.gain[j]} * u[j]);
    }
    const double centre = std::accumulate(direction.begin(), direction.end(), 0.0) / d;
    for (double& x : direction) x = scale * (x - centre);
    return direction;
}

LogitParts::Layer layer_parts(const Model& model, const TokenRecord& record, int layer,
                              const Vector& direction) {
    const LayerWeights& w = model.weights.layers[static_cast<size_t>(layer)];
    const auto d_head = static_cast<size_t>(model.config.d_head());
    const auto z = record.z(layer);
    LogitParts::Layer parts;
    parts.heads.resize(static_cast<size_t>(model.config.n_head));
    std::vector<float> row(z.size());
    for (size_t j = 0; j < z.size(); ++j) {
        read_row(w.attn_out, static_cast<int>(j), row.data());
        parts.heads[j / d_head] += z[j] * along(direction, row);
    }
    const Ablation* ablation = record.ablation();
    const bool off = ablation && ablation->layers.contains(layer);
    parts.attn_bias = off ? 0 : along(direction, {w.attn_out_bias, direction.size()});
    parts.mlp = along(direction, record.mlp_out(layer));
    return parts;
}

}  // namespace

double final_scale(const Model& model, const TokenRecord& record) {
    const std::vector<float> stream = record.resid_pre(model.config.n_layer);
    const auto d = static_cast<double>(stream.size());
    const double mean = std::accumulate(stream.begin(), stream.end(), 0.0) / d;
    double variance = 0;
    for (const float x : stream) variance += (x - mean) * (x - mean) / d;
    return 1 / std::sqrt(variance + model.config.ln_eps);
}

double LogitParts::sum() const {
    double sum = embedding + norm_bias;
    for (const Layer& layer : layers) {
        sum += std::accumulate(layer.heads.begin(), layer.heads.end(), 0.0);
        sum += layer.attn_bias + layer.mlp;
    }
    return sum;
}

LogitParts attribute_logit(const Model& model, const TokenRecord& record, int id) {
    const Config& config = model.config;
    check(id >= 0 && id < config.n_vocab, "attribute_logit: id within the vocabulary");
    const std::vector<float> u = row_of(model.weights.unembed, id);
    const Vector direction = direction_of(model, record, u);
    LogitParts parts;
    parts.id = id;
    parts.logit = dot(record.ln_final().data(), u.data(), config.d_model);
    parts.embedding = along(direction, record.embedded());
    parts.layers.resize(static_cast<size_t>(config.n_layer));
    const auto layers = static_cast<size_t>(config.n_layer);
    share_out(layers, config.d_model >= worth_sharing ? 1 : layers, [&](size_t begin, size_t end) {
        for (size_t layer = begin; layer < end; ++layer) {
            parts.layers[layer] = layer_parts(model, record, static_cast<int>(layer), direction);
        }
    });
    parts.norm_bias = along({u.begin(), u.end()}, {model.weights.ln_final.bias, u.size()});
    return parts;
}

std::vector<std::vector<std::vector<double>>> logit_by_source(const Model& model,
                                                              const Records& records, int position,
                                                              int id) {
    const Config& config = model.config;
    const TokenRecord& record = *records[static_cast<size_t>(position)];
    const Vector direction = direction_of(model, record, row_of(model.weights.unembed, id));
    const auto d_head = static_cast<size_t>(config.d_head()), n_head = size_t(config.n_head);
    std::vector<std::vector<std::vector<double>>> parts(static_cast<size_t>(config.n_layer),
                                                        std::vector<std::vector<double>>(n_head));
    share_out(parts.size() * n_head, 1, [&](size_t begin, size_t end) {
        std::vector<float> row(static_cast<size_t>(config.d_model));
        for (size_t i = begin; i < end; ++i) {
            const auto layer = static_cast<int>(i / n_head), head = static_cast<int>(i % n_head);
            const Matrix& w_o = model.weights.layers[static_cast<size_t>(layer)].attn_out;
            const size_t at = static_cast<size_t>(head) * d_head;
            Vector through(d_head);  // what each number of the head's value adds
            for (size_t j = 0; j < d_head; ++j) {
                read_row(w_o, static_cast<int>(at + j), row.data());
                through[j] = along(direction, row);
            }
            const bool off = record.ablation() && record.ablation()->head_off(layer, head);
            std::vector<double>& sources = parts[i / n_head][i % n_head];
            sources.resize(static_cast<size_t>(position) + 1);
            if (off) continue;
            const std::vector<float> weights =
                attention_row(config, records, layer, head, position);
            for (size_t from = 0; from < sources.size(); ++from) {
                sources[from] =
                    weights[from] * along(through, records[from]->v(layer).subspan(at, d_head));
            }
        }
    });
    return parts;
}

HeadIndex most_telling_head(const Model& model, const TokenRecord& record, int id) {
    const LogitParts parts = attribute_logit(model, record, id);
    HeadIndex best;
    double most = -std::numeric_limits<double>::infinity();
    for (int layer = 0; layer < model.config.n_layer; ++layer) {
        const std::vector<double>& heads = parts.layers[static_cast<size_t>(layer)].heads;
        const auto largest = std::ranges::max_element(heads);
        if (*largest <= most) continue;
        most = *largest;
        best = {layer, static_cast<int>(largest - heads.begin())};
    }
    return best;
}

}  // namespace model
