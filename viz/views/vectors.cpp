// The stream at the selected position itself, number by number: a strip for each layer, all below
// each other, with its statistics.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/layout/grid.h"
#include "viz/layout/legend.h"
#include "viz/layout/parts.h"
#include "viz/layout/title.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

using Statistics = model::VectorStatistics;

constexpr float top_height = 28;    // position and scale
constexpr float names_height = 20;  // of the statistics
constexpr float highest_line = 64;
constexpr float column_width = 58;    // of a statistic
constexpr float least_cell = 3;       // pixels; a narrower one folds the vector, if there is height
constexpr float least_fold = 6;       // pixels of a folded line
constexpr float least_strip = 0.42f;  // of the width
constexpr float deviations = 3;       // at the ends of the scale

struct Column {
    const char* name;
    double Statistics::*value;  // null: how the norm differs from that of the position before
};
constexpr Column columns[] = {{"mean", &Statistics::mean}, {"std dev", &Statistics::deviation},
                              {"min", &Statistics::low},   {"max", &Statistics::high},
                              {"norm", &Statistics::norm}, {"norm ±", nullptr}};
constexpr int importance[] = {4, 1, 2, 3, 0, 5};  // of them; the last give way first

// How a vector is laid into a strip.
struct Fold {
    int rows, cols;
    int merged;  // numbers a cell: the strongest is shown
};

struct Layout {
    Rect strips;  // all of them, with their gaps
    float pitch, gap;
    Fold fold;
    std::vector<int> columns;  // that have room, in order
    float labels;

    Rect strip(int line) const {
        return {strips.x, strips.y + pitch * static_cast<float>(line), strips.w, pitch - gap};
    }
};

Fold fold_of(int d, float width, float height) {
    const int pixels = std::max(1, static_cast<int>(width));
    const int wanted = static_cast<int>(std::ceil(static_cast<float>(d) * least_cell / width));
    Fold fold{std::clamp(wanted, 1, std::max(1, static_cast<int>(height / least_fold))), 0, 1};
    const int share = (d + fold.rows - 1) / fold.rows;
    fold.merged = (share + pixels - 1) / pixels;
    const int cells = (d + fold.merged - 1) / fold.merged;
    fold.cols = (cells + fold.rows - 1) / fold.rows;
    return fold;
}

Layout make_layout(Rect rect, const Scene& scene) {
    const model::Config& c = scene.model.config;
    Layout at;
    at.labels = width_of(bold(11.5f, {}), "embedding") + 10;
    const float room = rect.w * (1 - least_strip) - at.labels;
    const int most = std::clamp(static_cast<int>(room / column_width), 0, 6);
    for (int i = 0; i < static_cast<int>(std::size(columns)); ++i) {
        if (importance[i] < most) at.columns.push_back(i);
    }
    const float above = top_height + names_height;
    const auto lines = static_cast<float>(c.n_layer + 1);
    at.pitch = std::min((rect.h - above - 5.0f) / lines, highest_line);
    at.gap = at.pitch >= 24 ? 6.0f : at.pitch >= 10 ? 3.0f : at.pitch >= 4 ? 1.0f : 0.0f;
    at.strips = {rect.x + at.labels, rect.y + above,
                 rect.w - at.labels - column_width * static_cast<float>(at.columns.size()),
                 at.pitch * lines};
    at.fold = fold_of(c.d_model, at.strips.w, at.pitch - at.gap);
    return at;
}

// The value of a cell: of several numbers the one farthest from 0.
int strongest(const std::vector<float>& x, const Fold& fold, int cell) {
    const int d = static_cast<int>(x.size());
    int best = cell * fold.merged;
    for (int i = best + 1; i < std::min((cell + 1) * fold.merged, d); ++i) {
        if (std::abs(x[i]) > std::abs(x[best])) best = i;
    }
    return best;
}

