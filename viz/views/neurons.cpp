// Neurons: the MLP of the selected layer at the selected position. All its neurons as a strip,
// those that write most as rows with what they promote, and the activation as the curve that
// decides who fires.
#include "model/interp/neurons.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/interp/attribution.h"
#include "viz/layout/grid.h"
#include "viz/layout/legend.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/plot.h"
#include "viz/layout/table.h"
#include "viz/layout/title.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float title_height = 26;
constexpr float line_height = 20;
constexpr float least_cell = 16;  // no cell of the strip is larger a side
constexpr float curve_width = 176, curve_height = 112;
constexpr float header_height = 24;
constexpr float row_height = 26, highest_row = 31;
constexpr int most_rows = 32;
constexpr float token_size = 12.5f;
constexpr float share_width = 78;  // column of what is added to the followed token's logit

// The rows, strongest first; the selected neuron takes the last one when it is weaker.
struct Shown {
    std::vector<float> values;  // of all neurons, after the activation
    std::vector<model::Neuron> rows;
    std::vector<std::vector<model::Promoted>> promoted;  // of each row
    int selected = 0;                                    // index of a neuron
    bool apart = false;                                  // it is weaker than all other rows
    float largest = 0;                                   // |value| of all
    float lowest = 0, highest = 0;                       // value of the rows

    const model::Neuron& chosen() const {
        return *std::find_if(rows.begin(), rows.end(),
                             [&](const model::Neuron& row) { return row.index == selected; });
    }
};

const model::TokenRecord& record_of(const Scene& scene) {
    return *scene.step.records[static_cast<size_t>(scene.position())];
}

Shown make_shown(const Scene& scene, int room) {
    const int layer = scene.selection.layer;
    const model::TokenRecord& record = record_of(scene);
    const std::vector<double>& lengths = scene.memo.neurons.lengths(scene.model, layer);
    Shown shown;
    shown.values = model::neuron_values(scene.model, record, layer);
    for (float value : shown.values) shown.largest = std::max(shown.largest, std::abs(value));
    shown.rows = model::strongest_neurons(scene.model, record, layer, lengths, std::max(room, 1));
    const int wished = scene.selection.neuron;
    const bool valid = wished >= 0 && wished < scene.model.config.d_mlp;
    shown.selected = valid ? wished : shown.rows[0].index;
    const bool among = std::any_of(shown.rows.begin(), shown.rows.end(),
                                   [&](const auto& row) { return row.index == shown.selected; });
    shown.apart = !among;
    if (!among) {
        shown.rows.back() = model::neuron_at(scene.model, record, layer, lengths, shown.selected);
    }
    std::vector<int> indices;
    for (const model::Neuron& row : shown.rows) {
        indices.push_back(row.index);
        shown.lowest = std::min(shown.lowest, row.post);
        shown.highest = std::max(shown.highest, row.post);
    }
    shown.promoted = scene.memo.neurons.promoted(scene.model, layer, indices);
    return shown;
}

bool left_out(const Scene& scene) {
    const model::Ablation* ablation = record_of(scene).ablation();
    return ablation && ablation->mlp_off(scene.selection.layer);
}

const model::Activation& activation_of(const Scene& scene) {
    return *scene.model.config.activation;
}

std::string after(const Scene& scene) {
    return std::string("after ") + activation_of(scene).label;
}

Title title_of(const Scene& scene) {
    const std::string what = "MLP of block " + std::to_string(scene.selection.layer + 1);
    const std::string at = " at " + fit_token(bold(13, {}), scene.shown_at(scene.position()), 180);
    const std::string where = " (position " + count(scene.position()) + ")";
    return {.wordings = {what + at + where, what + at, what}};
}

// Lines of a strip of cells that are about square.
int strip_rows(Rect strip, int cells) {
    const float side =
        std::min(std::sqrt(strip.w * strip.h / static_cast<float>(cells)), least_cell);
    const int rows = std::clamp(static_cast<int>(std::round(strip.h / side)), 1, cells);
    // Rather none left over in the last line.
    for (int fewer = rows; fewer > rows / 2; --fewer) {
        if (cells % fewer == 0) return fewer;
    }
    return rows;
}

