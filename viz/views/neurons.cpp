// Neurons: the MLP of the selected layer at the selected position. All its neurons as a strip,
// those that write most as rows with what they promote, and the activation as the curve that
// decides who fires.
#include "model/interp/neurons.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/interp/attribution.h"
#include "viz/layout/parts.h"
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

void draw_title(Canvas& canvas, Rect line, const Scene& scene) {
    const TextStyle style = bold(13, scene.theme.text);
    const std::string what = "MLP of layer " + std::to_string(scene.selection.layer + 1);
    const std::string at = " at " + fit_token(style, scene.shown_at(scene.position()), 180);
    const std::string where = " (position " + count(scene.position()) + ")";
    draw_text_in(canvas, line, fit_wording(style, {what + at + where, what + at, what}, line.w),
                 style);
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
    auto cell = [&](int row, int col) { return cell_of(strip, rows, cols, row, col); };
    canvas.stroke_rect(cell(shown.selected / cols, shown.selected % cols).inset(-1.5f),
                       {t.accent, 2}, 2);
    if (scene.locked.target == target && scene.locked.row < rows && scene.locked.col < cols) {
        canvas.stroke_rect(cell(scene.locked.row, scene.locked.col).inset(-0.5f), {t.text, 1.5f},
                           2);
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
    ColourScale legend{"-" + end, end, [&](float x) { return diverging(t, 2 * x - 1); }};
    legend.bar = std::min(120.0f, rect.w * 0.25f);
    const Rect below{rect.x, strip.bottom() + 4, rect.w, line_height};
    const float width = colour_scale_width(legend) + 1;
    draw_colour_scale(canvas, below.left(width), scene, legend);
    const Rect words = below.without_left(width + 12);
    const std::string value = "value " + after(scene);
    for (const std::string& text : {value + ", each cell a neuron", value}) {
        if (width_of(plain, text) > words.w) continue;
        draw_text_in(canvas, words, text, plain);
        break;
    }
}

// The activation over the values that occur, with the selected neuron on it.
void draw_curve(Canvas& canvas, Rect rect, const model::Neuron& neuron, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle plain = sans(smallest_text, t.muted);
    const TextStyle value = mono(smallest_text, t.accent);
    const float reach = std::max(3.0f, std::abs(neuron.pre) * 1.15f);
    const float low = -reach, high = reach;
    float floor = std::min(-0.17f, -0.12f * high);
    const Rect plot{rect.x, rect.y + 15, rect.w, rect.h - 31};
    constexpr int pieces = 48;
    std::vector<Point> curve;  // x and the activation of it, then where they are drawn
    for (int i = 0; i <= pieces; ++i) {
        const float x = low + (high - low) * static_cast<float>(i) / pieces;
        curve.push_back({x, model::apply(activation_of(scene), x)});
        floor = std::min(floor, curve.back().y * 1.1f);
    }
    const float top = curve.back().y < high / 2 ? 1.2f * curve.back().y : high;
    auto at = [&](float x, float y) {
        return Point{plot.x + (x - low) / (high - low) * plot.w,
                     plot.bottom() - (y - floor) / (top - floor) * plot.h};
    };
    for (Point& point : curve) point = at(point.x, point.y);
    canvas.fill_rect(plot, t.inset, 6);
    const Point across[] = {at(low, 0), at(high, 0)}, up[] = {at(0, floor), at(0, top)};
    canvas.polyline(across, hairline(t.border));
    canvas.polyline(up, hairline(t.border));
    canvas.polyline(curve, {t.muted, 1.5f});
    const Point here = at(neuron.pre, neuron.post);
    const Point down[] = {at(neuron.pre, 0), here}, left[] = {at(0, neuron.post), here};
    canvas.polyline(down, hairline(t.accent.with_alpha(0.6f), true));
    canvas.polyline(left, hairline(t.accent.with_alpha(0.6f), true));
    const float dot = 4;
    canvas.fill_rect({here.x - dot, here.y - dot, 2 * dot, 2 * dot}, t.accent, dot);
    const std::string name = "neuron " + count(neuron.index);
    draw_text_in(canvas, rect.top(13),
                 fit_wording(plain, {activation_of(scene).label + (" of " + name), name}, rect.w),
                 plain);
    draw_text_in(canvas, {rect.x, plot.bottom() + 2, rect.w, 14},
                 fit_words(value, number(neuron.pre) + " → " + number(neuron.post), rect.w), value);
    canvas.region(rect, {"gelu", {scene.selection.layer, neuron.index}});
}

// Right ends of the columns of numbers and where the rest lies; 0: no room for it.
struct Columns {
    float index = 0, pre = 0, bar = 0, bar_width = 0, post = 0, length = 0, tokens = 0, share = 0;
};

Columns make_columns(Rect rect) {
    const float wide = rect.w;
    Columns c;
    float x = rect.x + 52;
    c.index = x;
    if (wide >= 400) c.pre = x += 64;
    if (wide >= 480) {
        c.bar = x + 14;
        c.bar_width = std::clamp(wide * 0.17f, 60.0f, 180.0f);
        x = c.bar + c.bar_width;
    }
    c.post = x += 58;
    if (wide >= 340) c.length = x += 62;
    c.tokens = x + 18;
    if (wide >= 660) c.share = std::min(rect.right() - 8.0f, c.tokens + 600.0f);
    return c;
}

// Where the tokens end.
float token_right(Rect row, const Columns& c) {
    return c.share > 0 ? c.share - (share_width + 10) : row.right() - 6;
}

void draw_head(Canvas& canvas, Rect row, const Columns& c, const Scene& scene) {
    const TextStyle style = sans(11.5f, scene.theme.muted);
    auto right = [&](float x, float width, const std::string& text) {
        if (x <= 0) return;
        draw_text_in(canvas, {x - width, row.y, width, row.h}, text, style, Align::right);
    };
    right(c.index, 46, "neuron");
    right(c.pre, 60, "before");
    right(c.post, c.bar > 0 ? 90 : 56, c.bar > 0 ? after(scene) : "after");
    right(c.length, 60, "writes");
    if (c.share > 0) {
        const TextStyle token = mono(11.5f, scene.theme.accent);
        const std::string name =
            fit_token(token, scene.shown(scene.followed()), share_width - width_of(style, "to "));
        const Rect share{c.share - share_width, row.y, share_width, row.h};
        draw_text_in(canvas, share, name, token, Align::right);
        draw_text_in(canvas, share.without_right(width_of(token, name)), "to ", style,
                     Align::right);
    }
    const Rect rest{c.tokens, row.y, token_right(row, c) - c.tokens, row.h};
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
    const float x = rect.x + 4, y = rect.centre().y, tip = up ? -4.0f : 4.0f;
    const Point triangle[] = {{x - 4, y - tip * 0.8f}, {x + 4, y - tip * 0.8f}, {x, y + tip}};
    canvas.fill_polygon(triangle, up ? t.up : t.down);
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

void draw_neuron(Canvas& canvas, Rect row, const Columns& c, size_t i, const Shown& shown,
                 const Scene& scene) {
    const Theme& t = scene.theme;
    const model::Neuron& neuron = shown.rows[i];
    const bool chosen = neuron.index == shown.selected;
    const Target target{"neuron", {scene.selection.layer, neuron.index}};
    if (chosen) canvas.fill_rect(row.inset(1), t.accent_soft, 6);
    if (scene.locked.target == target) canvas.stroke_rect(row.inset(1), {t.text, 1.25f}, 6);
    canvas.region(row, target);
    auto right = [&](float x, const std::string& text, const TextStyle& style) {
        if (x > 0)
            draw_text_in(canvas, {row.x, row.y, x - row.x, row.h}, text, style, Align::right);
    };
    const TextStyle value = mono(12, t.text), small = mono(12, t.muted);
    right(c.index, count(neuron.index), mono(12, chosen ? t.accent : t.text));
    right(c.pre, number(neuron.pre), small);
    right(c.post, number(neuron.post), value);
    right(c.length, number(neuron.length), small);
    if (c.bar > 0) {
        // Most activations reach far up and little down: so does the axis.
        const float high = 11, span = shown.highest - shown.lowest;
        const float unit = span > 0 ? c.bar_width / span : 0;
        const float zero = c.bar - shown.lowest * unit;
        const float width = std::max(std::abs(neuron.post) * unit, 1.0f);
        const bool down = neuron.post < 0;
        const Point axis[] = {{zero, row.y + 3}, {zero, row.bottom() - 3}};
        canvas.polyline(axis, hairline(t.faint));
        canvas.fill_rect({down ? zero - width : zero, row.centre().y - high / 2, width, high},
                         diverging(t, down ? -0.8f : 0.8f), std::min(2.0f, width / 2));
    }
    if (c.share > 0) {
        const double share = model::neuron_share(
            scene.model, record_of(scene), scene.selection.layer, neuron.index, scene.followed());
        right(c.share, (share > 0 ? "+" : "") + number(share), value);
    }
    draw_tokens_of(canvas, {c.tokens, row.y, token_right(row, c) - c.tokens, row.h}, neuron,
                   shown.promoted[i], scene);
}

Size neurons_size(const Scene&) {
    return {780, 560};
}

void draw_neurons(Canvas& canvas, Rect rect, const Scene& scene) {
    const float above = title_height + curve_height + 10;
    const float body = rect.h - above - header_height;
    const int room = std::clamp(static_cast<int>(body / row_height), 1, most_rows);
    const Shown shown = make_shown(scene, room);
    draw_title(canvas, rect.top(title_height - 6), scene);
    Rect upper{rect.x, rect.y + title_height, rect.w, curve_height};
    if (rect.w >= 400) {
        draw_curve(canvas, upper.without_left(rect.w - curve_width), shown.chosen(), scene);
        upper = upper.without_right(curve_width + 24);
    }
    draw_all(canvas, upper, shown, scene);

    const Columns columns = make_columns(rect);
    draw_head(canvas, {rect.x, rect.y + above, rect.w, header_height}, columns, scene);
    const auto fitting = std::min(static_cast<size_t>(body / row_height), shown.rows.size());
    if (fitting == 0) return;
    Rect row{rect.x, rect.y + above + header_height, rect.w,
             std::min(body / static_cast<float>(fitting), highest_row)};
    for (size_t i = 0; i < fitting; ++i) {
        draw_neuron(canvas, row, columns, i, shown, scene);
        if (shown.apart && i + 1 == shown.rows.size()) {  // others lie between
            const Point line[] = {{rect.x, row.y}, {rect.right(), row.y}};
            canvas.polyline(line, hairline(scene.theme.faint, true));
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
    Lines lines{"Layer " + std::to_string(layer + 1) + " · neuron " + count(index) + " at " +
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
    .help = "the selected layer's MLP: its strongest neurons and what they write",
    .preferred_size = neurons_size,
    .draw = draw_neurons,
    .tells_choice = true,
    .targets = targets,
};

}  // namespace viz
