#include "viz/scene/memo.h"

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
    for (size_t i = same; i < records.size(); ++i)
        norms_.push_back(model::read_stream(*records[i]));
    return norms_;
}

ThumbnailMemo::Head& ThumbnailMemo::update(const model::Config& config,
                                           const model::Records& records, int layer, int head,
                                           bool hide_first) {
    const size_t all = static_cast<size_t>(config.n_layer) * config.n_head;
    const size_t asked = static_cast<size_t>(layer) * config.n_head + head;
    if (heads_.size() == all && hide_first_ == hide_first && records_ == records) {
        return heads_[asked];
    }
    const int n = static_cast<int>(records.size());
    int bin = 1;
    while (bin * Thumbnail::stride < n) bin *= 2;
    if (heads_.size() != all || hide_first_ != hide_first || bin < heads_[0].thumbnail.bin) {
        Head empty;
        empty.thumbnail.bin = bin;
        std::fill(empty.thumbnail.cells.begin(), empty.thumbnail.cells.end(), nothing);
        heads_.assign(all, empty);
        records_.clear();
    }
    int from = common_prefix(records_, records);
    // A maximum cannot be taken back: cells that lost a position are found again.
    const bool shorter = from < static_cast<int>(records_.size());
    if (shorter) from = from / bin * bin;
    for (Head& held : heads_) {
        Thumbnail& t = held.thumbnail;
        while (t.bin < bin) coarsen(t);
        if (shorter) {
            std::fill(t.row(from / bin), t.row(Thumbnail::stride), nothing);
        }
        t.side = (n + bin - 1) / bin;
        held.rows.resize(from);
    }
    std::vector<std::vector<int>> follow;
    for (int query = from; query < n; ++query) follow.push_back(model::followers(records, query));
    model::visit_heads(config, records, from, [&](int l, int h, int query, auto& row) {
        Head& held = heads_[static_cast<size_t>(l) * config.n_head + h];
        if (hide_first) drop_first(row);
        float* cells = held.thumbnail.row(query / bin);
        for (int key = 0; key <= query; ++key) {
            cells[key / bin] = std::fmax(cells[key / bin], row[key]);
        }
        held.rows.push_back(model::row_habits(row, follow[query - from]));
    });
    for (Head& held : heads_) held.scores = model::mean_habits(held.rows);
    records_ = records;
    hide_first_ = hide_first;
    return heads_[asked];
}

const Norms& NormMemo::at(const model::Records& records, int position) {
    const auto i = static_cast<size_t>(position);
    if (i < records_.size() && records_[i] == records[i]) return norms_[i];
    if (single_record_ != records[i]) {
        single_record_ = records[i];
        single_ = model::read_stream(*records[i]);
    }
    return single_;
}

const Thumbnail& ThumbnailMemo::read(const model::Config& config, const model::Records& records,
                                     int layer, int head, bool hide_first) {
    return update(config, records, layer, head, hide_first).thumbnail;
}

const model::HeadScores& ThumbnailMemo::scores(const model::Config& config,
                                               const model::Records& records, int layer, int head,
                                               bool hide_first) {
    return update(config, records, layer, head, hide_first).scores;
}

float PatternMemo::Shown::top() const {
    float top = 0;
    for (size_t row = alone; row < largest.size(); ++row) top = std::max(top, largest[row]);
    return top > 0 ? top : 1;
}

const PatternMemo::Shown& PatternMemo::read(const model::Config& config,
                                            const model::Records& records, int layer, int head,
                                            model::HeadMix mix, bool hide_first) {
    const Key key{layer, mix == model::HeadMix::one ? head : -1, mix, hide_first};
    auto found = std::find_if(entries_.begin(), entries_.end(),
                              [&](const Entry& entry) { return entry.key == key; });
    if (found == entries_.end()) {
        if (entries_.size() == most) entries_.erase(entries_.begin());
        entries_.push_back({key, {}, {}});
    } else {
        std::rotate(found, found + 1, entries_.end());
    }
    Entry& entry = entries_.back();
    Shown& shown = entry.shown;
    if (entry.records == records) return shown;
    const int same = common_prefix(entry.records, records);
    shown.rows.resize(same);
    shown.rows.resize(records.size());
    if (mix == model::HeadMix::one) {
        for (size_t query = same; query < records.size(); ++query) {
            auto& row = shown.rows[query];
            row = model::attention_row(config, records, layer, head, static_cast<int>(query));
            if (hide_first) drop_first(row);
        }
    } else {
        model::visit_layer(config, records, layer, same, [&](int query, auto rows) {
            if (hide_first) std::for_each(rows.begin(), rows.end(), drop_first);
            shown.rows[query] = model::mixed_row(rows, mix);
        });
    }
    shown.alone = hide_first ? 2 : 1;
    shown.largest.resize(same);
    for (size_t query = same; query < records.size(); ++query) {
        shown.largest.push_back(
            *std::max_element(shown.rows[query].begin(), shown.rows[query].end()));
    }
    entry.records = records;
    return shown;
}

PatternChange pattern_change(const model::AttentionPattern& here,
                             const model::AttentionPattern& there) {
    PatternChange change;
    for (size_t query = 0; query < here.size(); ++query) {
        std::vector<float> row;
        for (size_t key = 0; key < here[query].size(); ++key) {
            row.push_back(here[query][key] - there[query][key]);
            change.largest = std::max(change.largest, std::abs(row.back()));
        }
        change.rows.push_back(std::move(row));
    }
    return change;
}

const PatternChange& ChangeMemo::read(PatternMemo& patterns, const model::Config& config,
                                      const model::Records& here, const model::Records& there,
                                      int layer, int head, model::HeadMix mix, bool hide_first) {
    const std::tuple look{layer, mix == model::HeadMix::one ? head : -1, mix, hide_first};
    if (here_ == here && there_ == there && look_ == look) return change_;
    change_ = pattern_change(patterns.read(config, here, layer, head, mix, hide_first).rows,
                             others_.read(config, there, layer, head, mix, hide_first).rows);
    here_ = here;
    there_ = there;
    look_ = look;
    return change_;
}

const std::vector<double>& NeuronMemo::lengths(const model::Model& model, int layer) {
    if (const auto* known = lengths_.find(layer)) return *known;
    return lengths_.put(layer, model::output_lengths(model, layer));
}

std::vector<std::vector<model::Promoted>> NeuronMemo::promoted(const model::Model& model, int layer,
                                                               std::span<const int> neurons) {
    std::vector<std::vector<model::Promoted>> all(neurons.size());
    std::vector<int> lacking;
    std::vector<size_t> places;
    for (size_t i = 0; i < neurons.size(); ++i) {
        if (const auto* known = promoted_.find({layer, neurons[i]})) {
            all[i] = *known;
        } else {
            lacking.push_back(neurons[i]);
            places.push_back(i);
        }
    }
    const auto found = model::promoted_tokens(model, layer, lacking, tokens);
    for (size_t i = 0; i < found.size(); ++i) {
        all[places[i]] = promoted_.put({layer, lacking[i]}, found[i]);
    }
    return all;
}

const model::LogitParts& PartsMemo::read(const model::Model& model, const model::RecordPtr& record,
                                         int id) {
    if (const auto* known = parts_.find({record, id})) return *known;
    return parts_.put({record, id}, model::attribute_logit(model, *record, id));
}

void drop_first(std::vector<float>& row) {
    row[0] = 0;
    const float sum = std::accumulate(row.begin(), row.end(), 0.0f);
    if (sum > 0) {
        for (float& weight : row) weight /= sum;
    }
}

}  // namespace viz
