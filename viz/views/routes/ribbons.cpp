#include "viz/views/routes/ribbons.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "viz/layout/difference.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"

namespace viz {

namespace {

constexpr size_t most_values = 360;  // ribbons of a drawing
constexpr size_t most_pointed = 90;  // of these that can be pointed at
constexpr float faintest = 0.04f;    // of the longest: not drawn
constexpr float widest_value = 7, widest_route = 14, lane_width = 4;
constexpr size_t labelled = 5;           // routes with a number
constexpr double worth_a_number = 0.03;  // share

struct Ribbon {
    int layer, from, to, head;  // head -1: the block's heads together
    double size;                // length, change of it, or share
};

// Left and right end of a ribbon.
std::array<float, 2> ends_of(const Lanes& lanes, int layer, int head) {
    if (layer != lanes.open) return {lanes.begin(layer) + 2, lanes.attention_end(layer)};
    const float left = lanes.head_begin(std::max(head, 0));
    return {left + 1, left + lanes.slot + lanes.block * 0.2f - 1};
}

Point on_curve(Point from, Point to, float t) {
    const float middle = (from.x + to.x) / 2, s = 1 - t;
    return {s * s * s * from.x + 3 * s * s * t * middle + 3 * s * t * t * middle + t * t * t * to.x,
            s * s * s * from.y + 3 * s * s * t * from.y + 3 * s * t * t * to.y + t * t * t * to.y};
}

void draw_ribbon(Canvas& canvas, const Lanes& lanes, const Ribbon& ribbon, Stroke stroke,
                 bool pointed) {
    const auto [left, right] = ends_of(lanes, ribbon.layer, ribbon.head);
    const Point from{left, lanes.y(ribbon.from)}, to{right, lanes.y(ribbon.to)};
    const float middle = (left + right) / 2;
    canvas.curve(from, {middle, from.y}, {middle, to.y}, to, stroke);
    if (!pointed) return;
    const Target target = ribbon_target(ribbon.layer, ribbon.from, ribbon.to, ribbon.head);
    const float reach = std::max(stroke.width / 2, 3.0f);
    const int parts = std::clamp(static_cast<int>(std::abs(to.y - from.y) / 14), 2, 24);
    for (int i = 0; i < parts; ++i) {
        const Point a = on_curve(from, to, static_cast<float>(i) / static_cast<float>(parts));
        const Point b = on_curve(from, to, static_cast<float>(i + 1) / static_cast<float>(parts));
        canvas.region({std::min(a.x, b.x) - reach, std::min(a.y, b.y),
                       std::abs(b.x - a.x) + 2 * reach, std::max(std::abs(b.y - a.y), 4.0f)},
                      target);
    }
}

// Lengths by layer of `brought`; heads of the open block one by one.
template <typename Use>
void each_length(const Lanes& lanes, const Scene& scene, const model::Records& records,
                 const std::vector<RouteMemo::Brought>& brought, Use use) {
    const int n = static_cast<int>(lanes.row_of.size());
    for (int layer = 0; layer < lanes.layers; ++layer) {
        const RouteMemo::Brought& here = brought[static_cast<size_t>(layer)];
        for (int to = 1; to < n; ++to) {
            if (!lanes.has_lane(to)) continue;
            std::vector<std::vector<float>> rows;
            const model::Ablation* ablation = records[static_cast<size_t>(to)]->ablation();
            for (int head = 0; layer == lanes.open && head < lanes.heads; ++head) {
                const bool off = ablation && ablation->head_off(layer, head);
                rows.push_back(
                    off ? std::vector<float>(static_cast<size_t>(to) + 1)
                        : model::attention_row(scene.model.config, records, layer, head, to));
            }
            for (int from = 0; from < to; ++from) {
                if (!lanes.has_lane(from)) continue;
                const auto f = static_cast<size_t>(from);
                if (rows.empty()) {
                    use(layer, from, to, -1, here.lengths[static_cast<size_t>(to)][f]);
                }
                for (size_t head = 0; head < rows.size(); ++head) {
                    use(layer, from, to, static_cast<int>(head),
                        rows[head][f] * here.values[f].length(static_cast<int>(head)));
                }
            }
        }
    }
}

std::vector<Ribbon> largest(std::vector<Ribbon> all) {
    std::ranges::stable_sort(
        all, [](const Ribbon& a, const Ribbon& b) { return std::abs(a.size) > std::abs(b.size); });
    if (all.size() > most_values) all.resize(most_values);
    while (!all.empty() && std::abs(all.back().size) < faintest * std::abs(all.front().size)) {
        all.pop_back();
    }
    return all;
}

std::vector<Ribbon> lengths_of(const Lanes& lanes, const Scene& scene) {
    std::vector<Ribbon> ribbons;
    each_length(lanes, scene, scene.step.records,
                scene.memo.routes.brought(scene.model, scene.step.records),
                [&](int layer, int from, int to, int head, double length) {
                    ribbons.push_back({layer, from, to, head, length});
                });
    if (const model::Step* untouched = scene.compared()) {
        size_t i = 0;
        each_length(lanes, scene, untouched->records,
                    scene.memo.routes.brought(scene.model, untouched->records),
                    [&](int, int, int, int, double length) { ribbons[i++].size -= length; });
    }
    return largest(std::move(ribbons));
}

// Routes as ribbons, the largest first; the heads of a closed block run together. Without what
// stays in one row.
std::vector<Ribbon> route_ribbons(const Lanes& lanes, const model::Routes& routes) {
    std::map<std::array<int, 4>, double> merged;
    for (const model::Routes::Edge& edge : routes.edges) {
        const bool stays = lanes.row_of[static_cast<size_t>(edge.from)] ==
                           lanes.row_of[static_cast<size_t>(edge.to)];
        const int head = edge.layer == lanes.open ? edge.head : -1;
        if (!stays) merged[{edge.layer, edge.from, edge.to, head}] += edge.share;
    }
    std::vector<Ribbon> ribbons;
    for (const auto& [key, share] : merged) {
        ribbons.push_back({key[0], key[1], key[2], key[3], share});
    }
    std::ranges::stable_sort(ribbons, std::ranges::greater{}, &Ribbon::size);
    return ribbons;
}

}  // namespace

Target ribbon_target(int layer, int from, int to, int head) {
    return head < 0 ? Target{"ribbon", {layer, from, to}}
                    : Target{"ribbon", {layer, from, to, head}};
}

Target swelling_target(int layer, int position) {
    return {"swelling", {layer, position}};
}

namespace {

float route_width(const Lanes& lanes, double part) {
    const float most = std::min(widest_route, lanes.pitch * 0.55f);
    return std::max(static_cast<float>(part) * most, 1.25f);
}

}  // namespace

void draw_values(Canvas& canvas, const Lanes& lanes, const Scene& scene) {
    const std::vector<Ribbon> ribbons = lengths_of(lanes, scene);
    if (ribbons.empty()) return;
    const double longest = std::abs(ribbons.front().size);
    if (!(longest > 0)) return;  // a difference that is none anywhere
    const bool compares = scene.compared() != nullptr;
    const float most = std::min(widest_value, lanes.pitch * 0.4f);
    // With routes over them they are the ground.
    const float strength = scene.attention.routes == model::RouteMeasure::answer ? 0.75f : 1;
    for (size_t i = ribbons.size(); i-- > 0;) {
        const Ribbon& ribbon = ribbons[i];
        const auto part = static_cast<float>(std::abs(ribbon.size) / longest);
        const bool chosen = ribbon.head < 0 || ribbon.head == scene.selection.head;
        const float alpha = strength * (chosen ? 0.16f + 0.44f * part : 0.08f + 0.24f * part);
        const Colour colour = compares ? change_colour(scene, ribbon.size, longest)
                                       : scene.theme.value.with_alpha(alpha);
        draw_ribbon(canvas, lanes, ribbon, {colour, std::max(most * part, 0.7f)}, i < most_pointed);
    }
}

void draw_dammed(Canvas& canvas, const Lanes& lanes, const Scene& scene) {
    const model::Ablation* ablation = scene.step.records.back()->ablation();
    const model::Step* other = scene.untouched.get();
    if (!ablation || !other || other->records.size() != scene.step.records.size()) return;
    std::vector<Ribbon> ribbons;
    const auto& brought = scene.memo.routes.brought(scene.model, other->records);
    const int n = static_cast<int>(lanes.row_of.size());
    for (int layer = 0; layer < lanes.layers; ++layer) {
        for (int head = 0; head < lanes.heads; ++head) {
            if (!ablation->head_off(layer, head)) continue;
            for (int to = 1; to < n; ++to) {
                const std::vector<float> row =
                    model::attention_row(scene.model.config, other->records, layer, head, to);
                for (int from = 0; from < to; ++from) {
                    if (!lanes.has_lane(from) || !lanes.has_lane(to)) continue;
                    const auto& values = brought[static_cast<size_t>(layer)].values;
                    const auto f = static_cast<size_t>(from);
                    ribbons.push_back({layer, from, to, head, row[f] * values[f].length(head)});
                }
            }
        }
    }
    ribbons = largest(std::move(ribbons));
    if (ribbons.size() > 24) ribbons.resize(24);
    for (const Ribbon& ribbon : ribbons) {
        const auto [left, right] = ends_of(lanes, ribbon.layer, ribbon.head);
        const Point from{left, lanes.y(ribbon.from)}, to{right, lanes.y(ribbon.to)};
        const float middle = (left + right) / 2;
        const Colour colour = scene.theme.muted.with_alpha(0.55f);
        canvas.curve(from, {middle, from.y}, {middle, to.y}, to, {colour, 1.25f, true});
        const Point dam = on_curve(from, to, 0.12f);
        draw_line(canvas, {dam.x, dam.y - 5}, {dam.x, dam.y + 5}, {scene.theme.muted, 2});
    }
}

void draw_lanes(Canvas& canvas, const Lanes& lanes, const Scene& scene) {
    const Theme& t = scene.theme;
    const float end = lanes.end(lanes.layers - 1);
    for (const LaneRow& row : lanes.rows) {
        const float y = lanes.y(row.first);
        draw_line(canvas, {lanes.body.x - 6, y}, {end, y},
                  {row.folded() ? t.border : t.grid, row.folded() ? 1.0f : 1.5f, row.folded()});
    }
}

void draw_swellings(Canvas& canvas, const Lanes& lanes, const model::Routes& routes,
                    const Scene& scene) {
    const Theme& t = scene.theme;
    const std::vector<Norms>& norms = scene.memo.norms.read(scene.step.records);
    double longest = 0;
    for (size_t i = 0; i < lanes.row_of.size(); ++i) {
        for (const double mlp : norms[i].mlp) longest = std::max(longest, mlp);
    }
    const float most = std::min({lanes.pitch * 0.36f, lanes.block * 0.17f, 11.0f});
    for (const LaneRow& row : lanes.rows) {
        if (row.folded()) continue;
        const auto i = static_cast<size_t>(row.first);
        for (int layer = 0; layer < lanes.layers; ++layer) {
            const auto l = static_cast<size_t>(layer);
            const double part = longest > 0 ? norms[i].mlp[l] / longest : 0;
            const float radius = std::max(most * static_cast<float>(std::sqrt(part)), 1.25f);
            const Point centre{lanes.mlp(layer), lanes.y(row.first)};
            const bool on_way = routes.mlp[l][i] > 0;
            if (part > 0) {
                draw_dot(canvas, centre, radius + 1, on_way ? t.accent : t.faint);
                draw_dot(canvas, centre, radius, on_way ? t.accent_soft : t.inset);
            } else {  // switched off
                for (const float up : {-4.0f, 4.0f}) {
                    draw_line(canvas, {centre.x - 4, centre.y - up}, {centre.x + 4, centre.y + up},
                              {t.muted, 1.5f});
                }
            }
            const float reach = std::max(radius + 2, 6.0f);
            canvas.region({centre.x - reach, centre.y - reach, 2 * reach, 2 * reach},
                          swelling_target(layer, row.first));
        }
    }
}

double widest_share(const Lanes& lanes, const model::Routes& routes) {
    const std::vector<Ribbon> ribbons = route_ribbons(lanes, routes);
    return ribbons.empty() ? 0 : ribbons.front().size;
}

void draw_route_lines(Canvas& canvas, const Lanes& lanes, const model::Routes& routes,
                      const Scene& scene) {
    const Colour violet = scene.theme.accent;
    const float thick = std::min(lane_width, lanes.pitch * 0.2f);
    // Along the lanes, the more the stronger; those of a fold together.
    for (const LaneRow& row : lanes.rows) {
        const float y = lanes.y(row.first);
        const auto along = [&](float from, float to, auto share) {
            double sum = 0;
            for (int i = row.first; i <= row.last; ++i) sum += share(static_cast<size_t>(i));
            if (sum <= 0) return;
            const auto strength = static_cast<float>(std::sqrt(std::min(sum, 1.0)));
            draw_line(canvas, {from, y}, {to, y},
                      {mix(scene.theme.card, violet, 0.3f + 0.7f * strength), thick});
        };
        float x = lanes.body.x - 6;
        for (int layer = 0; layer < lanes.layers; ++layer) {
            const auto l = static_cast<size_t>(layer);
            const float begin = lanes.begin(layer) + 2, end = lanes.attention_end(layer);
            along(x, begin, [&](size_t i) { return routes.pre[l][i]; });
            along(begin, end,
                  [&](size_t i) { return std::min(routes.pre[l][i], routes.mid[l][i]); });
            along(end, lanes.mlp(layer), [&](size_t i) { return routes.mid[l][i]; });
            along(lanes.mlp(layer), lanes.end(layer),
                  [&](size_t i) { return routes.pre[l + 1][i]; });
            x = lanes.end(layer);
        }
    }
    const std::vector<Ribbon> ribbons = route_ribbons(lanes, routes);
    for (size_t i = ribbons.size(); i-- > 0;) {  // the wide ones lie above
        draw_ribbon(
            canvas, lanes, ribbons[i],
            {violet.with_alpha(0.85f), route_width(lanes, ribbons[i].size / ribbons.front().size)},
            true);
    }
}

void draw_shares(Canvas& canvas, const Lanes& lanes, const model::Routes& routes,
                 const Scene& scene) {
    const TextStyle style = bold(11, scene.theme.accent);
    const std::vector<Ribbon> ribbons = route_ribbons(lanes, routes);
    std::vector<Rect> taken;
    for (const Ribbon& ribbon : ribbons) {
        if (taken.size() == labelled || ribbon.size < worth_a_number) break;
        const auto [left, right] = ends_of(lanes, ribbon.layer, ribbon.head);
        const Point at = on_curve({left, lanes.y(ribbon.from)}, {right, lanes.y(ribbon.to)}, 0.5f);
        const std::string text = percent(ribbon.size);
        const float width = width_of(style, text) + 8;
        const float x = at.x + route_width(lanes, ribbon.size / ribbons.front().size) / 2 + 3;
        const Rect label{std::min(x, lanes.body.right() - width), at.y - 8, width, 16};
        if (std::ranges::any_of(taken, [&](const Rect& other) {
                return label.x < other.right() && other.x < label.right() &&
                       label.y < other.bottom() && other.y < label.bottom();
            })) {
            continue;
        }
        taken.push_back(label);
        canvas.fill_rect(label, scene.theme.card.with_alpha(0.88f), 4);
        draw_text_in(canvas, label, text, style, Align::centre);
    }
}

}  // namespace viz
