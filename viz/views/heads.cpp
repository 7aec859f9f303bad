// All heads as a grid of thumbnails, a row for each layer and a column for each head, tinted by
// what they look at; beside it the heads that do so most.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/layout/grid.h"
#include "viz/layout/legend.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

using Tint = AttentionLook::Tint;

constexpr float comfortable_thumbnail = 58;
constexpr float label_size = 11;
constexpr float names_height = 18;   // of the heads' names above the grid
constexpr float legend_height = 24;  // below it
constexpr float list_width = 176;    // of the heads in order
constexpr float list_line = 22;
constexpr float list_gap = 28;
constexpr float least_listed = 5;  // lines worth a list
constexpr float readable = 28;     // pixels of a thumbnail; below, the selected one is enlarged
constexpr float enlarged = 76;
constexpr float largest_share = 0.3f;   // of the grid, that it may cover
constexpr float with_legend = 340;      // the least height that has a legend in any case
constexpr float scored_thumbnail = 38;  // has room for its score

struct Habit {
    const char* name;    // of the list
    const char* legend;  // what the mean is of
    model::HeadHabit model::HeadScores::*score;
};

constexpr Habit habits[] = {
    {"Previous token", "mean weight on the token before", &model::HeadScores::previous},
    {"First token", "mean weight on the first token", &model::HeadScores::first},
    {"Induction", "mean weight on what followed last time", &model::HeadScores::induction},
};

const Habit* habit_of(Tint tint) {
    switch (tint) {
        case Tint::previous:
            return &habits[0];
        case Tint::first:
            return &habits[1];
        case Tint::induction:
            return &habits[2];
        case Tint::none:
            break;
    }
    return nullptr;
}

const model::HeadScores& scores_of(const Scene& scene, int layer, int head) {
    return scene.memo.thumbnails.scores(scene.model.config, scene.step.records, layer, head,
                                        scene.attention.hide_first);
}

// A habit's mean, or nothing where no row of the text counts.
const model::HeadHabit& score_of(const Scene& scene, const Habit& habit, int layer, int head) {
    return scores_of(scene, layer, head).*habit.score;
}

// Not the colours of weights: a score is a mean of them.
Colour tint_colour(const Scene& scene, double score) {
    return diverging(scene.theme, static_cast<float>(score));
}

struct Grid {
    Rect rect;          // of the thumbnails
    float pitch, gap;   // from one to the next; between them
    Rect legend, list;  // without width: no room

    Rect slot(int layer, int head) const {
        return {rect.x + pitch * static_cast<float>(head),
                rect.y + pitch * static_cast<float>(layer), pitch - gap, pitch - gap};
    }
};

Grid make_grid(Rect rect, const Scene& scene) {
    const model::Config& c = scene.model.config;
    const Habit* habit = habit_of(scene.attention.tint);
    const TextStyle style = sans(label_size, {});
    const float left = width_of(style, "L" + std::to_string(c.n_layer)) + 8;
    const float above = names_height;
    const auto heads = static_cast<float>(c.n_head), layers = static_cast<float>(c.n_layer);
    auto pitch_of = [&](float width, float height) {
        return std::max(1.0f, std::min((width - left) / heads, (height - above) / layers));
    };
    Grid grid{};
    const float line = legend_height, list = list_width + list_gap;
    float height = rect.h, width = rect.w;
    // A tint must be explained; the scale of weights is where there is room.
    if (habit || height >= with_legend || pitch_of(width, height) * layers + above + line <= height)
        height -= line;
    const bool legend = height < rect.h;
    // The list may cost the thumbnails some of their size where they are tinted.
    const float lines = habit ? least_listed + 1 : std::size(habits) * (least_listed - 1);
    const bool listed =
        height >= list_line * lines &&
        pitch_of(width - list, height) >= (habit ? 0.72f : 1.0f) * pitch_of(width, height) &&
        width - list >= left + 60;
    if (listed) width -= list;
    grid.pitch = pitch_of(width, height);
    grid.gap = grid.pitch >= 40 ? 6.0f : grid.pitch >= 16 ? 3.0f : grid.pitch >= 6 ? 1.0f : 0.0f;
    grid.rect = {rect.x + left, rect.y + above, grid.pitch * heads, grid.pitch * layers};
    if (legend) grid.legend = {rect.x, grid.rect.bottom() + 2, rect.w, line - 2};
    if (listed) {
        const float x = grid.rect.right() + list_gap;
        grid.list = {x, rect.y, rect.right() - x, height};
        if (legend) grid.legend.w = grid.list.x - rect.x - 8;
    }
    return grid;
}

