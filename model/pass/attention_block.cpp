// The attention of a block: queries, keys and values of the new rows, what each head reads, W_O.
#include <algorithm>
#include <vector>

#include "model/pass/attention_scale.h"
#include "model/pass/block.h"
#include "model/pass/transformer.h"

namespace model {

namespace {

// z of one head for queries begin..end: softmax(q . k * attention_scale) over the keys up to each
// query, times the values (Vaswani et al. 2017, eq. 1). The keys after the last of these queries
// are never touched: over all bands that saves nearly half of the square.
void attend(Pass& pass, int layer, int head, int begin, int end, std::vector<float>& scores) {
    const int d_head = pass.config.d_head();
    const size_t at = static_cast<size_t>(head) * d_head;
    const int seen = pass.first + end;
    const int n = end - begin;
    Rows q = pass.kept_part(pass.layout.q(layer) + at, d_head);
    Rows z = pass.detail_part(pass.layout.z(layer) + at, d_head);
    q = {q.row(begin), n, d_head, q.stride};
    z = {z.row(begin), n, d_head, z.stride};
    Rows keys = pass.cache.keys(layer, head);
    Rows values = pass.cache.values(layer, head);
    keys.rows = values.rows = seen;

    scores.resize(static_cast<size_t>(n) * seen);
    const Rows weights{scores.data(), n, seen, seen};
    product_transposed(q, keys, weights);
    const float scale = attention_scale(pass.config, layer);
    float sums[query_band];
    for (int i = 0; i < n; ++i) {
        const int allowed = pass.first + begin + i + 1;
        if (pass.ablation.is_uniform(layer, head, allowed - 1)) {
            std::fill_n(weights.row(i), allowed, 1.0f);
            sums[i] = static_cast<float>(allowed);
        } else {
            sums[i] = exponentials(weights.row(i), allowed, scale);
        }
        std::fill(weights.row(i) + allowed, weights.row(i) + seen, 0.0f);
    }
    // Softmax divides by the sum; z is narrower than the row of weights, so it is divided instead.
    product(weights, values, z);
    for (int i = 0; i < n; ++i) {
        for (int c = 0; c < d_head; ++c) z.row(i)[c] /= sums[i];
    }
}

}  // namespace

void attention_block(Pass& pass, const LayerWeights& w, int layer) {
    const int d = pass.layout.d;
    const int d_head = pass.config.d_head();
    const Rows normed = pass.rows(pass.normed, d);
    norm_rows(pass, w.ln1, normed);
    linear(normed, w.qkv, w.qkv_bias, pass.kept_part(pass.layout.q(layer), 3 * d));
    const Rows k = pass.kept_part(pass.layout.k(layer), d);
    const Rows v = pass.kept_part(pass.layout.v(layer), d);
    // One head a thread: each of its products is too small to share out.
#pragma omp parallel for schedule(dynamic) if (pass.first + pass.n > 64 || pass.n > few_rows)
    for (int head = 0; head < pass.config.n_head; ++head) {
        const Rows keys = pass.cache.keys(layer, head);
        const Rows values = pass.cache.values(layer, head);
        const size_t at = static_cast<size_t>(head) * d_head;
        for (int i = 0; i < pass.n; ++i) {
            std::copy_n(k.row(i) + at, d_head, keys.row(pass.first + i));
            std::copy_n(v.row(i) + at, d_head, values.row(pass.first + i));
        }
        if (pass.ablation.head_off(layer, head)) {
            clear(pass.detail_part(pass.layout.z(layer) + at, d_head));
            continue;
        }
        std::vector<float> scores;
        for (int begin = 0; begin < pass.n; begin += query_band) {
            attend(pass, layer, head, begin, std::min(begin + query_band, pass.n), scores);
        }
    }
    const Rows out = pass.detail_part(pass.layout.attn_out(layer), d);
    if (pass.ablation.layers.contains(layer)) {
        clear(out);
        return;
    }
    linear(pass.detail_part(pass.layout.z(layer), d), w.attn_out, w.attn_out_bias, out);
    add_to_resid(pass, out);
}

}  // namespace model
