// The list of interventions and the two cards that ask for text, above the panels.
#include "app/control/interventions.h"

#include <algorithm>
#include <cmath>

#include "app/panels/panels.h"
#include "viz/paint/format.h"

namespace app {

using viz::Align;
using viz::Rect;

namespace {

// The tokens that the typed text is, as chips; those without room are counted.
void draw_tokens(const Painter& p, Rect line, const State& state, const TypedTokens& tokens) {
    const viz::Theme& t = p.theme;
    const viz::TextStyle style = p.mono(13.5f, t.text), small = p.sans(12.5f, t.muted);
    float x = line.x;
    for (size_t i = 0; i < tokens.ids.size(); ++i) {
        const std::string token =
            viz::fit_middle(style.face, style.size, state.model->shown(tokens.ids[i]), 160);
        const float width = width_of(style, token) + 16;
        const std::string rest =
            "and " + viz::count(static_cast<long long>(tokens.ids.size() - i)) + " more";
        const bool last = i + 1 == tokens.ids.size();
        if (x + width + (last ? 0 : width_of(small, rest) + 12) > line.right()) {
            viz::draw_text_in(p.canvas, line.without_left(x - line.x), rest, small);
            return;
        }
        const Rect chip{x, line.y, width, line.h};
        p.canvas.fill_rect(chip, t.inset, 6);
        p.canvas.stroke_rect(chip.inset(0.5f), {t.border, 1}, 6);
        viz::draw_text_in(p.canvas, chip, token, style, Align::centre);
        x += width + 6;
    }
}

// What Enter would do with it.
std::string consequence(const State& state, const TypedTokens& tokens) {
    const auto n = static_cast<long long>(tokens.ids.size());
    const std::string many = viz::plural(n, "token");
    if (n == 0) return "A leading space begins a new word; #17 is a token by its id";
    if (state.overlay == Overlay::appending) return many + " · Enter appends";
    if (n > 1) return many + " for one: positions shift, nothing is compared · Enter replaces";
    return "1 token for one: it can be compared with the untouched run · Enter replaces";
}

}  // namespace

void draw_typing(const Painter& p, viz::Size window, const State& state) {
    if (!state.step) return;
    const bool appending = state.overlay == Overlay::appending;
    const std::string title = appending ? "Append text"
                                        : "Replace " + state.shown_at(state.position()) +
                                              " at position " + viz::count(state.position());
    const Rect inside = open_card(
        p, window, {std::min(window.w - 80, 640.0f), 56 + 40 + 38 + 12 + 28 + 10 + 20}, title);
    Button done;
    done.id = "typed";
    done.label = appending ? "Append" : "Replace";
    done.primary = true;
    done.enabled = typed(state).problem.empty();
    const float width = button_width(p, done);
    const Rect line = inside.top(38);
    draw_field(p, line.without_right(width + 10), "field/typed", state.typing == "field/typed");
    draw_button(p, line.without_left(line.w - width), done);
    const TypedTokens tokens = typed(state);
    draw_tokens(p, inside.without_top(50).top(28), state, tokens);
    const bool bad = !tokens.problem.empty();
    viz::draw_text_in(p.canvas, inside.without_top(88).top(20),
                      bad ? tokens.problem : consequence(state, tokens),
                      p.sans(12.5f, bad ? error_ink(p.theme) : p.theme.muted));
}

}  // namespace app
