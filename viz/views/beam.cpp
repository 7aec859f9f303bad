// A beam search as the tree it is: the prompt once, a column for each step, what was kept solid and
// what was pruned faint. Nodes of a column stand in the order of their parents, so no two edges
// cross.
#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/tree_layout.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float heading_height = 24;
constexpr float column_width = 132;
constexpr float stem_width = 92;
constexpr float numbers_height = 16;
constexpr float lane_height = 58, least_lane = 15.5f;
constexpr float most_chip = 26;
constexpr float gap = 30;  // between columns, for the edges

struct Column {
    std::vector<int> nodes;  // in the order of their parents, then by score
    int left_out = 0;        // pruned ones without room
};

// The tree at one step of the run.
struct Shown {
    const model::BeamTrace* trace = nullptr;
    int steps = 0;
    std::vector<int> live;     // at that step, best first
    std::vector<bool> alive;   // nodes that a live beam goes through
    std::vector<bool> winner;  // nodes of the best one

    const model::BeamNode& node(int i) const { return trace->nodes[static_cast<size_t>(i)]; }
    bool is(const std::vector<bool>& set, int i) const { return set[static_cast<size_t>(i)]; }
};

Shown shown_of(const Scene& scene, const model::BeamTrace& trace) {
    Shown shown;
    shown.trace = &trace;
    shown.steps = std::min(scene.compared_tokens(), trace.steps());
    shown.alive.assign(trace.nodes.size(), false);
    shown.winner.assign(trace.nodes.size(), false);
    if (shown.steps == 0) return shown;
    shown.live = trace.live[static_cast<size_t>(shown.steps - 1)];
    for (const int end : shown.live) {
        for (const int at : trace.path_to(end)) {
            shown.alive[static_cast<size_t>(at)] = true;
            if (end == shown.live.front()) shown.winner[static_cast<size_t>(at)] = true;
        }
    }
    return shown;
}

struct Plan {
    TreeLayout layout;
    Rect stem;
    int first = 1;  // step of the first column
    std::vector<Column> columns;
    std::unordered_map<int, Rect> chips;  // by node
};

// Nodes of a step that have room: all that were kept, then the best of the pruned.
Column column_of(const Shown& shown, int step, size_t room,
                 const std::unordered_map<int, int>& place) {
    Column column;
    for (const int i : shown.trace->looked_at(step)) {
        if (shown.node(i).kept || column.nodes.size() < room) {
            column.nodes.push_back(i);
        } else {
            ++column.left_out;
        }
    }
    std::ranges::stable_sort(column.nodes, {}, [&](int i) {
        const auto parent = place.find(shown.node(i).parent);
        return parent == place.end() ? -1 : parent->second;
    });
    return column;
}

Plan plan_of(Rect rect, const Shown& shown) {
    Plan plan;
    const float stem = std::min(stem_width, rect.w * 0.22f);
    Rect columns = rect.without_left(stem).without_top(heading_height + numbers_height);
    const int fit = std::max(1, static_cast<int>(columns.w / column_width));
    const int n = std::min(fit, shown.steps);
    plan.first = shown.steps - n + 1;
    const auto room = static_cast<size_t>(std::max(1.0f, columns.h / least_lane));
    // Places are counted from the first step on: what stands left of the window orders the rest.
    std::unordered_map<int, int> place;
    size_t most = 1;
    for (int step = 1; step <= shown.steps; ++step) {
        Column column = column_of(shown, step, room, place);
        for (size_t i = 0; i < column.nodes.size(); ++i) {
            place[column.nodes[i]] = static_cast<int>(i);
        }
        if (step < plan.first) continue;
        most = std::max(most, column.nodes.size());
        plan.columns.push_back(std::move(column));
    }
    // Every column fills the same height: edges then keep their order all along.
    const float lane = std::min(columns.h / static_cast<float>(most), lane_height);
    columns.h = lane * static_cast<float>(most);
    const float pitch =
        std::min(columns.w / static_cast<float>(std::max(n, 1)), 1.35f * column_width);
    plan.layout = {columns, pitch, gap, std::min(lane - 2.0f, most_chip)};
    plan.stem = {rect.x, columns.y + (columns.h - most_chip) / 2, stem - 4, most_chip};
    for (size_t c = 0; c < plan.columns.size(); ++c) {
        const auto& nodes = plan.columns[c].nodes;
        for (size_t i = 0; i < nodes.size(); ++i) {
            plan.chips[nodes[i]] = plan.layout.place(static_cast<int>(c), static_cast<int>(i),
                                                     static_cast<int>(nodes.size()));
        }
    }
    return plan;
}

