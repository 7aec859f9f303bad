// Logit lens: what the model would say next after each block, at the positions that have room; and
// how the followed token rises at the selected one. Data flows down: the last row is the model's
// own answer.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/layout/difference.h"
#include "viz/layout/grid.h"
#include "viz/layout/legend.h"
#include "viz/layout/parts.h"
#include "viz/layout/title.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/lens/rise.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float title_height = 26;
constexpr float footer_line = 19;
constexpr float narrowest_column = 66, widest_column = 104;
constexpr float highest_row = 64;
constexpr float two_lines_from = 31, one_line_from = 16;  // heights of a row
constexpr float panel_least = 120, panel_most = 330;
constexpr float between = 20;
constexpr float chart_least = 158, chart_most = 320;  // height of the rise below the cells

// What is under the cells: what came next, the scale, the proof.
float footer_height() {
    return footer_line + 13 + 2 * 20;
}

LensFrame make_frame(Rect rect, const Scene& scene) {
    const int n = scene.length(), layers = scene.model.config.n_layer;
    const auto rows = static_cast<float>(layers);
    LensFrame f;
    f.labels = width_of(sans(11.5f, {}), "came next") + 10;
    const float top = rect.y + title_height + 2 * lens_header_line + 4;
    float high = rect.bottom() - footer_height() - top;
    // Below, where the cells can do without that height and take all of the width.
    const bool below =
        high >= rows * (two_lines_from + 4) + chart_least &&
        static_cast<float>(n) * widest_column > rect.w - f.labels - rise_plot_from * 1.3f;
    float panel = panel_least + between;
    if (below || rect.w - f.labels - panel < narrowest_column) panel = 0;
    const float room = rect.w - f.labels - panel;
    f.cols = std::clamp(static_cast<int>(room / narrowest_column), 1, n);
    f.column = std::min(room / static_cast<float>(f.cols), widest_column);
    // The last positions, or the selected one in the middle.
    const int position = scene.position();
    f.first =
        position >= n - f.cols ? n - f.cols : std::clamp(position - f.cols / 2, 0, n - f.cols);
    if (below) high -= chart_least;
    f.pitch = std::clamp(high / rows, 1.0f, highest_row);
    f.cells = {rect.x + f.labels, top, f.column * static_cast<float>(f.cols), f.pitch * rows};
    if (panel > 0) {
        f.panel = f.cells;
        f.panel.x = f.cells.right() + between;
        f.panel.w = std::min(rect.right() - f.panel.x, panel_most);
    }
    if (below) {
        const float y = f.cells.bottom() + footer_height() + 14;
        f.chart = {rect.x, y, rect.w, std::min(rect.bottom() - y, chart_most)};
    }
    return f;
}

// What came after a position: the next token of the text or, after the last, the proposed one.
int next_token(const Scene& scene, int position) {
    if (position + 1 < scene.length()) {
        return scene.step.records[static_cast<size_t>(position) + 1]->id();
    }
    return scene.step.ranking.proposed().id;
}

// Probabilities by factors: from the power of ten below the smallest shown to 1.
struct Scale {
    double low = 0.1;
    float at(double probability) const {
        return static_cast<float>(1 - std::log(probability) / std::log(low));
    }
};

using Readings = std::vector<std::vector<model::LensReading>>;

Readings read(const Scene& scene, const LensFrame& f) {
    // The selected one first: that its rise is asked for, too, costs nothing then.
    scene.memo.lens.read(scene.model, scene.step.records[scene.position()], scene.followed());
    const auto first = scene.step.records.begin() + f.first;
    const model::Records shown(first, first + f.cols);
    return scene.memo.lens.read_all(scene.model, shown);
}

// Of every cell's token: its probability here less that in the untouched run, read after the same
// block at the same position. By column and row; empty where nothing is compared.
struct Changes {
    std::vector<std::vector<double>> of;
    double largest = 0;  // magnitude
};

Changes changes_of(const Scene& scene, const LensFrame& f, const Readings& readings) {
    Changes changes;
    const model::Step* untouched = scene.compared();
    if (!untouched) return changes;
    const auto first = untouched->records.begin() + f.first;
    const model::Records others(first, first + f.cols);
    const Readings there = scene.memo.lens.read_all(scene.model, others);
    for (size_t col = 0; col < readings.size(); ++col) {
        std::vector<double> column;
        for (size_t row = 0; row < readings[col].size(); ++row) {
            const model::LensReading& here = readings[col][row];
            const double other = model::lens_probability(
                scene.model, *others[col], static_cast<int>(row), there[col][row], here.id);
            column.push_back(here.probability - other);
            changes.largest = std::max(changes.largest, std::abs(column.back()));
        }
        changes.of.push_back(std::move(column));
    }
    return changes;
}

