// The panel of a class that guesses: a field to type what is said, the votes, and once the step is
// revealed what each guess was worth.
#include "app/control/class_guesses.h"
#include "app/panels/panels.h"
#include "viz/paint/format.h"

namespace app {

using viz::Align;
using viz::Rect;

float guesses_height(const State& state) {
    if (!state.guessing) return 0;
    const size_t rows = state.step ? state.guesses.at(state.step->ids()).size() : 0;
    const bool taking = takes_guesses(state);
    // Once a step is revealed that nobody guessed at, the room belongs to what is looked at.
    if (!taking && rows == 0) return 0;
    const float below = !taking ? 60 : state.phones.on ? class_votes_height : 0;
    return 60 + 28 * static_cast<float>(std::max<size_t>(rows, 1)) + below;
}

void draw_guesses_panel(const Painter& p, Rect rect, const State& state) {
    draw_card(p, rect);
    p.canvas.region(rect, "lesson/guesses");
    Rect inside = rect.inset(12);
    const bool taking = takes_guesses(state);
    const viz::ClassScore score =
        viz::score_guesses(state.guesses.at(state.step->ids()), state.step->ranking);
    const Rect line = inside.top(30);
    viz::draw_text_in(p.canvas, line, "The class", p.bold(15, p.theme.text));
    const std::string votes = viz::plural(score.votes, "guess");
    if (taking) {
        const Rect field = line.without_left(line.w * 0.42f);
        const bool active = state.typing == "field/guess";
        draw_field(p, field, "field/guess", active);
        if (!active && state.guess.empty()) {
            viz::draw_text_in(p.canvas, field.without_left(field_padding), "type a guess",
                              p.sans(13, p.theme.muted));
        }
    } else {
        viz::draw_text_in(p.canvas, line, votes, p.sans(13, p.theme.muted), Align::right);
    }
    inside = inside.without_top(36);
    if (taking && state.phones.on) {
        draw_class_votes(p, inside.top(class_votes_height - 6), state);
        inside = inside.without_top(class_votes_height);
    }
    if (score.votes == 0 && taking) {
        viz::draw_text_in(p.canvas, inside.top(22),
                          state.phones.on ? "votes of phones come here"
                                          : "or click a row of the ranking, once a voice",
                          p.sans(13, p.theme.muted));
    }
    viz::draw_guesses(p.canvas, inside, *state.model, p.theme, score, score_so_far(state), !taking);
}

}  // namespace app
