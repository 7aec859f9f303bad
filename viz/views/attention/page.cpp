// The attention tab: the chosen head large, all heads small, the chosen row with numbers and as
// arcs.
#include <algorithm>
#include <string>
#include <vector>

#include "model/interp/head_scores.h"
#include "viz/layout/parts.h"
#include "viz/paint/format.h"
#include "viz/views/attention/attention_map.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float title_height = 28;
constexpr float heading_height = 24;
constexpr float between = 18;  // parts of the right column
constexpr float gutter = 28;   // between the columns
constexpr float least_thumbnail = 26;
constexpr float most_thumbnail = 64;
constexpr float most_row = 156;           // without its heading
constexpr float tallest_row = 190;        // with what changed, where nothing else wants the room
constexpr float smallest_shrink = 0.75f;  // of the map, to make room for the row below it
constexpr float least_arcs = 110;
constexpr float most_arcs = 260;
constexpr float narrowest_arcs = 190;
constexpr float narrowest_right = 232, least_wide = 620;

// What the shown heads look at; of several the mean, which is what their mean looks at.
model::HeadScores habits_of(const Scene& scene) {
    const Selection& s = scene.selection;
    auto read = [&](int head) {
        return scene.memo.thumbnails.scores(scene.model.config, scene.step.records, s.layer, head,
                                            scene.attention.hide_first);
    };
    if (scene.attention.mix == AttentionLook::Mix::one) return read(s.head);
    const int heads = scene.model.config.n_head;
    model::HeadScores mean = read(0);
    for (int head = 1; head < heads; ++head) {
        const model::HeadScores more = read(head);
        mean.previous.mean += more.previous.mean;
        mean.first.mean += more.first.mean;
        mean.self.mean += more.self.mean;
        mean.induction.mean += more.induction.mean;
    }
    for (auto* habit : {&mean.previous, &mean.first, &mean.self, &mean.induction}) {
        habit->mean /= heads;
    }
    return mean;
}

// "this row: ␣Mia 84 % · all rows: previous token 25 %", measured on this text.
std::string describe(const Scene& scene) {
    const int n = scene.length();
    if (scene.attention.mix == AttentionLook::Mix::max) return "rows do not sum to 1";
    if (n < 3) return "";
    struct Named {
        const char* what;
        model::HeadHabit habit;
    };
    const model::HeadScores scores = habits_of(scene);
    std::vector<Named> habits{{"previous token", scores.previous},
                              {"first token", scores.first},
                              {"itself", scores.self}};
    if (scores.induction.rows > 0) habits.push_back({"what followed last time", scores.induction});
    const auto& [what, top] = *std::max_element(
        habits.begin(), habits.end(),
        [](const Named& a, const Named& b) { return a.habit.mean < b.habit.mean; });
    const std::vector<float> row =
        shown_row(scene, scene.selection.layer, scene.selection.head, scene.position());
    const auto most = static_cast<int>(std::ranges::max_element(row) - row.begin());
    const std::string token = fit_token(sans(12.5f, {}), scene.shown_at(most), 110);
    std::string text = "this row: " + token + " " + percent(row[static_cast<size_t>(most)]);
    text += " · all rows: " + std::string(what) + " " + percent(top.mean);
    if (top.rows < n - 2) text += top.rows == 1 ? " (1 row)" : " (" + count(top.rows) + " rows)";
    return text;
}

constexpr const char* heads_title = "All heads (rows: blocks)";

void draw_heading(Canvas& canvas, Rect rect, const std::string& text, const Scene& scene) {
    const TextStyle style = bold(13, scene.theme.text);
    draw_text_in(canvas, rect.top(heading_height - 6), text, style);
}

void draw_title(Canvas& canvas, Rect rect, const Scene& scene) {
    const TextStyle style = bold(14.5f, scene.theme.text);
    const TextStyle small = sans(12.5f, scene.theme.muted);
    const std::string name = shown_name(scene, scene.selection.layer, scene.selection.head);
    const Rect line = rect.top(20);
    draw_text_in(canvas, line, name, style);
    const bool off = scene.attention.mix == AttentionLook::Mix::one &&
                     scene.is_off(scene.selection.layer, scene.selection.head);
    const Rect rest = line.without_left(width_of(style, name) + 14);
    if (off) {
        const TextStyle red = bold(14.5f, scene.theme.warning);
        draw_text_in(canvas, rest, "OFF", red);
        const std::string words = "its output is zero; this is what it would look at";
        draw_text_in(canvas, rest.without_left(width_of(red, "OFF") + 10), words, small);
        return;
    }
    draw_text_in(canvas, rest, describe(scene), small);
}

// The right column's parts. Without width: there is no room for it.
struct Column {
    Rect heads, row, arcs;
};