Scale scale_of(const Readings& readings) {
    double least = 1;
    for (const auto& column : readings) {
        for (const auto& reading : column) least = std::min(least, reading.probability);
    }
    return {std::min(0.1, std::pow(10.0, std::floor(std::log10(std::max(least, 1e-12)))))};
}

Title title_of(Rect line, const LensFrame& f, const Scene& scene) {
    const std::string differs = scene.compared() ? std::string(": ") + difference_words : "";
    const int last = f.first + f.cols - 1;
    std::string range;
    if (f.cols < scene.length()) {
        const std::string which = f.cols == 1
                                      ? "position " + count(f.first)
                                      : "positions " + count(f.first) + " to " + count(last);
        const std::string of = " of " + count(scene.length());
        const float spare = line.w - width_of(bold(13, {}), "After each block") - 12;
        range = fit_wording(sans(11.5f, {}), {which + of, count(f.first) + "–" + count(last) + of},
                            spare);
    }
    return {.wordings = {"What the model would say next after each block" + differs,
                         "What it would say after each block" + differs,
                         "After each block" + differs, "After each block"},
            .end = range};
}

void draw_header(Canvas& canvas, const LensFrame& f, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle plain = sans(11.5f, t.muted);
    const float y = f.cells.y - (2 * lens_header_line + 4);
    const Rect names{f.cells.x - f.labels, y, f.labels - 10, lens_header_line};
    draw_text_in(canvas, names, "token", plain, Align::right);
    draw_text_in(canvas, {names.x, y + lens_header_line, names.w, names.h}, "position", plain,
                 Align::right);
    const TextStyle next_style = mono(11.5f, t.muted);
    const Rect below{names.x, f.cells.bottom() + 5, names.w, footer_line};
    draw_text_in(canvas, below, "came next", plain, Align::right);
    for (int i = 0; i < f.cols; ++i) {
        const int position = f.first + i;
        const bool here = position == scene.position();
        const Rect cell = f.cell(0, i);
        const Rect token{cell.x + 2, y, cell.w - 4, lens_header_line};
        const TextStyle style = mono(lens_token_size, here ? t.accent : t.text);
        draw_text_in(canvas, token, fit_token(style, scene.shown_at(position), token.w), style,
                     Align::centre);
        draw_text_in(canvas, {token.x, y + lens_header_line, token.w, token.h}, count(position),
                     mono(smallest_text, here ? t.accent : t.muted), Align::centre);
        canvas.region({cell.x, y, cell.w, 2 * lens_header_line}, target::token(position));
        const bool proposed = position + 1 == scene.length();
        TextStyle next = next_style;
        if (proposed) next.colour = t.accent;
        draw_text_in(canvas, {token.x, below.y, token.w, below.h},
                     fit_token(next, scene.shown(next_token(scene, position)), token.w), next,
                     Align::centre);
    }
}

void draw_labels(Canvas& canvas, const LensFrame& f, const Scene& scene) {
    const Theme& t = scene.theme;
    const int layers = scene.model.config.n_layer, selected = scene.selection.layer;
    const TextStyle plain = sans(11.5f, t.muted);
    const Rect names{f.cells.x - f.labels, f.cells.y, f.labels - 10, f.cells.h};
    for (const auto& [i, row] :
         named_rows(names, layers, plain.size * 1.25f, selected, Thin::to_last)) {
        draw_text_in(canvas, row, "block " + std::to_string(i + 1),
                     i == selected ? bold(11.5f, t.accent) : plain, Align::right);
    }
    for (int i = 0; i < layers; ++i) {
        canvas.region({f.cells.x - f.labels, f.cell(i, 0).y, f.labels, f.pitch}, target::layer(i));
    }
}

// `value`: what stands below the token.
void draw_cell(Canvas& canvas, Rect cell, const model::LensReading& reading,
               const std::string& value, Colour fill, const Scene& scene) {
    if (cell.h < one_line_from) return;
    const Colour ink = text_on(fill);
    const TextStyle token = mono(lens_token_size, ink);
    const TextStyle small = mono(smallest_text, ink);
    const bool two = cell.h >= two_lines_from;
    const Rect inside{cell.x + 4, cell.y, cell.w - 8, cell.h};
    const float middle = cell.centre().y;
    const Rect upper{inside.x, middle - 15, inside.w, 16};
    draw_text_in(canvas, two ? upper : inside, fit_token(token, scene.shown(reading.id), inside.w),
                 token, Align::centre);
    if (two) {
        draw_text_in(canvas, {inside.x, middle + 1, inside.w, 14}, value, small, Align::centre);
    }
}