void draw_strip(Canvas& canvas, Rect strip, const Shown& shown, const Scene& scene) {
    const Theme& t = scene.theme;
    const int d = static_cast<int>(shown.values.size());
    const int rows = strip_rows(strip, d);
    const int cols = (d + rows - 1) / rows;
    Heatmap map{rows, cols, {}, 0, 0};
    for (int i = 0; i < rows * cols; ++i) {
        map.colours.push_back(
            i < d ? diverging(t, shown.largest > 0 ? shown.values[i] / shown.largest : 0) : t.card);
    }
    canvas.heatmap(strip, map);
    canvas.stroke_rect(strip, hairline(t.border));
    const Target target{"neurons", {scene.selection.layer, cols}};
    canvas.region(strip, target, rows, cols);
    canvas.stroke_rect(
        cell_of(strip, rows, cols, shown.selected / cols, shown.selected % cols).inset(-1.5f),
        {t.accent, 2}, 2);
    if (const auto cell = locked_cell(scene, target, strip, rows, cols)) {
        canvas.stroke_rect(cell->inset(-0.5f), {t.text, 1.5f}, 2);
    }
}

// How many fire, in words, above the strip; its scale below.
void draw_all(Canvas& canvas, Rect rect, const Shown& shown, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle plain = sans(11.5f, t.muted);
    const auto d = static_cast<long long>(shown.values.size());
    long long firing = 0;
    double size = 0;
    for (float value : shown.values) {
        firing += value > 0;
        size += std::abs(value) / static_cast<double>(d);
    }
    const std::string fire = count(firing) + " of " + count(d);
    const std::string out = "left out of this pass: it adds nothing · ";
    const std::string note = left_out(scene) ? out : "";
    draw_text_in(canvas, rect.top(line_height - 4),
                 fit_wording(plain,
                             {note + fire + " neurons are above 0 " + after(scene) +
                                  " · mean size " + number(size),
                              note + fire + " neurons above 0 · mean size " + number(size),
                              note + fire + " above 0 · mean " + number(size), fire},
                             rect.w),
                 plain);
    const Rect strip{rect.x, rect.y + line_height, rect.w, rect.h - 2 * line_height - 4};
    draw_strip(canvas, strip, shown, scene);
    const std::string end = number(shown.largest);
    const ColourScale scale{"-" + end, end, [&](float x) { return diverging(t, 2 * x - 1); }};
    const Rect below{rect.x, strip.bottom() + 4, rect.w, line_height};
    const Rect words = draw_legend(canvas, below, scene, scale, 0.25f, 12);
    const std::string value = "value " + after(scene);
    draw_if_room(canvas, words, {value + ", each cell a neuron", value}, plain);
}

// The activation over the values that occur, with the selected neuron on it.
void draw_curve(Canvas& canvas, Rect rect, const model::Neuron& neuron, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle plain = sans(smallest_text, t.muted);
    const TextStyle value = mono(smallest_text, t.accent);
    const float reach = std::max(3.0f, std::abs(neuron.pre) * 1.15f);
    const float low = -reach, high = reach;
    float floor = std::min(-0.17f, -0.12f * high);
    constexpr int pieces = 48;
    std::vector<Point> curve;  // x and the activation of it, then where they are drawn
    for (int i = 0; i <= pieces; ++i) {
        const float x = low + (high - low) * static_cast<float>(i) / pieces;
        curve.push_back({x, model::apply(activation_of(scene), x)});
        floor = std::min(floor, curve.back().y * 1.1f);
    }
    const float top = curve.back().y < high / 2 ? 1.2f * curve.back().y : high;
    const Plot plot{{rect.x, rect.y + 15, rect.w, rect.h - 31}, {low, high}, {floor, top}};
    for (Point& point : curve) point = plot.at(point.x, point.y);
    canvas.fill_rect(plot.rect, t.inset, 6);
    draw_zero_lines(canvas, plot, hairline(t.border));
    canvas.polyline(curve, {t.muted, 1.5f});
    const Point here = plot.at(neuron.pre, neuron.post);
    const Stroke guide = hairline(t.accent.with_alpha(0.6f), true);
    draw_line(canvas, plot.at(neuron.pre, 0), here, guide);
    draw_line(canvas, plot.at(0, neuron.post), here, guide);
    draw_dot(canvas, here, 4, t.accent);
    const std::string name = "neuron " + count(neuron.index);
    draw_text_in(canvas, rect.top(13),
                 fit_wording(plain, {activation_of(scene).label + (" of " + name), name}, rect.w),
                 plain);
    draw_text_in(canvas, {rect.x, plot.rect.bottom() + 2, rect.w, 14},
                 fit_words(value, number(neuron.pre) + " → " + number(neuron.post), rect.w), value);
    canvas.region(rect, {"gelu", {scene.selection.layer, neuron.index}});
}

namespace column {
enum { index, before, bar, post, length, tokens, share };
}