Column divide(Rect rect, bool with_row, const Scene& scene) {
    const model::Config& c = scene.model.config;
    const float space = between;
    const float least_arcs_part = heading_height + least_arcs;
    const float most_arcs_part = heading_height + most_arcs;
    const float row_part = heading_height + most_row;
    const float names = 26;  // of the layers, beside the thumbnails
    const float widest = (rect.w - names) / static_cast<float>(c.n_head);
    auto grid = [&](float thumbnail) {
        return heading_height + 18 + std::min(thumbnail, widest) * static_cast<float>(c.n_layer);
    };
    float heads = std::min(grid(least_thumbnail), rect.h * 0.5f);
    float spare = rect.h - heads;
    Column column;
    bool arcs_below = spare >= least_arcs_part + space;
    if (with_row) {
        if (spare >= row_part + space) {
            column.row = rect.left(rect.w);
            spare -= row_part + space;
        }
        arcs_below = column.row.w > 0 && spare >= least_arcs_part + space;
    }
    if (arcs_below) spare -= least_arcs_part + space;
    const float grown = std::clamp(grid(most_thumbnail) - heads, 0.0f, spare);
    heads += grown;
    spare -= grown;

    column.heads = rect.top(heads);
    float y = column.heads.bottom() + space;
    if (column.row.w > 0) {
        column.row = {rect.x, y, rect.w, row_part};
        y += row_part + space;
    }
    if (arcs_below) {
        column.arcs = {rect.x, y, rect.w, std::min(least_arcs_part + spare, most_arcs_part)};
        return column;
    }
    // No room below: the thumbnails are squares and may leave some beside them.
    const float thumbnails = (heads - (heading_height + 18)) / static_cast<float>(c.n_layer);
    const float used = std::max(names + thumbnails * static_cast<float>(c.n_head),
                                width_of(bold(13, {}), heads_title) + 1);
    if (rect.w - used - gutter >= narrowest_arcs && heads >= least_arcs_part) {
        column.heads.w = used;
        column.arcs = rect.without_left(used + gutter).top(std::min(heads, most_arcs_part));
    }
    return column;
}

void draw_row_part(Canvas& canvas, Rect rect, const Scene& scene) {
    const bool one = scene.attention.mix == AttentionLook::Mix::one;
    draw_heading(canvas, rect, one ? "scores → mask → softmax" : "weights of the heads together",
                 scene);
    draw_row(canvas, rect.without_top(heading_height), scene);
}

void draw_arcs_part(Canvas& canvas, Rect rect, const Scene& scene) {
    const TextStyle style = bold(13, scene.theme.text);
    const float room = rect.w - width_of(style, "what  reads");
    const std::string token = fit_token(style, scene.shown_at(scene.position()), room);
    draw_heading(canvas, rect, "what " + token + " reads", scene);
    draw_arcs(canvas, rect.without_top(heading_height), scene);
}

void draw_right(Canvas& canvas, Rect rect, bool with_row, const Scene& scene) {
    const Column column = divide(rect, with_row, scene);
    draw_heading(canvas, column.heads, heads_title, scene);
    draw_heads(canvas, column.heads.without_top(heading_height), scene);
    if (column.row.w > 0) draw_row_part(canvas, column.row, scene);
    if (column.arcs.w > 0) draw_arcs_part(canvas, column.arcs, scene);
}

Size attention_page_size(const Scene&) {
    return {960, 660};
}

void draw_attention_page(Canvas& canvas, Rect rect, const Scene& scene) {
    draw_title(canvas, rect, scene);
    const Rect body = rect.without_top(title_height);
    const float space = std::min(gutter, rect.w * 0.05f);
    float right = std::clamp(rect.w * 0.38f, std::min(230.0f, rect.w * 0.45f), 520.0f);
    float left = rect.w - right - space;

    // A map that its height has room for is as large: what stands beside it can do with less.
    const Size tallest = head_extent({rect.w - space - narrowest_right, body.h}, scene);
    if (rect.w >= least_wide && tallest.w > left) {
        left = tallest.w;
        right = rect.w - left - space;
    }

    // The map is square. What it leaves goes to the row below it, or else to the right column.
    const Size map = head_extent({left, body.h}, scene);
    const float row = between + heading_height + least_row_height(left, scene);
    // A stretch that is magnified would lose positions.
    const float shrink = is_magnified({left, body.h}, scene) ? 1 : smallest_shrink;
    const bool row_below = body.h - row >= map.h * shrink;
    if (!row_below && map.w < left) {
        left = std::max(map.w, rect.w * 0.45f);
        right = rect.w - left - space;
    }
    const float map_height = row_below ? std::min(map.h, body.h - row) : body.h;
    draw_head(canvas, body.left(left).top(map_height), scene);
    if (row_below) {
        const Rect below = body.left(left).without_top(map_height + between);
        draw_row_part(canvas, below.top(std::min(below.h, heading_height + tallest_row)), scene);
    }
    draw_right(canvas, body.without_left(rect.w - right), !row_below, scene);
}

}  // namespace

extern const View attention_view{
    .id = "attention",
    .title = "Attention",
    .help = "one head large, all heads small, one row as numbers and arcs",
    .group = Group::attention,
    .heading = Heading::own,
    .preferred_size = attention_page_size,
    .draw = draw_attention_page,
    .least = {540, 330},
    .shows_head = true,
    .switches = Switches::attention,
    .on_page = "head",
};

}  // namespace viz