void draw_cells(Canvas& canvas, const LensFrame& f, const Readings& readings,
                const Changes& changes, const Scale& scale, const Scene& scene) {
    const Theme& t = scene.theme;
    const int layers = scene.model.config.n_layer;
    const float gap = f.pitch >= 18.0f ? 4.0f : f.pitch >= 9 ? 2.0f : 0.0f;
    Heatmap map{layers, f.cols, {}, gap, gap >= 4 ? 4.0f : 0.0f};
    const bool differs = !changes.of.empty();
    for (int row = 0; row < layers; ++row) {
        for (size_t col = 0; col < readings.size(); ++col) {
            map.colours.push_back(
                differs ? change_colour(scene, changes.of[col][row], changes.largest)
                        : sequential(t, scene.colormap, scale.at(readings[col][row].probability)));
        }
    }
    canvas.heatmap(f.cells, map);
    const Target target{"lens", {f.first}};
    canvas.region(f.cells, target, layers, f.cols);
    for (int row = 0; row < layers; ++row) {
        for (int col = 0; col < f.cols; ++col) {
            const model::LensReading& reading = readings[col][row];
            const Rect cell = f.cell(row, col);
            draw_cell(canvas, cell, reading,
                      differs ? points(changes.of[col][row]) : percent(reading.probability),
                      map.colours[row * f.cols + col], scene);
            if (reading.id == next_token(scene, f.first + col)) {
                const float width = gap >= 4 ? 2.5f : gap > 0 ? 2.0f : 1.0f;
                const bool yet = f.first + col + 1 < scene.length();  // else it is only proposed
                canvas.stroke_rect(cell.inset(width / 2), {t.up, width, !yet}, map.radius);
            }
        }
    }
    const Rect column = f.cell(0, scene.position() - f.first);
    canvas.stroke_rect({column.x - 1, f.cells.y - 1, f.column + 2, f.cells.h + 2},
                       {t.accent.with_alpha(0.6f), 1.25f}, map.radius > 0 ? 5.0f : 0);
    if (in_block(scene.selection.phase)) {
        const Rect cell = f.cell(scene.selection.layer, scene.position() - f.first);
        canvas.stroke_rect(cell.inset(-1.25f), {t.accent, 2.5f}, map.radius > 0 ? 5.0f : 0);
    }
    if (const auto cell = locked_cell(scene, target, f.cells, layers, f.cols)) {
        canvas.stroke_rect(cell->inset(0.5f), {t.text, 1.5f}, 4);
    }
}

// The lens after the last block against the model's own ranking.
Lines proof(const Scene& scene) {
    const bool last = scene.position() == scene.length() - 1;
    if (!last) {
        return {"the last block is the model's own answer (proved at the last position)",
                "the last block is the model's own answer", "last block: the model's own"};
    }
    const double difference =
        scene.memo.lens.difference(scene.model, scene.step.records.back(), scene.step.ranking);
    const std::string largest = "largest difference " + scientific(difference);
    return {"last block = the model's logits: " + largest + " over " +
                count(scene.model.config.n_vocab) + " tokens",
            "last block = the model's logits: " + largest, largest};
}

void draw_footer(Canvas& canvas, Rect rect, const LensFrame& f, const Changes& changes,
                 const Scale& scale, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle plain = sans(11.5f, t.muted);
    Rect line{rect.x, f.cells.bottom() + footer_line + 13, rect.w, 20};
    ColourScale legend{percent(scale.low), "100 %  log scale",
                       [&](float x) { return sequential(t, scene.colormap, x); }};
    if (!changes.of.empty()) {
        legend = change_scale(scene, points(-changes.largest), points(changes.largest),
                              "points: probability − untouched");
    }
    const Rect rest = draw_legend(canvas, line, scene, legend, 0.2f, 23);
    const float box = 11;
    for (const char* words : {"its likeliest token came next", "came next"}) {
        if (width_of(plain, words) + box + 6 > rest.w) continue;
        canvas.stroke_rect({rest.x, rest.centre().y - box / 2, box, box}, {t.up, 2}, 3);
        draw_text_in(canvas, rest.without_left(box + 6), words, plain);
        break;
    }
    line.y += 20;
    draw_text_in(canvas, line, fit_wording(plain, proof(scene), line.w), plain);
    canvas.region(line, "lens-proof");
}

