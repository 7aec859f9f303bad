#include "model/arithmetic.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "model/attention.h"
#include "model/error.h"
#include "model/kernels.h"

namespace model {

ScoreArithmetic score_arithmetic(const Config& config, const Records& records, int layer, int head,
                                 int query, int key) {
    check(key >= 0 && key <= query && query < static_cast<int>(records.size()),
          "score_arithmetic: a key up to the query");
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
    a.scale = 1.0f / std::sqrt(static_cast<float>(d_head));
    std::vector<float> row = attention_scores(config, records, layer, head, query);
    a.score = row[static_cast<size_t>(key)];
    a.largest = *std::max_element(row.begin(), row.end());
    for (const float score : row) a.total += std::exp(double{score} - a.largest);
    softmax(row.data(), query + 1);
    a.weight = row[static_cast<size_t>(key)];
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
    std::ranges::stable_sort(a.terms, [](const LogitTerm& x, const LogitTerm& y) {
        return std::abs(x.product) > std::abs(y.product);
    });
    a.logit = dot(values.data(), weights.data(), model.config.d_model);
    return a;
}

}  // namespace model