Table table_of(Rect rect, const Scene& scene) {
    const float bars = std::clamp(rect.w * 0.17f, 60.0f, 180.0f), bars_from = 480;
    const Align right = Align::right;
    return Table(
        rect, {{.name = "neuron", .width = 52, .align = right},
               {.name = "before", .width = 64, .align = right, .from = 400},
               {.width = bars, .from = bars_from, .before = 14},
               {.name = rect.w >= bars_from ? after(scene) : "after", .width = 58, .align = right},
               {.name = "writes", .width = 62, .align = right, .from = 340},
               {.before = 18, .after = 6, .most = 512},
               {.width = share_width, .align = right, .from = 660, .before = 4, .after = 8}});
}

void draw_head(Canvas& canvas, Rect row, const Table& table, const Scene& scene) {
    const TextStyle style = sans(11.5f, scene.theme.muted);
    table.write_names(canvas, row, style);
    if (table.has(column::share)) {
        const TextStyle token = mono(11.5f, scene.theme.accent);
        const std::string name =
            fit_token(token, scene.shown(scene.followed()), share_width - width_of(style, "to "));
        const Rect cell = table.cell(column::share, row);
        draw_text_in(canvas, cell, name, token, Align::right);
        draw_text_in(canvas, cell.without_right(width_of(token, name)), "to ", style, Align::right);
    }
    const Rect rest = table.cell(column::tokens, row);
    draw_text_in(canvas, rest,
                 fit_wording(style,
                             {"makes these tokens likelier ▲ or less likely ▼",
                              "pushes up ▲ or down ▼", "tokens"},
                             rest.w),
                 style);
}

void draw_tokens_of(Canvas& canvas, Rect rect, const model::Neuron& neuron,
                    const std::vector<model::Promoted>& promoted, const Scene& scene) {
    const Theme& t = scene.theme;
    const bool up = neuron.post > 0;
    draw_triangle(canvas, {rect.x + 4, rect.centre().y}, 4, up, up ? t.up : t.down);
    const TextStyle style = mono(token_size, t.text);
    Rect room = rect.without_left(16);
    for (size_t i = 0; i < promoted.size(); ++i) {
        const std::string whole = scene.shown(promoted[i].id);
        const float least = std::min(width_of(style, whole), 44.0f);
        if (i > 0 && room.w < least) break;
        const std::string text = fit_token(style, whole, std::min(room.w, 110.0f));
        draw_text_in(canvas, room, text, style);
        room = room.without_left(width_of(style, text) + 12);
    }
}

// Most activations reach far up and little down: so does the axis.
void draw_value(Canvas& canvas, Rect cell, float value, const Shown& shown, const Theme& t) {
    const float high = 11, span = shown.highest - shown.lowest;
    const float unit = span > 0 ? cell.w / span : 0;
    const float zero = cell.x - shown.lowest * unit;
    const float width = std::max(std::abs(value) * unit, 1.0f);
    const bool down = value < 0;
    draw_line(canvas, {zero, cell.y + 3}, {zero, cell.bottom() - 3}, hairline(t.faint));
    canvas.fill_rect({down ? zero - width : zero, cell.centre().y - high / 2, width, high},
                     diverging(t, down ? -0.8f : 0.8f), std::min(2.0f, width / 2));
}

void draw_neuron(Canvas& canvas, Rect row, const Table& table, size_t i, const Shown& shown,
                 const Scene& scene) {
    const Theme& t = scene.theme;
    const model::Neuron& neuron = shown.rows[i];
    const bool chosen = neuron.index == shown.selected;
    const Target target{"neuron", {scene.selection.layer, neuron.index}};
    if (chosen) canvas.fill_rect(row.inset(1), t.accent_soft, 6);
    if (scene.locked.target == target) canvas.stroke_rect(row.inset(1), {t.text, 1.25f}, 6);
    canvas.region(row, target);
    const TextStyle value = mono(12, t.text), small = mono(12, t.muted);
    table.write(canvas, row, column::index, count(neuron.index),
                mono(12, chosen ? t.accent : t.text));
    table.write(canvas, row, column::before, number(neuron.pre), small);
    table.write(canvas, row, column::post, number(neuron.post), value);
    table.write(canvas, row, column::length, number(neuron.length), small);
    if (table.has(column::bar))
        draw_value(canvas, table.cell(column::bar, row), neuron.post, shown, t);
    if (table.has(column::share)) {
        const double added = model::neuron_share(
            scene.model, record_of(scene), scene.selection.layer, neuron.index, scene.followed());
        table.write(canvas, row, column::share, (added > 0 ? "+" : "") + number(added), value);
    }
    draw_tokens_of(canvas, table.cell(column::tokens, row), neuron, shown.promoted[i], scene);
}

Size neurons_size(const Scene&) {
    return {780, 560};
}

