// The tree of continuations: the shared stem once, every branch in a lane of its own, what is
// selected in the accent. Nothing is computed to go from one to another.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/run/prompt_edit.h"
#include "viz/layout/parts.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float lane_height = 54;
constexpr float least_lane = 40;
constexpr float chip_height = 28;
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

// Where every node stands: its lane, from the top. A branch begins a new lane where it leaves an
// older one; the prompt is one stem for each run.
struct Lanes {
    std::vector<int> of;     // by node
    std::vector<int> first;  // node that begins each lane
    std::vector<int> run;    // of each lane
};

Lanes lanes_of(const model::Tree& tree) {
    Lanes lanes;
    lanes.of.assign(tree.nodes.size(), 0);
    std::vector<bool> continued(tree.nodes.size());  // has a child in its own lane
    for (size_t i = 0; i < tree.nodes.size(); ++i) {
        const model::Tree::Node& node = tree.nodes[i];
        const bool stays = node.parent >= 0 && !continued[static_cast<size_t>(node.parent)];
        if (stays) {
            continued[static_cast<size_t>(node.parent)] = true;
            lanes.of[i] = lanes.of[static_cast<size_t>(node.parent)];
            continue;
        }
        lanes.of[i] = static_cast<int>(lanes.first.size());
        lanes.first.push_back(static_cast<int>(i));
        lanes.run.push_back(node.run);
    }
    return lanes;
}

struct Plan {
    Rect rect;
    float lane = 0;        // height
    int first_column = 0;  // position after the prompt that the first column shows
    int columns = 0;
    int first_lane = 0, shown_lanes = 0;

    float x_of(int column) const {
        return rect.x + column_width_ * static_cast<float>(column - first_column);
    }
    float y_of(int lane_index) const {
        return rect.y + lane * (static_cast<float>(lane_index - first_lane) + 0.5f);
    }
    bool shows(int column) const {
        return column >= first_column && column < first_column + columns;
    }
    bool shows_lane(int index) const {
        return index >= first_lane && index < first_lane + shown_lanes;
    }
    float column_width_ = 0;
};

int column_of(const model::Tree& tree, int node) {
    const model::Tree::Node& at = tree.nodes[static_cast<size_t>(node)];
    return at.position - tree.prompt_length(at.run);
}

Plan make_plan(Rect rect, const model::Tree& tree, const Lanes& lanes) {
    Plan plan;
    const float stem = std::min(stem_width, rect.w * 0.3f);
    plan.rect = rect.without_left(stem + marker_width * 0.6f).without_top(heading_height);
    plan.rect = plan.rect.without_right(marker_width * 0.6f);
    plan.column_width_ = column_width;
    int most = 0;
    for (size_t i = 0; i < tree.nodes.size(); ++i) {
        most = std::max(most, column_of(tree, static_cast<int>(i)) + 1);
    }
    const int wanted = most + 1;  // and the proposed one
    plan.columns = std::clamp(static_cast<int>(plan.rect.w / plan.column_width_), 1, wanted);
    const int current = std::max(column_of(tree, tree.current), 0);
    plan.first_column = std::clamp(current - plan.columns * 2 / 3, 0, wanted - plan.columns);
    const int all = static_cast<int>(lanes.first.size());
    plan.shown_lanes = std::clamp(static_cast<int>(plan.rect.h / least_lane), 1, all);
    plan.lane = std::min(plan.rect.h / static_cast<float>(plan.shown_lanes), lane_height);
    const int here = lanes.of[static_cast<size_t>(tree.current)];
    plan.first_lane = std::clamp(here - plan.shown_lanes / 2, 0, all - plan.shown_lanes);
    return plan;
}

void draw_link(Canvas& canvas, Point from, Point to, bool selected, const Scene& scene) {
    const Theme& t = scene.theme;
    const Stroke stroke{selected ? t.accent : t.faint, selected ? 2.0f : 1.25f};
    if (std::abs(from.y - to.y) < 1) {
        const Point line[] = {from, to};
        canvas.polyline(line, stroke);
        return;
    }
    const float reach = std::min((to.x - from.x) * 0.7f, 40.0f);
    canvas.curve(from, {from.x + reach, from.y}, {to.x - reach, to.y}, to, stroke);
}