void draw_thumbnail(Canvas& canvas, Rect rect, int layer, int head, const ColourTable& table,
                    const Scene& scene) {
    const Thumbnail& thumbnail = scene.memo.thumbnails.read(
        scene.model.config, scene.step.records, layer, head, scene.attention.hide_first);
    const int pixels = std::max(1, static_cast<int>(rect.w));
    const int merged = (thumbnail.side + pixels - 1) / pixels;  // cells that share a pixel
    const int side = (thumbnail.side + merged - 1) / merged;
    Heatmap map{side, side, {}, 0, 0};
    map.colours.assign(static_cast<size_t>(side) * side, scene.theme.masked);
    for (int row = 0; row < side; ++row) {
        for (int col = 0; col <= row; ++col) {
            float largest = 0;
            for (int i = row * merged; i < std::min((row + 1) * merged, thumbnail.side); ++i) {
                for (int j = col * merged; j < std::min((col + 1) * merged, i + 1); ++j) {
                    largest = std::max(largest, thumbnail.at(i, j));
                }
            }
            map.colours[static_cast<size_t>(row) * side + col] = table.at(largest);
        }
    }
    canvas.heatmap(rect, map);
}

void draw_labels(Canvas& canvas, Rect rect, const Grid& grid, const Scene& scene) {
    const model::Config& c = scene.model.config;
    const Selection& s = scene.selection;
    const Theme& t = scene.theme;
    const TextStyle plain = sans(label_size, t.muted);
    const float widest = width_of(plain, "H" + std::to_string(c.n_head)) * 1.25f;
    auto style = [&](bool selected) { return selected ? bold(label_size, t.accent) : plain; };
    // Names stand about the middles of the thumbnails, without the gap behind each.
    const Rect names{rect.x, grid.rect.y - grid.gap / 2, grid.rect.x - rect.x, grid.rect.h};
    for (const auto& [layer, row] : named_rows(names, c.n_layer, plain.size * 1.2f, s.layer)) {
        draw_text_in(canvas, row, "L" + std::to_string(layer + 1), style(layer == s.layer));
    }
    // The last thumbnail may be narrower than its name: the selected one's is moved, others go.
    auto middle_of = [&](int head) {
        return grid.rect.x + grid.pitch * (static_cast<float>(head) + 0.5f) - grid.gap / 2;
    };
    const float last = rect.right() - widest / 2;
    const float chosen = std::min(middle_of(s.head), last);
    for (int head : thinned(c.n_head, grid.pitch, widest, s.head)) {
        const bool selected = head == s.head;
        const float middle = selected ? chosen : middle_of(head);
        if (!selected && (middle > last + 1 || std::abs(middle - chosen) < widest - 1)) continue;
        const float wide = std::max(grid.pitch, widest);
        draw_text_in(canvas, {middle - wide / 2, rect.y, wide, grid.rect.y - rect.y - 4},
                     "H" + std::to_string(head + 1), style(selected), Align::centre);
    }
}

// The thumbnail with its frame; the frame is as thick as the tint needs to be seen.
void draw_slot(Canvas& canvas, Rect slot, int layer, int head, const ColourTable& table,
               const Scene& scene) {
    const bool selected = layer == scene.selection.layer && head == scene.selection.head;
    const Theme& t = scene.theme;
    const Habit* habit = habit_of(scene.attention.tint);
    const bool framed = slot.w >= 13;
    const float radius = framed ? 4.0f : 0.0f;
    float border = framed ? 2.0f : 0.0f;
    if (habit) {
        const model::HeadHabit& score = score_of(scene, *habit, layer, head);
        canvas.fill_rect(slot, score.rows > 0 ? tint_colour(scene, score.mean) : t.card, radius);
        border = slot.w >= 34 ? 4.0f : slot.w >= 13 ? 3.0f : 1.5f;
    }
    if (framed) canvas.stroke_rect(slot.inset(0.5f), hairline(t.border), 3);
    // Too small to be seen: the tint alone.
    const Rect inner = slot.inset(border);
    if (inner.w >= (habit ? 3.0f : 0.5f)) draw_thumbnail(canvas, inner, layer, head, table, scene);
    if (scene.is_off(layer, head)) draw_switched_off(canvas, inner, t);
    if (habit && slot.w >= scored_thumbnail) {
        // In the corner of what comes later, which is empty.
        const model::HeadHabit& score = score_of(scene, *habit, layer, head);
        const TextStyle style = mono(smallest_text, selected ? t.accent : t.text);
        draw_text_in(canvas, inner.top(15).without_right(2),
                     score.rows > 0 ? short_weight(score.mean) : "–", style, Align::right);
    }
    canvas.region(slot, target::head(layer, head));
    if (selected) {
        canvas.stroke_rect(slot.inset(framed ? 0.0f : -1.0f), {t.accent, framed ? 2.0f : 1.5f},
                           radius);
    }
}