void draw_edge(Canvas& canvas, Point from, Point to, int i, const Shown& shown,
               const Scene& scene) {
    const Theme& t = scene.theme;
    const model::BeamNode& node = shown.node(i);
    const bool winner = shown.is(shown.winner, i), alive = shown.is(shown.alive, i);
    Stroke stroke;
    stroke.colour = winner ? t.accent : alive ? t.text : node.kept ? t.muted : t.faint;
    stroke.width = 1 + (node.kept ? 4 * static_cast<float>(node.probability) : 0);
    stroke.dashed = !node.kept;
    const float reach = (to.x - from.x) / 2;
    canvas.curve(from, {from.x + reach, from.y}, {to.x - reach, to.y}, to, stroke);
}

void draw_node(Canvas& canvas, Rect chip, int i, const Shown& shown, const Scene& scene) {
    const Theme& t = scene.theme;
    const float radius = std::min(5.0f, chip.h / 3);
    const model::BeamNode& node = shown.node(i);
    const bool winner = shown.is(shown.winner, i), alive = shown.is(shown.alive, i);
    const bool proposed = node.step == scene.step.number();
    if (node.kept) {
        draw_chip(canvas, chip,
                  winner  ? t.accent_soft
                  : alive ? t.inset
                          : t.card,
                  {winner  ? t.accent
                   : alive ? t.muted
                           : t.border,
                   winner ? 1.75f : 1.0f, proposed},
                  radius);
    }
    const TextStyle score = mono(smallest_text, winner ? t.accent : t.muted);
    const std::string sum = number(node.log_probability);
    const float width = width_of(score, sum);
    const Rect inside = chip.without_left(6).without_right(6);
    draw_text_in(canvas, inside, sum, score, Align::right);
    const TextStyle token = mono(12, alive ? t.text : t.muted);
    const std::string text = scene.shown(node.id) + (node.ended ? " ■" : "");
    draw_text_in(canvas, inside.without_right(width + 6),
                 fit_token(token, text, inside.w - width - 6), token);
    canvas.region(chip, {"beam", {i}});
}

Size beam_size(const Scene&) {
    return {900, 420};
}