void draw_node(Canvas& canvas, Rect chip, const model::Tree::Node& node, bool current,
               const Scene& scene) {
    const Theme& t = scene.theme;
    const float radius = 6;
    const TextStyle token = mono(13, node.on_path ? t.text : t.muted);
    canvas.fill_rect(chip, current ? t.accent_soft : mix(t.card, t.inset, 0.8f), radius);
    canvas.stroke_rect(chip.inset(0.5f),
                       {current        ? t.accent
                        : node.on_path ? mix(t.border, t.accent, 0.45f)
                                       : t.border,
                        current ? 1.75f : 1.0f},
                       radius);
    if (node.by == model::ChosenBy::forced) {
        const float r = 2.5f;
        canvas.fill_rect({chip.right() - 7 - r, chip.y + 6 - r, 2 * r, 2 * r}, t.warning, r);
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
    canvas.fill_rect(chip, current ? t.accent_soft : t.inset, 6);
    canvas.stroke_rect(chip.inset(0.5f), hairline(current ? t.accent : t.border), 6);
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
    const int all = static_cast<int>(lanes.first.size());
    const std::string heading = all == 1 ? std::string(
                                               "One path so far: append another candidate "
                                               "at an earlier step, and it branches")
                                         : count(all) + " branches; they share what comes before";
    draw_text_in(canvas, rect.top(20), heading, sans(12.5f, t.muted));

    const float half = chip_height / 2;
    auto chip_of = [&](int column, int lane) {
        return Rect{plan.x_of(column) + 14, plan.y_of(lane) - half + 5, plan.column_width_ - 14,
                    2 * half};
    };
    const float stem_end = plan.rect.x - marker_width * 0.6f;
    auto stem_of = [&](int lane) {
        return Rect{rect.x, plan.y_of(lane) - half + 5, stem_end - rect.x, 2 * half};
    };
    // Links first: chips lie above them.
    for (size_t i = 0; i < tree.nodes.size(); ++i) {
        const model::Tree::Node& node = tree.nodes[i];
        const int column = column_of(tree, static_cast<int>(i)), lane = lanes.of[i];
        if (column < 0 || !plan.shows(column) || !plan.shows_lane(lane)) continue;
        const Rect chip = chip_of(column, lane);
        const Point to{chip.x, chip.centre().y};
        const int parent_lane = lanes.of[static_cast<size_t>(node.parent)];
        if (!plan.shows_lane(parent_lane)) {
            draw_link(canvas, {chip.x - 14, to.y}, to, node.on_path, scene);
        } else if (column == 0) {
            const Rect stem = stem_of(parent_lane);
            draw_link(canvas, {stem.right(), stem.centre().y}, to, node.on_path, scene);
        } else if (plan.shows(column - 1)) {
            const Rect before = chip_of(column - 1, parent_lane);
            draw_link(canvas, {before.right(), before.centre().y}, to, node.on_path, scene);
        } else {
            draw_link(canvas, {stem_end, stem_of(parent_lane).centre().y}, to, node.on_path, scene);
        }
    }
    for (int lane = plan.first_lane; lane < plan.first_lane + plan.shown_lanes; ++lane) {
        const int first = lanes.first[static_cast<size_t>(lane)];
        if (tree.nodes[static_cast<size_t>(first)].parent >= 0) continue;
        const int run = lanes.run[static_cast<size_t>(lane)];
        const bool current = tree.nodes[static_cast<size_t>(tree.current)].run == run &&
                             tree.in_prompt(tree.nodes[static_cast<size_t>(tree.current)]);
        draw_stem(canvas, stem_of(lane), tree, run, current, scene);
        if (plan.first_column > 0) {
            draw_text_in(canvas, {stem_end + 4, stem_of(lane).y - 12, marker_width * 0.6f, 12},
                         "… " + count(plan.first_column), sans(smallest_text, t.muted));
        }
    }
    for (size_t i = 0; i < tree.nodes.size(); ++i) {
        const int column = column_of(tree, static_cast<int>(i));
        if (column < 0 || !plan.shows(column) || !plan.shows_lane(lanes.of[i])) continue;
        draw_node(canvas, chip_of(column, lanes.of[i]), tree.nodes[i],
                  static_cast<int>(i) == tree.current, scene);
    }
    // The proposed token stands behind the current one, unless a branch is there already.
    const int next = column_of(tree, tree.current) + 1;
    const int lane = lanes.of[static_cast<size_t>(tree.current)];
    const bool taken = std::ranges::any_of(
        tree.nodes, [&](const model::Tree::Node& node) { return node.parent == tree.current; });
    if (!taken && scene.step.why == model::StopReason::none && plan.shows(next)) {
        const Rect chip = chip_of(next, lane);
        const Rect before = next == 0 ? stem_of(lane) : chip_of(next - 1, lane);
        draw_link(canvas, {before.right(), chip.centre().y}, {chip.x, chip.centre().y}, false,
                  scene);
        draw_proposed(canvas, chip, scene);
    }
    const int above = plan.first_lane, below = all - plan.first_lane - plan.shown_lanes;
    if (above + below > 0) {
        draw_text_in(canvas, rect.top(20), count(above + below) + " more branches",
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
