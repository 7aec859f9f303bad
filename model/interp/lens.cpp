#include "model/interp/lens.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "model/base/error.h"
#include "model/base/thread_pool.h"
#include "model/pass/kernels.h"

namespace model {

namespace {

constexpr size_t most_scores = size_t{1} << 25;  // that are held at once: 128 MiB

// Logits of several records that the stream after each block gives; after the last block they are
// the model's own.
struct Scores {
    size_t n_vocab;
    std::vector<float> all;  // [records * layers, n_vocab]

    std::span<const float> row(size_t i) const { return {all.data() + i * n_vocab, n_vocab}; }
};

Scores lens_scores(const Model& model, std::span<const TokenRecord* const> records) {
    const Config& config = model.config;
    const int d = config.d_model, n_vocab = config.n_vocab;
    const int rows = static_cast<int>(records.size()) * config.n_layer;
    std::vector<float> normed(static_cast<size_t>(rows) * d);
    float* out = normed.data();
    for (const TokenRecord* record : records) {
        for (int layer = 0; layer < config.n_layer; ++layer, out += d) {
            normalize(config, model.weights.ln_final, record->resid_post(layer).data(), out);
        }
    }
    Scores scores{static_cast<size_t>(n_vocab),
                  std::vector<float>(static_cast<size_t>(rows) * n_vocab)};
    unembed({normed.data(), rows, d, d}, model.weights.unembed,
            {scores.all.data(), rows, n_vocab, n_vocab});
    return scores;
}

LensReading reading_of(std::span<const float> row, int about) {
    const auto top = static_cast<int>(std::ranges::max_element(row) - row.begin());
    std::vector<int> ids = {top};
    if (about >= 0) ids.push_back(about);
    const std::vector<Standing> stand = standings(row, ids);
    LensReading reading;
    reading.id = top;
    reading.probability = stand.front().probability;
    reading.logit = row[static_cast<size_t>(top)];
    if (about >= 0) reading.chosen = stand.back();
    return reading;
}

using Readings = std::vector<std::vector<LensReading>>;

Readings readings_of(const Model& model, std::span<const TokenRecord* const> records, int about) {
    const auto layers = static_cast<size_t>(model.config.n_layer);
    const size_t at_once =
        std::max<size_t>(1, most_scores / (layers * static_cast<size_t>(model.config.n_vocab)));
    Readings all;
    for (size_t begin = 0; begin < records.size(); begin += at_once) {
        const auto some = records.subspan(begin, std::min(at_once, records.size() - begin));
        const Scores scores = lens_scores(model, some);
        Readings readings(some.size(), std::vector<LensReading>(layers));
        const size_t rows = some.size() * layers;
        share_out(rows, 1, [&](size_t first, size_t last) {
            for (size_t i = first; i < last; ++i) {
                readings[i / layers][i % layers] = reading_of(scores.row(i), about);
            }
        });
        std::ranges::move(readings, std::back_inserter(all));
    }
    return all;
}

}  // namespace

std::vector<LensReading> logit_lens(const Model& model, const TokenRecord& record, int about) {
    const TokenRecord* one[] = {&record};
    check(about < model.config.n_vocab, "logit_lens: id within the vocabulary");
    return readings_of(model, one, about)[0];
}

Readings logit_lens(const Model& model, std::span<const RecordPtr> records, int about) {
    std::vector<const TokenRecord*> pointers;
    for (const RecordPtr& record : records) pointers.push_back(record.get());
    check(about < model.config.n_vocab, "logit_lens: id within the vocabulary");
    return readings_of(model, pointers, about);
}

std::vector<Standing> token_ranks(const Model& model, const TokenRecord& record, int id) {
    std::vector<Standing> standings;
    for (const LensReading& reading : logit_lens(model, record, id)) {
        standings.push_back(reading.chosen);
    }
    return standings;
}

double lens_difference(const Model& model, const TokenRecord& record, const Ranking& ranking) {
    const Config& config = model.config;
    const Weights& w = model.weights;
    const int d = config.d_model;
    std::vector<float> normed(static_cast<size_t>(d)), scores(static_cast<size_t>(config.n_vocab));
    normalize(config, w.ln_final, record.resid_post(config.n_layer - 1).data(), normed.data());
    unembed({normed.data(), 1, d, d}, w.unembed,
            {scores.data(), 1, config.n_vocab, config.n_vocab});
    double largest = 0;
    for (const Candidate& c : ranking.candidates) {
        const double own = c.logit;
        largest = std::max(largest, std::abs(scores[static_cast<size_t>(c.id)] - own));
    }
    return largest;
}

double lens_probability(const Model& model, const TokenRecord& record, int layer,
                        const LensReading& reading, int id) {
    if (id == reading.id) return reading.probability;
    const int d = model.config.d_model;
    std::vector<float> normed(static_cast<size_t>(d)), row(static_cast<size_t>(d));
    normalize(model.config, model.weights.ln_final, record.resid_post(layer).data(), normed.data());
    read_row(model.weights.unembed, id, row.data());
    const double logit = dot(normed.data(), row.data(), d);
    return reading.probability * std::exp(logit - double{reading.logit});
}

const std::vector<LensReading>& LensMemo::read(const Model& model, const RecordPtr& record,
                                               int about) {
    if (const auto* readings = readings_.find({record, about})) return *readings;
    auto readings = logit_lens(model, *record, about);
    if (about >= 0) readings_.put({record, -1}, readings);  // without the token, the same
    return readings_.put({record, about}, std::move(readings));
}

Readings LensMemo::read_all(const Model& model, std::span<const RecordPtr> records) {
    Readings all(records.size());
    Records lacking;
    std::vector<size_t> places;
    for (size_t i = 0; i < records.size(); ++i) {
        if (const auto* readings = readings_.find({records[i], -1})) {
            all[i] = *readings;
        } else {
            lacking.push_back(records[i]);
            places.push_back(i);
        }
    }
    Readings found = logit_lens(model, lacking, -1);
    for (size_t i = 0; i < found.size(); ++i) {
        all[places[i]] = readings_.put({lacking[i], -1}, std::move(found[i]));
    }
    return all;
}

double LensMemo::difference(const Model& model, const RecordPtr& record, const Ranking& ranking) {
    if (const double* known = differences_.find(record)) return *known;
    return differences_.put(record, lens_difference(model, *record, ranking));
}

double norm(const float* x, int n) {
    return std::sqrt(double{dot(x, x, n)});
}

}  // namespace model
