#include "model/lens.h"

#include <algorithm>
#include <cmath>

#include "model/kernels.h"

namespace model {

namespace {

constexpr size_t remembered = 64;

}  // namespace

std::vector<LensReading> logit_lens(const Model& model, const TokenRecord& record, int about) {
    const Config& config = model.config;
    const Weights& w = model.weights;
    const int d = config.d_model;
    std::vector<float> normed(static_cast<size_t>(config.n_layer) * d);
    std::vector<float> scores(static_cast<size_t>(config.n_layer) * config.n_vocab);
    for (int l = 0; l < config.n_layer; ++l) {
        layer_norm(record.resid_post(l).data(), w.ln_final_gain, w.ln_final_bias, config.ln_eps, d,
                   normed.data() + static_cast<size_t>(l) * d);
    }
    unembed({normed.data(), config.n_layer, d, d}, w.unembed,
            {scores.data(), config.n_layer, config.n_vocab, config.n_vocab});
    std::vector<LensReading> readings;
    for (int l = 0; l < config.n_layer; ++l) {
        const float* row = scores.data() + static_cast<size_t>(l) * config.n_vocab;
        const int best = static_cast<int>(std::max_element(row, row + config.n_vocab) - row);
        double sum = 0;
        for (int i = 0; i < config.n_vocab; ++i) sum += std::exp(double{row[i]} - row[best]);
        LensReading reading{best, 1 / sum, 0};
        if (about >= 0) reading.chosen_probability = std::exp(double{row[about]} - row[best]) / sum;
        readings.push_back(reading);
    }
    return readings;
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
