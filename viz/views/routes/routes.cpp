// The way of a token: one lane for each token, from its embedding at the left through the blocks to
// the ranking at the right; what heads bring from lane to lane, what MLPs add, and the routes by
// which the answer came (model/interp/routes.h).
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/interp/attribution.h"
#include "viz/layout/grid.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/title.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/routes/lanes.h"
#include "viz/views/routes/ribbons.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float title_height = 26;
constexpr float legend_height = 22;
constexpr int most_candidates = 8;

bool of_answer(const Scene& scene) {
    return scene.attention.routes == model::RouteMeasure::answer;
}

const model::Routes& routes_of(const Scene& scene) {
    return scene.memo.routes.routes(scene.model, scene.step.records, scene.position(),
                                    scene.followed(), scene.attention.routes,
                                    scene.attention.least_route);
}

bool at_end(const Scene& scene) {
    return scene.position() == scene.length() - 1;
}

Title title_of(const Scene& scene, const model::Routes& routes) {
    const TextStyle style = bold(13, {});
    const std::string at = fit_token(style, scene.shown_at(scene.position()), 150);
    const std::string where = at + " (position " + count(scene.position()) + ")";
    const std::string shows = percent(routes.followed()) + " of it shown";
    if (!of_answer(scene)) {
        return {.wordings = {"Routes by which the stream at " + where + " came about",
                             "Routes to the stream at " + where, "Routes to " + at},
                .end = shows,
                .gap = 14};
    }
    const std::string token = fit_token(style, scene.shown(scene.followed()), 150);
    return {.wordings = {"Routes to " + token + " as the next token after " + where,
                         "Routes to " + token + " after " + where, "Routes to " + token},
            .end = shows,
            .gap = 14};
}

void draw_labels(Canvas& canvas, const Lanes& lanes, const model::Routes& routes,
                 const Scene& scene) {
    const Theme& t = scene.theme;
    const float left = lanes.body.x - lanes.labels;
    const float high = std::min(lanes.pitch - 3, 24.0f);
    const TextStyle grey = sans(std::min(11.5f, high), t.muted);
    for (const LaneRow& row : lanes.rows) {
        const Rect lane{left, lanes.y(row.first) - lanes.pitch / 2, lanes.body.right() - left,
                        lanes.pitch};
        const Rect chip{left, lane.centre().y - high / 2, lanes.labels - 10, high};
        if (row.folded()) {
            draw_text_in(canvas, chip, plural(row.last - row.first + 1, "token"), grey,
                         Align::right);
            continue;
        }
        canvas.region(lane.left(lanes.labels), target::token(row.first));
        const bool selected = row.first == scene.position();
        const bool begins = routes.begins()[static_cast<size_t>(row.first)] > 0;
        const TextStyle style =
            mono(std::min(12.0f, high * 0.75f), selected || begins ? t.accent : t.text);
        const std::string text = fit_token(style, scene.shown_at(row.first), chip.w - 10);
        const float width = std::min(width_of(style, text) + 12, chip.w);
        const Rect box = chip.without_left(chip.w - width);
        draw_chip(canvas, box, selected ? t.accent_soft : t.inset,
                  hairline(selected ? t.accent : t.border), 5);
        draw_text_in(canvas, box, text, style, Align::centre);
    }
}

std::string off_words(const Scene& scene, int layer) {
    const model::Ablation* ablation = scene.step.records.back()->ablation();
    if (!ablation) return "";
    if (ablation->layers.contains(layer)) return "OFF";
    std::string words;
    for (const auto& [l, head] : ablation->heads) {
        if (l == layer) words += (words.empty() ? "H" : ", H") + std::to_string(head + 1);
    }
    if (ablation->mlps.contains(layer)) words += words.empty() ? "MLP" : ", MLP";
    return words.empty() ? "" : words + " OFF";
}

