// What is remembered between drawings because it costs something to compute. Everything here is a
// function of records, which never change: a memo can be thrown away at any time.
#pragma once

#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/attention.h"
#include "model/attribution.h"
#include "model/lens.h"
#include "model/neurons.h"
#include "model/recent.h"
#include "model/record.h"

namespace viz {

// Euclidean lengths of what flows at one position.
struct Norms {
    std::vector<double> resid;  // [n_layer + 1]: the embedding, then after each block
    std::vector<double> attn;   // [n_layer]: of what attention added
    std::vector<double> mlp;    // [n_layer]: of what the MLP added
};

class NormMemo {
  public:
    // Of every record, in order. Valid until the next call.
    const std::vector<Norms>& read(const model::Records& records);

  private:
    model::Records records_;
    std::vector<Norms> norms_;
};

// An attention pattern small enough for a thumbnail: each cell is the largest weight of bin x bin
// pairs, so that a single strong link stays visible. Cells wholly in the future are not-a-number.
struct Thumbnail {
    static constexpr int stride = 64;  // the most cells a side

    int bin = 1;   // positions a cell, a power of two
    int side = 0;  // cells in use
    std::vector<float> cells = std::vector<float>(stride * stride);

    float at(int row, int col) const { return cells[row * stride + col]; }
};

// Keeps thumbnails instead of patterns: all patterns of a long text would fill the memory.
class ThumbnailMemo {
  public:
    // `hide_first`: of the pattern without token 0, renormalised. Valid until the next call.
    const Thumbnail& read(const model::Config& config, const model::Records& records, int layer,
                          int head, bool hide_first);

  private:
    struct Held {
        model::Records records;
        bool hide_first = false;
        Thumbnail thumbnail;
    };
    std::unordered_map<int, Held> heads_;  // layer * n_head + head
};

// Sets the weight of token 0 to 0 and scales the rest to sum to 1 (all 0 when nothing is left).
void drop_first(std::vector<float>& row);

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
    model::Recent<int, std::vector<double>> lengths_{64};
    model::Recent<std::pair<int, int>, std::vector<model::Promoted>> promoted_{4096};
};

// What adds to the logit of a token, by record and token.
class PartsMemo {
  public:
    // Valid until the next call.
    const model::LogitParts& read(const model::Model& model, const model::RecordPtr& record,
                                  int id);

  private:
    model::Recent<std::pair<model::RecordPtr, int>, model::LogitParts> parts_{64};
};

struct Memo {
    model::AttentionMemo attention;
    model::LensMemo lens;
    NeuronMemo neurons;
    PartsMemo parts;
    NormMemo norms;
    ThumbnailMemo thumbnails;
};

}  // namespace viz
