// The tree of continuations: the shared stem once, every branch in a lane of its own, what is
// selected in the accent. Nothing is computed to go from one to another.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/run/prompt_edit.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/stretch.h"
#include "viz/layout/tree_layout.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float lane_height = 54;
constexpr float least_lane = 40;
constexpr float chip_height = 28;
constexpr float chip_lowered = 5;  // its probability stands above it
constexpr float chip_gap = 14;
constexpr float column_width = 92;
constexpr float heading_height = 26;
constexpr float stem_width = 150;
constexpr float marker_width = 92;  // of what is left out at a side

// A tree to draw: that of the scene, or the one path of a scene without.
model::Tree tree_of(const Scene& scene) {
    if (scene.tree && !scene.tree->nodes.empty()) return *scene.tree;
    model::Tree tree;
    const std::vector<int> ids = scene.step.ids();
    tree.runs.push_back(scene.step.ablation);
    tree.prompts.emplace_back(ids.begin(), ids.begin() + scene.step.prompt_length);
    for (int i = 0; i < scene.length(); ++i) {
        const model::Choice& choice = scene.step.choices[static_cast<size_t>(i)];
        tree.nodes.push_back({i, i - 1, 0, scene.step.records[static_cast<size_t>(i)]->id(), i,
                              choice.probability, choice.rank, choice.by, true});
    }
    tree.current = tree.path_end = scene.length() - 1;
    return tree;
}

// Every node's lane, and the node that begins each. A branch begins a new lane where it leaves an
// older one; the prompt is one stem for each run.
struct Lanes {
    std::vector<int> of, first;

    int count() const { return static_cast<int>(first.size()); }
};

Lanes lanes_of(const model::Tree& tree) {
    std::vector<int> parents;
    for (const model::Tree::Node& node : tree.nodes) parents.push_back(node.parent);
    Lanes lanes{viz::lanes_of(parents), {}};
    for (size_t i = 0; i < lanes.of.size(); ++i) {
        if (lanes.of[i] == lanes.count()) lanes.first.push_back(static_cast<int>(i));
    }
    return lanes;
}

// What has room: columns count from the first position after the prompt.
struct Plan {
    Stretch columns, lanes;
    TreeLayout layout;
    Rect stems;  // the column of the prompts

    bool shows(int column, int lane) const { return columns.shows(column) && lanes.shows(lane); }
    Rect chip(int column, int lane) const {
        return layout.place(column - columns.first, lane - lanes.first, lanes.size());
    }
    Rect stem(int lane) const {
        const Rect chip_there = chip(columns.first, lane);
        return {stems.x, chip_there.y, stems.w, chip_there.h};
    }
};

int column_of(const model::Tree& tree, int node) {
    const model::Tree::Node& at = tree.nodes[static_cast<size_t>(node)];
    return at.position - tree.prompt_length(at.run);
}

Plan make_plan(Rect rect, const model::Tree& tree, const Lanes& lanes) {
    Plan plan;
    const float marker = marker_width * 0.6f;
    plan.stems = rect.left(std::min(stem_width, rect.w * 0.3f));
    Rect columns =
        rect.without_left(plan.stems.w + marker).without_top(heading_height).without_right(marker);
    int most = 0;
    for (size_t i = 0; i < tree.nodes.size(); ++i) {
        most = std::max(most, column_of(tree, static_cast<int>(i)) + 1);
    }
    const int wanted = most + 1;  // and the proposed one
    const int fit = std::clamp(static_cast<int>(columns.w / column_width), 1, wanted);
    plan.columns =
        stretch_around(std::max(column_of(tree, tree.current), 0), wanted, fit, fit * 2 / 3);
    const int high = std::clamp(static_cast<int>(columns.h / least_lane), 1, lanes.count());
    plan.lanes =
        stretch_around(lanes.of[static_cast<size_t>(tree.current)], lanes.count(), high, high / 2);
    columns.h = std::min(columns.h, lane_height * static_cast<float>(high));
    plan.layout = {columns, column_width, chip_gap, chip_height, chip_lowered};
    return plan;
}