// Where thumbnails are small the selected one lies enlarged over its neighbours, not over names.
void draw_enlarged(Canvas& canvas, const Grid& grid, const ColourTable& table, const Scene& scene) {
    const Selection& s = scene.selection;
    const Rect slot = grid.slot(s.layer, s.head);
    const float room = largest_share * std::min(grid.rect.w, grid.rect.h);
    const float side = std::min({3 * slot.w, enlarged, room});
    if (side <= slot.w * 1.2f) return;
    auto within = [&](float at, float low, float high) {
        return std::clamp(at - side / 2, low, high - side);
    };
    const Rect large{within(slot.centre().x, grid.rect.x, grid.rect.right() - grid.gap),
                     within(slot.centre().y, grid.rect.y, grid.rect.bottom() - grid.gap), side,
                     side};
    canvas.fill_rect(large.inset(-2), scene.theme.card, 4);
    draw_slot(canvas, large, s.layer, s.head, table, scene);
}

void draw_legend(Canvas& canvas, const Grid& grid, const Scene& scene) {
    if (!(grid.legend.w > 0)) return;
    const Habit* habit = habit_of(scene.attention.tint);
    ColourScale scale{"0", "weight 1",
                      [&](float x) { return sequential(scene.theme, scene.colormap, x); }, 70};
    if (habit) {
        scale.high = std::string("1 ") + habit->legend;
        scale.colour = [&](float x) { return tint_colour(scene, x); };
    }
    const std::string hidden = scene.attention.hide_first ? ", token 0 hidden" : "";
    scale.high += hidden;
    // Short of room, the bar gives way first and then the words.
    auto over = [&] { return colour_scale_width(scale) - grid.legend.w; };
    if (over() > 0) scale.bar = std::max(scale.bar - over(), 24.0f);
    if (over() > 0) scale.high.resize(scale.high.size() - hidden.size());
    if (over() > 0) {
        const TextStyle style = sans(11.5f, {});
        scale.high = fit_words(style, scale.high, width_of(style, scale.high) - over() - 1);
    }
    draw_colour_scale(canvas, grid.legend, scene, scale);
}

struct Listed {
    int layer, head;
    model::HeadHabit score;
};

// All heads, those with the highest score first.
std::vector<Listed> in_order(const Scene& scene, const Habit& habit) {
    const model::Config& c = scene.model.config;
    std::vector<Listed> all;
    for (int layer = 0; layer < c.n_layer; ++layer) {
        for (int head = 0; head < c.n_head; ++head) {
            all.push_back({layer, head, score_of(scene, habit, layer, head)});
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Listed& a, const Listed& b) { return a.score.mean > b.score.mean; });
    return all;
}

// The heads of one habit, as many as fit.
void draw_list(Canvas& canvas, Rect place, const Habit& habit, const Scene& scene) {
    const Theme& t = scene.theme;
    const float line = list_line;
    const std::vector<Listed> all = in_order(scene, habit);
    const auto rows = static_cast<size_t>(place.h / line) - 1;
    const float each = list_width + list_gap;
    const auto most = static_cast<size_t>((place.w + list_gap) / each);
    const size_t columns = std::clamp((all.size() + rows - 1) / rows, size_t{1}, most);
    const Rect first = place.left(std::min(place.w, list_width * (most > 1 ? 1 : 1.4f)));

    Rect top = first.top(line).without_left(4).without_right(4);
    draw_text_in(canvas, top, habit.name, bold(13, t.text));
    const int counted = all.front().score.rows;
    const TextStyle small = sans(11.5f, t.muted);
    draw_text_in(canvas, top, plural(counted, "row"), small, Align::right);
    if (counted == 0) {
        top.y += line;
        draw_text_in(canvas, top, "no token has come twice", small);
        return;
    }
    const TextStyle number_style = mono(12, t.text);
    const float number_width = width_of(number_style, "0.00") + 2;
    for (size_t i = 0; i < std::min(rows * columns, all.size()); ++i) {
        const size_t column = i / rows, row = i % rows;
        const Rect rect{first.x + each * static_cast<float>(column),
                        first.y + line * static_cast<float>(row + 1), first.w, line};
        const auto& [layer, head, score] = all[i];
        const bool chosen = layer == scene.selection.layer && head == scene.selection.head;
        if (chosen) canvas.fill_rect(rect.inset(1), t.accent_soft, 4);
        const Rect bar{rect.x + 4, rect.bottom() - 3, rect.w - 8, 2.5f};
        if (score.mean >= 0.005) {
            draw_bar(canvas, bar, score.mean, tint_colour(scene, 0.35 + 0.65 * score.mean));
        }
        const TextStyle name = chosen ? bold(12, t.accent) : sans(12, t.text);
        draw_text_in(canvas, rect.without_right(number_width + 6).without_left(4),
                     head_name(layer, head), name);
        draw_text_in(canvas, rect.without_right(4), weight(score.mean), number_style, Align::right);
        canvas.region(rect, target::head(layer, head));
    }
}

