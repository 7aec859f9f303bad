#include "viz/views/contributions/parts.h"

namespace viz {

Target part_target(const LogitPart& part) {
    switch (part.kind) {
        case PartKind::embedding:
            return {"part", "embedding"};
        case PartKind::head:
            return {"part", "head", {part.layer, part.head}};
        case PartKind::bias:
            return {"part", "bias", {part.layer}};
        case PartKind::mlp:
            return {"part", "mlp", {part.layer}};
        case PartKind::norm:
            break;
    }
    return {"part", "norm"};
}

std::string part_name(const LogitPart& part) {
    const std::string layer = std::to_string(part.layer + 1);
    switch (part.kind) {
        case PartKind::embedding:
            return "embedding";
        case PartKind::head:
            return head_name(part.layer, part.head);
        case PartKind::bias:
            return "attention bias " + layer;
        case PartKind::mlp:
            return "MLP " + layer;
        case PartKind::norm:
            break;
    }
    return "final norm's bias";
}

std::string short_part_name(const LogitPart& part) {
    const std::string layer = std::to_string(part.layer + 1);
    if (part.kind == PartKind::head) return "L" + layer + " · H" + std::to_string(part.head + 1);
    if (part.kind == PartKind::bias) return "bias " + layer;
    if (part.kind == PartKind::norm) return "final bias";
    return part_name(part);
}

std::string part_source(const LogitPart& part) {
    const std::string block = "blocks." + std::to_string(part.layer) + ".";
    switch (part.kind) {
        case PartKind::embedding:
            return "hook_embed + hook_pos_embed";
        case PartKind::head:
            return block + "attn.hook_z of this head times its rows of W_O";
        case PartKind::bias:
            return "the bias of W_O, which belongs to no head";
        case PartKind::mlp:
            return block + "hook_mlp_out";
        case PartKind::norm:
            break;
    }
    return "the bias of ln_final";
}

std::vector<LogitPart> all_parts(const model::LogitParts& parts, const Scene& scene) {
    const bool biases = scene.model.config.biases;
    std::vector<LogitPart> all{{PartKind::embedding, -1, -1, parts.embedding}};
    for (size_t l = 0; l < parts.layers.size(); ++l) {
        const auto& layer = parts.layers[l];
        const int at = static_cast<int>(l);
        for (size_t h = 0; h < layer.heads.size(); ++h) {
            all.push_back({PartKind::head, at, static_cast<int>(h), layer.heads[h]});
        }
        if (biases) all.push_back({PartKind::bias, at, -1, layer.attn_bias});
        all.push_back({PartKind::mlp, at, -1, layer.mlp});
    }
    if (biases) all.push_back({PartKind::norm, -1, -1, parts.norm_bias});
    return all;
}

std::vector<double> running_totals(const model::LogitParts& parts, const Scene& scene) {
    std::vector<double> totals{parts.embedding};
    for (const auto& layer : parts.layers) {
        double total = totals.back() + layer.attn_bias + layer.mlp;
        for (double head : layer.heads) total += head;
        totals.push_back(total);
    }
    if (scene.model.config.biases) totals.push_back(totals.back() + parts.norm_bias);
    return totals;
}

}  // namespace viz
