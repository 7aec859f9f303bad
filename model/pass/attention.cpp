#include "model/pass/attention.h"

#include <algorithm>

#include "model/base/error.h"
#include "model/base/thread_pool.h"
#include "model/pass/attention_scale.h"
#include "model/pass/kernels.h"

namespace model {

namespace {

constexpr double worth_sharing = 1e6;  // products, about

// The keys of one head, one after the other: records lie far apart.
std::vector<float> keys_of(const Records& records, int layer, size_t at, int d_head) {
    std::vector<float> keys;
    keys.reserve(records.size() * static_cast<size_t>(d_head));
    for (const RecordPtr& record : records) {
        const float* k = record->k(layer).data() + at;
        keys.insert(keys.end(), k, k + d_head);
    }
    return keys;
}

std::vector<float> uniform_row(int query) {
    const auto keys = static_cast<size_t>(query) + 1;
    return std::vector<float>(keys, 1.0f / static_cast<float>(keys));
}

bool large(const Config& config, int heads, int queries, int n) {
    return static_cast<double>(heads) * queries * n * config.d_head() > worth_sharing;
}

}  // namespace

std::vector<float> attention_scores(const Config& config, const Records& records, int layer,
                                    int head, int query) {
    const int d_head = config.d_head();
    const float scale = attention_scale(config, layer);
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
    if (records[query]->is_uniform(layer, head)) return uniform_row(query);
    std::vector<float> row = attention_scores(config, records, layer, head, query);
    softmax(row.data(), query + 1);
    return row;
}

void visit_heads(const Config& config, const Records& records, int first, const HeadVisit& visit) {
    const int n = static_cast<int>(records.size());
    const int d_head = config.d_head();
    const int heads = config.n_layer * config.n_head;
    const auto visit_head = [&](int layer, int head) {
        if (n - first == 1) {  // each key is needed once: read where it is
            std::vector<float> row = attention_row(config, records, layer, head, first);
            visit(layer, head, first, row);
            return;
        }
        const size_t at = static_cast<size_t>(head) * d_head;
        const float scale = attention_scale(config, layer);
        const std::vector<float> keys = keys_of(records, layer, at, d_head);
        std::vector<float> row;
        for (int query = first; query < n; ++query) {
            if (records[query]->is_uniform(layer, head)) {
                row = uniform_row(query);
                visit(layer, head, query, row);
                continue;
            }
            const float* q = records[query]->q(layer).data() + at;
            row.resize(static_cast<size_t>(query) + 1);
            dots({q, 1, d_head, d_head}, {keys.data(), query + 1, d_head, d_head},
                 {row.data(), 1, query + 1, query + 1});
            for (float& score : row) score *= scale;
            softmax(row.data(), query + 1);
            visit(layer, head, query, row);
        }
    };
    const auto all = static_cast<size_t>(heads);
    share_out(all, large(config, heads, n - first, n) ? 1 : all, [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) {
            visit_head(static_cast<int>(i) / config.n_head, static_cast<int>(i) % config.n_head);
        }
    });
}

void visit_layer(const Config& config, const Records& records, int layer, int first,
                 const LayerVisit& visit) {
    const int n = static_cast<int>(records.size());
    const auto queries = static_cast<size_t>(n - first);
    const size_t piece = large(config, config.n_head, n - first, n) ? 1 : queries;
    share_out(queries, piece, [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) {
            const int query = first + static_cast<int>(i);
            std::vector<std::vector<float>> rows;
            for (int head = 0; head < config.n_head; ++head) {
                rows.push_back(attention_row(config, records, layer, head, query));
            }
            visit(query, rows);
        }
    });
}

std::vector<float> mixed_row(std::span<const std::vector<float>> rows, HeadMix mix) {
    check(mix != HeadMix::one, "mixed_row: of several heads");
    std::vector<float> mixed(rows.front().size());
    for (const std::vector<float>& row : rows) {
        for (size_t key = 0; key < mixed.size(); ++key) {
            mixed[key] =
                mix == HeadMix::max ? std::max(mixed[key], row[key]) : mixed[key] + row[key];
        }
    }
    if (mix == HeadMix::mean) {
        for (float& weight : mixed) weight /= static_cast<float>(rows.size());
    }
    return mixed;
}

}  // namespace model
