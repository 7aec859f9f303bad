// What is remembered between drawings because it costs something to compute. Everything here is a
// function of records, which never change: a memo can be thrown away at any time.
#pragma once

#include <unordered_map>
#include <vector>

#include "model/attention.h"
#include "model/lens.h"
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

struct Memo {
    model::AttentionMemo attention;
    model::LensMemo lens;
    NormMemo norms;
    ThumbnailMemo thumbnails;
};

}  // namespace viz
