#include "model/pass/hooks.h"

#include <algorithm>
#include <limits>
#include <span>

#include "model/base/error.h"
#include "model/pass/attention.h"
#include "model/pass/kernels.h"

namespace model {

namespace {

using Values = std::vector<float>;

// Where a row of a per-position hook comes from.
struct Source {
    const Model& model;
    const TokenRecord& record;
    int layer;

    const LayerWeights& weights() const { return model.weights.layers[layer]; }
    Values normed(Values x, const Norm& norm) const {
        normalize(model.config, norm, x.data(), x.data());
        return x;
    }
};

Values copy(std::span<const float> x) {
    return {x.begin(), x.end()};
}

Values embedding(const Matrix& table, int row) {
    Values values(static_cast<size_t>(table.cols));
    read_row(table, row, values.data());
    return values;
}

enum class Width { model, heads, mlp };

struct PositionHook {
    const char* name;  // after "blocks.L."
    Width width;
    Values (*row)(const Source&);
};

// In the order of the pass.
constexpr PositionHook block_hooks[] = {
    {"hook_resid_pre", Width::model, [](const Source& s) { return s.record.resid_pre(s.layer); }},
    {"ln1.hook_normalized", Width::model,
     [](const Source& s) { return s.normed(s.record.resid_pre(s.layer), s.weights().ln1); }},
    {"attn.hook_q", Width::heads, [](const Source& s) { return copy(s.record.q(s.layer)); }},
    {"attn.hook_k", Width::heads, [](const Source& s) { return copy(s.record.k(s.layer)); }},
    {"attn.hook_v", Width::heads, [](const Source& s) { return copy(s.record.v(s.layer)); }},
    {"attn.hook_z", Width::heads, [](const Source& s) { return copy(s.record.z(s.layer)); }},
    {"hook_attn_out", Width::model,
     [](const Source& s) { return copy(s.record.attn_out(s.layer)); }},
    {"hook_resid_mid", Width::model, [](const Source& s) { return s.record.resid_mid(s.layer); }},
    {"ln2.hook_normalized", Width::model,
     [](const Source& s) { return s.normed(s.record.resid_mid(s.layer), s.weights().ln2); }},
    {"mlp.hook_pre", Width::mlp, [](const Source& s) { return copy(s.record.mlp_pre(s.layer)); }},
    {"mlp.hook_post", Width::mlp,
     [](const Source& s) {
         Values x = copy(s.record.mlp_pre(s.layer));
         s.model.config.activation->apply(x.data(), static_cast<int>(x.size()), x.data());
         return x;
     }},
    {"hook_mlp_out", Width::model, [](const Source& s) { return copy(s.record.mlp_out(s.layer)); }},
    {"hook_resid_post", Width::model, [](const Source& s) { return s.record.resid_post(s.layer); }},
};

constexpr PositionHook model_hooks[] = {
    {"hook_embed", Width::model,
     [](const Source& s) { return embedding(s.model.weights.wte, s.record.id()); }},
    {"hook_pos_embed", Width::model,
     [](const Source& s) { return embedding(s.model.weights.wpe, s.record.position()); }},
    {"ln_final.hook_normalized", Width::model,
     [](const Source& s) { return copy(s.record.ln_final()); }},
};

constexpr const char* scores_hook = "attn.hook_attn_scores";
constexpr const char* pattern_hook = "attn.hook_pattern";

HookTensor read_rows(const Model& model, const Records& records, const std::string& name,
                     const PositionHook& hook, int layer) {
    const Config& config = model.config;
    const auto n = static_cast<int64_t>(records.size());
    HookTensor tensor{name, {n, config.d_model}, {}};
    if (hook.width == Width::heads) tensor.shape = {n, config.n_head, config.d_head()};
    if (hook.width == Width::mlp) tensor.shape = {n, config.d_mlp};
    for (const RecordPtr& record : records) {
        const Values row = hook.row({model, *record, layer});
        tensor.values.insert(tensor.values.end(), row.begin(), row.end());
    }
    return tensor;
}

// [head, n, n]; what is masked has score -inf and weight 0.
HookTensor read_attention(const Model& model, const Records& records, const std::string& name,
                          bool scores, int layer) {
    const auto n = static_cast<int64_t>(records.size());
    const float masked = scores ? -std::numeric_limits<float>::infinity() : 0.0f;
    HookTensor tensor{name, {model.config.n_head, n, n}, {}};
    tensor.values.assign(static_cast<size_t>(model.config.n_head * n * n), masked);
    auto out = tensor.values.begin();
    for (int head = 0; head < model.config.n_head; ++head) {
        for (int query = 0; query < n; ++query, out += n) {
            const auto row = (scores ? attention_scores : attention_row)(model.config, records,
                                                                         layer, head, query);
            std::copy(row.begin(), row.end(), out);
        }
    }
    return tensor;
}

HookTensor read_logits(const Model& model, const Records& records) {
    const Config& config = model.config;
    const auto n = static_cast<int>(records.size());
    Values hidden;
    for (const RecordPtr& record : records) {
        hidden.insert(hidden.end(), record->ln_final().begin(), record->ln_final().end());
    }
    HookTensor tensor{"logits", {n, config.n_vocab}, {}};
    tensor.values.resize(static_cast<size_t>(n) * config.n_vocab);
    unembed({hidden.data(), n, config.d_model, config.d_model}, model.weights.unembed,
            {tensor.values.data(), n, config.n_vocab, config.n_vocab});
    return tensor;
}

}  // namespace

std::vector<std::string> hook_names(const Config& config) {
    std::vector<std::string> names = {model_hooks[0].name, model_hooks[1].name};
    for (int layer = 0; layer < config.n_layer; ++layer) {
        const std::string block = "blocks." + std::to_string(layer) + ".";
        for (const PositionHook& hook : block_hooks) {
            names.push_back(block + hook.name);
            if (hook.name == std::string("attn.hook_v")) {
                names.push_back(block + scores_hook);
                names.push_back(block + pattern_hook);
            }
        }
    }
    names.push_back(model_hooks[2].name);
    names.push_back("logits");
    return names;
}

HookTensor read_hook(const Model& model, const Records& records, const std::string& name) {
    if (name == "logits") return read_logits(model, records);
    for (const PositionHook& hook : model_hooks) {
        if (name == hook.name) return read_rows(model, records, name, hook, 0);
    }
    for (int layer = 0; layer < model.config.n_layer; ++layer) {
        const std::string block = "blocks." + std::to_string(layer) + ".";
        if (!name.starts_with(block)) continue;
        const std::string rest = name.substr(block.size());
        if (rest == scores_hook) return read_attention(model, records, name, true, layer);
        if (rest == pattern_hook) return read_attention(model, records, name, false, layer);
        for (const PositionHook& hook : block_hooks) {
            if (rest == hook.name) return read_rows(model, records, name, hook, layer);
        }
    }
    throw Error("hook \"" + name + "\": there is no such tensor");
}

}  // namespace model
