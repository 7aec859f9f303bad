// What a scene says in words, and what attention it shows.
#include "viz/scene.h"

namespace viz {

model::AttentionPattern shown_pattern(const Scene& scene, int layer, int head) {
    model::AttentionPattern pattern =
        scene.memo.attention.pattern(scene.model.config, scene.step.records, layer, head);
    if (scene.attention.hide_first) {
        for (auto& row : pattern) drop_first(row);
    }
    return pattern;
}

std::vector<float> shown_row(const Scene& scene, int layer, int head, int query) {
    auto row = model::attention_row(scene.model.config, scene.step.records, layer, head, query);
    if (scene.attention.hide_first) drop_first(row);
    return row;
}

std::string head_name(int layer, int head) {
    return "Layer " + std::to_string(layer + 1) + " · Head " + std::to_string(head + 1);
}

}  // namespace viz
