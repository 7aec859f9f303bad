// What pushed it: what each part of the model adds to the logit of the followed token at the
// selected position: a grid of heads and MLPs, the running total down the layers, and the parts
// that add or take most, by name.
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
#include "viz/layout/title.h"
#include "viz/paint/format.h"
#include "viz/views/contributions/parts.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float title_height = 26;
constexpr float header_height = 20;
constexpr float footer_height = 20;
constexpr float between = 26;
constexpr float highest_row = 54;
constexpr float widest_cell = 58;
constexpr float list_row = 25;
constexpr float list_wide = 286;  // beside the grid
constexpr float total_least = 116, total_most = 240;

const model::LogitParts& read(const Scene& scene) {
    return scene.memo.parts.read(scene.model, scene.step.records[scene.position()],
                                 scene.followed());
}

// The embedding, the layers, the final bias.
int grid_rows(const model::Config& c) {
    return c.n_layer + (c.biases ? 2 : 1);
}

// Where everything lies: rows of the embedding, the layers and the final bias, one grid.
struct Frame {
    float labels = 0, top = 0, pitch = 0, cell = 0, gap = 0;
    Rect heads;  // cells of heads, layers only
    float bias_x = 0, mlp_x = 0, right = 0;
    Rect totals, list;  // w = 0: no room
    bool list_below = false;

    // 0: the embedding, 1..n_layer: the layers, then the final bias.
    float row(int i) const { return top + pitch * static_cast<float>(i); }
    Rect rect_of(const LogitPart& part, int layers) const {
        const float left = heads.x, width = right - left;
        switch (part.kind) {
            case PartKind::embedding:
                return {left, row(0), width, pitch};
            case PartKind::head:
                return {left + cell * static_cast<float>(part.head), row(part.layer + 1), cell,
                        pitch};
            case PartKind::bias:
                return {bias_x, row(part.layer + 1), cell, pitch};
            case PartKind::mlp:
                return {mlp_x, row(part.layer + 1), cell, pitch};
            case PartKind::norm:
                break;
        }
        return {left, row(layers + 1), width, pitch};
    }
};

Frame make_frame(Rect rect, const Scene& scene) {
    const model::Config& c = scene.model.config;
    Frame f;
    f.labels = width_of(bold(11.5f, {}), "embedding") + 10;
    const float body_top = rect.y + title_height;
    const float body = rect.h - (title_height + 2 * footer_height + 8);
    const bool beside = rect.w >= list_wide + 400;
    const auto rows = static_cast<float>(grid_rows(c));
    float grid_room = beside ? rect.w - (list_wide + between) : rect.w;
    float grid_height = body;
    if (!beside) {
        // Below, when the grid keeps a height that can be read.
        const float least = std::min(rows * 20.0f, body * 0.55f) + header_height;
        const float list_height = body - least - 14;
        f.list_below = list_height >= 3 * list_row && rect.h >= 400;
        if (f.list_below) grid_height = std::max(least, body * 0.5f);
    }
    f.top = body_top + header_height;
    f.pitch = std::clamp((grid_height - header_height) / rows, 1.0f, highest_row);
    const bool with_totals = grid_room >= total_least + between + 250;
    const float side = with_totals ? total_least + between : 0;
    const auto columns = static_cast<float>(c.n_head + (c.biases ? 2 : 1));
    f.gap = 8;  // before what is no head
    const float room = grid_room - f.labels - side - f.gap;
    f.cell = std::clamp(room / columns, 1.0f, widest_cell);
    f.heads = {rect.x + f.labels, f.row(1), f.cell * static_cast<float>(c.n_head),
               f.pitch * static_cast<float>(c.n_layer)};
    f.bias_x = f.heads.right() + f.gap;
    f.mlp_x = f.bias_x + (c.biases ? f.cell : 0);
    f.right = f.mlp_x + f.cell;
    if (with_totals) {
        const float x = f.right + between;
        f.totals = {x, f.top, std::min(rect.x + grid_room - x, total_most), f.pitch * rows};
    }
    if (beside) {
        const float x = std::max(f.totals.right(), f.right) + between * 1.3f;
        f.list = {x, body_top, rect.right() - x, body};
    } else if (f.list_below) {
        const float y = f.row(grid_rows(c)) + 14;
        f.list = {rect.x, y, rect.w, body_top + body - y};
    }
    return f;
}