Lines cell_lines(const Scene& scene, int layer, int position) {
    const model::LensReading reading = scene.memo.lens.read(
        scene.model, scene.step.records[static_cast<size_t>(position)], scene.followed())[layer];
    const bool came = reading.id == next_token(scene, position);
    Lines lines{
        "after block " + std::to_string(layer + 1) + " at " + scene.shown_at(position) +
            " (position " + count(position) + ")",
        "the likeliest next token is " + scene.shown(reading.id) + "  " +
            percent(reading.probability) + (came ? "; it came next" : ""),
        scene.shown(scene.followed()) + " has rank " + count(reading.chosen.rank + 1) +
            ", probability " + percent(reading.chosen.probability),
        "final norm and unembedding of blocks." + std::to_string(layer) + ".hook_resid_post"};
    if (const model::Step* untouched = scene.compared()) {
        const model::RecordPtr& other = untouched->records[static_cast<size_t>(position)];
        const double here = reading.probability, followed = reading.chosen.probability;
        const int id = reading.id;
        const model::LensReading there =
            scene.memo.lens.read(scene.model, other, scene.followed())[layer];
        const double was = model::lens_probability(scene.model, *other, layer, there, id);
        lines.push_back("untouched: " + scene.shown(id) + " " + percent(was) + ", here " +
                        points(here - was) + " points");
        lines.push_back("untouched: " + scene.shown(scene.followed()) + " rank " +
                        count(there.chosen.rank + 1) + ", " + percent(there.chosen.probability) +
                        ", here " + points(followed - there.chosen.probability) + " points");
    }
    return lines;
}

Size lens_size(const Scene& scene) {
    const int layers = scene.model.config.n_layer;
    const auto rows = static_cast<float>(std::min(layers, 24));
    const auto cols = static_cast<float>(std::clamp(scene.length(), 4, 10));
    const float pitch = layers <= 12 ? 40 : 18;
    return {70 + cols * 72 + between + 260,
            title_height + 2 * lens_header_line + 4 + rows * pitch + footer_height()};
}

void draw_lens(Canvas& canvas, Rect rect, const Scene& scene) {
    const LensFrame f = make_frame(rect, scene);
    const Readings readings = read(scene, f);
    const Changes changes = changes_of(scene, f, readings);
    const Scale scale = scale_of(readings);
    const Rect title = rect.top(title_height - 6);
    draw_title(canvas, title, title_of(title, f, scene), scene.theme);
    draw_header(canvas, f, scene);
    draw_labels(canvas, f, scene);
    draw_cells(canvas, f, readings, changes, scale, scene);
    if (f.panel.w > 0) draw_lens_rise(canvas, f, scene);
    if (f.chart.w > 0) draw_lens_rise_chart(canvas, f, scene);
    draw_footer(canvas, rect, f, changes, scale, scene);
}

Lines lens_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    const int layers = scene.model.config.n_layer, n = scene.length();
    if (id.is("lens-proof")) {
        return {"The stream after the last block, normed and unembedded, is what the pass ranked:",
                "the lens and the model are one computation"};
    }
    if (!id.is("lens") && !id.is("rise")) return {};
    const int first = id.number(0, n);
    if (first < 0 || hit.row < 0 || hit.col < 0) return {};
    // A rise has its blocks as rows beside the cells, as columns below them.
    const bool cells = id.is("lens");
    const int layer = cells ? hit.row : hit.row + hit.col;
    const int position = cells ? first + hit.col : first;
    return layer < layers && position < n ? cell_lines(scene, layer, position) : Lines{};
}

void select_cell(Selection& selection, const Hit& hit, const Extent& extent) {
    const int layer = std::clamp(hit.row, 0, extent.layers - 1);
    const Phase phase = in_block(selection.phase) ? selection.phase : Phase::mlp;
    select_block(selection, layer, phase, extent);
    select_position(selection, hit.target.number(0) + hit.col, extent);
}

void select_rise(Selection& selection, const Hit& hit, const Extent& extent) {
    const int layer = std::min(hit.row + hit.col, extent.layers - 1);
    select_head(selection, layer, selection.head, extent);
}

constexpr Pointing targets[] = {
    {.kind = "lens", .tooltip = lens_tooltip, .select = select_cell, .locks = true},
    {.kind = "rise", .tooltip = lens_tooltip, .select = select_rise, .locks = true},
    {.kind = "lens-proof", .tooltip = lens_tooltip},
};

}  // namespace

// Targets: "lens/FIRST" of n_layer x shown cells (column 0: position FIRST), "token/I", "layer/L"
// on labels, "rise/POSITION" of n_layer x 1 or 1 x n_layer, "lens-proof".
extern const View lens_view{
    .id = "lens",
    .title = "Logit lens",
    .help = "what the model would say after each block, and a token's rise",
    .group = Group::stream,
    .preferred_size = lens_size,
    .draw = draw_lens,
    .tells_choice = true,
    .targets = targets,
};

}  // namespace viz
