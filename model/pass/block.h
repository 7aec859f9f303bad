// The two halves of a block, and the rows of the pass that they work on. The stream is normed, what
// follows is written into the records and added to the stream (pre-norm, Radford et al. 2019).
#pragma once

#include <span>
#include <vector>

#include "model/base/thread_pool.h"
#include "model/pass/ablation.h"
#include "model/pass/config.h"
#include "model/pass/kernels.h"
#include "model/pass/kv_cache.h"
#include "model/pass/norm.h"
#include "model/pass/record.h"
#include "model/pass/transformer.h"
#include "model/pass/weights.h"

namespace model {

// The new rows of one pass and what it needs beside the records themselves.
struct Pass {
    const Config& config;
    const KvCache& cache;
    const Ablation& ablation;
    TokenRecord::Layout layout;
    std::span<const Branch> branches;  // what each new row is behind; none: behind one another
    int first;                         // positions in the cache before this pass
    int n;                             // new rows
    Rows kept;                  // [n, layout.kept_floats], written where the records have them
    Rows details;               // [n, layout.detail_floats], likewise
    std::vector<float> resid;   // [n, d_model]: the residual stream as it is now
    std::vector<float> normed;  // [n, d_model]
    std::vector<float> hidden;  // [n, d_mlp]: after the activation

    Rows kept_part(size_t offset, int width) const {
        return {kept.data + offset, n, width, kept.stride};
    }
    Rows detail_part(size_t offset, int width) const {
        return {details.data + offset, n, width, details.stride};
    }
    Rows rows(std::vector<float>& buffer, int width) const {
        return {buffer.data(), n, width, width};
    }
    int position(int row) const { return first + behind(row); }
    // New positions before a row on its path: those of this pass, or a branch's own.
    int behind(int row) const {
        if (branches.empty()) return row;
        return static_cast<int>(branches[static_cast<size_t>(row)].path.size());
    }
};

// Calls do_row(i) for every new row, a few at a time on each thread.
template <typename DoRow>
void each_row(const Pass& pass, const DoRow& do_row) {
    share_out(static_cast<size_t>(pass.n), 4, [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) do_row(static_cast<int>(i));
    });
}

// attention_block.cpp: q, k, v, the heads' z, W_O.
void attention_block(Pass& pass, const LayerWeights& w, int layer);
// mlp_block.cpp: W_in, the activation, W_out.
void mlp_block(Pass& pass, const LayerWeights& w, int layer);

// block.cpp: the stream after a norm; what is added to it; what is ablated.
void norm_rows(Pass& pass, const Norm& norm, Rows out);
void add_to_resid(Pass& pass, ConstRows added);
void clear(Rows rows);

}  // namespace model
