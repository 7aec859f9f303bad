#include "viz/views/arithmetic/sum_page.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/plot.h"
#include "viz/paint/format.h"

namespace viz {

namespace {

constexpr float heading_height = 26, why_height = 20;
constexpr float padding = 12;
constexpr float between = 12;
constexpr float title_height = 22;
constexpr float formula_height = 20;
constexpr float line_height = 24;
constexpr float cell_height = 20, strip_height = 15;
constexpr float two_columns_from = 760;
// Levels of detail: those of a table, then one at which longer vectors are numbers too.
constexpr int levels = term_levels + 1;
constexpr int most_numbers = 64;
constexpr int most_numbers_alone = 256;  // of a vector that has its panel to itself
constexpr int plot_from_level = 3;
constexpr float plot_height = 150;

TextStyle style_of(const Scene& scene, Part::Tone tone) {
    const Theme& t = scene.theme;
    switch (tone) {
        case Part::Tone::words:
            return sans(12.5f, t.muted);
        case Part::Tone::number:
            return mono(12.5f, t.text);
        case Part::Tone::query:
            return mono(12.5f, mix(t.text, t.query, 0.75f));
        case Part::Tone::key:
            return mono(12.5f, mix(t.text, t.key, 0.75f));
        case Part::Tone::value:
            return mono(12.5f, mix(t.text, t.value, 0.75f));
        case Part::Tone::result:
            return bold(15, t.text);
    }
    return {};
}

Colour colour_of(const Scene& scene, Operand::Look look) {
    const Theme& t = scene.theme;
    switch (look) {
        case Operand::Look::query:
            return t.query;
        case Operand::Look::key:
            return t.key;
        case Operand::Look::value:
            return t.value;
        case Operand::Look::signed_values:
            break;
    }
    return t.text;
}

// ---- lines of parts

// Sets the parts one behind the other, in as many lines as it takes; draws them if there is a
// canvas. Returns the number of lines.
int set_formula(Canvas* canvas, Rect rect, float height, const Formula& formula,
                const Scene& scene) {
    float x = rect.x, y = rect.y;
    int lines = 1;
    for (const Part& part : formula) {
        const TextStyle style = style_of(scene, part.tone);
        std::string text = part.text;
        float width = width_of(style, text);
        if (x > rect.x && x + width > rect.right() + 0.5f) {
            ++lines;
            x = rect.x;
            y += height;
            text.erase(0, text.find_first_not_of(' '));
            width = width_of(style, text);
        }
        if (width > rect.w) text = fit_words(style, text, rect.w);
        // A little wider than measured: rounding must not cut what fits.
        if (canvas) draw_text_in(*canvas, {x, y, width + 2, height}, text, style);
        x += width;
    }
    return lines;
}

float formula_width(const Formula& formula, const Scene& scene) {
    float width = 0;
    for (const Part& part : formula) width += width_of(style_of(scene, part.tone), part.text);
    return width;
}

// ---- operands

struct Grid {
    float label = 0;  // width before the cells
    int columns = 0;  // cells a line
    int chunks = 1;
    bool numbers = false;
};

float label_width(const std::vector<Operand>& operands) {
    float width = 0;
    for (const Operand& o : operands) {
        width = std::max(width, width_of(mono(12, {}), o.label));
    }
    return width + 10;
}

Grid grid_of(const std::vector<Operand>& operands, float width, int level) {
    const auto n = static_cast<int>(operands[0].values.size());
    Grid grid;
    grid.label = std::min(label_width(operands), width * 0.4f);
    const bool alone = operands.size() == 1 && level == levels - 1;
    if (level > 0 && n <= (alone ? most_numbers_alone : most_numbers)) {
        const TextStyle style = mono(smallest_text, {});
        float cell = 0;
        for (const Operand& o : operands) {
            for (const float value : o.values)
                cell = std::max(cell, width_of(style, number(value)));
        }
        const int most = static_cast<int>((width - grid.label) / (cell + 6));
        if (most >= 4) {
            grid.numbers = true;
            grid.chunks = (n + most - 1) / most;
            grid.columns = (n + grid.chunks - 1) / grid.chunks;
            return grid;
        }
    }
    grid.columns = n;
    return grid;
}

float operands_height(const std::vector<Operand>& operands, const Grid& grid) {
    const auto rows = static_cast<float>(operands.size());
    if (!grid.numbers) return rows * (strip_height + 3);
    const auto chunks = static_cast<float>(grid.chunks);
    return chunks * rows * cell_height + (chunks - 1) * 8;
}

void draw_label(Canvas& canvas, Rect rect, const Operand& operand, const Scene& scene) {
    const bool coloured = operand.look != Operand::Look::signed_values;
    const Colour ink =
        coloured ? mix(scene.theme.text, colour_of(scene, operand.look), 0.75f) : scene.theme.text;
    const TextStyle style = mono(12, ink);
    draw_text_in(canvas, rect, fit_words(style, operand.label, rect.w), style);
}

float largest_of(const Operand& operand) {
    float largest = 0;
    for (const float value : operand.values) largest = std::max(largest, std::abs(value));
    return largest;
}

void draw_numbers(Canvas& canvas, Rect rect, const std::vector<Operand>& operands, const Grid& grid,
                  const Scene& scene) {
    const Theme& t = scene.theme;
    const auto n = static_cast<int>(operands[0].values.size());
    const float cell = std::min((rect.w - grid.label) / static_cast<float>(grid.columns), 64.0f);
    float y = rect.y;
    for (int chunk = 0; chunk < grid.chunks; ++chunk) {
        const int first = chunk * grid.columns, last = std::min(n, first + grid.columns);
        for (const Operand& o : operands) {
            const Rect label{rect.x, y, grid.label - 6, cell_height};
            if (chunk == 0 || operands.size() > 1) {
                draw_label(canvas, label, o, scene);
            } else {
                draw_text_in(canvas, label, "from " + count(first), sans(11.5f, t.muted));
            }
            const float largest = largest_of(o);
            for (int i = first; i < last; ++i) {
                const float value = o.values[static_cast<size_t>(i)];
                const float part = largest > 0 ? value / largest : 0;
                const Rect box{rect.x + grid.label + cell * static_cast<float>(i - first) + 1,
                               y + 1, cell - 2, cell_height - 2};
                const Colour fill =
                    o.look == Operand::Look::signed_values
                        ? diverging(t, part)
                        : mix(t.card, colour_of(scene, o.look), 0.07f + 0.4f * std::abs(part));
                canvas.fill_rect(box, fill, 3);
                if (i == o.marked) canvas.stroke_rect(box, {t.text, 1.25f}, 3);
                draw_text_in(canvas, {box.x - 2, box.y, box.w + 4, box.h}, number(value),
                             mono(smallest_text, text_on(fill)), Align::centre);
            }
            canvas.region(
                {rect.x + grid.label, y, cell * static_cast<float>(last - first), cell_height},
                {"operand", o.name, {first}}, 1, last - first);
            y += cell_height;
        }
        y += 8;
    }
}

// Colours from the largest negative to the largest positive value; the end of the scale is written
// behind the strip.
void draw_strips(Canvas& canvas, Rect rect, const std::vector<Operand>& operands, const Grid& grid,
                 const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle style = mono(smallest_text, t.muted);
    float ends = 0;
    for (const Operand& o : operands) {
        ends = std::max(ends, width_of(style, "±" + number(largest_of(o))));
    }
    const bool with_ends = rect.w - grid.label - ends >= 160;
    const float width = rect.w - grid.label - (with_ends ? ends + 8.0f : 0);
    float y = rect.y;
    for (const Operand& o : operands) {
        const auto n = static_cast<int>(o.values.size());
        draw_label(canvas, {rect.x, y, grid.label - 6, strip_height}, o, scene);
        const float largest = largest_of(o);
        const Rect strip{rect.x + grid.label, y, width, strip_height};
        Heatmap map{1, n, {}, width / static_cast<float>(n) >= 7 ? 1.0f : 0.0f, 0};
        for (const float value : o.values) {
            map.colours.push_back(diverging(t, largest > 0 ? value / largest : 0));
        }
        canvas.heatmap(strip, map);
        canvas.stroke_rect(strip, hairline(t.border));
        if (o.marked >= 0 && o.marked < n) {
            const float cell = width / static_cast<float>(n);
            const float wide = std::max(cell, 3.0f);
            const float x = strip.x + cell * (static_cast<float>(o.marked) + 0.5f) - wide / 2;
            canvas.stroke_rect({x, strip.y - 1, wide, strip.h + 2}, {t.text, 1.25f}, 1);
        }
        canvas.region(strip, {"operand", o.name, {0}}, 1, n);
        if (with_ends) {
            draw_text_in(canvas, {strip.right() + 8, y, ends + 2, strip.h}, "±" + number(largest),
                         style);
        }
        y += strip_height + 3;
    }
}

// ---- plots

// The curve around zero, wide enough for the point; both are written at the axes.
void draw_function(Canvas& canvas, Rect rect, const FunctionPlot& f, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle style = mono(smallest_text, t.muted);
    const double reach = std::max(4.0, std::ceil(std::abs(f.x)));
    constexpr int pieces = 96;
    double low = std::min(0.0, f.y), high = std::max(1.0, f.y);
    std::vector<double> values;
    for (int i = 0; i <= pieces; ++i) {
        values.push_back(f.value(reach * (2.0 * i / pieces - 1)));
        low = std::min(low, values.back());
        high = std::max(high, values.back());
    }
    const Rect area{rect.x, rect.y + 6, std::min(rect.w, 460.0f), rect.h - 26};
    const Plot plot{area, {-reach, reach}, {low, high}};
    draw_zero_lines(canvas, plot, hairline(t.border));
    std::vector<Point> curve;
    for (int i = 0; i <= pieces; ++i) {
        curve.push_back(plot.at(reach * (2.0 * i / pieces - 1), values[static_cast<size_t>(i)]));
    }
    canvas.polyline(curve, {t.muted, 1.75f});
    const Point point = plot.at(f.x, f.y);
    draw_line(canvas, point, plot.at(f.x, 0), {t.accent, 1.25f, true});
    draw_line(canvas, point, plot.at(0, f.y), {t.accent, 1.25f, true});
    draw_dot(canvas, point, 4, t.accent);
    const Rect below{area.x, area.bottom() + 4, area.w, 16};
    draw_text_in(canvas, below, number(-reach), style);
    draw_text_in(canvas, below, f.x_name, style, Align::centre);
    draw_text_in(canvas, below, number(reach), style, Align::right);
    const float axis = plot.x_at(0);
    draw_text_in(canvas, {area.x, area.y, axis - area.x - 6, 16}, f.y_name, style, Align::right);
}

// ---- panels

int table_level(int level) {
    return std::min(level, term_levels - 1);
}

struct Sizes {
    float formula_lines = 0;  // below the title; 0: beside it, or none
    bool formula_beside = false;
    Grid grid;
    float height = 0;
};

Sizes measure(const SumPanel& panel, float width, int level, const Scene& scene) {
    const float inner = width - 2 * padding;
    Sizes s;
    float height = title_height;
    if (!panel.formula.empty()) {
        const float title = width_of(bold(13, {}), panel.title) + 16;
        s.formula_beside = title + formula_width(panel.formula, scene) <= inner;
        if (!s.formula_beside) {
            s.formula_lines = static_cast<float>(
                set_formula(nullptr, {0, 0, inner, 0}, formula_height, panel.formula, scene));
            height += s.formula_lines * formula_height;
        }
    }
    if (!panel.operands.empty()) {
        s.grid = grid_of(panel.operands, inner, level);
        height += operands_height(panel.operands, s.grid) + 6;
    }
    if (panel.terms) {
        const float table =
            term_table_height(*panel.terms, inner, table_level(level), panel.lines.empty());
        height += table > 0 ? table + 4.0f : 0;
    }
    if (panel.plot && level >= plot_from_level) height += plot_height;
    for (const Formula& line : panel.lines) {
        height += line_height * static_cast<float>(set_formula(nullptr, {0, 0, inner, 0},
                                                               line_height, line, scene));
    }
    s.height = height + 2 * (padding - 4);
    return s;
}

void draw_panel(Canvas& canvas, Rect rect, const SumPanel& panel, int level, const Scene& scene) {
    const Theme& t = scene.theme;
    draw_chip(canvas, rect, t.inset, hairline(t.border), 8);
    const Sizes s = measure(panel, rect.w, level, scene);
    const float inner = rect.w - 2 * padding;
    const float x = rect.x + padding;
    float y = rect.y + padding - 4;
    const TextStyle title = bold(13, t.text);
    draw_text_in(canvas, {x, y, inner, title_height}, fit_words(title, panel.title, inner), title);
    if (s.formula_beside) {
        const float used = width_of(title, panel.title) + 16;
        set_formula(&canvas, {x + used, y, inner - used + 2, 0}, title_height, panel.formula,
                    scene);
    }
    y += title_height;
    if (s.formula_lines > 0) {
        set_formula(&canvas, {x, y, inner, 0}, formula_height, panel.formula, scene);
        y += s.formula_lines * formula_height;
    }
    if (!panel.operands.empty()) {
        const float height = operands_height(panel.operands, s.grid);
        const Rect cells{x, y + 3, inner, height};
        (s.grid.numbers ? draw_numbers : draw_strips)(canvas, cells, panel.operands, s.grid, scene);
        y += height + 6;
    }
    if (panel.terms) {
        const bool needed = panel.lines.empty();
        const float height = term_table_height(*panel.terms, inner, table_level(level), needed);
        if (height > 0) {
            draw_term_table(canvas, {x, y, inner, height}, *panel.terms, table_level(level), needed,
                            scene);
            y += height + 4;
        }
    }
    if (panel.plot && level >= plot_from_level) {
        draw_function(canvas, {x, y, inner, plot_height}, *panel.plot, scene);
        y += plot_height;
    }
    for (const Formula& line : panel.lines) {
        const int lines = set_formula(&canvas, {x, y, inner, 0}, line_height, line, scene);
        y += line_height * static_cast<float>(lines);
    }
}

// One row of the page: a panel, or two side by side.
struct Row {
    std::vector<size_t> panels;
    float height = 0;
};

struct Placed {
    std::vector<Row> rows;
    float height = 0;
};

Placed place(const SumPage& page, const std::vector<size_t>& active, const std::vector<int>& level,
             float width, const Scene& scene) {
    const bool pairs = width >= two_columns_from;
    Placed placed;
    for (size_t i = 0; i < active.size(); ++i) {
        Row row{{active[i]}, 0};
        const bool shares = pairs && !page.panels[active[i]].wide && i + 1 < active.size() &&
                            !page.panels[active[i + 1]].wide;
        if (shares) row.panels.push_back(active[++i]);
        const float each = row.panels.size() == 2 ? (width - between) / 2 : width;
        for (const size_t p : row.panels) {
            row.height =
                std::max(row.height, measure(page.panels[p], each, level[p], scene).height);
        }
        placed.height += row.height + (placed.rows.empty() ? 0 : between);
        placed.rows.push_back(row);
    }
    return placed;
}

}  // namespace

void draw_sum_page(Canvas& canvas, Rect rect, const SumPage& page, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle heading = bold(15, t.text);
    draw_text_in(canvas, rect.top(heading_height), fit_words(heading, page.heading, rect.w),
                 heading);
    float top = heading_height;
    const TextStyle why = sans(12, t.muted);
    if (rect.h >= 240) {
        const bool all = width_of(why, page.why + " " + page.hint) <= rect.w;
        draw_text_in(canvas, {rect.x, rect.y + top - 2, rect.w, why_height},
                     fit_words(why, all ? page.why + " " + page.hint : page.why, rect.w), why);
        top += why_height;
    }
    const Rect body = rect.without_top(top + 4);

    std::vector<size_t> active(page.panels.size());
    std::iota(active.begin(), active.end(), size_t{0});
    std::vector<int> level(page.panels.size(), 0);
    Placed placed = place(page, active, level, body.w, scene);
    while (placed.height > body.h && active.size() > 1) {
        active.erase(std::max_element(active.begin(), active.end(), [&](size_t a, size_t b) {
            return page.panels[a].priority < page.panels[b].priority;
        }));
        placed = place(page, active, level, body.w, scene);
    }
    if (placed.height > body.h) {  // no room for any: its result alone
        const auto& lines = page.panels[active[0]].lines;
        float y = body.y;
        for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
            const int n = set_formula(nullptr, body, line_height, *line, scene);
            const float height = line_height * static_cast<float>(n);
            if (y + height > body.bottom()) break;
            set_formula(&canvas, {body.x, y, body.w, 0}, line_height, *line, scene);
            y += height;
        }
        return;
    }
    // Each panel in its turn gets what still fits.
    std::vector<size_t> turns = active;
    std::stable_sort(turns.begin(), turns.end(), [&](size_t a, size_t b) {
        return page.panels[a].priority < page.panels[b].priority;
    });
    for (int higher = 1; higher < levels; ++higher) {
        for (const size_t p : turns) {
            const int before = level[p];
            level[p] = higher;
            Placed tried = place(page, active, level, body.w, scene);
            if (tried.height > body.h) {
                level[p] = before;
            } else {
                placed = std::move(tried);
            }
        }
    }
    float y = body.y;
    for (const Row& row : placed.rows) {
        float x = body.x;
        const bool two = row.panels.size() == 2;
        const float width = two ? (body.w - between) / 2 : body.w;
        for (const size_t p : row.panels) {
            draw_panel(canvas, {x, y, width, row.height}, page.panels[p], level[p], scene);
            x += width + between;
        }
        y += row.height + between;
    }
}

Lines sum_page_tooltip(const SumPage& page, const Hit& hit) {
    const Target& id = hit.target;
    for (const SumPanel& panel : page.panels) {
        if (id.is("operand")) {
            for (const Operand& o : panel.operands) {
                if (o.name != id.word()) continue;
                const auto n = static_cast<int>(o.values.size());
                const int first = id.number(0, n);
                const int i = first + hit.col;
                if (first < 0 || hit.col < 0 || i >= n) return {};
                Lines lines{o.label + ", dimension " + count(i) + ": " +
                            number(o.values[static_cast<size_t>(i)])};
                if (!o.hook.empty()) lines.push_back(o.hook);
                return lines;
            }
        }
        if (id.is("term") && panel.terms) {
            for (const size_t i : terms_with_rows(*panel.terms, term_levels - 1)) {
                const TermRow row = panel.terms->row(i);
                if (row.target == hit.target) return row.tooltip;
            }
        }
    }
    return {};
}

}  // namespace viz
