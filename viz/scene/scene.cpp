// What a scene says in words, and what attention it shows.
#include "viz/scene/scene.h"

#include "viz/paint/format.h"

namespace viz {

namespace {

const PatternMemo::Shown& shown(const Scene& scene, int layer, int head) {
    const AttentionLook& look = scene.attention;
    return scene.memo.patterns.read(scene.model.config, scene.step.records, layer, head, look.mix,
                                    look.hide_first);
}

}  // namespace

const char* mix_id(AttentionLook::Mix mix) {
    switch (mix) {
        case AttentionLook::Mix::one:
            return "one";
        case AttentionLook::Mix::mean:
            return "mean";
        case AttentionLook::Mix::max:
            return "max";
    }
    return "";
}

const char* tint_id(AttentionLook::Tint tint) {
    switch (tint) {
        case AttentionLook::Tint::none:
            return "none";
        case AttentionLook::Tint::previous:
            return "previous";
        case AttentionLook::Tint::first:
            return "first";
        case AttentionLook::Tint::induction:
            return "induction";
    }
    return "";
}

const char* route_id(model::RouteMeasure measure) {
    return measure == model::RouteMeasure::answer ? "answer" : "arrives";
}

const model::AttentionPattern& shown_pattern(const Scene& scene, int layer, int head) {
    return shown(scene, layer, head).rows;
}

std::vector<float> shown_row(const Scene& scene, int layer, int head, int query) {
    return shown_row(scene, scene.step.records, layer, head, query);
}

std::vector<float> shown_row(const Scene& scene, const model::Records& records, int layer, int head,
                             int query) {
    const AttentionLook& look = scene.attention;
    const bool one = look.mix == AttentionLook::Mix::one;
    std::vector<std::vector<float>> rows;
    for (int h = one ? head : 0; h < (one ? head + 1 : scene.model.config.n_head); ++h) {
        rows.push_back(model::attention_row(scene.model.config, records, layer, h, query));
        if (look.hide_first) drop_first(rows.back());
    }
    return one ? rows.front() : model::mixed_row(rows, look.mix);
}

float darkest_weight(const Scene& scene, int layer, int head) {
    return scene.attention.own_scale ? shown(scene, layer, head).top() : 1;
}

std::string head_name(int layer, int head) {
    return "Block " + std::to_string(layer + 1) + " · Head " + std::to_string(head + 1);
}

std::string shown_name(const Scene& scene, int layer, int head) {
    const auto mix = scene.attention.mix;
    if (mix == AttentionLook::Mix::one) return head_name(layer, head);
    const int heads = scene.model.config.n_head;
    return "Block " + std::to_string(layer + 1) +
           (mix == AttentionLook::Mix::mean ? " · mean of " : " · largest of ") +
           plural(heads, "head");
}

int stream_line(const Scene& scene) {
    switch (scene.selection.phase) {
        case Phase::tokens:
        case Phase::embedding:
            return 0;
        case Phase::attention:
        case Phase::mlp:
            return scene.selection.layer + 1;
        default:
            return scene.model.config.n_layer;
    }
}

}  // namespace viz