void draw_strip(Canvas& canvas, Rect rect, const std::vector<float>& x, const Statistics& s,
                const Fold& fold, const Scene& scene) {
    const Theme& t = scene.theme;
    const int d = static_cast<int>(x.size());
    Heatmap map{fold.rows, fold.cols, {}, 0, 0};
    map.colours.reserve(static_cast<size_t>(fold.rows) * fold.cols);
    const auto end = static_cast<float>(deviations * s.deviation);
    for (int cell = 0; cell < fold.rows * fold.cols; ++cell) {
        const bool there = cell * fold.merged < d;
        const float value = there && end > 0 ? x[strongest(x, fold, cell)] / end : 0;
        map.colours.push_back(there ? diverging(t, value) : t.card);
    }
    canvas.heatmap(rect, map);
    canvas.stroke_rect(rect, hairline(t.border));
}

Target strip_target(int line, const Fold& fold) {
    if (fold.merged > 1) return {"stream", {line, fold.cols, fold.merged}};
    return {"stream", {line, fold.cols}};
}

// The cell that is pointed at, in its own strip and, fainter, in all others.
void draw_pointed(Canvas& canvas, const Layout& at, const Scene& scene) {
    const Target& locked = scene.locked.target;
    const int line = locked.number(0, scene.model.config.n_layer + 1);
    if (line < 0 || locked != strip_target(line, at.fold)) return;
    for (int l = 0; l <= scene.model.config.n_layer; ++l) {
        const Rect cell =
            cell_of(at.strip(l), at.fold.rows, at.fold.cols, scene.locked.row, scene.locked.col);
        const Stroke stroke =
            l == line ? Stroke{scene.theme.text, 1.5f} : hairline(scene.theme.muted);
        canvas.stroke_rect(cell.inset(-0.5f), stroke);
    }
}

void draw_top(Canvas& canvas, Rect line, const Layout& at, const Scene& scene) {
    const Theme& t = scene.theme;
    const int d = scene.model.config.d_model;
    ColourScale scale{"-3 σ", "3 σ of its row", [&](float x) { return diverging(t, 2 * x - 1); },
                      90};
    const float width = colour_scale_width(scale) + 2;
    draw_colour_scale(canvas, line.without_left(line.w - width), scene, scale);
    const TextStyle style = bold(13, t.text);
    const Rect room = line.without_right(width + 14);
    const std::string where = " (position " + count(scene.position()) + ")";
    const std::string token = fit_token(style, scene.shown_at(scene.position()),
                                        room.w - width_of(style, "at " + where) - 2);
    std::string note = count(d) + " numbers a row";
    if (at.fold.merged > 1) {
        note += ", each cell the strongest of " + count(at.fold.merged);
    } else if (at.fold.rows > 1) {
        note += ", in " + count(at.fold.rows) + " lines";
    }
    draw_title(canvas, room, {.wordings = {"at " + token + where}, .note = note}, t);
}

void draw_statistics(Canvas& canvas, Rect row, const Layout& at, const Statistics& s,
                     const Statistics* before, const TextStyle& style) {
    float x = at.strips.right();
    for (int i : at.columns) {
        const Column& column = columns[i];
        std::string text;
        if (column.value) {
            text = number(s.*column.value);
        } else if (before) {
            const double more = s.norm - before->norm;
            text = (more > 0 ? "+" : "") + number(more);
        }
        draw_text_in(canvas, {x, row.y, column_width, row.h}, text, style, Align::right);
        x += column_width;
    }
}

Size vectors_size(const Scene& scene) {
    const auto lines = static_cast<float>(scene.model.config.n_layer + 1);
    return {960, top_height + names_height + std::clamp(lines * 40, 240.0f, 640.0f)};
}

