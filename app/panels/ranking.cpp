// The right panel: how the next token is chosen, the ranking, and the button that appends it.
#include <algorithm>
#include <cmath>

#include "app/control/actions.h"
#include "app/control/commands.h"
#include "app/panels/panels.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"

namespace app {

using viz::Align;
using viz::Rect;

namespace {

// Name and value, slider, seed.
void draw_parameter(const Painter& p, Rect rect, const State& state) {
    const viz::Theme& t = p.theme;
    const Parameter parameter = app::parameter(state.decoding, state.model->config.n_vocab);
    const viz::TextStyle name = p.sans(12.5f, t.muted), value = p.mono(13, t.text);
    float x = rect.x + 6;
    viz::draw_text_in(p.canvas, rect.without_left(x - rect.x), parameter.name, name);
    x += width_of(name, parameter.name) + 8;
    viz::draw_text_in(p.canvas, rect.without_left(x - rect.x), parameter.value, value);
    x += std::max(width_of(value, parameter.value), width_of(value, "0.00")) + 8;

    Button again = command_button(state, "draw-again");
    again.label = "seed " + std::to_string(state.decoding.seed);
    again.size = 12.5f;
    const float width = button_width(p, again);
    const Rect button{rect.right() - width, rect.centre().y - 14, width, 28};
    draw_button(p, button, again);
    draw_slider(p, {x, rect.y, button.x - 8 - x, rect.h}, "slider/parameter", parameter.t);
}

constexpr float find_width = 132;

// Where the text of a token is typed that shall be found.
void draw_find(const Painter& p, Rect rect, const State& state) {
    const bool active = state.typing == "field/find";
    draw_field(p, rect, "field/find", active);
    const Rect inside = rect.without_left(field_padding).without_right(field_padding);
    if (active) return;  // its text is drawn by whoever edits it
    const bool hidden = state.overlay != Overlay::none;
    if (state.find.empty()) {
        viz::draw_text_in(p.canvas, inside, "find a token", p.sans(13, p.theme.muted));
    } else if (hidden) {
        viz::draw_text_in(p.canvas, inside, state.find, p.sans(15, p.theme.text));
    }
}

void show_ranking(const Painter& p, Rect rect) {
    const viz::View& view = *viz::find_view("ranking");
    p.sheets.show(p.canvas, rect, view);
    viz::cover(p.canvas, rect, view, p.way, p.theme);
}

// The button, or why nothing can be appended; and what else can be done.
void draw_append(const Painter& p, Rect rect, const State& state) {
    const viz::Theme& t = p.theme;
    const Rect button = rect.top(46);
    const Rect hint = rect.without_top(46 + 6).top(22);
    const auto& ranking = state.step->ranking;
    if (!state.can_append()) {
        const std::string done = std::string("Done: ") + model::stop_reason_text(state.step->why);
        if (state.ended()) {
            Button on = command_button(state, "append");
            on.label = "Go on";
            on.key = key_text(command("append"));
            on.size = 15.5f;
            draw_button(p, button, on);
        } else {
            p.canvas.fill_rect(button, t.inset, 8);
            viz::draw_text_in(p.canvas, button.inset(10), done, p.bold(14, t.text), Align::centre);
        }
        viz::draw_text_in(p.canvas, hint,
                          state.ended() ? done : "Left goes back to the steps before",
                          p.sans(12.5f, t.muted), Align::centre);
        return;
    }
    Button append = command_button(state, "append");
    const bool hidden = state.reveal != viz::Reveal::all;
    if (hidden) append.label = "Reveal";
    if (!hidden) append.token = p.way < 1 ? "…" : state.model->shown(ranking.proposed().id);
    append.key = key_text(command("append"));
    append.primary = true;
    append.size = 15.5f;
    draw_button(p, button, append);
    std::string other = hidden ? "click a row when somebody guesses it; right click takes it back"
                               : "or click any row to append that token instead";
    if (!hidden && state.selection.candidate != ranking.pick) {
        const auto& chosen = ranking.candidates[static_cast<size_t>(state.selection.candidate)];
        const std::string token = state.model->shown(chosen.id);
        other = "Enter appends “" + viz::fit_middle(viz::Face::sans, 12.5f, token, rect.w / 3) +
                "” instead";
    }
    viz::draw_text_in(p.canvas, hint, other, p.sans(12.5f, t.muted), Align::centre);
}

}  // namespace

void draw_ranking_panel(const Painter& p, Rect rect, const State& state) {
    draw_card(p, rect);
    const bool low = rect.h < 560;
    const float inset = low ? 12 : 16;
    Rect inside = rect.inset(inset);
    if (p.hand) inside = rect.inset(10);
    if (state.presenting && !p.hand) {
        viz::draw_text_in(p.canvas, inside.top(18), "Next token", p.bold(15, p.theme.text));
        inside = inside.without_top(26);
        show_ranking(p, {inside.x - 6, inside.y, inside.w + 12, inside.h});
        return;
    }
    const viz::TextStyle title = p.bold(14.5f, p.theme.text);
    const std::string whole = "Next token — ranking at the last position";
    draw_find(p, {inside.right() - find_width, inside.y - 8, find_width, 29}, state);
    const float room = inside.w - find_width - 10;
    viz::draw_text_in(p.canvas, inside.top(18),
                      width_of(title, whole) <= room ? whole : "Next token", title);
    inside = inside.without_top(18 + (low ? 8 : 12));
    draw_fitting_segments(p, inside.top(34), "strategy/", strategy_choices(false),
                          strategy_name(state.decoding));
    inside = inside.without_top(34 + (low ? 4 : 8));
    if (state.decoding.sampled()) {
        draw_parameter(p, inside.top(34), state);
        inside = inside.without_top(34 + 4);
    }
    const float append = p.hand ? 0 : 46 + 6 + 22;  // there the button below says it
    if (!p.hand) draw_append(p, {inside.x, inside.bottom() - append, inside.w, append}, state);
    // The ranking keeps 6 pixels of its own at each side.
    const Rect list{inside.x - 6, inside.y, inside.w + 12, inside.h - append - (low ? 6 : 10)};
    show_ranking(p, list);
}

void draw_others(const Painter& p, Rect rect, const State& state) {
    draw_card(p, rect);
    constexpr float gap = 8;
    const Rect inside = rect.inset(gap);
    const auto n = static_cast<float>(state.others.size());
    const float wide = (inside.w - gap * (n - 1)) / n;
    for (size_t i = 0; i < state.others.size(); ++i) {
        const viz::View& view = *state.others[i];
        const std::string id = std::string("small-view/") + view.id;
        const Rect cell{inside.x + (wide + gap) * static_cast<float>(i), inside.y, wide, inside.h};
        const bool on = p.hover == id;
        if (on) p.canvas.fill_rect(cell, p.theme.accent_soft, 6);
        const viz::TextStyle style = p.sans(11, on ? p.theme.accent : p.theme.muted);
        viz::draw_text_in(p.canvas, cell.without_top(cell.h - 18).without_left(2),
                          viz::fit_end(style.face, style.size, view.title, wide - 4), style);
        const Rect picture = cell.without_bottom(20);
        p.canvas.stroke_rect(picture.inset(0.5f), {on ? p.theme.accent : p.theme.border, 1}, 5);
        p.sheets.show_small(p.canvas, picture.inset(4), view);
        p.canvas.region(cell, id);
    }
}

}  // namespace app
