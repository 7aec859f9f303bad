// The attention tab: the chosen head large, all heads small, the chosen row with numbers and as
// arcs.
#include <algorithm>
#include <string>
#include <vector>

#include "viz/format.h"
#include "viz/parts.h"
#include "viz/views.h"

namespace viz {

namespace {

constexpr float title_height = 28;
constexpr float heading_height = 24;
constexpr float between = 18;  // parts of the right column
constexpr float gutter = 28;   // between the columns
constexpr float least_thumbnail = 24;
constexpr float most_thumbnail = 64;
constexpr float row_height = 172;
constexpr float least_arcs = 120;
constexpr float most_arcs = 260;

// What a head looks at on average, measured on this text.
struct Habit {
    const char* what;
    double sum = 0;
    int rows = 0;
    double mean() const { return rows > 0 ? sum / rows : 0; }
};

// "mostly looks at: previous token 0.97". Row 0 can only look at itself and is left out, row 1
// cannot tell the previous token from the first.
std::string describe(const Scene& scene) {
    const auto pattern = shown_pattern(scene, scene.selection.layer, scene.selection.head);
    const int n = scene.length();
    if (n < 3) return "";
    Habit previous{"previous token"}, first{"first token"}, self{"itself"},
        induction{"what followed last time"};
    for (int query = 2; query < n; ++query) {
        const auto& row = pattern[query];
        previous.sum += row[query - 1];
        first.sum += row[0];
        self.sum += row[query];
        double followed = 0;
        bool seen = false;
        for (int key = 1; key < query; ++key) {
            if (scene.step.records[key - 1]->id() != scene.step.records[query]->id()) continue;
            followed += row[key];
            seen = true;
        }
        induction.sum += followed;
        induction.rows += seen ? 1 : 0;
        for (Habit* habit : {&previous, &first, &self}) ++habit->rows;
    }
    std::vector<Habit> habits{previous, first, self};
    if (induction.rows > 0) habits.push_back(induction);
    std::stable_sort(habits.begin(), habits.end(),
                     [](const Habit& a, const Habit& b) { return a.mean() > b.mean(); });
    const Habit& top = habits.front();
    std::string text = top.mean() >= 0.4 ? "mostly looks at: " : "spread out; most on: ";
    text += std::string(top.what) + " " + weight(top.mean());
    if (top.rows < n - 2) text += top.rows == 1 ? " (1 row)" : " (" + count(top.rows) + " rows)";
    return text;
}

void draw_heading(Canvas& canvas, Rect rect, const std::string& text, const Scene& scene) {
    const TextStyle style = bold(scene, 13, scene.theme.text);
    draw_text_in(canvas, rect.top((heading_height - 6) * scene.text_scale), text, style);
}

void draw_title(Canvas& canvas, Rect rect, const Scene& scene) {
    const float k = scene.text_scale;
    const TextStyle style = bold(scene, 14.5f, scene.theme.text);
    const TextStyle small = sans(scene, 12.5f, scene.theme.muted);
    const std::string name = head_name(scene.selection.layer, scene.selection.head);
    const Rect line = rect.top(20 * k);
    draw_text_in(canvas, line, name, style);
    draw_text_in(canvas, line.without_left(width_of(style, name) + 14 * k), describe(scene), small);
}

// Heights of the right column's parts; 0: there is no room for it.
struct Column {
    float heads = 0, row = 0, arcs = 0;
};

Column divide(Rect rect, const Scene& scene) {
    const float k = scene.text_scale;
    const model::Config& c = scene.model.config;
    auto grid = [&](float thumbnail) {
        return (heading_height + 18) * k + thumbnail * k * static_cast<float>(c.n_layer);
    };
    const float widest = (rect.w / k - 26) / static_cast<float>(c.n_head);
    const float most = grid(std::min(most_thumbnail, widest));
    const float least = std::min(grid(std::min(least_thumbnail, widest)), rect.h * 0.45f);
    const float row = (heading_height + row_height + between) * k;
    const float arcs = (heading_height + least_arcs + between) * k;
    Column column;
    float spare = rect.h - least;
    if (spare >= row) {
        column.row = row;
        spare -= row;
    }
    if (column.row > 0 && spare >= arcs) {
        column.arcs = arcs;
        spare -= arcs;
    }
    const float more = std::min(spare, std::max(most - least, 0.0f));
    column.heads = least + (column.row > 0 ? more : std::min(spare, most - least));
    if (column.arcs > 0) {
        column.arcs =
            std::min(column.arcs + spare - more, (heading_height + most_arcs + between) * k);
    }
    return column;
}

void draw_right(Canvas& canvas, Rect rect, const Scene& scene) {
    const float k = scene.text_scale;
    const Column column = divide(rect, scene);
    draw_heading(canvas, rect, "All heads (rows: layers)", scene);
    draw_heads(canvas, rect.top(column.heads).without_top(heading_height * k), scene);
    if (column.row > 0) {
        const Rect part =
            rect.without_top(column.heads + between * k).top(column.row - between * k);
        draw_heading(canvas, part, "scores → mask → softmax", scene);
        draw_row(canvas, part.without_top(heading_height * k), scene);
    }
    if (column.arcs > 0) {
        const Rect part = rect.without_top(column.heads + column.row + between * k)
                              .top(column.arcs - between * k);
        const TextStyle style = bold(scene, 13, scene.theme.text);
        const std::string token = scene.shown_at(scene.position());
        const float room = rect.w - width_of(style, "what  reads");
        draw_heading(canvas, part, "what " + fit_token(style, token, room) + " reads", scene);
        draw_arcs(canvas, part.without_top(heading_height * k), scene);
    }
}

}  // namespace

Size attention_page_size(const Scene& scene) {
    return {960 * scene.text_scale, 660 * scene.text_scale};
}

void draw_attention_page(Canvas& canvas, Rect rect, const Scene& scene) {
    const float k = scene.text_scale;
    const float right = std::clamp(rect.w * 0.4f, std::min(230 * k, rect.w * 0.45f), 520 * k);
    const float left = rect.w - right - std::min(gutter * k, rect.w * 0.05f);
    draw_title(canvas, rect, scene);
    const Rect body = rect.without_top(title_height * k);
    draw_head(canvas, body.left(left), scene);
    draw_right(canvas, body.without_left(rect.w - right), scene);
}

}  // namespace viz