void draw_link(Canvas& canvas, Point from, Point to, bool selected, const Scene& scene) {
    const Theme& t = scene.theme;
    const Stroke stroke{selected ? t.accent : t.faint, selected ? 2.0f : 1.25f};
    if (std::abs(from.y - to.y) < 1) {
        return draw_line(canvas, from, to, stroke);
    }
    const float reach = std::min((to.x - from.x) * 0.7f, 40.0f);
    canvas.curve(from, {from.x + reach, from.y}, {to.x - reach, to.y}, to, stroke);
}

void draw_node(Canvas& canvas, Rect chip, const model::Tree::Node& node, bool current,
               const Scene& scene) {
    const Theme& t = scene.theme;
    const float radius = 6;
    const TextStyle token = mono(13, node.on_path ? t.text : t.muted);
    draw_chip(canvas, chip, current ? t.accent_soft : mix(t.card, t.inset, 0.8f),
              {current        ? t.accent
               : node.on_path ? mix(t.border, t.accent, 0.45f)
                              : t.border,
               current ? 1.75f : 1.0f},
              radius);
    if (node.by == model::ChosenBy::forced) {
        draw_dot(canvas, {chip.right() - 7, chip.y + 6}, 2.5f, t.warning);
    }
    draw_text_in(canvas, chip, fit_token(token, scene.shown(node.token), chip.w - 12), token,
                 Align::centre);
    // On the edge that leads here: what the model gave it.
    draw_text_in(canvas, {chip.x, chip.y - 14, chip.w, 13}, percent(node.probability),
                 mono(smallest_text, node.on_path ? t.accent : t.muted), Align::centre);
    canvas.region(chip, {"node", {node.id}});
}

void draw_proposed(Canvas& canvas, Rect chip, const Scene& scene) {
    const Theme& t = scene.theme;
    const model::Candidate& proposed = scene.step.ranking.proposed();
    const TextStyle token = mono(13, t.accent);
    canvas.stroke_rect(chip.inset(0.75f), {t.accent, 1.5f, true}, 6);
    draw_text_in(canvas, chip, fit_token(token, scene.shown(proposed.id), chip.w - 12), token,
                 Align::centre);
    draw_text_in(canvas, {chip.x, chip.y - 14, chip.w, 13}, percent(proposed.probability),
                 mono(smallest_text, t.accent), Align::centre);
    canvas.region(chip, target::proposed());
}

// The prompt of a run as one chip, with what its passes leave out.
void draw_stem(Canvas& canvas, Rect chip, const model::Tree& tree, int run, bool current,
               const Scene& scene) {
    const Theme& t = scene.theme;
    draw_chip(canvas, chip, current ? t.accent_soft : t.inset,
              hairline(current ? t.accent : t.border), 6);
    const std::string changes =
        model::run_words(scene.model, tree.runs[static_cast<size_t>(run)], tree.prompts[0],
                         tree.prompts[static_cast<size_t>(run)]);
    const int length = tree.prompt_length(run);
    const std::string words = !changes.empty() ? changes : "prompt · " + plural(length, "token");
    const TextStyle style = sans(12.5f, changes.empty() ? t.text : t.warning);
    const Rect room = chip.without_left(10).without_right(8);
    draw_text_in(canvas, room, fit_words(style, words, room.w), style);
    for (const model::Tree::Node& node : tree.nodes) {
        if (node.run == run && node.position == tree.prompt_length(run) - 1) {
            canvas.region(chip, {"node", {node.id}});
        }
    }
}

Size tree_size(const Scene&) {
    return {900, 420};
}

