#include "model/attention.h"

#include <cmath>

#include "model/kernels.h"

namespace model {

std::vector<float> attention_scores(const Config& config, const Records& records, int layer,
                                    int head, int query) {
    const int d_head = config.d_head();
    const float scale = 1.0f / std::sqrt(static_cast<float>(d_head));
    const size_t at = static_cast<size_t>(head) * d_head;
    const float* q = records[query]->q(layer).data() + at;
    std::vector<float> scores(static_cast<size_t>(query) + 1);
    for (int key = 0; key <= query; ++key) {
        scores[key] = dot(q, records[key]->k(layer).data() + at, d_head) * scale;
    }
    return scores;
}

std::vector<float> attention_row(const Config& config, const Records& records, int layer, int head,
                                 int query) {
    std::vector<float> row = attention_scores(config, records, layer, head, query);
    softmax(row.data(), query + 1);
    return row;
}

HeadIndex most_telling_head(const Config& config, const Records& records) {
    HeadIndex best;
    float strongest = -1;
    const int last = static_cast<int>(records.size()) - 1;
    for (int layer = 0; layer < config.n_layer; ++layer) {
        for (int head = 0; head < config.n_head; ++head) {
            const auto row = attention_row(config, records, layer, head, last);
            // The token itself and the one before it are every model's habit too.
            for (int key = 1; key + 1 < last; ++key) {
                if (row[key] > strongest) {
                    strongest = row[key];
                    best = {layer, head};
                }
            }
        }
    }
    return best;
}

const AttentionPattern& AttentionMemo::pattern(const Config& config, const Records& records,
                                               int layer, int head) {
    Head& held = heads_[layer * config.n_head + head];
    size_t same = 0;
    while (same < held.records.size() && same < records.size() &&
           held.records[same] == records[same]) {
        ++same;
    }
    held.records.resize(same);
    held.rows.resize(same);
    for (size_t i = same; i < records.size(); ++i) {
        held.rows.push_back(attention_row(config, records, layer, head, static_cast<int>(i)));
        held.records.push_back(records[i]);
    }
    return held.rows;
}

}  // namespace model