void draw_vectors(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const Layout at = make_layout(rect, scene);
    const int lines = scene.model.config.n_layer + 1;
    const int selected = stream_line(scene), position = scene.position();
    draw_top(canvas, rect.top(top_height - 8), at, scene);

    const TextStyle plain = sans(11.5f, t.muted), chosen = bold(11.5f, t.accent);
    const Rect names{at.strips.x, rect.y + top_height, at.strips.w, names_height - 4};
    draw_text_in(canvas, names, at.fold.rows == 1 ? "dimension →" : "dimension →, line by line",
                 plain);
    float x = at.strips.right();
    for (int i : at.columns) {
        draw_text_in(canvas, {x, names.y, column_width, names.h}, columns[i].name, plain,
                     Align::right);
        x += column_width;
    }
    const float needed = plain.size * 1.25f;
    const std::vector<int> named = thinned(lines, at.pitch, needed, selected);
    for (int line = 0; line < lines; ++line) {
        const Rect strip = at.strip(line);
        const std::vector<float> stream = scene.step.records[position]->resid_pre(line);
        const Statistics s = model::vector_statistics(stream);
        draw_strip(canvas, strip, stream, s, at.fold, scene);
        canvas.region(strip, strip_target(line, at.fold), at.fold.rows, at.fold.cols);
        if (line == selected) canvas.stroke_rect(strip.inset(-1), {t.accent, 2}, 2);
        if (!std::binary_search(named.begin(), named.end(), line)) continue;
        const float high = std::max(strip.h, needed);
        const Rect row{rect.x, strip.centre().y - high / 2, at.labels - 8, high};
        draw_text_in(canvas, row, line == 0 ? "embedding" : "block " + std::to_string(line),
                     line == selected ? chosen : plain, Align::right);
        if (line > 0) canvas.region(row, target::layer(line - 1));
        Statistics before;
        if (position > 0) {
            before = model::vector_statistics(scene.step.records[position - 1]->resid_pre(line));
        }
        draw_statistics(canvas, row, at, s, position > 0 ? &before : nullptr,
                        mono(11, line == selected ? t.text : t.muted));
    }
    draw_pointed(canvas, at, scene);
}

Lines vectors_tooltip(const Scene& scene, const Hit& hit) {
    const model::Config& c = scene.model.config;
    const Target& id = hit.target;
    const int line = id.number(0, c.n_layer + 1), cols = id.number(1, c.d_model + 1);
    const int merged = id.numbers() < 3 ? 1 : id.number(2, c.d_model + 1);
    if (!id.is("stream") || line < 0 || cols <= 0 || merged <= 0) return {};
    const int cell = hit.row * cols + hit.col;
    if (cell * merged >= c.d_model) return {};
    const std::vector<float> stream = scene.step.records[scene.position()]->resid_pre(line);
    const int dimension = strongest(stream, {1, cols, merged}, cell);
    const Statistics s = model::vector_statistics(stream);
    std::string first = "dimension " + count(dimension) + ": " + number(stream[dimension]);
    if (merged > 1) first += ", the strongest of " + count(merged);
    Lines lines{first};
    if (s.deviation > 0) lines[0] += "   " + number(stream[dimension] / s.deviation) + " σ";
    lines.push_back((line == 0 ? "embedding" : "after block " + std::to_string(line)) + " at " +
                    scene.shown_at(scene.position()));
    lines.push_back(line == 0 ? "hook_embed + hook_pos_embed"
                              : "blocks." + std::to_string(line - 1) + ".hook_resid_post");
    return lines;
}

constexpr Pointing targets[] = {
    {.kind = "stream", .tooltip = vectors_tooltip, .locks = true},
};

}  // namespace

// Targets: "stream/L/COLUMNS" of the vector's cells (L = 0: the embedding), or
// "stream/L/COLUMNS/MERGED" where a cell stands for so many numbers.
extern const View vectors_view{
    .id = "vectors",
    .title = "Vectors",
    .help = "the numbers of the stream after every block, with statistics",
    .group = Group::stream,
    .preferred_size = vectors_size,
    .draw = draw_vectors,
    .targets = targets,
};

}  // namespace viz
