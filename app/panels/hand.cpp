// A window that is held in a hand: one figure at a time, the text above it, and below, where a
// thumb is, what comes next.
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/control/commands.h"
#include "app/panels/panels.h"

namespace app {

using viz::Rect;

namespace {

constexpr float outer = 8, between = 8;
constexpr float row = 40;  // high: what a thumb can hit

// In a lesson the prompt is there where there is room, and while it is typed.
bool has_prompt(viz::Size size, const State& state) {
    constexpr std::string_view field = "field/prompt";
    constexpr float high = 700;
    return !state.walk.open() || size.h >= high || state.typing == field ||
           state.wants_typing == field;
}

}  // namespace

Layout lay_out_for_hand(viz::Size size, const State& state) {
    constexpr float ribbon = 78, transport = row + 2 * outer;
    Layout at;
    const float w = size.w - 2 * outer;
    // A lesson has its own way through its run, and needs the room.
    const bool lesson = state.walk.open();
    at.bar = {0, 0, size.w, has_prompt(size, state) ? 2 * row + 3 * outer : row + 2 * outer};
    float top = at.bar.bottom();
    if (has_notice(state)) {
        at.notice = {outer, top + outer, w, 36};
        top = at.notice.bottom();
    }
    at.ribbon = {outer, top + outer, w, ribbon};
    at.transport = {outer, size.h - outer, w, 0};
    if (!lesson) at.transport = {outer, size.h - outer - transport, w, transport};
    at.centre = {outer, at.ribbon.bottom() + between, w, 0};
    at.centre.h = at.transport.y - (lesson ? 0 : between) - at.centre.y;
    const auto below = [&](float high) {
        high = std::round(high);
        at.centre.h -= high + between;
        return Rect{outer, at.centre.bottom() + between, w, high};
    };
    if (lesson) {
        constexpr float least_figure = 120;
        at.lesson = below(std::min(lesson_column_height(state, w),
                                   std::max(at.centre.h - least_figure, at.centre.h * 0.5f)));
    } else if (!state.folded) {
        // There is nothing to see in the figure until all is revealed.
        const float share = state.reveal == viz::Reveal::all ? 0.38f : 0.5f;
        at.ranking = below(std::clamp(at.centre.h * share, 150.0f, 300.0f));
    }
    if (const float needed = lesson ? 0 : guesses_height(state); needed > 0) {
        constexpr float least_figure = 100;
        if (state.reveal == viz::Reveal::all && at.ranking.h > 0) {
            at.guesses = std::exchange(at.ranking, {});  // the figure needs its room
        } else if (needed + between + least_figure <= at.centre.h) {
            at.guesses = below(needed);
        } else if (state.reveal != viz::Reveal::all) {
            at.guesses = std::exchange(at.centre, {});
        }
    }
    return at;
}

void draw_hand_bar(const Painter& p, Rect rect, const State& state) {
    p.canvas.fill_rect(rect, p.theme.card);
    const viz::Point edge[] = {{rect.x, rect.bottom() - 1}, {rect.right(), rect.bottom() - 1}};
    p.canvas.polyline(edge, {p.theme.border, 1});
    Rect line = rect.inset(outer).top(row);
    Button lessons = command_button(state, "lessons"), run = command_button(state, "run-menu"),
           views = command_button(state, "views");
    run.label = "Menu";
    for (Button* button : {&lessons, &views, &run}) {
        button->menu = true;
        button->size = 14;
    }
    const float left = button_width(p, lessons), right = button_width(p, run);
    draw_button(p, line.left(left), lessons);
    draw_button(p, line.without_left(line.w - right), run);
    // The view has the rest: its name is what is looked at.
    const Rect middle = line.without_left(left + 6).without_right(right + 6);
    views.label = viz::fit_end(viz::Face::sans, views.size, state.view->title, middle.w - 52);
    draw_button(p, middle, views);

    if (rect.h < 2 * row) return;
    const Rect field{line.x, line.bottom() + outer, line.w, row};
    draw_field(p, field, "field/prompt", state.typing == "field/prompt");
    if (state.overlay != Overlay::none) {  // no text field lies under an open sheet
        viz::draw_text_in(p.canvas, field.without_left(field_padding).without_right(field_padding),
                          state.prompt, p.sans(15, p.theme.text));
    }
}

void draw_hand_transport(const Painter& p, Rect rect, const State& state) {
    if (rect.h == 0) return;
    draw_card(p, rect);
    const Rect inside = rect.inset(outer);
    Button first = command_button(state, "first"), back = command_button(state, "back"),
           step = command_button(state, "step"), play = command_button(state, "play"),
           fold = command_button(state, "fold");
    first.icon = Icon::first;
    back.icon = Icon::back;
    step.icon = Icon::forward;
    step.primary = true;
    play.icon = state.playing ? Icon::pause : Icon::play;
    for (Button* button : {&first, &back, &play}) button->label.clear();
    // The button says what it appends.
    const bool ahead = state.length() < state.path_length();
    if (state.reveal != viz::Reveal::all) {
        step.label = "Reveal";
    } else if (!ahead && state.can_append() && p.way >= 1) {
        step.label = viz::fit_middle(viz::Face::mono, step.size,
                                     state.model->shown(state.step->ranking.proposed().id), 110);
    }
    fold.label = state.folded ? "Ranking" : "Larger";
    constexpr float small = 46, gap = 6;
    float x = inside.x;
    const auto place = [&](const Button& button, float width) {
        draw_button(p, {x, inside.y, width, inside.h}, button);
        x += width + gap;
    };
    constexpr float fold_width = 84;
    if (inside.w >= 340) place(first, small);  // else the others need its room
    place(back, small);
    place(step, inside.right() - x - small - gap - fold_width - gap);
    place(play, small);
    place(fold, fold_width);
}

}  // namespace app