Title title_of(const Scene& scene, const model::LogitParts& parts) {
    const TextStyle style = bold(13, {});
    const std::string token = fit_token(style, scene.shown(parts.id), 150);
    const std::string at = fit_token(style, scene.shown_at(scene.position()), 150);
    const std::string where = " (position " + count(scene.position()) + ")";
    return {.wordings = {"What pushed " + token + " as the next token after " + at + where,
                         "What pushed " + token + " after " + at + where,
                         "What pushed " + token + where, "What pushed " + token},
            .end = "logit " + number(parts.logit),
            .gap = 14};
}

void draw_labels(Canvas& canvas, const Frame& f, const Scene& scene) {
    const Theme& t = scene.theme;
    const model::Config& c = scene.model.config;
    const int rows = grid_rows(c), selected = scene.selection.layer + 1;
    const TextStyle plain = sans(11.5f, t.muted), chosen = bold(11.5f, t.accent);
    const Rect names{f.heads.x - f.labels, f.top, f.labels - 10,
                     f.pitch * static_cast<float>(rows)};
    for (const auto& [i, row] :
         named_rows(names, rows, plain.size * 1.25f, selected, Thin::to_last)) {
        const std::string name = i == 0          ? "embedding"
                                 : i > c.n_layer ? "final bias"
                                                 : "block " + std::to_string(i);
        draw_text_in(canvas, row, name, i == selected ? chosen : plain, Align::right);
    }
    for (int i = 0; i < c.n_layer; ++i) {
        canvas.region({f.heads.x - f.labels, f.row(i + 1), f.labels, f.pitch}, target::layer(i));
    }
    const float y = f.top - header_height, line = header_height;
    const float widest = width_of(plain, "H" + std::to_string(c.n_head)) * 1.3f;
    const int head = scene.selection.head;
    for (const auto& [i, column] :
         named_columns({f.heads.x, y, f.heads.w, line}, c.n_head, widest, head)) {
        draw_text_in(canvas, column, "H" + std::to_string(i + 1), i == head ? chosen : plain,
                     Align::centre);
    }
    const float both = width_of(plain, "biasMLP") + 8;
    if (c.biases && 2 * f.cell >= both) {
        draw_text_in(canvas, {f.bias_x - 6, y, f.cell + 12, line}, "bias", plain, Align::centre);
    }
    const float mlp = std::max(f.cell, width_of(plain, "MLP") + 1);
    // The last head's label must stay free of it.
    const float middle = f.right - mlp / 2;
    const float reach = middle - f.heads.right() + f.cell / 2;
    const float beside = c.biases ? mlp : width_of(plain, "MLP");  // the bias keeps them apart
    if (reach >= beside / 2 + f.cell / 2 + widest / 2 + 2) {
        draw_text_in(canvas, {middle - mlp / 2, y, mlp, line}, "MLP", plain, Align::centre);
    }
}

bool is_selected(const LogitPart& part, const Scene& scene) {
    const Selection& s = scene.selection;
    if (part.layer != s.layer) return false;
    return s.phase == Phase::mlp ? part.kind == PartKind::mlp
                                 : part.kind == PartKind::head && part.head == s.head;
}