void draw_neurons(Canvas& canvas, Rect rect, const Scene& scene) {
    const float above = title_height + curve_height + 10;
    const float body = rect.h - above - header_height;
    const int room = std::clamp(static_cast<int>(body / row_height), 1, most_rows);
    const Shown shown = make_shown(scene, room);
    draw_title(canvas, rect.top(title_height - 6), title_of(scene), scene.theme);
    Rect upper{rect.x, rect.y + title_height, rect.w, curve_height};
    if (rect.w >= 400) {
        draw_curve(canvas, upper.without_left(rect.w - curve_width), shown.chosen(), scene);
        upper = upper.without_right(curve_width + 24);
    }
    draw_all(canvas, upper, shown, scene);

    const Table table = table_of(rect, scene);
    draw_head(canvas, {rect.x, rect.y + above, rect.w, header_height}, table, scene);
    const auto fitting = std::min(static_cast<size_t>(body / row_height), shown.rows.size());
    if (fitting == 0) return;
    Rect row{rect.x, rect.y + above + header_height, rect.w,
             std::min(body / static_cast<float>(fitting), highest_row)};
    for (size_t i = 0; i < fitting; ++i) {
        draw_neuron(canvas, row, table, i, shown, scene);
        if (shown.apart && i + 1 == shown.rows.size()) {  // others lie between
            draw_across(canvas, rect, row.y, hairline(scene.theme.faint, true));
        }
        row.y += row.h;
    }
}

Lines neurons_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    if (!id.is("neuron") && !id.is("neurons") && !id.is("gelu")) return {};
    const int layer = id.number(0, scene.model.config.n_layer);
    const int d = scene.model.config.d_mlp;
    if (layer < 0) return {};
    int index = id.number(1, d);
    if (id.is("neurons")) {
        const int cols = id.number(1, d + 1);
        if (cols <= 0) return {};
        index = hit.row * cols + hit.col;
    }
    if (index < 0 || index >= d) return {};
    const model::TokenRecord& record = record_of(scene);
    const std::string name = "blocks." + std::to_string(layer) + ".mlp";
    const model::Neuron neuron = model::neuron_at(
        scene.model, record, layer, scene.memo.neurons.lengths(scene.model, layer), index);
    Lines lines{"Block " + std::to_string(layer + 1) + " · neuron " + count(index) + " at " +
                    scene.shown_at(scene.position()),
                std::string("before ") + activation_of(scene).label + " " + number(neuron.pre) +
                    " (" + name + ".hook_pre), after " + number(neuron.post) + " (" + name +
                    ".hook_post)"};
    if (id.is("gelu")) {
        const model::Activation& activation = activation_of(scene);
        lines.push_back(std::string(activation.label) + " " + activation.effect);
        return lines;
    }
    lines.push_back("writes a vector of length " + number(neuron.length) +
                    " into the residual stream");
    const auto promoted = scene.memo.neurons.promoted(scene.model, layer, std::vector{index})[0];
    std::string tokens = neuron.post > 0 ? "makes likelier:" : "makes less likely:";
    const double scale = neuron.post * model::final_scale(scene.model, record);
    for (const model::Promoted& token : promoted) {
        tokens += "  " + scene.shown(token.id) + " " + number(scale * token.score);
    }
    lines.push_back(tokens + " (directly added to the logit)");
    lines.push_back(
        "to " + scene.shown(scene.followed()) + " it adds " +
        number(model::neuron_share(scene.model, record, layer, index, scene.followed())));
    return lines;
}

void select_neuron(Selection& selection, const Hit& hit, const Extent& extent) {
    // The strip has so many columns; a row is one neuron.
    const int second = hit.target.number(1);
    const int neuron = hit.target.is("neuron") ? second : hit.row * std::max(second, 1) + hit.col;
    if (neuron >= 0 && neuron < extent.neurons) selection.neuron = neuron;
    selection.phase = Phase::mlp;
}

constexpr Pointing targets[] = {
    {.kind = "neurons", .tooltip = neurons_tooltip, .select = select_neuron, .locks = true},
    {.kind = "neuron", .tooltip = neurons_tooltip, .select = select_neuron, .locks = true},
    {.kind = "gelu", .tooltip = neurons_tooltip},
};

}  // namespace

// Targets: "neurons/L/COLUMNS" of the strip's cells, "neuron/L/INDEX" on rows, "gelu/L/INDEX".
extern const View neurons_view{
    .id = "neurons",
    .title = "Neurons",
    .help = "the selected block's MLP: its strongest neurons and what they write",
    .group = Group::stream,
    .preferred_size = neurons_size,
    .draw = draw_neurons,
    .tells_choice = true,
    .targets = targets,
};

}  // namespace viz
