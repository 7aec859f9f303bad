// What the selected query reads, as arcs back to the tokens it looks at.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "viz/layout/grid.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float token_size = 11;
constexpr float longest_token = 64;
constexpr float thickest = 7;
constexpr float lowest = 70;  // of the arcs' part of the height, for the preferred size

float longest(const Scene& scene) {
    const TextStyle style = mono(token_size, {});
    float width = 0;
    for (int i = 0; i < scene.length(); ++i) {
        width = std::max(width, width_of(style, scene.shown_at(i)));
    }
    return std::min(width, longest_token);
}

// The labels that have room: the query's, then those of the strongest keys.
std::vector<int> labelled(const std::vector<float>& weights, int n, int query, float pitch,
                          float needed) {
    std::vector<int> order(n);
    std::iota(order.begin(), order.end(), 0);
    auto importance = [&](int i) { return i == query ? 2.0f : i < query ? weights[i] : -1.0f; };
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return importance(a) > importance(b); });
    std::vector<int> kept;
    for (int i : order) {
        const bool free = std::all_of(kept.begin(), kept.end(), [&](int other) {
            return pitch * static_cast<float>(std::abs(i - other)) >= needed;
        });
        if (free) kept.push_back(i);
    }
    return kept;
}

void draw_arc(Canvas& canvas, Point from, Point to, float height, float weight,
              const Scene& scene) {
    if (!(weight > 0)) return;
    // Hundreds of faint arcs lie over each other: together they shall not look like a strong one.
    const float least = std::min(0.12f, 2.0f / static_cast<float>(scene.length()));
    const Colour colour =
        scene.theme.accent.with_alpha(least + (1 - least) * std::min(weight, 1.0f));
    const float lift = height * 4 / 3;  // a cubic reaches three quarters of its controls
    canvas.curve(from, {from.x, from.y - lift}, {to.x, to.y - lift}, to,
                 {colour, 0.75f + (thickest - 0.75f) * weight});
}

}  // namespace

void draw_arcs(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const int n = scene.length();
    const int query = scene.position();
    const TextStyle plain = mono(token_size, t.text);
    const float token_width = std::min({longest(scene), rect.w * 0.25f, rect.h * 0.4f});
    const float reach = slope_reach(plain, token_width);
    const float base = rect.bottom() - reach - 9;
    const float left = rect.x + thickest;
    const float span = rect.right() - reach - left;
    const float pitch = n > 1 ? std::min(span / static_cast<float>(n - 1), 64.0f) : span;
    auto column = [&](int i) { return left + pitch * static_cast<float>(i); };

    std::vector<float> weights =
        shown_row(scene, scene.selection.layer, scene.selection.head, query);
    const float darkest = darkest_weight(scene, scene.selection.layer, scene.selection.head);
    for (float& weight : weights) weight = std::min(weight / darkest, 1.0f);
    const float most = static_cast<float>(std::max(query, 1));
    const float room = base - rect.y - thickest / 2;
    const Point from{column(query), base};
    // Weak ones first: a strong arc lies above them.
    std::vector<int> keys(weights.size());
    std::iota(keys.begin(), keys.end(), 0);
    std::stable_sort(keys.begin(), keys.end(),
                     [&](int a, int b) { return weights[a] < weights[b]; });
    const float round = pitch * most / 2;  // a half circle, where there is room for it
    for (int key : keys) {
        if (key == query) continue;
        const float part = static_cast<float>(query - key) / most;
        draw_arc(canvas, from, {column(key), base}, std::min(room, round) * part, weights[key],
                 scene);
    }
    const float loop = std::clamp(pitch * 0.3f, 3.0f, 8.0f);  // it also looks at itself
    draw_arc(canvas, {from.x - loop, base}, {from.x + loop, base}, std::min(room, loop * 1.6f),
             weights[query], scene);

    for (int i = 0; i < n; ++i) {
        canvas.region({column(i) - pitch / 2, rect.y, pitch, rect.h}, target::token(i));
    }
    if (n > 1) {
        draw_line(canvas, {left, base + 1}, {column(n - 1), base + 1}, hairline(t.border));
    }
    for (int i : labelled(weights, n, query, pitch, slope_pitch(plain))) {
        const Colour ink = i == query ? t.accent : i < query ? t.text : t.faint;
        const TextStyle style = mono(token_size, ink);
        draw_sloped(canvas, {column(i), base + 8}, fit_token(style, scene.shown_at(i), token_width),
                    style, Slope::falling);
    }
}

namespace {

Size arcs_size(const Scene& scene) {
    const auto n = static_cast<float>(std::clamp(scene.length(), 8, 48));
    const float reach = slope_reach(mono(token_size, {}), longest(scene));
    return {n * 28 + reach, lowest + 80 + reach};
}

}  // namespace

// Targets: "token/I".
extern const View arcs_view{
    .id = "arcs",
    .title = "What it reads",
    .help = "arcs from the selected query to the tokens it looks at",
    .group = Group::attention,
    .tab = false,
    .heading = Heading::head,
    .preferred_size = arcs_size,
    .draw = draw_arcs,
    .least = {220, 110},
    .shows_head = true,
    .switches = Switches::attention,
};

}  // namespace viz
