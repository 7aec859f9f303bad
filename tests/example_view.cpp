// The view that check_new_view.py adds: what the model gave each token before it was there. A
// pointer on a row finds the token; a click selects its position.
#include <algorithm>

#include "viz/layout/parts.h"
#include "viz/paint/format.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

constexpr float line = 24;
constexpr float numbers = 90;  // pixels, at the right

Size example_size(const Scene& scene) {
    return {420, line * static_cast<float>(std::clamp(scene.length(), 12, 30))};
}

void draw_example(Canvas& canvas, Rect rect, const Scene& scene) {
    const int shown = std::min(scene.length(), static_cast<int>(rect.h / line));
    Rect row = rect.top(line);
    for (int i = scene.length() - shown; i < scene.length(); ++i, row.y += line) {
        const TextStyle style = mono(13, scene.theme.text);
        canvas.region(row, {"example", {i}});
        draw_text_in(canvas, row, fit_token(style, scene.shown_at(i), row.w - numbers), style);
        const double given = scene.step.choices[static_cast<size_t>(i)].probability;
        if (i > 0) draw_text_in(canvas, row, percent(given), style, Align::right);
    }
}

Lines example_tooltip(const Scene& scene, const Hit& hit) {
    const int position = hit.target.number(0, scene.length());
    return position >= 0 ? Lines{scene.shown_at(position)} : Lines{};
}

void select_row(Selection& selection, const Hit& hit, const Extent& extent) {
    select_position(selection, hit.target.number(0), extent);
}

constexpr Pointing targets[] = {
    {.kind = "example", .tooltip = example_tooltip, .select = select_row, .locks = true},
};

}  // namespace

// Targets: "example/POSITION".
extern const View example_view{
    .id = "example",
    .title = "Example",
    .help = "what the model gave each token before it was there",
    .group = Group::text,
    .preferred_size = example_size,
    .draw = draw_example,
    .targets = targets,
};

}  // namespace viz