void draw_grid(Canvas& canvas, const Frame& f, const std::vector<LogitPart>& parts, double largest,
               const Scene& scene) {
    const Theme& t = scene.theme;
    const int layers = scene.model.config.n_layer;
    const float least = std::min(f.cell, f.pitch);
    const float inset = least >= 14 ? 1.5f : least >= 6 ? 0.5f : 0.0f;
    const float radius = least >= 14 ? 4.0f : 0;
    const TextStyle plain = mono(smallest_text, t.text);
    bool numbers = f.pitch >= plain.size * 1.3f;  // in all cells or in none
    for (const LogitPart& part : parts) {
        numbers = numbers && width_of(plain, number(part.value)) + 4 <= f.rect_of(part, layers).w;
    }
    for (const LogitPart& part : parts) {
        const Rect cell = f.rect_of(part, layers).inset(inset);
        const float value = largest > 0 ? static_cast<float>(part.value / largest) : 0;
        const Colour fill = diverging(t, value);
        canvas.fill_rect(cell, fill, radius);
        if (inset > 0) canvas.stroke_rect(cell, hairline(t.border), radius);
        const bool wide = part.kind == PartKind::embedding || part.kind == PartKind::norm;
        if (numbers || (wide && f.pitch >= plain.size * 1.3f)) {
            TextStyle style = plain;
            style.colour = text_on(fill);
            draw_text_in(canvas, cell, number(part.value), style, Align::centre);
        }
        canvas.region(f.rect_of(part, layers), part_target(part));
    }
    if (inset == 0) {
        canvas.stroke_rect({f.heads.x, f.row(0), f.right - f.heads.x,
                            f.pitch * static_cast<float>(grid_rows(scene.model.config))},
                           {t.border, 1});
    }
    // After all cells, so that none lies over an outline.
    for (const LogitPart& part : parts) {
        const Rect cell = f.rect_of(part, layers).inset(inset);
        if (is_selected(part, scene)) {
            canvas.stroke_rect(cell.inset(-1), {t.accent, 2}, radius > 0 ? 5.0f : 0);
        }
        if (scene.locked.target == part_target(part))
            canvas.stroke_rect(cell, {t.text, 1.5f}, radius);
    }
}

// A waterfall: each row's bar leads from the total before to the total after it.
void draw_totals(Canvas& canvas, const Frame& f, const std::vector<double>& totals,
                 const Scene& scene) {
    const Theme& t = scene.theme;
    const Rect r = f.totals;
    const TextStyle plain = sans(11.5f, t.muted), value = mono(11.5f, t.text);
    const double low = std::min(0.0, *std::min_element(totals.begin(), totals.end()));
    const double high = std::max(0.0, *std::max_element(totals.begin(), totals.end()));
    const float numbers = 58;
    const Plot plot{r.without_right(numbers), {low, high > low ? high : low + 1}, {}};
    draw_text_in(canvas, {r.x, r.y - header_height, r.w, header_height}, "running total", plain,
                 Align::right);
    draw_down(canvas, r, plot.x_at(0), hairline(t.faint));
    const int rows = static_cast<int>(totals.size());
    const float thick = std::clamp(f.pitch * 0.5f, 1.0f, 14.0f);
    for (int i = 0; i < rows; ++i) {
        const double before = i > 0 ? totals[i - 1] : 0;
        const float from = plot.x_at(before), to = plot.x_at(totals[i]), y = f.row(i) + f.pitch / 2;
        const float width = std::max(std::abs(to - from), 1.5f);
        canvas.fill_rect({std::min(from, to), y - thick / 2, width, thick},
                         diverging(t, totals[i] < before ? -0.8f : 0.8f),
                         std::min(2.0f, width / 2));
        if (i + 1 < rows) {
            draw_line(canvas, {to, y + thick / 2}, {to, y + f.pitch - thick / 2},
                      hairline(t.faint));
        }
        const Target target{"total", {i}};
        canvas.region({r.x, f.row(i), r.w, f.pitch}, target);
        if (scene.locked.target == target) {
            canvas.stroke_rect({r.x, f.row(i), r.w, f.pitch}, {t.text, 1.25f}, 4);
        }
    }
    for (const auto& [i, row] : named_rows(r, rows, value.size * 1.25f, rows - 1, Thin::to_last)) {
        TextStyle style = value;
        if (i == rows - 1) style = {Face::mono_bold, value.size, t.accent};
        draw_text_in(canvas, row.without_left(row.w - numbers), number(totals[i]), style,
                     Align::right);
    }
}