void draw_beam(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle words = sans(12.5f, t.muted);
    const model::Strategies* all = scene.compared_strategies();
    const Rect heading = rect.top(20);
    if (!all || !all->beam || all->beam->length() == 0) {
        draw_text_in(canvas, heading, "The search is being run …", words);
        return;
    }
    const Shown shown = shown_of(scene, *all->beam->beam);
    if (shown.steps == 0) {
        draw_text_in(canvas, heading, "The search has not begun: what it keeps is not told yet",
                     words);
        return;
    }
    const Plan plan = plan_of(rect, shown);
    const std::string beams = count(shown.trace->beams) + " beams";
    const std::string best =
        "best: " + number(shown.node(shown.live.front()).log_probability) + " = Σ ln p";
    draw_text_in(
        canvas, heading,
        fit_wording(words,
                    {beams + " · numbers: Σ ln p · solid line: kept, width by probability · "
                             "dashed line: pruned · violet: the most probable text",
                     beams + " · solid line: kept · dashed: pruned · violet: the best",
                     beams + " · " + best, beams},
                    rect.w),
        words);

    int left_out = 0;
    for (size_t c = 0; c < plan.columns.size(); ++c) {
        left_out += plan.columns[c].left_out;
        // The winner's edge last, above the others.
        std::vector<int> order = plan.columns[c].nodes;
        std::ranges::stable_sort(order, {}, [&](int i) {
            return shown.is(shown.winner, i)  ? 3
                   : shown.is(shown.alive, i) ? 2
                   : shown.node(i).kept       ? 1
                                              : 0;
        });
        for (const int i : order) {
            const Rect chip = plan.chips.at(i);
            const auto parent = plan.chips.find(shown.node(i).parent);
            const Rect from = parent == plan.chips.end() ? plan.stem : parent->second;
            draw_edge(canvas, {from.right(), from.centre().y}, {chip.x, chip.centre().y}, i, shown,
                      scene);
        }
        const Rect column = plan.layout.place(static_cast<int>(c), 0, 1);
        draw_text_in(canvas, {column.x, rect.y + heading_height, column.w, numbers_height},
                     "token " + count(plan.first + static_cast<int>(c)),
                     sans(smallest_text, t.muted), Align::centre);
    }
    draw_chip(canvas, plan.stem, t.inset, hairline(t.border), 6);
    const std::string before =
        plan.first > 1 ? "… " + count(plan.first - 1) + " before" : std::string("prompt");
    const TextStyle style = sans(12, t.text);
    const Rect inside = plan.stem.inset(6);
    draw_text_in(canvas, inside, fit_words(style, before, inside.w), style, Align::centre);
    for (const Column& column : plan.columns) {
        for (const int i : column.nodes) draw_node(canvas, plan.chips.at(i), i, shown, scene);
    }
    if (left_out > 0) {
        const TextStyle small = sans(smallest_text, t.muted);
        const Rect line{rect.x, rect.y + heading_height, plan.stem.w + 4 + gap, numbers_height};
        draw_text_in(
            canvas, line,
            fit_wording(small, {"+ " + count(left_out) + " pruned", "+ " + count(left_out)},
                        line.w),
            small);
    }
}

Lines beam_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    const model::Strategies* all = scene.compared_strategies();
    if (!id.is("beam") || !all || !all->beam || !all->beam->beam) return {};
    const Shown shown = shown_of(scene, *all->beam->beam);
    const int i = id.number(0, static_cast<int>(shown.trace->nodes.size()));
    if (i < 0 || shown.node(i).step > shown.steps) return {};
    const model::BeamNode& node = shown.node(i);
    std::string text;
    const std::vector<int> path = shown.trace->path_to(i);
    constexpr size_t most = 12;
    for (size_t at = path.size() > most ? path.size() - most : 0; at < path.size(); ++at) {
        text += scene.shown(shown.node(path[at]).id);
    }
    Lines lines{(path.size() > most ? "… " : "") + text,
                scene.shown(node.id) + ": id " + std::to_string(node.id) + ", the model gave it " +
                    percent(node.probability) + ", rank " + count(node.rank + 1)};
    std::string sum = "Σ ln p = " + number(node.log_probability);
    if (node.parent >= 0) {
        sum += " = " + number(shown.node(node.parent).log_probability) + " + " +
               number(node.log_probability - shown.node(node.parent).log_probability);
    }
    lines.push_back(sum);
    lines.push_back(!node.kept                  ? "pruned: others had a larger sum"
                    : shown.is(shown.winner, i) ? "in the most probable text"
                    : shown.is(shown.alive, i)  ? "in a text that is kept"
                                                : "was kept; all that followed it was pruned");
    if (node.ended) lines.back() += "; the text ends here";
    return lines;
}

constexpr Pointing targets[] = {
    {.kind = "beam", .tooltip = beam_tooltip},
};

}  // namespace

// Targets: "beam/NODE".
extern const View beam_view{
    .id = "beam",
    .title = "Beam search",
    .help = "the tree of a beam search: what it kept, what it pruned",
    .group = Group::choice,
    .preferred_size = beam_size,
    .draw = draw_beam,
    .strategies = true,
    .switches = Switches::beam,
    .targets = targets,
};

}  // namespace viz
