#include "app/panels.h"

#include <algorithm>
#include <cmath>

#include "app/commands.h"
#include "viz/format.h"
#include "viz/views.h"

namespace app {

using viz::Align;
using viz::Rect;

namespace {

constexpr float margin = 16;
constexpr float gutter = 14;
constexpr float field_height = 36;

float within(float value, float low, float high) {
    return std::round(std::clamp(value, low, high));
}

// Whether "hide token 0" changes it.
bool shows_attention(const viz::View& view) {
    return view.heading == viz::Heading::head || std::string_view(view.id) == "attention";
}

}  // namespace

Layout lay_out_window(viz::Size size, bool with_error) {
    const bool low = size.h < 800;
    const float outer = size.w < 1200 ? 10 : margin;
    const float between = size.w < 1200 ? 10 : gutter;
    Layout at;
    at.bar = {0, 0, size.w, low ? 50.0f : 58.0f};
    float y = at.bar.bottom();
    const float w = size.w - 2 * outer;
    if (with_error) {
        at.error = {outer, y + 8, w, 30};
        y = at.error.bottom() - (between - 8);
    }
    at.ribbon = {outer, y + between, w, low ? 74.0f : 86.0f};
    const float bottom = low ? 96.0f : 110.0f;
    at.transport = {outer, size.h - outer - bottom, w, bottom};
    const float top = at.ribbon.bottom() + between;
    const float h = at.transport.y - between - top;
    const float left = within(size.w * 0.19f, 200, 300);
    const float right = within(size.w * 0.3125f, 330, 470);
    at.flow = {outer, top, left, h};
    at.ranking = {size.w - outer - right, top, right, h};
    at.centre = {at.flow.right() + between, top, at.ranking.x - at.flow.right() - 2 * between, h};
    return at;
}

viz::Colour error_ink(const viz::Theme& theme) {
    return viz::mix(theme.key, theme.text, 0.25f);
}

float field_hint_width(Rect field) {
    return field.w >= 380 ? 84.0f : 0.0f;
}

Button command_button(const State& state, std::string_view id) {
    const Command& c = command(id);
    Button button;
    button.id = "command/" + c.id;
    button.label = c.title;
    button.enabled = c.enabled(state);
    return button;
}

void draw_bar(const Painter& p, Rect rect, const State& state) {
    const viz::Theme& t = p.theme;
    p.canvas.fill_rect(rect, t.card);
    const viz::Point edge[] = {{rect.x, rect.bottom() - 1}, {rect.right(), rect.bottom() - 1}};
    p.canvas.polyline(edge, {t.border, 1});
    const float top = std::round(rect.centre().y - field_height / 2);
    auto line = [&](float x, float width) { return Rect{x, top, width, field_height}; };

    const viz::TextStyle logo = p.bold(20, t.accent);
    float x = 20;
    viz::draw_text_in(p.canvas, line(x, 130), "Stepscope", logo);
    x += std::ceil(width_of(logo, "Stepscope")) + 16;

    const model::Config& c = state.model->config;
    Button model = command_button(state, "model");
    model.icon = Icon::diamond;
    model.menu = true;
    model.label = c.name + " · " + viz::count(c.n_layer) + " layers × " + viz::count(c.n_head) +
                  (c.n_head == 1 ? " head" : " heads");
    const float most = rect.w * 0.26f;
    if (button_width(p, model) > most) model.label = c.name;
    const float model_width = std::min(button_width(p, model), most);
    draw_button(p, line(x, model_width), model);
    x += model_width + 12;

    // Buttons from the right; the prompt takes what is left.
    Button keys = command_button(state, "keys");
    keys.label = "? Keys";
    Button theme = command_button(state, "theme");
    theme.label = state.theme->dark ? "Dark" : "Light";
    theme.icon = Icon::half_moon;
    const Button save = command_button(state, "export");
    float right = rect.w - 16;
    for (const Button* button : std::initializer_list<const Button*>{&keys, &theme, &save}) {
        const float width = std::max(button_width(p, *button), 84.0f);
        right -= width;
        draw_button(p, line(right, width), *button);
        right -= 10;
    }
    const Rect field = line(x, right - x - 4);
    const bool active = state.typing == "field/prompt";
    draw_field(p, field, "field/prompt", active);
    const Rect inside = field.without_left(field_padding).without_right(field_padding);
    const float hint = field_hint_width(field);
    if (hint > 0) {
        viz::draw_text_in(p.canvas, inside,
                          active ? "Enter starts" : command("prompt").keys.front(),
                          p.sans(12, t.faint), Align::right);
    }
    if (state.overlay != Overlay::none) {  // no text field lies under an open sheet
        viz::draw_text_in(p.canvas, inside.without_right(hint), state.prompt, p.sans(15, t.text));
    }
}

void draw_ribbon(const Painter& p, Rect rect, const State& state) {
    draw_card(p, rect);
    const Rect inside = rect.without_left(16).without_right(16).without_top(14).without_bottom(10);
    (void)state;
    p.sheets.show(p.canvas, inside, *viz::find_view("tokens"));
}

void draw_flow_panel(const Painter& p, Rect rect, const State& state) {
    draw_card(p, rect);
    const Rect inside = rect.inset(rect.h < 500 ? 12 : 16);
    const Rect line = inside.top(18);
    viz::draw_text_in(p.canvas, line, "Where we are", p.bold(14.5f, p.theme.text));
    const float room = line.w - width_of(p.bold(14.5f, {}), "Where we are") - 12;
    const std::string at = "at " + state.shown_at(state.position());
    viz::draw_text_in(p.canvas, line, viz::fit_middle(viz::Face::sans, 12, at, room),
                      p.sans(12, p.theme.muted), Align::right);
    p.sheets.show(p.canvas, inside.without_top(28), *viz::find_view("flow"));
}

void draw_centre(const Painter& p, Rect rect, const State& state) {
    draw_card(p, rect);
    Rect inside = rect.without_left(16).without_right(16).without_top(10).without_bottom(14);
    std::vector<Choice> tabs;
    for (const viz::View& view : viz::views()) {
        if (view.tab) tabs.push_back({std::string("view-") + view.id, view.title});
    }
    Rect line = inside.top(32);
    if (shows_attention(*state.view)) {
        const std::string hide = command("hide-first").title;
        const float width = checkbox_width(p, hide) + 2;
        draw_checkbox(p, line.without_left(line.w - width), "command/hide-first", hide,
                      state.attention.hide_first);
        line = line.without_right(width + 16);
    }
    draw_tabs(p, line, "command/", tabs, std::string("view-") + state.view->id);
    inside = inside.without_top(32 + 14);
    if (state.view->heading == viz::Heading::head) {
        viz::draw_text_in(p.canvas, inside.top(20),
                          viz::head_name(state.selection.layer, state.selection.head),
                          p.bold(14.5f, p.theme.text));
        inside = inside.without_top(28);
    }
    p.sheets.show(p.canvas, inside, *state.view);
}

void draw_window(const Painter& p, viz::Size size, const State& state) {
    const viz::Theme& t = p.theme;
    const Layout at = lay_out_window(size, !state.error.empty());
    draw_bar(p, at.bar, state);
    if (!state.error.empty()) {
        p.canvas.fill_rect(at.error, viz::mix(t.card, t.key, 0.1f), 6);
        viz::draw_text_in(p.canvas, at.error.without_left(14).without_right(14), state.error,
                          p.sans(13.5f, error_ink(t)));
        p.canvas.region(at.error, "error");
    }
    if (state.step) {
        draw_ribbon(p, at.ribbon, state);
        draw_flow_panel(p, at.flow, state);
        draw_centre(p, at.centre, state);
        draw_ranking_panel(p, at.ranking, state);
        draw_transport(p, at.transport, state);
    } else {
        for (const Rect& rect : {at.ribbon, at.flow, at.centre, at.ranking, at.transport}) {
            draw_card(p, rect);
        }
    }
    draw_overlay(p, size, state);
    draw_toast(p, size, state);
}

std::vector<std::string> tooltip_lines(const State& state, const Sheets& sheets,
                                       const viz::Hit& hit) {
    if (hit.id.empty()) return {};
    if (hit.id == "error") return {state.error};
    if (hit.id.starts_with("command/")) {
        const Command& c = command(hit.id.substr(hit.id.find('/') + 1));
        return {c.help, "key: " + key_text(c)};
    }
    if (!state.step) return {};
    if (hit.id == "timeline") {
        const int position = hit.col;
        if (position >= state.path_length()) return {};
        const model::Choice& choice = state.path_end->choices[static_cast<size_t>(position)];
        const int id = state.path_end->records[static_cast<size_t>(position)]->id();
        std::string line = position == 0 ? std::string("the first token: nothing predicted it")
                                         : "probability " + viz::percent(choice.probability) +
                                               ", rank " + viz::count(choice.rank + 1);
        return {"position " + viz::count(position) + " · " + state.model->shown(id), line,
                std::string("chosen by: ") + model::chosen_by_name(choice.by)};
    }
    return sheets.tooltip(hit);
}

}  // namespace app
