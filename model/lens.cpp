#include "model/lens.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "model/kernels.h"
#include "model/transformer.h"

namespace model {

namespace {

constexpr size_t remembered = 64;

// Logits [n_layer, n_vocab] that the stream after each block gives.
std::vector<float> lens_logits(const Model& model, const TokenRecord& record) {
    const Config& config = model.config;
    const Weights& w = model.weights;
    const int d = config.d_model;
    const int earlier = config.n_layer - 1;
    std::vector<float> normed(static_cast<size_t>(earlier) * d);
    std::vector<float> scores(static_cast<size_t>(config.n_layer) * config.n_vocab);
    for (int l = 0; l < earlier; ++l) {
        layer_norm(record.resid_post(l).data(), w.ln_final_gain, w.ln_final_bias, config.ln_eps, d,
                   normed.data() + static_cast<size_t>(l) * d);
    }
    if (earlier > 0) {
        unembed({normed.data(), earlier, d, d}, w.unembed,
                {scores.data(), earlier, config.n_vocab, config.n_vocab});
    }
    // The last row is the model's own, to the bit: a product of many rows may round otherwise.
    std::ranges::copy(logits(w, record), scores.end() - config.n_vocab);
    return scores;
}

}  // namespace

std::vector<LensReading> logit_lens(const Model& model, const TokenRecord& record, int about) {
    const auto n_vocab = static_cast<size_t>(model.config.n_vocab);
    const std::vector<float> scores = lens_logits(model, record);
    std::vector<LensReading> readings;
    for (size_t at = 0; at < scores.size(); at += n_vocab) {
        const std::span<const float> row(scores.data() + at, n_vocab);
        LensReading reading;
        reading.id = static_cast<int>(std::ranges::max_element(row) - row.begin());
        reading.probability = standing(row, reading.id).probability;
        reading.logit = row[static_cast<size_t>(reading.id)];
        if (about >= 0) reading.chosen = standing(row, about);
        readings.push_back(reading);
    }
    return readings;
}

std::vector<Standing> token_ranks(const Model& model, const TokenRecord& record, int id) {
    std::vector<Standing> standings;
    for (const LensReading& reading : logit_lens(model, record, id)) {
        standings.push_back(reading.chosen);
    }
    return standings;
}

double lens_probability(const Model& model, const TokenRecord& record, int layer,
                        const LensReading& reading, int id) {
    if (id == reading.id) return reading.probability;
    const int d = model.config.d_model;
    std::vector<float> normed(static_cast<size_t>(d)), row(static_cast<size_t>(d));
    layer_norm(record.resid_post(layer).data(), model.weights.ln_final_gain,
               model.weights.ln_final_bias, model.config.ln_eps, d, normed.data());
    read_row(model.weights.unembed, id, row.data());
    const double logit = dot(normed.data(), row.data(), d);
    return reading.probability * std::exp(logit - double{reading.logit});
}

const std::vector<LensReading>& LensMemo::read(const Model& model, const RecordPtr& record,
                                               int about) {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) {
        return e.record == record && e.about == about;
    });
    if (found != entries_.end()) return found->readings;
    if (entries_.size() == remembered) entries_.erase(entries_.begin());
    entries_.push_back({record, about, logit_lens(model, *record, about)});
    return entries_.back().readings;
}

double norm(const float* x, int n) {
    return std::sqrt(double{dot(x, x, n)});
}

}  // namespace model