void draw_blocks(Canvas& canvas, const Lanes& lanes, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle plain = bold(12, t.text), chosen = bold(12, t.accent);
    const TextStyle small = sans(11, t.muted), off = bold(11, t.warning);
    const float top = lanes.top - 40;
    const float needed = width_of(plain, std::to_string(lanes.layers)) + 8;
    const std::vector<int> named =
        thinned(lanes.layers, lanes.block, needed, scene.selection.layer, Thin::to_last);
    for (int layer = 0; layer < lanes.layers; ++layer) {
        const bool selected = layer == scene.selection.layer;
        const Rect band{lanes.begin(layer), top, lanes.width(layer), lanes.body.bottom() - top + 4};
        if (layer % 2 == 0 || selected) {
            canvas.fill_rect(
                band, selected ? t.accent_soft.with_alpha(0.35f) : t.inset.with_alpha(0.6f), 6);
        }
        canvas.region({band.x, band.y, band.w, 38}, target::layer(layer));
        if (std::ranges::find(named, layer) == named.end()) continue;
        const std::string number = std::to_string(layer + 1);
        const Rect line{band.x, top + 3, band.w, 17};
        const TextStyle& style = selected ? chosen : plain;
        const bool wide = width_of(style, "Block " + number) + 8 <= band.w;
        draw_text_in(canvas,
                     wide ? line : Rect{line.centre().x - needed / 2, line.y, needed, line.h},
                     wide ? "Block " + number : number, style, Align::centre);
        const Rect below{band.x + 2, top + 20, band.w - 4, 15};
        const std::string words = off_words(scene, layer);
        if (!words.empty()) {
            draw_text_in(canvas, below, fit_words(off, words, below.w), off, Align::centre);
            continue;
        }
        if (layer == lanes.open) {
            const float widest = width_of(small, "H" + std::to_string(lanes.heads)) + 5;
            const Rect heads{lanes.begin(layer), below.y,
                             lanes.slot * static_cast<float>(lanes.heads), below.h};
            for (const auto& [head, place] :
                 named_columns(heads, lanes.heads, widest, scene.selection.head)) {
                draw_text_in(canvas, place, "H" + std::to_string(head + 1),
                             head == scene.selection.head ? bold(11, t.accent) : small,
                             Align::centre);
            }
            for (int head = 0; head < lanes.heads; ++head) {
                canvas.region({lanes.head_begin(head), below.y - 1, lanes.slot, below.h + 2},
                              target::head(layer, head));
            }
        } else if (width_of(small, "attention") + 6 <= lanes.block * 0.62f) {
            draw_text_in(canvas, {band.x, below.y, lanes.block * 0.62f, below.h}, "attention",
                         small, Align::centre);
        }
        const float mlp = width_of(small, "MLP");
        if (mlp + 6 <= lanes.block * 0.4f) {
            draw_text_in(canvas, {lanes.mlp(layer) - mlp, below.y, 2 * mlp, below.h}, "MLP", small,
                         Align::centre);
        }
    }
}

// What the lens reads at the selected position after each block.
void draw_lens(Canvas& canvas, const Lanes& lanes, const Scene& scene) {
    const Theme& t = scene.theme;
    const float y = lanes.body.bottom() + 6;
    const TextStyle grey = sans(11, t.muted);
    const TextStyle token = mono(12, t.text);
    draw_text_in(canvas, {lanes.body.x - lanes.labels, y, lanes.labels - 10, 16},
                 fit_wording(grey, {"lens reads", "lens"}, lanes.labels - 10), grey, Align::right);
    const auto readings = scene.memo.lens.read(
        scene.model, scene.step.records[static_cast<size_t>(scene.position())], scene.followed());
    for (const int layer :
         thinned(lanes.layers, lanes.block, 46, lanes.layers - 1, Thin::to_last)) {
        const auto& reading = readings[static_cast<size_t>(layer)];
        const bool same = reading.id == scene.followed();
        // Where the stream has left the block.
        const float width = std::max(lanes.block, 44.0f) - 4;
        const float right = std::min(lanes.end(layer) + width / 2, lanes.body.right() + width / 2);
        const Rect place{right - width, y, width, 16};
        if (place.x < lanes.body.x - 8) continue;  // there the row's name stands
        TextStyle style = token;
        style.colour = same ? t.accent : t.text;
        draw_text_in(canvas, place, fit_token(style, scene.shown(reading.id), width), style,
                     Align::centre);
        draw_text_in(canvas, {place.x - 6, y + 15, width + 12, 14}, percent(reading.probability),
                     grey, Align::centre);
        canvas.region({place.x, y, width, 30}, target::layer(layer));
    }
}

