// The bottom panel: going through the steps, and the timeline: a column for every token, as high
// as the probability it had when it was chosen.
#include <algorithm>
#include <cmath>

#include "app/control/actions.h"
#include "app/control/commands.h"
#include "app/panels/panels.h"
#include "model/run/prompt_edit.h"
#include "viz/paint/format.h"

namespace app {

using viz::Align;
using viz::Colour;
using viz::Rect;

namespace {

constexpr float most_pitch = 48;
constexpr float caption_height = 18;
constexpr float label_height = 16;
constexpr float label_from = 40;  // pitch that has room for a token's text

// Where the run stands and what the pass cost, in the words that fit.
std::string status(const State& state, const viz::TextStyle& style, float width) {
    std::string step = "Step " + viz::count(state.step->number());
    if (state.last_step() > 1) step += " of " + viz::count(state.last_step());
    if (!state.step->untouched()) {
        step += " · " + model::run_words(*state.model, *state.step);
    }
    if (state.busy) return step + " · computing…";
    if (!state.timed) return step;
    const std::string cached = viz::milliseconds(state.timed->cached_ms);
    const std::string naive = viz::milliseconds(state.timed->naive_ms);
    const std::string whole = step + " · pass " + cached + " with KV cache, " + naive + " without";
    const std::string difference = ", difference " + viz::apart(state.timed->difference);
    for (const std::string& words : {whole + difference, whole}) {
        if (width_of(style, words) <= width) return words;
    }
    return step + " · pass " + cached + " cached, " + naive + " not";
}

// First, back, step and play; returns where they end.
float draw_buttons(const Painter& p, Rect rect, const State& state) {
    Button first = command_button(state, "first"), back = command_button(state, "back"),
           step = command_button(state, "step"), play = command_button(state, "play");
    first.icon = Icon::first;
    back.icon = Icon::back;
    first.label.clear();
    back.label.clear();
    step.icon = Icon::forward;
    step.primary = true;
    play.icon = state.playing ? Icon::pause : Icon::play;
    Button paused = play;
    paused.label = "Pause";
    const float play_width = button_width(p, paused);  // so that nothing moves when it plays
    if (state.playing) play.label = "Pause";
    float x = rect.x;
    auto place = [&](const Button& button, float width) {
        draw_button(p, {x, rect.y, width, rect.h}, button);
        x += width + 6;
    };
    place(first, 42);
    place(back, 42);
    place(step, button_width(p, step));
    place(play, play_width);
    return x - 6;
}

void draw_speed(const Painter& p, Rect rect, const State& state) {
    const viz::TextStyle style = p.sans(12.5f, p.theme.muted);
    const auto t = static_cast<float>(std::log(state.speed / least_speed) /
                                      std::log(most_speed / least_speed));
    const std::string unit = rect.w >= 170 ? " steps / s" : " / s";
    const float width = width_of(style, "8.8" + unit);
    draw_slider(p, rect.without_right(width + 6), "slider/speed", t);
    viz::draw_text_in(p.canvas, rect.without_left(rect.w - width),
                      viz::decimal(state.speed, 1) + unit, style);
}

// Where the columns stand.
struct Columns {
    Rect area;  // of the columns alone
    float pitch;
    int taken;  // tokens of the path
    int slots;  // with the proposed one and what the context still has room for
};

Rect column(const Columns& c, int i) {
    const float gap = c.pitch >= 12 ? 3.0f : c.pitch >= 4 ? 1.0f : 0.0f;
    return {c.area.x + c.pitch * static_cast<float>(i), c.area.y, c.pitch - gap, c.area.h};
}

void draw_column(const Painter& p, const Columns& c, int i, const State& state) {
    const viz::Theme& t = p.theme;
    const Rect place = column(c, i);
    const float radius = c.pitch >= 12 ? 4.0f : 0.0f;
    const model::Choice& choice = state.path_end->choices[static_cast<size_t>(i)];
    const bool ahead = i >= state.length();
    const bool current = i == state.length() - 1;
    Colour bar = t.bar;
    if (choice.by == model::ChosenBy::forced) {
        bar = t.warning;
    } else if (choice.by != model::ChosenBy::prompt) {
        bar = t.accent;
    }
    if (ahead) bar = viz::mix(t.inset, bar, 0.35f);
    p.canvas.fill_rect(place, i == 0 ? viz::mix(t.inset, t.bar, 0.3f) : t.inset, radius);
    // Nothing predicted the first token, and what a class is to guess is not told.
    if (i > 0 && !(ahead && state.reveal != viz::Reveal::all)) {
        const float high = std::max(2.0f, place.h * static_cast<float>(choice.probability));
        p.canvas.fill_rect({place.x, place.bottom() - high, place.w, high}, bar,
                           std::min(radius, high / 2));
    }
    if (current) p.canvas.stroke_rect(place.inset(-1), {t.accent, 1.5f}, radius);
}

void draw_labels(const Painter& p, const Columns& c, const State& state) {
    const viz::Theme& t = p.theme;
    const int n = c.taken + (state.length() == c.taken && state.can_append() ? 1 : 0);
    const int current = state.length() - 1;
    // Where columns are narrow every so many have a label, and the current one always.
    const int every =
        c.pitch >= label_from ? 1 : static_cast<int>(std::ceil(1.5f * label_from / c.pitch));
    const float room = c.pitch * static_cast<float>(every) - 4;
    for (int i = 0; i < n; ++i) {
        const bool proposed = i >= c.taken;
        // The first has its room on both sides.
        const bool stands = i % every == every / 2 && std::abs(i - current) >= every;
        if (!stands && i != current && every > 1) continue;
        const int id = proposed ? state.step->ranking.proposed().id
                                : state.path_end->records[static_cast<size_t>(i)]->id();
        const Colour ink = proposed || i == current ? t.accent
                           : i >= state.length()    ? t.faint
                                                    : t.muted;
        const viz::TextStyle style = p.mono(10.5f, ink);
        const bool hidden = (proposed && p.way < 1) ||
                            ((proposed || i >= state.length()) && state.reveal != viz::Reveal::all);
        const std::string text =
            viz::fit_middle(style.face, style.size, hidden ? "?" : state.model->shown(id), room);
        const Rect place = column(c, i);
        const float half = room / 2;
        const float x = std::clamp(place.centre().x, c.area.x + width_of(style, text) / 2,
                                   c.area.right() - width_of(style, text) / 2);
        viz::draw_text_in(p.canvas, {x - half, c.area.bottom() + 2, 2 * half + 1, label_height},
                          text, style, Align::centre);
    }
}

void draw_captions(const Painter& p, Rect rect, const Columns& c, const State& state) {
    const viz::TextStyle style = p.sans(11.5f, p.theme.muted);
    const int prompt = state.step->prompt_length;
    const float divide = c.pitch * static_cast<float>(prompt);
    const float generated = width_of(style, "generated");
    const Rect line = rect.top(caption_height - 4);
    if (width_of(style, "prompt") + 10 < divide) viz::draw_text_in(p.canvas, line, "prompt", style);
    if (c.taken > prompt && divide + generated < line.w) {
        viz::draw_text_in(p.canvas, line.without_left(divide), "generated", style);
    }
    const std::string what = "height: probability of what was chosen";
    const float x = std::max(divide + generated + 20, 0.0f);
    if (line.w - x > width_of(style, what)) {
        viz::draw_text_in(p.canvas, line, what, p.sans(11.5f, p.theme.muted), Align::right);
    }
}

void draw_timeline(const Painter& p, Rect rect, const State& state) {
    const viz::Theme& t = p.theme;
    Columns c{};
    c.taken = state.path_length();
    const int shown = std::min(c.taken + 1, state.model->config.n_ctx);
    c.pitch = std::min(most_pitch, rect.w / static_cast<float>(shown));
    c.slots = std::min(state.model->config.n_ctx, static_cast<int>(rect.w / c.pitch + 0.01f));
    c.area = {rect.x, rect.y + caption_height, c.pitch * static_cast<float>(c.slots),
              rect.h - caption_height - label_height - 2};
    draw_captions(p, rect, c, state);
    for (int i = 0; i < c.taken; ++i) draw_column(p, c, i, state);
    const bool proposes = state.length() == c.taken && state.can_append();
    const float radius = c.pitch >= 12 ? 4.0f : 0.0f;
    for (int i = c.taken; i < c.slots; ++i) {
        const Rect place = column(c, i);
        if (i == c.taken && proposes) {  // as high as its probability, and not there yet
            const bool told = state.reveal == viz::Reveal::all && p.way >= 1;
            const double chance = told ? state.step->ranking.proposed().probability : 0;
            const float high = std::max(5.0f, place.h * static_cast<float>(chance));
            const Rect bar{place.x, place.bottom() - high, place.w, high};
            p.canvas.fill_rect(bar, t.accent_soft, std::min(radius, high / 2));
            p.canvas.stroke_rect(bar.inset(0.75f), {t.accent, 1.5f, true},
                                 std::min(radius, high / 2 - 0.75f));
        } else if (c.pitch >= 12) {  // room in the context
            p.canvas.stroke_rect(place.inset(0.5f), {t.grid, 1, true}, radius);
        }
    }
    draw_labels(p, c, state);
    p.canvas.region(
        {c.area.x, c.area.y, c.pitch * static_cast<float>(c.taken), c.area.h + label_height},
        "timeline", 1, c.taken);
    if (c.slots > c.taken && proposes) {
        p.canvas.region(column(c, c.taken), "proposed");
    }
}

}  // namespace

void draw_transport(const Painter& p, Rect rect, const State& state) {
    draw_card(p, rect);
    const Rect inside = rect.without_left(16).without_right(16).inset(0);
    const float left = std::clamp(rect.w * 0.3f, 424.0f, 476.0f);
    const Rect buttons{inside.x, inside.y + (rect.h < 80 ? 7 : rect.h < 105 ? 12 : 17), left, 40};
    const float x = draw_buttons(p, buttons, state);
    draw_speed(p, {x + 12, buttons.y, buttons.right() - x - 12, buttons.h}, state);
    const Rect line{inside.x, buttons.bottom() + 8, left, 22};
    const viz::TextStyle style = p.sans(13, p.theme.muted);
    if (rect.h < 80) {  // no room for the timeline
        const Rect rest{buttons.right() + 16, buttons.y, inside.right() - buttons.right() - 16,
                        buttons.h};
        viz::draw_text_in(p.canvas, rest, status(state, style, rest.w), style, Align::right);
        if (state.busy) p.canvas.region(rest, "command/escape");
        return;
    }
    viz::draw_text_in(p.canvas, line, status(state, style, line.w), style);
    if (state.busy) p.canvas.region(line, "command/escape");
    draw_timeline(p, {inside.x + left + 28, inside.y + 10, inside.w - left - 28, inside.h - 18},
                  state);
}

void draw_footer(const Painter& p, Rect rect, const State& state) {
    const viz::TextStyle style = p.sans(11, p.theme.muted);
    const model::Config& c = state.model->config;
    const std::string left = "Step " + viz::count(state.step->number()) + " of " +
                             viz::count(state.last_step()) + " · " + c.name + " · " +
                             model::describe(state.decoding);
    const std::string phones =
        state.phones.on ? "Class " + state.phones.code + ": " + class_counts(state) + " · " : "";
    const bool wrong = !state.error.empty();
    viz::draw_text_in(p.canvas, rect.without_right(300), wrong ? state.error : phones + left,
                      wrong ? p.sans(12, error_ink(p.theme)) : style);
    std::string keys =
        std::string(state.reveal == viz::Reveal::all ? "Space appends" : "Space reveals") +
        " · ← → walk · V views · G guess · Ctrl with other letters · F5 ends";
    if (state.walk.open()) keys = "PageDown goes on · PageUp goes back · F5 ends";
    viz::draw_text_in(p.canvas, rect, keys, style, Align::right);
}

}  // namespace app
