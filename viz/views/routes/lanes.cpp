#include "viz/views/routes/lanes.h"

#include <algorithm>
#include <numeric>

#include "viz/layout/parts.h"

namespace viz {

namespace {

constexpr float header = 44, footer = 68;
constexpr float least_pitch = 17, most_pitch = 48;
constexpr float most_label = 104;
constexpr float answer_width = 216, answer_from = 940;  // pixels of the whole
constexpr float least_slot = 9, most_slot = 40;

// The most that came along the lane at any place.
double importance(const model::Routes& routes, size_t position) {
    double most = 0;
    for (const auto& lane : routes.pre) most = std::max(most, lane[position]);
    for (const auto& lane : routes.mid) most = std::max(most, lane[position]);
    return most;
}

std::vector<LaneRow> fold(const std::vector<bool>& kept) {
    std::vector<LaneRow> rows;
    for (int i = 0; i < static_cast<int>(kept.size()); ++i) {
        const bool own = kept[static_cast<size_t>(i)];
        const bool after_own = rows.empty() || kept[static_cast<size_t>(i) - 1];
        if (own || after_own) {
            rows.push_back({i, i});
        } else {
            rows.back().last = i;
        }
    }
    return rows;
}

std::vector<LaneRow> rows_that_fit(const model::Routes& routes, size_t most) {
    const size_t n = routes.begins().size();
    if (n <= most) return fold(std::vector<bool>(n, true));
    std::vector<size_t> order(n);
    std::iota(order.begin(), order.end(), size_t{0});
    std::vector<double> worth;
    for (size_t i = 0; i < n; ++i) worth.push_back(importance(routes, i));
    worth[0] = std::max(worth[0], 1.5);  // where all begins
    worth.back() = 2;
    // Of equals the later: it is nearer.
    std::ranges::stable_sort(order, [&](size_t a, size_t b) {
        return worth[a] != worth[b] ? worth[a] > worth[b] : a > b;
    });
    std::vector<bool> kept(n);
    std::vector<LaneRow> best;
    for (const size_t position : order) {
        kept[position] = true;
        std::vector<LaneRow> rows = fold(kept);
        if (rows.size() <= most) {
            best = std::move(rows);
        } else if (!best.empty()) {
            kept[position] = false;
        }
    }
    return best.empty() ? fold(kept) : best;
}

}  // namespace

float Lanes::begin(int layer) const {
    const float before = body.x + block * static_cast<float>(layer);
    return open >= 0 && layer > open ? before + slot * static_cast<float>(heads) : before;
}

float Lanes::attention_end(int layer) const {
    const float own =
        layer == open ? slot * static_cast<float>(heads) + block * 0.2f : block * 0.62f;
    return begin(layer) + own;
}

float Lanes::mlp(int layer) const {
    return end(layer) - block * 0.2f;
}

Lanes make_lanes(Rect rect, const Scene& scene, const model::Routes& routes) {
    const model::Config& c = scene.model.config;
    Lanes lanes;
    lanes.layers = c.n_layer;
    lanes.heads = c.n_head;
    const float room = std::max(rect.h - header - footer, least_pitch);
    lanes.rows =
        rows_that_fit(routes, std::max(static_cast<size_t>(room / least_pitch), size_t{3}));
    lanes.row_of.resize(routes.begins().size());
    for (size_t row = 0; row < lanes.rows.size(); ++row) {
        for (int i = lanes.rows[row].first; i <= lanes.rows[row].last; ++i) {
            lanes.row_of[static_cast<size_t>(i)] = static_cast<int>(row);
        }
    }
    const TextStyle token = mono(12, {});
    for (const LaneRow& row : lanes.rows) {
        const float width = row.folded() ? 76 : width_of(token, scene.shown_at(row.first)) + 16;
        lanes.labels = std::max(lanes.labels, width);
    }
    lanes.labels = std::min({std::max(lanes.labels, 40.0f), most_label, rect.w * 0.22f}) + 10;
    const float end = rect.w >= answer_from ? answer_width + 40 : std::min(112.0f, rect.w * 0.2f);
    const auto n = static_cast<float>(lanes.rows.size());
    lanes.pitch = std::min(room / n, most_pitch);
    lanes.top = rect.y + header;
    lanes.body = {rect.x + lanes.labels, lanes.top, rect.w - lanes.labels - end, lanes.pitch * n};
    const float width = lanes.body.w / static_cast<float>(c.n_layer);
    // The selected block is open where its heads can be told apart.
    const auto heads = static_cast<float>(c.n_head), blocks = static_cast<float>(c.n_layer);
    const float slot = std::min(lanes.body.w * 0.34f / heads, most_slot);
    if (slot >= least_slot && scene.selection.layer < c.n_layer) {
        lanes.open = scene.selection.layer;
        // The open block needs no room of its own for attention.
        lanes.slot = slot;
        lanes.block = (lanes.body.w - slot * heads) / blocks;
    } else {
        lanes.block = width;
    }
    lanes.answer = {lanes.body.right() + 40, rect.y + header,
                    rect.w >= answer_from ? answer_width : 0, room};
    return lanes;
}

}  // namespace viz