// The heads of the habit that tints the grid; without a tint the first of every habit.
void draw_lists(Canvas& canvas, const Grid& grid, const Scene& scene) {
    if (!(grid.list.w > 0)) return;
    if (const Habit* habit = habit_of(scene.attention.tint)) {
        return draw_list(canvas, grid.list, *habit, scene);
    }
    const float space = 12;
    const auto parts = static_cast<float>(std::size(habits));
    Rect part = grid.list.top((grid.list.h - space * (parts - 1)) / parts);
    for (const Habit& habit : habits) {
        draw_list(canvas, part, habit, scene);
        part.y += part.h + space;
    }
}

}  // namespace

void draw_heads(Canvas& canvas, Rect rect, const Scene& scene) {
    const model::Config& c = scene.model.config;
    const Grid grid = make_grid(rect, scene);
    const ColourTable table(scene.theme, scene.colormap);
    draw_labels(canvas, rect, grid, scene);
    for (int layer = 0; layer < c.n_layer; ++layer) {
        for (int head = 0; head < c.n_head; ++head) {
            draw_slot(canvas, grid.slot(layer, head), layer, head, table, scene);
        }
    }
    if (grid.pitch - grid.gap < readable) {
        draw_enlarged(canvas, grid, table, scene);
    }
    draw_part(canvas, PagePart::legend, "", [&] { draw_legend(canvas, grid, scene); });
    draw_lists(canvas, grid, scene);
}

namespace {

Size heads_size(const Scene& scene) {
    const model::Config& c = scene.model.config;
    const float pitch = std::min(comfortable_thumbnail,
                                 1400.0f / static_cast<float>(std::max(c.n_layer, c.n_head)));
    const float list = list_width + list_gap;
    return {std::max(pitch * static_cast<float>(c.n_head) + 34.0f, 180.0f) + list,
            pitch * static_cast<float>(c.n_layer) + names_height + legend_height};
}

Lines heads_tooltip(const Scene& scene, const Hit& hit) {
    const model::Config& c = scene.model.config;
    const Target& id = hit.target;
    const int layer = id.number(0, c.n_layer), head = id.number(1, c.n_head);
    if (!id.is("head") || layer < 0 || head < 0) return {};
    Lines lines{head_name(layer, head)};
    const model::HeadScores& scores = scores_of(scene, layer, head);
    if (scores.previous.rows == 0) return lines;
    lines.push_back("mean weight on: previous token " + weight(scores.previous.mean) +
                    ", first token " + weight(scores.first.mean) + ", itself " +
                    weight(scores.self.mean));
    if (scores.induction.rows > 0) {
        const int rows = scores.induction.rows;
        lines.push_back("on what followed last time (induction) " + weight(scores.induction.mean) +
                        ", " + plural(rows, "row"));
    }
    return lines;
}

void select_thumbnail(Selection& selection, const Hit& hit, const Extent& extent) {
    select_head(selection, hit.target.number(0), hit.target.number(1), extent);
}

constexpr Pointing targets[] = {
    {.kind = "head", .tooltip = heads_tooltip, .select = select_thumbnail},
};

}  // namespace

// Targets: "head/L/H".
extern const View heads_view{
    .id = "heads",
    .title = "Heads",
    .help = "thumbnails of every head, one row for each block, and what they look at",
    .group = Group::attention,
    .preferred_size = heads_size,
    .draw = draw_heads,
    .least = {180, 200},
    .shows_head = true,
    .switches = Switches::heads,
    .targets = targets,
};

}  // namespace viz