// The likeliest tokens, with the followed one among them; indices into the ranking.
std::vector<int> candidates_of(const Scene& scene, int room) {
    const auto& all = scene.step.ranking.candidates;
    std::vector<int> rows;
    for (int i = 0; i < std::min({room, most_candidates, static_cast<int>(all.size())}); ++i) {
        rows.push_back(i);
    }
    const auto found = std::ranges::find(all, scene.followed(), &model::Candidate::id);
    if (found != all.end() && !rows.empty()) {
        const int index = static_cast<int>(found - all.begin());
        if (std::ranges::find(rows, index) == rows.end()) rows.back() = index;
    }
    return rows;
}

void draw_candidate(Canvas& canvas, Rect row, const std::string& name, double probability,
                    bool followed, bool others, const Scene& scene) {
    const Theme& t = scene.theme;
    if (followed) canvas.fill_rect(row, t.accent_soft, 6);
    const Colour ink = followed ? t.accent : others ? t.muted : t.text;
    const TextStyle style = others ? sans(12, ink) : mono(12.5f, ink);
    const Rect inside = row.without_left(8).without_right(8);
    const float names = 82, numbers = 52;
    draw_text_in(canvas, inside.left(names),
                 others ? fit_words(style, name, names) : fit_token(style, name, names), style);
    const Rect bar{inside.x + names + 4, row.centre().y - 4, inside.w - names - numbers - 8, 8};
    if (bar.w > 20) {
        canvas.fill_rect(bar, t.grid, 4);
        draw_bar(canvas, bar, probability, followed ? t.accent : others ? t.bar_faint : t.bar);
    }
    draw_text_in(canvas, inside, percent(probability), mono(12, ink), Align::right);
}

