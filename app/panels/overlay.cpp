// What lies above the panels for a while: the key sheet, the model card, short notices.
#include <algorithm>
#include <cmath>

#include "app/control/menus.h"
#include "app/panels/panels.h"
#include "viz/paint/format.h"

namespace app {

using viz::Align;
using viz::Rect;

namespace {

constexpr float line_height = 26;
constexpr float item_height = 30, least_item = 23;
constexpr float thumb_item = 44, least_thumb_item = 34;  // high, in a hand

float usual_item(const Painter& p) {
    return p.hand ? thumb_item : item_height;
}

void draw_key(const Painter& p, Rect rect, const std::string& key) {
    const viz::TextStyle style = p.mono(12, p.theme.text);
    const float high = std::min(20.0f, rect.h);
    const Rect cap{rect.x, rect.centre().y - high / 2, width_of(style, key) + 14, high};
    p.canvas.fill_rect(cap, p.theme.inset, 4);
    p.canvas.stroke_rect(cap.inset(0.5f), {p.theme.border, 1}, 4);
    viz::draw_text_in(p.canvas, cap.inset(-1), key, style, Align::centre);
}

// The items of the open menu, as far as they fit; the chosen one is always among them.
void draw_menu(const Painter& p, Rect rect, const State& state) {
    const viz::Theme& t = p.theme;
    const std::vector<MenuItem> items = menu_items(state);
    const int all = static_cast<int>(items.size());
    const float high = std::clamp(rect.h / static_cast<float>(std::max(all, 1)),
                                  p.hand ? least_thumb_item : least_item, usual_item(p));
    int rows = std::min(all, static_cast<int>(rect.h / high + 0.01f));
    // Where no key goes further, the last row does.
    if (p.hand && rows < all) --rows;
    const int first = std::clamp(state.item - rows + 1, 0, all - rows);
    if (p.hand && rows < all) {
        const bool end = first + rows == all;
        Button on;
        on.id = end ? "list/0" : "list/" + std::to_string(std::min(first + 2 * rows, all) - 1);
        on.label = end ? "Back to the top" : "More";
        on.size = 13;
        draw_button(p, {rect.x, rect.bottom() - high + 2, rect.w, high - 4}, on);
    }
    float widest = 0;
    for (const MenuItem& item : items) {
        widest = std::max(widest, width_of(p.bold(13.5f, {}), item.title));
    }
    widest = p.hand ? rect.w : std::min(widest, rect.w * 0.45f);
    for (int i = first; i < first + rows; ++i) {
        const MenuItem& item = items[static_cast<size_t>(i)];
        const Rect row{rect.x - 10, rect.y + high * static_cast<float>(i - first), rect.w + 20,
                       high - 2};
        const std::string id = "item/" + std::to_string(i);
        if (i == state.item || p.hover == id) {
            p.canvas.fill_rect(row, i == state.item ? t.accent_soft : t.inset, 6);
        }
        p.canvas.region(row, id);
        const Rect inside = row.without_left(10).without_right(10);
        const viz::Colour ink = !item.enabled ? t.muted : item.current ? t.accent : t.text;
        const viz::TextStyle title = p.bold(13.5f, ink);
        viz::draw_text_in(p.canvas, inside.left(widest + 1),
                          viz::fit_middle(title.face, title.size, item.title, widest), title);
        if (item.part >= 0) {
            const Rect bar = inside.without_left(widest + 18).without_top(row.h - 4);
            p.canvas.fill_rect(bar, t.border, 1.5f);
            const float width = std::max(3.0f, bar.w * static_cast<float>(item.part));
            p.canvas.fill_rect(bar.left(width), t.accent, 1.5f);
        }
        if (p.hand) continue;  // no keys there, and no room to say more
        const float key = item.key.empty() ? 0 : width_of(p.mono(12, {}), item.key) + 24;
        if (key > 0) draw_key(p, inside.without_left(inside.w - key + 10), item.key);
        viz::draw_text_in(p.canvas, inside.without_left(widest + 18).without_right(key),
                          item.detail, p.sans(13, t.muted));
    }
}

// The cards that are a list and nothing else.
struct ListCard {
    Overlay overlay;
    const char* title;
    float width;  // at most
};
constexpr ListCard list_cards[] = {{Overlay::run, "Run and window", 720},
                                   {Overlay::what_if, "What if", 780},
                                   {Overlay::lessons, "Lessons", 860},
                                   {Overlay::examples, "Prompts worth trying", 980}};

void draw_list(const Painter& p, viz::Size window, const State& state, const ListCard& card) {
    const float rows = usual_item(p) * static_cast<float>(menu_items(state).size());
    const float height = std::min(56 + 40 + rows, window.h - (p.hand ? 16 : 40));
    const float width = std::min(window.w - (p.hand ? 24 : 80), card.width);
    draw_menu(p, open_card(p, window, {width, height}, card.title), state);
}

void draw_model(const Painter& p, viz::Size window, const State& state) {
    const model::Model& model = *state.model;
    const model::Config& c = model.config;
    const model::Weights& w = model.weights;
    std::vector<std::pair<std::string, std::string>> rows = {
        {"name", c.name},
        {"blocks", viz::count(c.n_layer) + " × " + viz::count(c.n_head) + " heads of " +
                       viz::count(c.d_head())},
        {"width", viz::count(c.d_model) + ", MLP " + viz::count(c.d_mlp)},
        {"vocabulary", viz::count(c.n_vocab) + " tokens"},
        {"context", viz::count(c.n_ctx) + " positions"},
        {"parameters", viz::count(w.n_parameters) + ", stored as " + w.stored_as},
        {"folder", model.folder.string()}};
    if (const std::string differs = model::variant(c); !differs.empty()) {
        rows.insert(rows.end() - 1, {"unlike GPT-2", differs});
    }
    const float fixed = 56 + 40 + line_height * static_cast<float>(rows.size()) + 24 + 24 + 38 + 26;
    const float list = std::min(item_height * static_cast<float>(menu_items(state).size()),
                                std::max(window.h - 40 - fixed - 48, item_height));
    const float height = fixed + 48 + list;
    Rect inside = open_card(p, window, {std::min(window.w - 80, 720.0f), height}, "Model");
    for (const auto& [name, value] : rows) {
        const Rect row = inside.top(line_height);
        viz::draw_text_in(p.canvas, row, name, p.sans(13, p.theme.muted));
        const Rect right = row.without_left(110);
        const viz::TextStyle style = p.sans(13, p.theme.text);
        viz::draw_text_in(p.canvas, right, viz::fit_middle(style.face, style.size, value, right.w),
                          style);
        inside = inside.without_top(line_height);
    }
    inside = inside.without_top(14);
    viz::draw_text_in(p.canvas, inside.top(18),
                      "Models and saved runs on this machine, and models to fetch",
                      p.sans(12.5f, p.theme.muted));
    draw_menu(p, inside.without_top(24).top(list), state);
    inside = inside.without_top(24 + list + 14);
    viz::draw_text_in(p.canvas, inside.top(18),
                      "Another one: the folder of a GPT-2, or its name in the Hugging Face cache",
                      p.sans(12.5f, p.theme.muted));
    const Rect line = inside.without_top(24).top(38);
    Button open;
    open.id = "open";
    open.label = "Open";
    open.primary = true;
    open.enabled = !state.folder.empty();
    Button choose;
    choose.id = "choose-folder";
    choose.label = "Choose…";
    const float width = 90;
    draw_field(p, line.without_right(2 * width + 20), "field/folder",
               state.typing == "field/folder");
    draw_button(p, line.without_right(width + 10).without_left(line.w - 2 * width - 10), choose);
    draw_button(p, line.without_left(line.w - width), open);
    viz::draw_text_in(p.canvas, {line.x, line.bottom() + 8, line.w, 22}, state.error,
                      p.sans(13, error_ink(p.theme)));
}

}  // namespace

Rect open_card(const Painter& p, viz::Size window, viz::Size size, const std::string& title) {
    const viz::Colour veil = p.theme.dark ? viz::Colour{0, 0, 0} : p.theme.text;
    p.canvas.fill_rect({0, 0, window.w, window.h}, veil.with_alpha(p.theme.dark ? 0.5f : 0.28f));
    p.canvas.region({0, 0, window.w, window.h}, "overlay/outside");
    const Rect card{std::round((window.w - size.w) / 2), std::round((window.h - size.h) / 2),
                    size.w, size.h};
    draw_card(p, card);
    p.canvas.region(card, "overlay/card");
    const Rect inside = card.inset(28);
    viz::draw_text_in(p.canvas, inside.top(24), title, p.bold(18, p.theme.text));
    viz::draw_text_in(p.canvas, inside.top(24),
                      !p.hand                                            ? "Esc closes"
                      : width_of(p.bold(18, {}), title) < inside.w - 170 ? "tap beside it to close"
                                                                         : "",
                      p.sans(12.5f, p.theme.muted), Align::right);
    return inside.without_top(24 + 16);
}

namespace {

void draw_saving(const Painter& p, viz::Size window, const State& state) {
    const Rect inside =
        open_card(p, window, {std::min(window.w - 80, 640.0f), 190}, "Save the run");
    draw_field(p, inside.top(38), "field/save", state.typing == "field/save");
    viz::draw_text_in(p.canvas, inside.without_top(46).top(20),
                      "a file, NAME.stepscope.json · Enter saves", p.sans(12.5f, p.theme.muted));
}

}  // namespace

namespace {

void draw_open(const Painter& p, viz::Size window, const State& state) {
    if (state.overlay == Overlay::keys) draw_keys(p, window, state);
    if (state.overlay == Overlay::views && p.hand) {
        draw_list(p, window, state, {Overlay::views, "Views", 720});
    } else if (state.overlay == Overlay::views) {
        draw_views_menu(p, window, state);
    }
    for (const ListCard& card : list_cards) {
        if (state.overlay == card.overlay) draw_list(p, window, state, card);
    }
    if (state.overlay == Overlay::replacing || state.overlay == Overlay::appending) {
        draw_typing(p, window, state);
    }
    if (state.overlay == Overlay::saving) draw_saving(p, window, state);
    if (state.overlay == Overlay::exporting && state.step) draw_export(p, window, state);
    if (state.overlay == Overlay::model) draw_model(p, window, state);
    if (state.overlay == Overlay::classroom) draw_classroom(p, window, state);
}

}  // namespace

void draw_overlay(const Painter& p, viz::Size window, const State& state) {
    if (state.overlay == Overlay::none) return;
    // In less room than this they are smaller as a whole, and lose nothing.
    const bool list = state.overlay == Overlay::views ||
                      std::ranges::any_of(list_cards, [&](const ListCard& card) {
                          return card.overlay == state.overlay;
                      });
    const viz::Size least = p.hand && list                    ? hand_window
                            : p.hand                          ? viz::Size{640, 760}
                            : state.overlay == Overlay::keys  ? viz::Size{1180, 740}
                            : state.overlay == Overlay::views ? viz::Size{1140, 640}
                                                              : viz::Size{1000, 660};
    draw_in_window(p, window, least,
                   [&](const Painter& inside, viz::Size size) { draw_open(inside, size, state); });
}

void draw_toast(const Painter& p, viz::Size window, const State& state) {
    if (!state.toast) return;
    const viz::TextStyle style = p.sans(13.5f, p.theme.on_tooltip);
    const std::string text =
        viz::fit_middle(style.face, style.size, state.toast->text, window.w - (p.hand ? 52 : 120));
    const float width = std::ceil(width_of(style, text)) + 36;
    const Rect box{std::round((window.w - width) / 2),
                   window.h - (window.h < 620 ? 112.0f : 174.0f), width, 38};
    p.canvas.fill_rect(box, p.theme.tooltip, 19);
    viz::draw_text_in(p.canvas, box.without_left(18), text, style);
}

}  // namespace app
