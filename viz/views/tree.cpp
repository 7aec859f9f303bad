// The tree of continuations: the shared stem once, every branch in a lane of its own, what is
// selected in the accent. Nothing is computed to go from one to another. Thin, below: what would
// follow the likeliest candidates that were not taken.
#include <algorithm>
#include <cmath>
#include <set>
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

// Tokens that branches took after the step.
std::set<int> taken(const model::Tree& tree) {
    std::set<int> ids;
    for (const model::Tree::Node& node : tree.nodes) {
        if (node.parent == tree.current) ids.insert(node.token);
    }
    return ids;
}

// A candidate of the step that no branch took, and what would follow it.
struct Untaken {
    const model::LookAhead::Continuation* tokens;
    double probability;  // of the candidate
    int lane;            // behind those of the branches; the proposed token has the step's own
    bool proposed;       // it stands there without it
};

std::vector<Untaken> untaken(const Scene& scene, const model::Tree& tree, const Lanes& lanes) {
    std::vector<Untaken> all;
    const model::LookAhead* ahead = scene.ahead();
    if (!ahead || !scene.tells_choice()) return all;
    const std::set<int> children = taken(tree);
    int next = lanes.count();
    for (size_t i = 0; i < ahead->of.size(); ++i) {
        const int id = ahead->of[i].id;
        if (children.contains(id)) continue;
        const bool proposed = children.empty() && id == scene.step.ranking.proposed().id;
        const int lane = proposed ? lanes.of[static_cast<size_t>(tree.current)] : next++;
        all.push_back(
            {&ahead->of[i], scene.step.ranking.candidates[i].probability, lane, proposed});
    }
    return all;
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

// Once somebody looked ahead there is room for what is found, so that nothing moves when it comes.
struct Room {
    int columns = 1, lanes = 0;  // behind the step, below the branches
};

Room room_ahead(const Scene& scene) {
    Room room;
    const bool looks = scene.looked_ahead && scene.step.why == model::StopReason::none;
    if (!looks || !scene.tells_choice()) return room;
    for (const auto& one : scene.looked_ahead->of) {
        room.columns = std::max(room.columns, 1 + static_cast<int>(one.then.size()));
    }
    room.lanes = static_cast<int>(scene.looked_ahead->of.size());
    return room;
}

Plan make_plan(Rect rect, const model::Tree& tree, const Lanes& lanes, Room ahead) {
    Plan plan;
    const float marker = marker_width * 0.6f;
    plan.stems = rect.left(std::min(stem_width, rect.w * 0.3f));
    Rect columns =
        rect.without_left(plan.stems.w + marker).without_top(heading_height).without_right(marker);
    int most = 0;
    for (size_t i = 0; i < tree.nodes.size(); ++i) {
        most = std::max(most, column_of(tree, static_cast<int>(i)) + 1);
    }
    // At least the proposed token stands behind the step.
    const int current = std::max(column_of(tree, tree.current), 0);
    const int wanted = std::max(most + 1, column_of(tree, tree.current) + 1 + ahead.columns);
    const int fit = std::clamp(static_cast<int>(columns.w / column_width), 1, wanted);
    const int before = std::clamp(fit - 1 - ahead.columns, 0, fit * 2 / 3);
    plan.columns = stretch_around(current, wanted, fit, before);
    const int high =
        std::clamp(static_cast<int>(columns.h / least_lane), 1, lanes.count() + ahead.lanes);
    const int branches = std::min(high, lanes.count());
    plan.lanes = stretch_around(lanes.of[static_cast<size_t>(tree.current)], lanes.count(),
                                branches, branches / 2);
    plan.lanes.last += high - branches;  // what branches leave
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
    const std::string words = scene.tells_choice() ? scene.shown(proposed.id) : "?";
    draw_text_in(canvas, chip, fit_token(token, words, chip.w - 12), token, Align::centre);
    if (scene.tells_choice()) {
        draw_text_in(canvas, {chip.x, chip.y - 14, chip.w, 13}, percent(proposed.probability),
                     mono(smallest_text, t.accent), Align::centre);
    }
    canvas.region(chip, target::proposed());
}

// Text on thin lines: nobody went there. The step itself always has room, so they begin at it.
void draw_untaken(Canvas& canvas, const Plan& plan, const model::Tree& tree, const Lanes& lanes,
                  const Untaken& one, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle style = mono(12.5f, t.muted);
    const Stroke thin{t.faint, 0.75f};
    const int first = column_of(tree, tree.current) + 1;
    const int lane = lanes.of[static_cast<size_t>(tree.current)];
    const Rect step = first == 0 ? plan.stem(lane) : plan.chip(first - 1, lane);
    Point from{step.right(), step.centre().y};
    std::vector<model::LookAhead::Token> tokens{{one.tokens->id, one.probability}};
    tokens.insert(tokens.end(), one.tokens->then.begin(), one.tokens->then.end());
    for (int i = 0; i < static_cast<int>(tokens.size()); ++i) {
        const auto& [id, probability] = tokens[static_cast<size_t>(i)];
        if (!plan.shows(first + i, one.lane)) return;
        const Rect chip = plan.chip(first + i, one.lane);
        const float y = chip.centre().y;
        if (one.proposed && i == 0) {
            from = {chip.right(), y};
            continue;
        }
        const std::string token = fit_token(style, scene.shown(id), chip.w - 12);
        const float half = width_of(style, token) / 2 + 6, middle = chip.centre().x;
        const Point to{middle - half, y};
        if (i == 0) {
            // All go down beside each other, left of what is written.
            const float trunk = std::max(from.x, chip.x - chip_gap) + 8;
            canvas.curve(from, {trunk, from.y}, {trunk, y}, to, thin);
        } else {
            draw_line(canvas, from, to, thin);
        }
        from = {middle + half, y};
        draw_text_in(canvas, chip, token, style, Align::centre);
        draw_text_in(canvas, {chip.x, chip.y - 10, chip.w, 13}, percent(probability),
                     mono(smallest_text, t.muted), Align::centre);
        canvas.region(chip, {"ahead", {one.tokens->id, i}});
    }
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

// How many branches there are, and what thin lines mean where there are some, in the words that
// fit.
void draw_heading(Canvas& canvas, Rect line, int branches, bool thin, const Scene& scene) {
    const TextStyle style = sans(12.5f, scene.theme.muted);
    const std::string first = branches == 1
                                  ? std::string("One path so far")
                                  : count(branches) + " branches; they share what comes before";
    std::vector<std::string> rest{""};
    if (thin) {
        rest = {". Thin: what would follow the likeliest candidates; click to go there",
                ". Thin: not taken; click to go there"};
    } else if (branches == 1) {
        rest = {": another candidate at an earlier step makes a branch"};
    }
    const auto fits = std::ranges::find_if(
        rest, [&](const std::string& words) { return width_of(style, first + words) <= line.w; });
    draw_text_in(canvas, line, first + (fits == rest.end() ? rest.back() : *fits), style);
}

void draw_tree(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const model::Tree tree = tree_of(scene);
    const Lanes lanes = lanes_of(tree);
    const std::vector<Untaken> ahead = untaken(scene, tree, lanes);
    const Plan plan = make_plan(rect, tree, lanes, room_ahead(scene));
    const int all = lanes.count();
    const int next = column_of(tree, tree.current) + 1;
    const bool thin = std::ranges::any_of(ahead, [&](const Untaken& one) {
        return plan.shows(next + (one.proposed ? 1 : 0), one.lane);
    });
    const int hidden = all - std::max(std::min(plan.lanes.last, all) - plan.lanes.first, 0);
    const TextStyle small = sans(12.5f, t.muted);
    const std::string more = count(hidden) + (hidden == 1 ? " more branch" : " more branches");
    if (hidden > 0) draw_text_in(canvas, rect.top(20), more, small, Align::right);
    draw_heading(canvas, rect.top(20).without_right(hidden > 0 ? width_of(small, more) + 16 : 0),
                 all, thin, scene);

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
    for (int lane = plan.lanes.first; lane < std::min(plan.lanes.last, all); ++lane) {
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
    const int lane = lanes.of[static_cast<size_t>(tree.current)];
    if (taken(tree).empty() && scene.step.why == model::StopReason::none &&
        plan.columns.shows(next)) {
        const Rect chip = plan.chip(next, lane);
        const Rect before = next == 0 ? plan.stem(lane) : plan.chip(next - 1, lane);
        draw_link(canvas, {before.right(), chip.centre().y}, {chip.x, chip.centre().y}, false,
                  scene);
        draw_proposed(canvas, chip, scene);
    }
    for (const Untaken& one : ahead) draw_untaken(canvas, plan, tree, lanes, one, scene);
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

Lines ahead_tooltip(const Scene& scene, const Hit& hit) {
    const model::LookAhead* ahead = scene.ahead();
    const auto* tokens = ahead ? ahead->find(hit.target.number(0)) : nullptr;
    const int further = hit.target.number(1);
    if (!tokens || further < 0 || further > static_cast<int>(tokens->then.size())) return {};
    std::string text = scene.shown(tokens->id);
    for (int i = 0; i < further; ++i) {
        text += scene.shown(tokens->then[static_cast<size_t>(i)].id);
    }
    return {"Not taken: " + text,
            further == 0 ? "a candidate of this step" : "each the likeliest after the one before",
            "click: append " + (further == 0 ? "it" : "these " + count(further + 1) + " tokens")};
}

constexpr Pointing targets[] = {
    {.kind = "node", .tooltip = tree_tooltip},
    {.kind = "ahead", .tooltip = ahead_tooltip},
};

}  // namespace

// Targets: "node/ID", "proposed", "ahead/CANDIDATE/FURTHER".
extern const View tree_view{
    .id = "tree",
    .title = "Branches",
    .help = "every continuation that was tried, and what would follow other candidates",
    .group = Group::text,
    .preferred_size = tree_size,
    .draw = draw_tree,
    .tells_choice = true,
    .targets = targets,
};

}  // namespace viz
