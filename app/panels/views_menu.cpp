// All views in the order in which the data goes, each as a small picture of what it shows now.
#include <algorithm>
#include <cmath>

#include "app/control/menus.h"
#include "app/panels/panels.h"
#include "viz/paint/paragraph.h"
#include "viz/views/view_table.h"

namespace app {

using viz::Rect;

namespace {

constexpr float heading_height = 30, foot_height = 30;
constexpr float gutter = 18;

const viz::View* view_of(const MenuItem& item) {
    return viz::find_view(item.id);
}

void draw_item(const Painter& p, Rect cell, const MenuItem& item, size_t index, bool chosen) {
    const viz::Theme& t = p.theme;
    const std::string id = "item/" + std::to_string(index);
    const Rect body = cell.inset(3);
    if (chosen || p.hover == id) p.canvas.fill_rect(body, chosen ? t.accent_soft : t.inset, 7);
    const float wide = std::min(body.w * 0.44f, (body.h - 12) * 1.6f);
    const Rect picture{body.x + 6, body.y + 6, wide, body.h - 12};
    p.canvas.fill_rect(picture, t.card, 5);
    const viz::View& view = *view_of(item);
    // Running the prompt under other strategies is for who asks for it.
    if (!view.strategies) {
        p.sheets.show_small(p.canvas, picture.inset(4), view);
    } else {
        viz::draw_text_in(p.canvas, picture, "runs the prompt", p.sans(11, t.muted),
                          viz::Align::centre);
    }
    p.canvas.stroke_rect(picture.inset(0.5f), {item.current ? t.accent : t.border, 1}, 5);
    const Rect words = body.without_left(wide + 16).without_right(6);
    const viz::TextStyle title = p.bold(13.5f, item.current ? t.accent : t.text);
    const viz::TextStyle detail = p.sans(12, t.muted);
    const float key = item.key.empty() ? 0 : width_of(p.mono(12, {}), item.key) + 12;
    viz::draw_text_in(p.canvas, words.without_top(4).top(20).without_right(key),
                      viz::fit_end(title.face, title.size, item.title, words.w - key), title);
    if (key > 0) {
        viz::draw_text_in(p.canvas, words.without_top(4).top(20), item.key, p.mono(12, t.muted),
                          viz::Align::right);
    }
    // Where there is no room for it, the line below says what a view is about.
    if (words.h > 80) viz::draw_paragraph(p.canvas, words.without_top(26), item.detail, detail);
    p.canvas.region(cell, id);
}

}  // namespace

void draw_views_menu(const Painter& p, viz::Size window, const State& state) {
    const std::vector<MenuItem> items = menu_items(state);
    std::vector<std::vector<size_t>> columns(4);
    for (size_t i = 0; i < items.size(); ++i) {
        columns[static_cast<size_t>(view_of(items[i])->group)].push_back(i);
    }
    size_t most = 1;
    for (const auto& column : columns) most = std::max(most, column.size());
    const float width = std::min(window.w - 40, 1400.0f);
    const float around = 56 + 40 + heading_height + foot_height;
    const float row =
        std::clamp((window.h - 40 - around) / static_cast<float>(most), 40.0f, 104.0f);
    const Rect inside =
        open_card(p, window, {width, around + row * static_cast<float>(most)}, "Views");
    const float wide = (inside.w - 3 * gutter) / 4;
    for (size_t c = 0; c < columns.size(); ++c) {
        const float x = inside.x + (wide + gutter) * static_cast<float>(c);
        viz::draw_text_in(p.canvas, {x + 3, inside.y, wide, heading_height - 8},
                          viz::group_title(static_cast<viz::Group>(c)),
                          p.bold(13.5f, p.theme.muted));
        for (size_t i = 0; i < columns[c].size(); ++i) {
            const size_t index = columns[c][i];
            const Rect cell{x, inside.y + heading_height + row * static_cast<float>(i), wide, row};
            draw_item(p, cell, items[index], index, static_cast<int>(index) == state.item);
        }
    }
    // What is pointed at, else what is chosen, in full.
    const int pointed = p.hover.is("item") ? p.hover.number(0, static_cast<int>(items.size())) : -1;
    const int chosen = std::clamp(state.item, 0, static_cast<int>(items.size()) - 1);
    const MenuItem& item = items[static_cast<size_t>(pointed >= 0 ? pointed : chosen)];
    const Rect foot = inside.without_top(inside.h - foot_height + 8);
    const viz::TextStyle name = p.bold(13.5f, p.theme.text), says = p.sans(13.5f, p.theme.text);
    viz::draw_text_in(p.canvas, foot, item.title, name);
    const float begin = width_of(name, item.title) + 10;
    viz::draw_text_in(p.canvas, foot.without_left(begin),
                      viz::fit_end(says.face, says.size, item.detail, foot.w - begin), says);
}

}  // namespace app