// The ranking grows out of the last lane; beside earlier positions stands what was followed. How
// far down it reaches.
float draw_answer(Canvas& canvas, const Lanes& lanes, const Scene& scene) {
    const Theme& t = scene.theme;
    const Colour violet = t.accent.with_alpha(0.82f);
    const float from_y = lanes.y(scene.position());
    const float from_x = lanes.end(lanes.layers - 1);
    const float thick = std::min(4.0f, lanes.pitch * 0.2f);
    const bool ranked = at_end(scene) && lanes.answer.w > 0;
    if (!ranked) {
        if (!of_answer(scene)) return from_y;
        draw_line(canvas, {from_x, from_y}, {from_x + 12, from_y}, {violet, thick});
        const float room =
            scene.brief || lanes.answer.w > 0 ? 130 : lanes.body.right() + 104 - from_x;
        const TextStyle style{Face::mono_bold, 12, t.accent};
        const Rect place{from_x + 16, from_y - 10, std::max(room - 20, 30.0f), 20};
        const std::string token = fit_token(style, scene.shown(scene.followed()), place.w - 6);
        draw_text_in(canvas, place, token, style);
        if (lanes.pitch >= 30 && at_end(scene)) {
            const auto& all = scene.step.ranking.candidates;
            const auto found = std::ranges::find(all, scene.followed(), &model::Candidate::id);
            draw_text_in(canvas, {place.x, place.y + 15, place.w, 16}, percent(found->probability),
                         sans(11.5f, t.muted));
        }
        return from_y;
    }
    const Rect r = lanes.answer;
    const std::vector<int> shown = candidates_of(scene, static_cast<int>((r.h - 20) / 22));
    const auto& all = scene.step.ranking.candidates;
    const float high = std::clamp((r.h - 44) / static_cast<float>(shown.size() + 1), 20.0f, 32.0f);
    draw_text_in(canvas, {r.x + 8, r.y - 40, r.w - 8, 17}, "Next token", bold(13, t.text));
    draw_text_in(canvas, {r.x + 8, r.y - 22, r.w - 8, 15},
                 scene.reveal == Reveal::appended ? "appended" : "not appended yet",
                 sans(11.5f, t.muted));
    Rect row{r.x, r.y, r.w, high};
    double rest = 1;
    float to_y = row.centre().y;
    for (const int index : shown) {
        const model::Candidate& candidate = all[static_cast<size_t>(index)];
        const bool followed = candidate.id == scene.followed();
        if (followed) to_y = row.centre().y;
        draw_candidate(canvas, row, scene.shown(candidate.id), candidate.probability, followed,
                       false, scene);
        canvas.region(row, {"candidate", {index}});
        rest -= candidate.probability;
        row.y += high;
    }
    const auto others = static_cast<long long>(all.size() - shown.size());
    if (others > 0) {
        draw_candidate(canvas, row, plural(others, "other"), std::max(rest, 0.0), false, true,
                       scene);
    }
    const float middle = (from_x + r.x) / 2;
    canvas.curve({from_x, from_y}, {middle + 8, from_y}, {middle - 8, to_y}, {r.x, to_y},
                 {violet, thick});
    return row.bottom();
}

void draw_legend_line(Canvas& canvas, Rect line, const Lanes& lanes, const model::Routes& routes,
                      const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle style = sans(11.5f, t.muted);
    const bool compares = scene.compared() != nullptr;
    const std::string widest = percent(widest_share(lanes, routes));
    const std::string of = of_answer(scene) ? "the answer" : "the stream";
    struct Entry {
        Colour colour;
        std::vector<std::string> wordings;
    };
    const Entry entries[] = {
        {t.accent,
         {"a route to " + of + ", as wide as its share, the widest " + widest, "a route to " + of}},
        {t.value,
         compares ? std::vector<std::string>{"wider here, or (blue) there: difference from the "
                                             "untouched run",
                                             "difference from the untouched run"}
                  : std::vector<std::string>{"a value that arrives, as wide as its vector is long",
                                             "a value that arrives"}}};
    std::string sum;
    if (of_answer(scene)) {
        sum = "parts +" + decimal(routes.raised, 2) + " − " + decimal(-routes.lowered, 2) +
              " = logit " + decimal(routes.logit, 2);
    } else {
        sum = "biases " + percent(routes.constant) + " · dropped " + percent(routes.dropped);
    }
    float room = line.w;
    if (width_of(style, sum) + 24 < line.w * 0.45f) {
        draw_text_in(canvas, line, sum, style, Align::right);
        room -= width_of(style, sum) + 24;
    }
    float x = line.x;
    for (size_t way = 0; way < 2; ++way) {
        float all = 0;
        for (const Entry& entry : entries) all += 54 + width_of(style, entry.wordings[way]);
        if (all > room && way == 0) continue;
        for (const Entry& entry : entries) {
            const float width = width_of(style, entry.wordings[way]);
            if (x + 36 + width > line.x + room) break;
            canvas.fill_rect({x, line.centre().y - 3, 28, 6},
                             compares && entry.colour == t.value ? diverging(t, 0.8f)
                                                                 : entry.colour.with_alpha(0.7f),
                             3);
            draw_text_in(canvas, {x + 34, line.y, width + 2, line.h}, entry.wordings[way], style);
            x += 54 + width;
        }
        break;
    }
}

