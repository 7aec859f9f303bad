// The export dialog: what to write at the left, the page as it will be at the right.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "app/control/commands.h"
#include "app/control/export_dialog.h"
#include "app/panels/panels.h"
#include "app/run/export_formats.h"
#include "app/run/settings.h"
#include "viz/paint/format.h"

namespace app {

using viz::Align;
using viz::Rect;

namespace {

constexpr float label_height = 24;
constexpr float row_height = 34;
constexpr float between = 14;
constexpr float left_width = 440;
constexpr size_t formats_in_a_row = 5;

void draw_label(const Painter& p, Rect& inside, const std::string& text) {
    viz::draw_text_in(p.canvas, inside.top(label_height - 6), text, p.sans(12.5f, p.theme.muted));
    inside = inside.without_top(label_height);
}

// A row of choices; the rest of `inside` lies below it.
void draw_row(const Painter& p, Rect& inside, std::string_view prefix,
              const std::vector<Choice>& choices, std::string_view chosen, float width) {
    draw_segments(p, inside.top(row_height).left(width), prefix, choices, chosen);
    inside = inside.without_top(row_height);
}

void draw_formats(const Painter& p, Rect& inside, const State& state) {
    std::vector<Choice> row;
    for (const ExportFormat& format : export_formats()) {
        row.push_back({format.name, format.title});
        if (row.size() < formats_in_a_row && &format != &export_formats().back()) continue;
        draw_row(p, inside, "export/format/", row, state.wishes.format,
                 inside.w * static_cast<float>(row.size()) / formats_in_a_row);
        inside = inside.without_top(6);
        row.clear();
    }
    viz::draw_text_in(p.canvas, inside.top(18), export_format(state.wishes.format).help,
                      p.sans(12.5f, p.theme.text));
    inside = inside.without_top(18 + between);
}

void draw_steps(const Painter& p, Rect& inside, const State& state) {
    using Steps = ExportWishes::Steps;
    draw_label(p, inside, "Steps");
    const std::string all = "Whole run (" + viz::count(state.last_step()) + ")";
    const std::vector<Choice> choices = {{"one", "This one"}, {"all", all}, {"chosen", "Chosen"}};
    const auto chosen = static_cast<size_t>(state.wishes.steps);
    const float width = std::min(300.0f, inside.w * 0.7f);
    const Rect line = inside.top(row_height);
    draw_row(p, inside, "export/steps/", choices, choices[chosen].id, width);
    if (state.wishes.steps == Steps::chosen) {
        const Rect field = line.without_left(width + 12);
        draw_field(p, field, "field/steps", state.typing == "field/steps");
        if (state.wishes.chosen.empty() && state.typing != "field/steps") {
            viz::draw_text_in(p.canvas, field.without_left(field_padding), "2-6, 9",
                              p.sans(13, p.theme.muted));
        }
    }
    inside = inside.without_top(between);
}

void draw_pages(const Painter& p, Rect& inside, const State& state) {
    draw_label(p, inside, "Pages");
    const Rect line = inside.top(row_height);
    draw_row(p, inside, "export/shape/", {{"wide", "16:9"}, {"classic", "4:3"}},
             state.wishes.shape == viz::SlideShape::wide ? "wide" : "classic", 130);
    float x = line.x + 146;
    auto checkbox = [&](const std::string& id, const std::string& label, bool on) {
        const float width = checkbox_width(p, label) + 2;
        draw_checkbox(p, {x, line.y, width, line.h}, id, label, on);
        x += width + 16;
    };
    if (!state.beside) checkbox("export/ranking", "with the ranking", state.wishes.ranking);
    checkbox("export/reveal", "reveal", state.wishes.reveal);
    if (can_watch(state)) checkbox("export/watch", "steps play", state.wishes.watch);
    inside = inside.without_top(between);
}

void draw_target(const Painter& p, Rect& inside, const State& state) {
    const bool folder = export_format(state.wishes.format).file_per_page();
    if (export_format(state.wishes.format).pixels) {
        const Rect right = inside.without_left(inside.w - 150).top(label_height);
        draw_segments(p, {right.x, right.y - 8, right.w, label_height + 4}, "export/scale/",
                      std::vector<Choice>{{"1", "1x"}, {"2", "2x"}, {"4", "4x"}},
                      std::to_string(state.wishes.png_scale));
    }
    draw_label(p, inside, folder ? "Folder" : "File");
    draw_field(p, inside.top(38), "field/target", state.typing == "field/target");
    inside = inside.without_top(38 + 4);
    std::error_code failed;
    const bool there = std::filesystem::exists(lengthened(state.wishes.target), failed);
    const std::string note = !state.error.empty() ? state.error
                             : there ? (folder ? "is there: pages of the same name are replaced"
                                               : "is there and will be replaced")
                                     : "";
    const viz::Colour ink = state.error.empty() ? p.theme.warning : error_ink(p.theme);
    const viz::TextStyle style = p.sans(12.5f, ink);
    viz::draw_text_in(p.canvas, inside.top(18),
                      viz::fit_middle(style.face, style.size, note, inside.w), style);
    inside = inside.without_top(18 + 8);
}

// The first page, as large as fits.
void draw_preview(const Painter& p, Rect rect, const State& state) {
    if (!export_format(state.wishes.format).has_pages()) {
        viz::draw_text_in(p.canvas, rect, "numbers only: there is no picture of them",
                          p.sans(13, p.theme.muted), Align::centre);
        return;
    }
    const viz::Size page = viz::slide_size(state.wishes.shape);
    const float scale = std::min(rect.w / page.w, rect.h / page.h);
    const Rect place{std::round(rect.x + (rect.w - page.w * scale) / 2), rect.y, page.w * scale,
                     page.h * scale};
    const std::vector<const viz::View*> views = export_views(state);
    std::string name = "slide";
    for (const viz::View* view : views) name += std::string("/") + view->id;
    const viz::SlideShape shape = state.wishes.shape;
    p.sheets.show(p.canvas, place, name,
                  [views, shape, scale](viz::Canvas& canvas, Rect, const viz::Scene& scene) {
                      viz::PlacedCanvas placed(canvas, {0, 0}, scale);
                      viz::draw_slide(placed, scene, views, shape);
                  });
    // What lies on the page cannot be pointed at here.
    p.canvas.region(place, "overlay/card");
    p.canvas.stroke_rect(place.inset(-0.5f), {p.theme.border, 1});
}

}  // namespace

void draw_export(const Painter& p, viz::Size window, const State& state) {
    const Rect card = open_card(
        p, window, {std::min(window.w - 60, 1240.0f), std::min(window.h - 60, 560.0f)}, "Export");
    const float left = std::min(left_width, card.w * 0.45f);
    Rect inside = card.left(left);
    draw_formats(p, inside, state);
    draw_steps(p, inside, state);
    if (export_format(state.wishes.format).has_pages()) draw_pages(p, inside, state);
    draw_target(p, inside, state);
    Button save;
    save.id = "export/save";
    save.label = "Save";
    save.key = "Enter";
    save.primary = true;
    save.size = 14.5f;
    const float height = 42;
    viz::draw_text_in(
        p.canvas, {card.x, card.bottom() - height - 26, left, 18},
        "← → format   ↑ ↓ steps   S shape   K ranking   R reveal   P pixels   Tab file",
        p.sans(12, p.theme.muted));
    draw_button(p, {card.x, card.bottom() - height, left, height}, save);
    draw_preview(p, card.without_left(left + 32), state);
}

void draw_progress(const Painter& p, viz::Size window, const State& state) {
    if (state.progress.all == 0) return;
    const Rect box{std::round(window.w / 2 - 170), window.h - 178, 340, 46};
    p.canvas.fill_rect(box, p.theme.tooltip, 10);
    const Rect inside = box.inset(8).without_left(8).without_right(8);
    const std::string text =
        "Writing page " + viz::count(state.progress.done) + " of " + viz::count(state.progress.all);
    viz::draw_text_in(p.canvas, inside.top(16), text, p.sans(12.5f, p.theme.on_tooltip));
    viz::draw_text_in(p.canvas, inside.top(16), "Esc cancels", p.sans(12.5f, p.theme.on_tooltip),
                      Align::right);
    const Rect bar{inside.x, inside.bottom() - 5, inside.w, 5};
    p.canvas.fill_rect(bar, p.theme.muted, 2.5f);
    const float done =
        static_cast<float>(state.progress.done) / static_cast<float>(state.progress.all);
    p.canvas.fill_rect(bar.left(std::max(5.0f, bar.w * done)), p.theme.accent, 2.5f);
    p.canvas.region(box, "command/escape");
}

}  // namespace app
