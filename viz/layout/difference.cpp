#include "viz/layout/difference.h"

#include <algorithm>
#include <cmath>

#include "viz/layout/legend.h"
#include "viz/paint/format.h"

namespace viz {

const PatternChange& shown_change(const Scene& scene, int layer, int head) {
    const AttentionLook& look = scene.attention;
    return scene.memo.changes.read(scene.memo.patterns, scene.model.config, scene.step.records,
                                   scene.compared()->records, layer, head, look.mix,
                                   look.hide_first);
}

std::vector<float> untouched_row(const Scene& scene, int layer, int head, int query) {
    return shown_row(scene, scene.compared()->records, layer, head, query);
}

Colour change_colour(const Scene& scene, double change, double largest) {
    return diverging(scene.theme, static_cast<float>(change / std::max(largest, least_scale)));
}

ColourScale change_scale(const Scene& scene, const std::string& low, const std::string& high,
                         const std::string& of) {
    return {low, high + " " + of, [&scene](float t) { return diverging(scene.theme, 2 * t - 1); },
            120};
}

std::string signed_weight(double change) {
    if (change == 0) return "0";
    return (change > 0 ? "+" : "-") + weight(std::abs(change));
}

}  // namespace viz
