// The line below the bar: what this is for who comes for the first time, what went wrong, the offer
// of a run that was not closed as it should have been, or what is changed.
#include "app/control/commands.h"
#include "app/panels/panels.h"
#include "model/run/prompt_edit.h"

namespace app {

using viz::Rect;

namespace {

// Buttons from the right; where they begin.
float place_buttons(const Painter& p, Rect rect, std::span<Button> buttons) {
    float x = rect.right() - 4;
    for (auto button = buttons.rbegin(); button != buttons.rend(); ++button) {
        button->size = 13;
        const float width = button_width(p, *button);
        x -= width;
        draw_button(p, {x, rect.y + 3, width, rect.h - 6}, *button);
        x -= 6;
    }
    return x;
}

void draw_words(const Painter& p, Rect rect, float end, const std::string& name,
                const std::vector<std::string>& wordings) {
    const viz::TextStyle bold = p.bold(13.5f, p.theme.text), plain = p.sans(13.5f, p.theme.text);
    const float begin = 14 + width_of(bold, name) + 10;
    const float room = end - rect.x - begin - 10;
    if (room < 0) return;  // in a hand the buttons are all
    viz::draw_text_in(p.canvas, rect.without_left(14), name, bold);
    for (const std::string& words : wordings) {
        if (width_of(plain, words) > room && &words != &wordings.back()) continue;
        viz::draw_text_in(p.canvas, rect.without_left(begin),
                          viz::fit_end(plain.face, plain.size, words, room), plain);
        return;
    }
}

void draw_welcome(const Painter& p, Rect rect, const State& state) {
    p.canvas.fill_rect(rect, p.theme.accent_soft, 8);
    Button buttons[] = {command_button(state, "show-me"), command_button(state, "prompt"),
                        command_button(state, "explore"), command_button(state, "no-newcomer")};
    buttons[0].primary = true;
    buttons[1].label = "Type a prompt";
    buttons[3].icon = Icon::close;
    buttons[3].label.clear();
    const float end = place_buttons(p, rect, buttons);
    draw_words(
        p, rect, end, "See how a language model writes.",
        {"Space appends the likeliest next token; the picture shows why it is that one. Point at "
         "anything.",
         "Space appends the next token; the picture shows why that one.",
         "Space appends the next token."});
}

// What this model or prompt is changed in, with what can be done about it.
void draw_changed(const Painter& p, Rect rect, const State& state) {
    p.canvas.fill_rect(rect, viz::mix(p.theme.card, p.theme.warning, 0.14f), 8);
    Button buttons[] = {command_button(state, "undo"), command_button(state, "difference"),
                        command_button(state, "untouched")};
    buttons[1].label = state.difference ? "Do not compare" : "Compare";
    const float end = place_buttons(p, rect, buttons);
    const bool edited = !state.step->edited_from.empty();
    draw_words(p, rect, end, edited ? "Changed prompt" : "Changed model",
               {model::run_words(*state.model, *state.step)});
}

}  // namespace

bool has_notice(const State& state) {
    const bool changed = state.step && !state.step->untouched();
    // A class needs the room for its votes, and has come to see something else.
    const bool offers = !state.phones.on && (!state.left.empty() || state.newcomer);
    return !state.error.empty() || changed || offers;
}

void draw_notice(const Painter& p, Rect rect, const State& state) {
    if (!state.error.empty()) {
        p.canvas.fill_rect(rect, viz::mix(p.theme.card, p.theme.key, 0.1f), 6);
        viz::draw_text_in(p.canvas, rect.without_left(14).without_right(14), state.error,
                          p.sans(13.5f, error_ink(p.theme)));
        p.canvas.region(rect, "error");
        return;
    }
    if (!state.left.empty() && !state.phones.on) {
        Button buttons[] = {command_button(state, "reopen"), command_button(state, "not-now")};
        buttons[0].key = "Ctrl+R";
        buttons[1].icon = Icon::close;
        buttons[1].label.clear();
        p.canvas.fill_rect(rect, p.theme.accent_soft, 8);
        draw_words(p, rect, place_buttons(p, rect, buttons), "A run is left.",
                   {"It was not closed. Reopen brings it back, Esc leaves it for later.",
                    "Reopen brings it back.", ""});
        return;
    }
    if (state.newcomer && !state.phones.on && (!state.step || state.step->untouched())) {
        return draw_welcome(p, rect, state);
    }
    draw_changed(p, rect, state);
}

}  // namespace app
