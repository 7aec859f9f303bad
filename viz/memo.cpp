#include "viz/memo.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace viz {

namespace {

constexpr float nothing = std::numeric_limits<float>::quiet_NaN();

int common_prefix(const model::Records& a, const model::Records& b) {
    return static_cast<int>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                            a.begin());
}

double norm(std::span<const float> x) {
    return model::norm(x.data(), static_cast<int>(x.size()));
}

Norms norms_of(const model::TokenRecord& record) {
    Norms norms;
    for (int l = 0; l < record.n_layer(); ++l) {
        norms.resid.push_back(norm(record.resid_pre(l)));
        norms.attn.push_back(norm(record.attn_out(l)));
        norms.mlp.push_back(norm(record.mlp_out(l)));
    }
    norms.resid.push_back(norm(record.resid_pre(record.n_layer())));
    return norms;
}

// Twice the positions a cell: four cells become one.
void coarsen(Thumbnail& t) {
    std::vector<float> merged(t.cells.size(), nothing);
    for (int row = 0; row < Thumbnail::stride; ++row) {
        for (int col = 0; col < Thumbnail::stride; ++col) {
            float& cell = merged[row / 2 * Thumbnail::stride + col / 2];
            cell = std::fmax(cell, t.at(row, col));
        }
    }
    t.cells = std::move(merged);
    t.bin *= 2;
}

}  // namespace

const std::vector<Norms>& NormMemo::read(const model::Records& records) {
    const int same = common_prefix(records_, records);
    records_ = records;
    norms_.resize(same);
    for (size_t i = same; i < records.size(); ++i) norms_.push_back(norms_of(*records[i]));
    return norms_;
}

const Norms& NormMemo::at(const model::Records& records, int position) {
    const auto i = static_cast<size_t>(position);
    if (i < records_.size() && records_[i] == records[i]) return norms_[i];
    if (single_record_ != records[i]) {
        single_record_ = records[i];
        single_ = norms_of(*records[i]);
    }
    return single_;
}

const Thumbnail& ThumbnailMemo::read(const model::Config& config, const model::Records& records,
                                     int layer, int head, bool hide_first) {
    Held& held = heads_[layer * config.n_head + head];
    Thumbnail& t = held.thumbnail;
    const int n = static_cast<int>(records.size());
    int bin = 1;
    while (bin * Thumbnail::stride < n) bin *= 2;
    if (held.records.empty() || held.hide_first != hide_first || bin < t.bin) {
        held.records.clear();
        t.bin = bin;
        std::fill(t.cells.begin(), t.cells.end(), nothing);
    }
    while (t.bin < bin) coarsen(t);
    int from = common_prefix(held.records, records);
    if (from < static_cast<int>(held.records.size())) {
        // A maximum cannot be taken back: cells that lost a position are found again.
        from = from / bin * bin;
        std::fill(t.cells.begin() + from / bin * Thumbnail::stride, t.cells.end(), nothing);
    }
    for (int query = from; query < n; ++query) {
        std::vector<float> row = model::attention_row(config, records, layer, head, query);
        if (hide_first) drop_first(row);
        float* cells = t.cells.data() + query / bin * Thumbnail::stride;
        for (int key = 0; key <= query; ++key) {
            cells[key / bin] = std::fmax(cells[key / bin], row[key]);
        }
    }
    t.side = (n + bin - 1) / bin;
    held.records = records;
    held.hide_first = hide_first;
    return t;
}

void drop_first(std::vector<float>& row) {
    row[0] = 0;
    const float sum = std::accumulate(row.begin(), row.end(), 0.0f);
    if (sum > 0) {
        for (float& weight : row) weight /= sum;
    }
}

}  // namespace viz
