// Attention scores and patterns of finished records, computed again from queries and keys.
//
// Storing them would cost more than everything else together (n_layer * n_head * n * n); they are
// asked for one head at a time, and remembered by whoever draws them. A row belongs to a record and
// never changes.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "model/pass/config.h"
#include "model/pass/record.h"

namespace model {

// q . k times attention_scale of position `query` with keys 0..query. Later positions are masked:
// -inf, not part of the row.
std::vector<float> attention_scores(const Config& config, const Records& records, int layer,
                                    int head, int query);
// Softmax of the scores, or equal weights where the pass pinned them (model/pass/ablation.h): sums
// to 1.
std::vector<float> attention_row(const Config& config, const Records& records, int layer, int head,
                                 int query);

struct HeadIndex {
    int layer = 0;
    int head = 0;
};

// A head's pattern: rows[i] has i + 1 weights, those of query i.
using AttentionPattern = std::vector<std::vector<float>>;

// Calls `visit` with the row of every head for each query from `first` on, the same bits as
// attention_row. One thread visits all rows of a head, in order; several threads visit different
// heads at once. The row may be changed, and is gone afterwards.
using HeadVisit = std::function<void(int layer, int head, int query, std::vector<float>& row)>;
void visit_heads(const Config& config, const Records& records, int first, const HeadVisit& visit);

// The same for the heads of one layer, all at a time: `rows` has one for each head. Several threads
// visit different queries at once, in no order.
using LayerVisit = std::function<void(int query, std::span<std::vector<float>> rows)>;
void visit_layer(const Config& config, const Records& records, int layer, int first,
                 const LayerVisit& visit);

// How the heads of a layer become one row: each weight the mean or the largest of theirs. Means sum
// to 1 again, the largest do not.
enum class HeadMix { one, mean, max };
std::vector<float> mixed_row(std::span<const std::vector<float>> rows, HeadMix mix);

}  // namespace model
