#include "model/pass/transformer.h"

#include <algorithm>
#include <cmath>

#include "model/base/error.h"
#include "model/base/memory.h"

namespace model {

namespace {

constexpr int few_rows = 4;  // not worth forking threads for

// The new rows of one pass and what it needs beside the records themselves.
struct Pass {
    const Config& config;
    KvCache& cache;
    const Ablation& ablation;
    TokenRecord::Layout layout;
    int first;                  // position of the first new row
    int n;                      // new rows
    Rows kept;                  // [n, layout.kept_floats], written where the records have them
    Rows details;               // [n, layout.detail_floats], likewise
    std::vector<float> resid;   // [n, d_model]: the residual stream as it is now
    std::vector<float> normed;  // [n, d_model]
    std::vector<float> hidden;  // [n, d_mlp]: after GELU

    Rows kept_part(size_t offset, int width) const {
        return {kept.data + offset, n, width, kept.stride};
    }
    Rows detail_part(size_t offset, int width) const {
        return {details.data + offset, n, width, details.stride};
    }
    Rows rows(std::vector<float>& buffer, int width) const {
        return {buffer.data(), n, width, width};
    }
};

void clear(Rows rows) {
    for (int i = 0; i < rows.rows; ++i) std::fill_n(rows.row(i), rows.cols, 0.0f);
}

void norm_rows(Pass& pass, const float* gain, const float* bias, Rows out) {
    const int d = pass.layout.d;
#pragma omp parallel for schedule(static) if (pass.n > few_rows)
    for (int i = 0; i < pass.n; ++i) {
        layer_norm(pass.resid.data() + static_cast<size_t>(i) * d, gain, bias, pass.config.ln_eps,
                   d, out.row(i));
    }
}

void add_to_resid(Pass& pass, ConstRows added) {
#pragma omp parallel for schedule(static) if (pass.n > few_rows)
    for (int i = 0; i < pass.n; ++i) {
        float* x = pass.resid.data() + static_cast<size_t>(i) * added.cols;
        for (int j = 0; j < added.cols; ++j) x[j] += added.row(i)[j];
    }
}

// z of one head for queries begin..end: softmax(q . k / sqrt(d_head)) over the keys up to each
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
    const float scale = 1.0f / std::sqrt(static_cast<float>(d_head));
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

void attention(Pass& pass, const LayerWeights& w, int layer) {
    const int d = pass.layout.d;
    const int d_head = pass.config.d_head();
    const Rows normed = pass.rows(pass.normed, d);
    norm_rows(pass, w.ln1_gain, w.ln1_bias, normed);
    linear(normed, w.qkv, w.qkv_bias, pass.kept_part(pass.layout.q(layer), 3 * d));
    const Rows k = pass.kept_part(pass.layout.k(layer), d);
    const Rows v = pass.kept_part(pass.layout.v(layer), d);
    // One head a thread: each of its products is too small to share out.
#pragma omp parallel for schedule(dynamic) if (pass.first + pass.n > 64 || pass.n > few_rows)
    for (int head = 0; head < pass.config.n_head; ++head) {
        const Rows keys = pass.cache.keys(layer, head);
        const Rows values = pass.cache.values(layer, head);
        for (int i = 0; i < pass.n; ++i) {
            std::copy_n(k.row(i) + head * d_head, d_head, keys.row(pass.first + i));
            std::copy_n(v.row(i) + head * d_head, d_head, values.row(pass.first + i));
        }
        if (pass.ablation.head_off(layer, head)) {
            clear(pass.detail_part(pass.layout.z(layer) + static_cast<size_t>(head) * d_head,
                                   d_head));
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

void mlp(Pass& pass, const LayerWeights& w, int layer) {
    const int d_mlp = pass.layout.d_mlp;
    const Rows normed = pass.rows(pass.normed, pass.layout.d);
    norm_rows(pass, w.ln2_gain, w.ln2_bias, normed);
    const Rows pre = pass.detail_part(pass.layout.mlp_pre(layer), d_mlp);
    linear(normed, w.mlp_in, w.mlp_in_bias, pre);
    const Rows out = pass.detail_part(pass.layout.mlp_out(layer), pass.layout.d);
    if (pass.ablation.mlp_off(layer)) {
        clear(out);
        return;
    }
    const Rows post = pass.rows(pass.hidden, d_mlp);
#pragma omp parallel for schedule(static) if (pass.n > few_rows)
    for (int i = 0; i < pass.n; ++i) gelu(pre.row(i), d_mlp, post.row(i));
    linear(post, w.mlp_out, w.mlp_out_bias, out);
    add_to_resid(pass, out);
}

}  // namespace

Records forward(const Config& config, const Weights& weights, KvCache& cache,
                std::span<const int> ids, const StopAsked& stop, const Ablation& ablation) {
    const int first = cache.size();
    const int n = static_cast<int>(ids.size());
    check(n > 0 && first + n <= config.n_ctx, "forward: positions within the context");
    for (const auto& [layer, head] : ablation.heads) {
        check(layer >= 0 && layer < config.n_layer && head >= 0 && head < config.n_head,
              "forward: ablated heads exist");
    }
    for (const int layer : ablation.mlps) {
        check(layer >= 0 && layer < config.n_layer, "forward: ablated MLPs exist");
    }
    for (const int layer : ablation.layers) {
        check(layer >= 0 && layer < config.n_layer, "forward: ablated layers exist");
    }
    for (const auto& [layer, head, query] : ablation.uniform) {
        check(layer >= 0 && layer < config.n_layer && head >= 0 && head < config.n_head &&
                  query >= Ablation::every,
              "forward: uniform heads exist");
    }
    const TokenRecord::Layout layout(config);
    const int d = layout.d;

    // The products write straight into the records.
    const RowMemory kept = new_rows(n, layout.kept_floats);
    const RowMemory details = new_rows(n, layout.detail_floats);
    const auto rows = [n](const RowMemory& memory, size_t floats) {
        return Rows{memory.data, n, static_cast<int>(floats), static_cast<int>(memory.stride)};
    };
    Pass pass{config,
              cache,
              ablation,
              layout,
              first,
              n,
              rows(kept, layout.kept_floats),
              rows(details, layout.detail_floats),
              std::vector<float>(static_cast<size_t>(n) * d),
              std::vector<float>(static_cast<size_t>(n) * d),
              std::vector<float>(static_cast<size_t>(n) * layout.d_mlp)};
    std::vector<float> token(static_cast<size_t>(d)), position(static_cast<size_t>(d));
    for (int i = 0; i < n; ++i) {
        check(ids[i] >= 0 && ids[i] < config.n_vocab, "forward: ids within the vocabulary");
        read_row(weights.wte, ids[i], token.data());
        read_row(weights.wpe, first + i, position.data());
        float* x = pass.resid.data() + static_cast<size_t>(i) * d;
        for (int j = 0; j < d; ++j) x[j] = token[j] + position[j];
        std::copy_n(x, d, pass.kept.row(i));
    }
    for (int layer = 0; layer < config.n_layer; ++layer) {
        if (stop && stop()) throw Stopped{};
        attention(pass, weights.layers[layer], layer);
        mlp(pass, weights.layers[layer], layer);
    }
    norm_rows(pass, weights.ln_final_gain, weights.ln_final_bias,
              pass.kept_part(layout.ln_final(), d));
    cache.grow(n);

    const auto known = ablation.empty() ? nullptr : std::make_shared<const Ablation>(ablation);
    Records records;
    for (int i = 0; i < n; ++i) {
        records.push_back(std::make_shared<const TokenRecord>(
            layout, ids[i], first + i, kept.rows[i], details.rows[i], known));
    }
    return records;
}

std::vector<float> logits(const Weights& weights, const TokenRecord& record) {
    std::vector<float> out(static_cast<size_t>(weights.unembed.rows));
    const auto x = record.ln_final();
    unembed({x.data(), 1, static_cast<int>(x.size()), static_cast<int>(x.size())}, weights.unembed,
            {out.data(), 1, weights.unembed.rows, weights.unembed.rows});
    return out;
}

}  // namespace model
