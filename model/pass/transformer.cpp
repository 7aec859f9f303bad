#include "model/pass/transformer.h"

#include <algorithm>
#include <memory>

#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/base/thread_pool.h"
#include "model/pass/block.h"
#include "model/pass/finite.h"

namespace model {

namespace {

void check_exists(const Ablation& ablation, const Config& config) {
    const auto has_layer = [&](int layer) { return layer >= 0 && layer < config.n_layer; };
    const auto has_head = [&](int layer, int head) {
        return has_layer(layer) && head >= 0 && head < config.n_head;
    };
    for (const auto& [layer, head] : ablation.heads) {
        check(has_head(layer, head), "forward: ablated heads exist");
    }
    for (const int layer : ablation.mlps) check(has_layer(layer), "forward: ablated MLPs exist");
    for (const int layer : ablation.layers) {
        check(has_layer(layer), "forward: ablated layers exist");
    }
    for (const auto& [layer, head, query] : ablation.uniform) {
        check(has_head(layer, head) && query >= Ablation::every, "forward: uniform heads exist");
    }
}

// One pass: `ids` one behind the other, or each behind its branch.
Records run_pass(const Config& config, const Weights& weights, const KvCache& cache,
                 std::span<const int> ids, std::span<const Branch> branches, const StopAsked& stop,
                 const Ablation& ablation) {
    check_exists(ablation, config);
    const TokenRecord::Layout layout(config);
    const int d = layout.d, n = static_cast<int>(ids.size());

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
              branches,
              cache.size(),
              n,
              rows(kept, layout.kept_floats),
              rows(details, layout.detail_floats),
              std::vector<float>(static_cast<size_t>(n) * d),
              std::vector<float>(static_cast<size_t>(n) * d),
              std::vector<float>(static_cast<size_t>(n) * layout.d_mlp)};
    std::vector<float> token(static_cast<size_t>(d)), position(static_cast<size_t>(d));
    for (int i = 0; i < n; ++i) {
        check(ids[i] >= 0 && ids[i] < config.n_vocab, "forward: ids within the vocabulary");
        check(pass.position(i) < config.n_ctx, "forward: positions within the context");
        read_row(weights.wte, ids[i], token.data());
        read_row(weights.wpe, pass.position(i), position.data());
        float* x = pass.resid.data() + static_cast<size_t>(i) * d;
        for (int j = 0; j < d; ++j) x[j] = token[j] + position[j];
        std::copy_n(x, d, pass.kept.row(i));
    }
    for (int layer = 0; layer < config.n_layer; ++layer) {
        if (stop && stop()) throw Stopped{};
        attention_block(pass, weights.layers[layer], layer);
        mlp_block(pass, weights.layers[layer], layer);
    }
    const Rows out = pass.kept_part(layout.ln_final(), d);
    norm_rows(pass, weights.ln_final, out);
    for (int i = 0; i < n; ++i) check_finite({out.row(i), static_cast<size_t>(d)}, weights);

    const auto known = ablation.empty() ? nullptr : std::make_shared<const Ablation>(ablation);
    Records records;
    for (int i = 0; i < n; ++i) {
        records.push_back(std::make_shared<const TokenRecord>(
            layout, ids[i], pass.position(i), kept.rows[i], details.rows[i], known));
    }
    return records;
}

}  // namespace

Records forward(const Config& config, const Weights& weights, KvCache& cache,
                std::span<const int> ids, const StopAsked& stop, const Ablation& ablation) {
    check(!ids.empty(), "forward: a token");
    Records records = run_pass(config, weights, cache, ids, {}, stop, ablation);
    for (const RecordPtr& record : records) cache.append(*record);
    return records;
}

Records forward(const Config& config, const Weights& weights, const KvCache& cache,
                std::span<const Branch> branches, const StopAsked& stop, const Ablation& ablation) {
    check(!branches.empty(), "forward: a branch");
    std::vector<int> ids;
    for (const Branch& branch : branches) {
        for (size_t i = 0; i < branch.path.size(); ++i) {
            check(branch.path[i]->position() == cache.size() + static_cast<int>(i),
                  "forward: a path goes on where the cache ends");
        }
        ids.push_back(branch.id);
    }
    return run_pass(config, weights, cache, ids, branches, stop, ablation);
}

std::vector<float> logits(const Weights& weights, const TokenRecord& record) {
    std::vector<float> out(static_cast<size_t>(weights.unembed.rows));
    const auto x = record.ln_final();
    unembed({x.data(), 1, static_cast<int>(x.size()), static_cast<int>(x.size())}, weights.unembed,
            {out.data(), 1, weights.unembed.rows, weights.unembed.rows});
    check_finite(out, weights);
    return out;
}

void visit_logits(const Weights& weights, std::span<const RecordPtr> records,
                  const ReadLogits& read, const StopAsked& stop) {
    constexpr int band = 1 << 13;   // tokens of the vocabulary between two questions
    constexpr size_t at_once = 96;  // records: their logits stay in a cache, more or less
    const int n_vocab = weights.unembed.rows, d = weights.unembed.cols;
    const size_t most = std::min(records.size(), at_once);
    const auto x = std::make_unique_for_overwrite<float[]>(most * static_cast<size_t>(d)),
               y = std::make_unique_for_overwrite<float[]>(most * static_cast<size_t>(n_vocab));
    for (size_t begin = 0; begin < records.size(); begin += at_once) {
        const auto some = records.subspan(begin, std::min(at_once, records.size() - begin));
        for (size_t i = 0; i < some.size(); ++i) {
            std::ranges::copy(some[i]->ln_final(), x.get() + i * static_cast<size_t>(d));
        }
        const auto rows = static_cast<int>(some.size());
        const Rows logits{y.get(), rows, n_vocab, n_vocab};
        for (int first = 0; first < n_vocab; first += band) {
            if (stop && stop()) throw Stopped();
            const int n = std::min(band, n_vocab - first);
            unembed({x.get(), rows, d, d}, rows_of(weights.unembed, first, n),
                    {y.get() + first, rows, n, n_vocab});
        }
        share_out(some.size(), 1, [&](size_t first, size_t last) {
            for (size_t i = first; i < last; ++i) {
                const std::span row(logits.row(static_cast<int>(i)), static_cast<size_t>(n_vocab));
                check_finite(row, weights);
                read(begin + i, row);
            }
        });
    }
}

}  // namespace model