void draw_view_of_routes(Canvas& canvas, Rect rect, const Scene& scene) {
    const model::Routes& routes = routes_of(scene);
    draw_title(canvas, rect.top(title_height), title_of(scene, routes), scene.theme);
    const Rect inside = rect.without_top(title_height);
    const Lanes lanes = make_lanes(inside, scene, routes);
    draw_blocks(canvas, lanes, scene);
    draw_labels(canvas, lanes, routes, scene);
    draw_lanes(canvas, lanes, scene);
    draw_values(canvas, lanes, scene);
    draw_dammed(canvas, lanes, scene);
    draw_route_lines(canvas, lanes, routes, scene);
    draw_swellings(canvas, lanes, routes, scene);
    draw_shares(canvas, lanes, routes, scene);
    draw_lens(canvas, lanes, scene);
    const float below = std::max(draw_answer(canvas, lanes, scene), lanes.body.bottom() + 36);
    const Rect line{rect.x, std::min(below + 10, rect.bottom() - legend_height), rect.w,
                    legend_height - 4};
    draw_part(canvas, PagePart::legend, "",
              [&] { draw_legend_line(canvas, line, lanes, routes, scene); });
}

Size routes_size(const Scene& scene) {
    const auto n = static_cast<float>(std::clamp(scene.length(), 8, 30));
    const auto blocks = static_cast<float>(std::clamp(scene.model.config.n_layer, 4, 12));
    return {520 + 90 * blocks, 150 + 34 * n};
}

// Numbers of a ribbon's target; head -1: all heads.
struct Named {
    int layer, from, to, head;
};

std::optional<Named> named_by(const Scene& scene, const Target& target) {
    const model::Config& c = scene.model.config;
    const Named ribbon{target.number(0, c.n_layer), target.number(1, scene.length()),
                       target.number(2, scene.length()),
                       target.numbers() > 3 ? target.number(3, c.n_head) : -1};
    const bool known = ribbon.layer >= 0 && ribbon.from >= 0 && ribbon.to >= ribbon.from &&
                       (target.numbers() == 3 || ribbon.head >= 0);
    return known ? std::optional(ribbon) : std::nullopt;
}

// Of one head: the weight, and how long what it brings is.
struct HeadPart {
    int head;
    double weight, length;
};

std::vector<HeadPart> heads_of(const Scene& scene, const Named& ribbon) {
    const auto& brought = scene.memo.routes.brought(scene.model, scene.step.records);
    const auto& values = brought[static_cast<size_t>(ribbon.layer)].values;
    const auto& records = scene.step.records;
    const model::Ablation* ablation = records[static_cast<size_t>(ribbon.to)]->ablation();
    std::vector<HeadPart> parts;
    for (int head = 0; head < scene.model.config.n_head; ++head) {
        const bool off = ablation && ablation->head_off(ribbon.layer, head);
        const double weight = off ? 0
                                  : model::attention_row(scene.model.config, records, ribbon.layer,
                                                         head, ribbon.to)[ribbon.from];
        parts.push_back(
            {head, weight, weight * values[static_cast<size_t>(ribbon.from)].length(head)});
    }
    std::ranges::stable_sort(parts, std::ranges::greater{}, &HeadPart::length);
    return parts;
}

std::string length_words(double value) {
    return "a vector of length " + number(value);
}

