// What is remembered between drawings because it costs something to compute. Everything here is a
// function of records, which never change: a memo can be thrown away at any time.
#pragma once

#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "model/base/lru_cache.h"
#include "model/interp/attribution.h"
#include "model/interp/head_scores.h"
#include "model/interp/lens.h"
#include "model/interp/neurons.h"
#include "model/interp/residual_stats.h"
#include "model/pass/attention.h"
#include "model/pass/record.h"
#include "viz/scene/route_memo.h"

namespace viz {

// What flows at one position, in numbers.
using Norms = model::StreamReading;

class NormMemo {
  public:
    // Of every record, in order. Valid until the next call.
    const std::vector<Norms>& read(const model::Records& records);

    // Of one position alone; the others are not computed. Valid until the next call.
    const Norms& at(const model::Records& records, int position);

  private:
    model::Records records_;
    std::vector<Norms> norms_;
    model::RecordPtr single_record_;
    Norms single_;
};

// An attention pattern small enough for a thumbnail: each cell is the largest weight of bin x bin
// pairs, so that a single strong link stays visible. Cells wholly in the future are not-a-number.
struct Thumbnail {
    static constexpr int stride = 64;  // the most cells a side

    int bin = 1;   // positions a cell, a power of two
    int side = 0;  // cells in use
    std::vector<float> cells = std::vector<float>(size_t{stride} * stride);

    float at(int row, int col) const { return cells[row * stride + col]; }
    float* row(int row) { return cells.data() + static_cast<size_t>(row) * stride; }
};

// Thumbnails and scores of all heads. Keeps these instead of patterns: all patterns of a long text
// would fill the memory. Each row is computed once for both, and for all heads at a time.
class ThumbnailMemo {
  public:
    // `hide_first`: of the pattern without token 0, renormalised. Valid until the next call.
    const Thumbnail& read(const model::Config& config, const model::Records& records, int layer,
                          int head, bool hide_first);
    // What the head looks at, of the same pattern: model::head_scores. Valid until the next call.
    const model::HeadScores& scores(const model::Config& config, const model::Records& records,
                                    int layer, int head, bool hide_first);

  private:
    struct Head {
        Thumbnail thumbnail;
        std::vector<model::RowHabits> rows;  // of each query
        model::HeadScores scores;
    };
    Head& update(const model::Config& config, const model::Records& records, int layer, int head,
                 bool hide_first);

    model::Records records_;  // that `heads_` are of
    bool hide_first_ = false;
    std::vector<Head> heads_;  // layer * n_head + head
};

// Sets the weight of token 0 to 0 and scales the rest to sum to 1 (all 0 when nothing is left).
void drop_first(std::vector<float>& row);

// The patterns that were shown large last: of a head or of a layer's heads mixed.
class PatternMemo {
  public:
    struct Shown {
        model::AttentionPattern rows;
        std::vector<float> largest;  // weight of each row
        int alone = 1;               // rows at the beginning that see one token alone

        float top() const;  // the largest of all other rows; 1 when there is none
    };
    // `head` counts only for HeadMix::one. Valid until the next call.
    const Shown& read(const model::Config& config, const model::Records& records, int layer,
                      int head, model::HeadMix mix, bool hide_first);

  private:
    static constexpr size_t most = 4;
    struct Key {
        int layer, head;
        model::HeadMix mix;
        bool hide_first;
        bool operator==(const Key&) const = default;
    };
    struct Entry {
        Key key;
        model::Records records;
        Shown shown;
    };
    std::vector<Entry> entries_;  // most recent last
};

// How a map differs from the same map of another run: weights here minus weights there.
struct PatternChange {
    model::AttentionPattern rows;
    float largest = 0;  // magnitude
};
PatternChange pattern_change(const model::AttentionPattern& here,
                             const model::AttentionPattern& there);

// The change that was shown last, and the other run's patterns.
class ChangeMemo {
  public:
    // Both have equally many records. Valid until the next call.
    const PatternChange& read(PatternMemo& patterns, const model::Config& config,
                              const model::Records& here, const model::Records& there, int layer,
                              int head, model::HeadMix mix, bool hide_first);

  private:
    PatternMemo others_;
    model::Records here_, there_;
    std::tuple<int, int, model::HeadMix, bool> look_;
    PatternChange change_;
};

// What neurons write and which tokens that promotes: functions of one model's weights alone.
class NeuronMemo {
  public:
    static constexpr int tokens = 4;  // promoted ones that are remembered for each neuron

    // model::output_lengths. Valid until the next call.
    const std::vector<double>& lengths(const model::Model& model, int layer);
    // model::promoted_tokens; what is lacking is computed together.
    std::vector<std::vector<model::Promoted>> promoted(const model::Model& model, int layer,
                                                       std::span<const int> neurons);

  private:
    model::LruCache<int, std::vector<double>> lengths_{64};
    model::LruCache<std::pair<int, int>, std::vector<model::Promoted>> promoted_{4096};
};

// What adds to the logit of a token, by record and token.
class PartsMemo {
  public:
    // Valid until the next call.
    const model::LogitParts& read(const model::Model& model, const model::RecordPtr& record,
                                  int id);

  private:
    model::LruCache<std::pair<model::RecordPtr, int>, model::LogitParts> parts_{64};
};

struct Memo {
    PatternMemo patterns;
    ChangeMemo changes;
    model::LensMemo lens;
    NeuronMemo neurons;
    PartsMemo parts;
    NormMemo norms;
    ThumbnailMemo thumbnails;
    RouteMemo routes;
};

}  // namespace viz
