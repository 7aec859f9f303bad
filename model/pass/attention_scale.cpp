#include "model/pass/attention_scale.h"

#include <cmath>

namespace model {

float attention_scale(const Config& config, int layer) {
    const float scale =
        config.scale_by_width ? 1.0f / std::sqrt(static_cast<float>(config.d_head())) : 1.0f;
    return config.scale_by_layer ? scale / static_cast<float>(layer + 1) : scale;
}

std::string attention_divisors(const Config& config, int layer, const std::string& root,
                               const std::string& between) {
    std::string words;
    if (config.scale_by_width) words += between + root;
    if (config.scale_by_layer) words += between + std::to_string(layer + 1);
    return words;
}

}  // namespace model