Lines ribbon_tooltip(const Scene& scene, const Hit& hit) {
    const auto ribbon = named_by(scene, hit.target);
    if (!ribbon) return {};
    const std::string from = scene.shown_at(ribbon->from), to = scene.shown_at(ribbon->to);
    const std::string block = "Block " + std::to_string(ribbon->layer + 1);
    const std::vector<HeadPart> parts = heads_of(scene, *ribbon);
    const auto head_words = [](int head) { return "head " + std::to_string(head + 1); };
    Lines lines;
    if (ribbon->head >= 0) {
        const auto part = std::ranges::find(parts, ribbon->head, &HeadPart::head);
        lines = {block + " · " + head_words(ribbon->head) + " brings " + from + " to " + to,
                 length_words(part->length) + " · weight " + weight(part->weight)};
    } else {
        const auto& brought = scene.memo.routes.brought(scene.model, scene.step.records);
        const double length =
            brought[static_cast<size_t>(ribbon->layer)]
                .lengths[static_cast<size_t>(ribbon->to)][static_cast<size_t>(ribbon->from)];
        lines = {block + " brings " + from + " to " + to,
                 length_words(length) + " · most by " + head_words(parts.front().head) +
                     " (weight " + weight(parts.front().weight) + ")"};
    }
    const model::Routes& routes = routes_of(scene);
    double share = 0;
    for (const model::Routes::Edge& edge : routes.edges) {
        const bool here = edge.layer == ribbon->layer && edge.from == ribbon->from &&
                          edge.to == ribbon->to && (ribbon->head < 0 || edge.head == ribbon->head);
        if (here) share += edge.share;
    }
    const std::string of =
        of_answer(scene) ? scene.shown(scene.followed()) : "the stream at the end";
    if (share > 0) lines.push_back(percent(share) + " of the routes to " + of);
    if (ribbon->to == scene.position()) {
        const auto sources = model::logit_by_source(scene.model, scene.step.records,
                                                    scene.position(), scene.followed());
        double part = 0;
        const auto& heads = sources[static_cast<size_t>(ribbon->layer)];
        for (size_t head = 0; head < heads.size(); ++head) {
            if (ribbon->head < 0 || ribbon->head == static_cast<int>(head)) {
                part += heads[head][static_cast<size_t>(ribbon->from)];
            }
        }
        lines.push_back((part > 0 ? "+" : "") + number(part) + " to the logit of " +
                        scene.shown(scene.followed()) + ", directly");
    }
    return lines;
}

void select_ribbon(Selection& selection, const Hit& hit, const Extent& extent) {
    const int head = hit.target.numbers() > 3 ? hit.target.number(3, extent.heads) : selection.head;
    select_position(selection, hit.target.number(2, extent.length), extent);
    select_head(selection, hit.target.number(0, extent.layers), head, extent);
}

Lines swelling_tooltip(const Scene& scene, const Hit& hit) {
    const int layer = hit.target.number(0, scene.model.config.n_layer);
    const int position = hit.target.number(1, scene.length());
    if (layer < 0 || position < 0) return {};
    const auto l = static_cast<size_t>(layer), i = static_cast<size_t>(position);
    Lines lines{"Block " + std::to_string(layer + 1) + " · MLP at " + scene.shown_at(position),
                "adds " + length_words(scene.memo.norms.read(scene.step.records)[i].mlp[l])};
    const model::Routes& routes = routes_of(scene);
    if (i < routes.begins().size() && routes.mlp[l][i] > 0) {
        lines.push_back(percent(routes.mlp[l][i]) + " of the routes go through it");
    }
    return lines;
}

void select_swelling(Selection& selection, const Hit& hit, const Extent& extent) {
    select_position(selection, hit.target.number(1, extent.length), extent);
    select_block(selection, hit.target.number(0, extent.layers), Phase::mlp, extent);
}

constexpr Pointing targets[] = {
    {.kind = "ribbon", .tooltip = ribbon_tooltip, .select = select_ribbon, .locks = true},
    {.kind = "swelling", .tooltip = swelling_tooltip, .select = select_swelling},
};

}  // namespace

// Targets: those of ribbons.h, "token/I", "layer/L", "head/L/H" of the open block, "candidate/I".
extern const View routes_view{
    .id = "routes",
    .title = "The way of a token",
    .help =
        "every token's lane through the blocks, what heads bring between them, and the routes "
        "that lead to the answer",
    .group = Group::attention,
    .heading = Heading::own,
    .preferred_size = routes_size,
    .draw = draw_view_of_routes,
    .least = {420, 260},
    .tells_choice = true,
    .switches = Switches::routes,
    .plays = Plays::way,
    .targets = targets,
};

}  // namespace viz
