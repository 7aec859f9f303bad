#include "model/pass/transformer.h"

#include <algorithm>

#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/pass/block.h"

namespace model {

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
        attention_block(pass, weights.layers[layer], layer);
        mlp_block(pass, weights.layers[layer], layer);
    }
    norm_rows(pass, weights.ln_final, pass.kept_part(layout.ln_final(), d));
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