void draw_list_row(Canvas& canvas, Rect row, const std::string& name, double value, double largest,
                   float names, const Scene& scene, bool faint) {
    const Theme& t = scene.theme;
    const float numbers = 54;
    draw_text_in(canvas, row.left(names), name, sans(12.5f, faint ? t.muted : t.text));
    draw_text_in(canvas, row, (value > 0 ? "+" : "") + number(value),
                 mono(12, faint ? t.muted : t.text), Align::right);
    const Rect bars{row.x + names + 10, row.y, row.w - names - numbers - 14, row.h};
    const float middle = bars.centre().x, high = std::min(12.0f, row.h * 0.5f);
    draw_down(canvas, row, middle, hairline(t.border));
    const float width = std::max(
        static_cast<float>(largest > 0 ? std::min(std::abs(value) / largest, 1.0) : 0) * bars.w / 2,
        1.0f);
    // What is many parts together may be longer than the scale: then it has no bar.
    if (std::abs(value) > largest * 1.0001) return;
    canvas.fill_rect({value < 0 ? middle - width : middle, row.centre().y - high / 2, width, high},
                     faint ? t.bar_faint : diverging(t, value < 0 ? -0.8f : 0.8f),
                     std::min(2.0f, width / 2));
}

// The largest parts whatever their sign, the others together in the last row.
void draw_list(Canvas& canvas, Rect rect, std::vector<LogitPart> parts, double largest,
               const Scene& scene) {
    const Theme& t = scene.theme;
    std::stable_sort(parts.begin(), parts.end(), [](const LogitPart& a, const LogitPart& b) {
        return std::abs(a.value) > std::abs(b.value);
    });
    const TextStyle plain = sans(11.5f, t.muted);
    draw_text_in(canvas, rect.top(header_height), "largest parts, whatever their sign", plain);
    Rect row{rect.x, rect.y + header_height, rect.w, list_row};
    const int room = static_cast<int>((rect.h - header_height) / row.h);
    const int all = static_cast<int>(parts.size());
    const int shown = all <= room ? all : std::max(room - 1, 0);
    const TextStyle style = sans(12.5f, t.text);
    const float longest = width_of(style, "Block 88 · Head 88") + 4;
    const bool whole = rect.w >= longest + 124;
    float names = whole ? 0 : width_of(style, "L88 · H88") + 4;
    for (int i = 0; i < shown && whole; ++i) {
        names = std::max(names, width_of(style, part_name(parts[i])) + 4.0f);
    }
    const std::string others = "other " + count(all - shown) + (whole ? " parts" : "");
    names = std::max(names, width_of(style, others) + 2.0f);
    double rest = 0;
    for (int i = shown; i < all; ++i) rest += parts[i].value;
    for (int i = 0; i < shown; ++i) {
        const LogitPart& part = parts[i];
        draw_list_row(canvas, row, whole ? part_name(part) : short_part_name(part), part.value,
                      largest, names, scene, false);
        canvas.region(row, part_target(part));
        if (scene.locked.target == part_target(part)) canvas.stroke_rect(row, {t.text, 1.25f}, 4);
        row.y += row.h;
    }
    if (shown < all && room > 0) {
        draw_list_row(canvas, row, others, rest, largest, names, scene, true);
    }
}

Lines proof(const model::LogitParts& parts) {
    const double sum = parts.sum();
    const std::string equal = decimal(sum, 4) + " = logit " + decimal(parts.logit, 4);
    const std::string difference = scientific(std::abs(sum - parts.logit));
    return {"sum of all parts " + equal + ", difference " + difference + " by rounding",
            "sum " + equal + ", difference " + difference, "sum " + equal};
}

void draw_footer(Canvas& canvas, Rect rect, const model::LogitParts& parts, double largest,
                 const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle plain = sans(11.5f, t.muted);
    Rect line{rect.x, rect.bottom() - 2 * footer_height, rect.w, footer_height};
    const std::string end = number(largest);
    const ColourScale scale{"-" + end, "+" + end, [&](float x) { return diverging(t, 2 * x - 1); }};
    draw_if_room(canvas, draw_legend(canvas, line, scene, scale, 0.25f, 14),
                 {"added to the logit, directly (not by way of later blocks)",
                  "added to the logit, directly", "added to the logit"},
                 plain);
    line.y += footer_height;
    draw_text_in(canvas, line, fit_wording(plain, proof(parts), line.w), plain);
    canvas.region(line, "parts-proof");
}