void draw_tree(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const model::Tree tree = tree_of(scene);
    const Lanes lanes = lanes_of(tree);
    const Plan plan = make_plan(rect, tree, lanes);
    const int all = lanes.count();
    const std::string heading = all == 1 ? std::string(
                                               "One path so far: append another candidate "
                                               "at an earlier step, and it branches")
                                         : count(all) + " branches; they share what comes before";
    draw_text_in(canvas, rect.top(20), heading, sans(12.5f, t.muted));

    const float stem_end = plan.stems.right();
    // Links first: chips lie above them.
    for (size_t i = 0; i < tree.nodes.size(); ++i) {
        const model::Tree::Node& node = tree.nodes[i];
        const int column = column_of(tree, static_cast<int>(i)), lane = lanes.of[i];
        if (!plan.shows(column, lane)) continue;
        const Rect chip = plan.chip(column, lane);
        const Point to{chip.x, chip.centre().y};
        const int parent_lane = lanes.of[static_cast<size_t>(node.parent)];
        if (!plan.lanes.shows(parent_lane)) {
            draw_link(canvas, {chip.x - chip_gap, to.y}, to, node.on_path, scene);
            continue;
        }
        // At the left edge a link comes from the prompt, or from what is left out behind it.
        const Rect before = column > plan.columns.first ? plan.chip(column - 1, parent_lane)
                                                        : plan.stem(parent_lane);
        draw_link(canvas, {before.right(), before.centre().y}, to, node.on_path, scene);
    }
    for (int lane = plan.lanes.first; lane < plan.lanes.last; ++lane) {
        const int first = lanes.first[static_cast<size_t>(lane)];
        const model::Tree::Node& root = tree.nodes[static_cast<size_t>(first)];
        const model::Tree::Node& current = tree.nodes[static_cast<size_t>(tree.current)];
        if (root.parent >= 0) continue;
        const Rect stem = plan.stem(lane);
        draw_stem(canvas, stem, tree, root.run, current.run == root.run && tree.in_prompt(current),
                  scene);
        if (plan.columns.first > 0) {
            draw_text_in(canvas, {stem_end + 4, stem.y - 12, marker_width * 0.6f, 12},
                         "… " + count(plan.columns.first), sans(smallest_text, t.muted));
        }
    }
    for (size_t i = 0; i < tree.nodes.size(); ++i) {
        const int column = column_of(tree, static_cast<int>(i));
        if (!plan.shows(column, lanes.of[i])) continue;
        draw_node(canvas, plan.chip(column, lanes.of[i]), tree.nodes[i],
                  static_cast<int>(i) == tree.current, scene);
    }
    // The proposed token stands behind the current one, unless a branch is there already.
    const int next = column_of(tree, tree.current) + 1;
    const int lane = lanes.of[static_cast<size_t>(tree.current)];
    const bool taken = std::ranges::any_of(
        tree.nodes, [&](const model::Tree::Node& node) { return node.parent == tree.current; });
    if (!taken && scene.step.why == model::StopReason::none && plan.columns.shows(next)) {
        const Rect chip = plan.chip(next, lane);
        const Rect before = next == 0 ? plan.stem(lane) : plan.chip(next - 1, lane);
        draw_link(canvas, {before.right(), chip.centre().y}, {chip.x, chip.centre().y}, false,
                  scene);
        draw_proposed(canvas, chip, scene);
    }
    if (plan.lanes.size() < all) {
        draw_text_in(canvas, rect.top(20), count(all - plan.lanes.size()) + " more branches",
                     sans(12.5f, t.muted), Align::right);
    }
}

Lines tree_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    if (!id.is("node")) return {};
    const model::Tree tree = tree_of(scene);
    const auto found = std::ranges::find(tree.nodes, id.number(0), &model::Tree::Node::id);
    if (found == tree.nodes.end()) return {};
    // The text up to here, its end.
    std::vector<int> ids;
    for (int at = static_cast<int>(found - tree.nodes.begin()); at >= 0;
         at = tree.nodes[static_cast<size_t>(at)].parent) {
        ids.push_back(tree.nodes[static_cast<size_t>(at)].token);
    }
    std::string text;
    for (size_t i = std::min(ids.size(), size_t{12}); i > 0; --i) text += scene.shown(ids[i - 1]);
    Lines lines{(ids.size() > 12 ? "… " : "") + text};
    if (found->position > 0) {
        lines.push_back(scene.shown(found->token) + ": the model gave it " +
                        percent(found->probability) + ", rank " + count(found->rank + 1));
    }
    lines.push_back(std::string("chosen by: ") + model::chosen_by_name(found->by));
    return lines;
}

constexpr Pointing targets[] = {
    {.kind = "node", .tooltip = tree_tooltip},
};

}  // namespace

// Targets: "node/ID", "proposed".
extern const View tree_view{
    .id = "tree",
    .title = "Branches",
    .help = "every continuation that was tried, with its probabilities",
    .preferred_size = tree_size,
    .draw = draw_tree,
    .targets = targets,
};

}  // namespace viz