double largest_of(const std::vector<LogitPart>& parts) {
    double largest = 0;
    for (const LogitPart& part : parts) largest = std::max(largest, std::abs(part.value));
    return largest;
}

Size contributions_size(const Scene&) {
    return {900, 480};
}

void draw_contributions(Canvas& canvas, Rect rect, const Scene& scene) {
    const model::LogitParts& logit = read(scene);
    const std::vector<LogitPart> parts = all_parts(logit, scene);
    const double largest = largest_of(parts);
    const Frame f = make_frame(rect, scene);
    draw_title(canvas, rect.top(title_height - 6), title_of(scene, logit), scene.theme);
    draw_labels(canvas, f, scene);
    draw_grid(canvas, f, parts, largest, scene);
    if (f.totals.w > 0) draw_totals(canvas, f, running_totals(logit, scene), scene);
    if (f.list.w > 0) draw_list(canvas, f.list, parts, largest, scene);
    draw_footer(canvas, rect, logit, largest, scene);
}

Lines contributions_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    if (!id.is("part") && !id.is("total") && !id.is("parts-proof")) return {};
    const model::LogitParts& logit = read(scene);
    const std::string token = scene.shown(logit.id);
    if (id.is("parts-proof")) {
        return {"With the final norm's mean and scale held, the logit is a sum of its parts",
                proof(logit)[0]};
    }
    if (id.is("total")) {
        const std::vector<double> totals = running_totals(logit, scene);
        const int row = id.number(0, static_cast<int>(totals.size()));
        if (row < 0) return {};
        const int last = static_cast<int>(totals.size()) - 1;
        const std::string after = row == 0      ? "the embedding alone"
                                  : row == last ? "all parts"
                                                : "all parts up to block " + std::to_string(row);
        return {after + ": " + number(totals[row]) + " of the logit of " + token,
                "this row: " + number(totals[row] - (row > 0 ? totals[row - 1] : 0))};
    }
    for (const LogitPart& part : all_parts(logit, scene)) {
        if (part_target(part) != hit.target) continue;
        return {part_name(part) + " adds " + number(part.value) + " to the logit of " + token,
                "of " + number(logit.logit) + " in all, at " + scene.shown_at(scene.position()),
                part_source(part)};
    }
    return {};
}

void select_part(Selection& selection, const Hit& hit, const Extent& extent) {
    const Target& part = hit.target;
    const int layer = part.number(0);
    if (part.word() == "head") {
        select_head(selection, layer, part.number(1), extent);
        selection.phase = Phase::attention;
    } else if (part.word() == "bias") {
        select_block(selection, layer, Phase::attention, extent);
    } else if (part.word() == "mlp") {
        select_block(selection, layer, Phase::mlp, extent);
    }
}

// Totals begin with the embedding.
void select_total(Selection& selection, const Hit& hit, const Extent& extent) {
    const int layer = std::min(hit.target.number(0) - 1, extent.layers - 1);
    select_head(selection, layer, selection.head, extent);
}

constexpr Pointing targets[] = {
    {.kind = "part", .tooltip = contributions_tooltip, .select = select_part, .locks = true},
    {.kind = "total", .tooltip = contributions_tooltip, .select = select_total, .locks = true},
    {.kind = "parts-proof", .tooltip = contributions_tooltip},
};

}  // namespace

// Targets: "part/embedding", "part/head/L/H", "part/bias/L", "part/mlp/L", "part/norm", "total/L"
// on running totals, "parts-proof".
extern const View contributions_view{
    .id = "contributions",
    .title = "What pushed it",
    .help = "what each head and MLP adds to the logit of the followed token",
    .group = Group::choice,
    .preferred_size = contributions_size,
    .draw = draw_contributions,
    .tells_choice = true,
    .targets = targets,
};

}  // namespace viz
