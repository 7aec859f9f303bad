// The note of a lesson's stop: it has room of its own beside or above what it speaks of.
#include <algorithm>
#include <cmath>
#include <sstream>

#include "app/control/actions.h"
#include "app/control/commands.h"
#include "app/panels/panels.h"
#include "app/run/states.h"
#include "viz/paint/paragraph.h"

namespace app {

using viz::Align;
using viz::Rect;

namespace {

constexpr float inset = 16;
constexpr float button_height = 34;
constexpr int most_lines = 40;

// The sizes of its texts: as large as there is room for, so that it is read from afar.
struct Sizes {
    float title, text, small;
};
constexpr Sizes strip_sizes{19, 17, 12};
constexpr Sizes column_sizes[] = {{21, 18, 12.5f},   {20, 17, 12.5f}, {19, 16, 12},
                                  {18, 15.2f, 12},   {17, 14.5f, 12}, {16, 13.5f, 11.5f},
                                  {15, 12.5f, 11.5f}};

float text_height(const viz::TextStyle& style, const std::string& text, float width) {
    const auto lines = viz::broken_lines(style, text, width, most_lines);
    return viz::line_height(style) * static_cast<float>(lines.size());
}

// What stands below the note: the question, and its answer or that there is one.
struct Box {
    std::string question, answer;
    bool hint = false;
};
Box box_of(const State& state) {
    const Walk& walk = state.walk;
    Box box;
    box.question = walk.look.question;
    if (walk.answered) box.answer = walk.look.answer;
    box.hint = !walk.look.answer.empty() && !walk.answered;
    return box;
}

constexpr float box_inset = 12;
constexpr const char* hint_text = "PageDown or A: the answer";

float box_height(const State& state, const Sizes& size, float width) {
    const Box box = box_of(state);
    if (box.question.empty()) return 0;
    const float inside = width - 2 * box_inset;
    float height = text_height({viz::Face::sans_bold, size.text, {}}, box.question, inside);
    // The answer has its room before it comes: nothing moves then.
    height += text_height({viz::Face::sans, size.text, {}}, state.walk.look.answer, inside);
    return height + 2 * 10;
}

void draw_box(const Painter& p, Rect rect, const State& state, const Sizes& size) {
    const Box box = box_of(state);
    p.canvas.fill_rect(rect, p.theme.accent_soft, 7);
    Rect inside = rect.without_left(box_inset).without_right(box_inset);
    inside = inside.without_top(10).without_bottom(10);
    const viz::TextStyle bold = p.bold(size.text, p.theme.text);
    inside = inside.without_top(viz::draw_paragraph(p.canvas, inside, box.question, bold));
    if (!box.answer.empty()) {
        viz::draw_paragraph(p.canvas, inside, box.answer, p.sans(size.text, p.theme.text));
    } else if (box.hint) {
        const viz::TextStyle hint = p.sans(size.small, p.theme.muted);
        viz::draw_text_in(p.canvas, inside.top(viz::line_height(bold)),
                          p.hand ? "Next: the answer" : hint_text, hint);
        p.canvas.region(rect, "command/answer");
    }
}

// "Induction" at the left, "3 of 7" and a cross at the right.
void draw_where(const Painter& p, Rect line, const State& state) {
    const Walk& walk = state.walk;
    Button leave = command_button(state, "leave-lesson");
    leave.icon = Icon::close;
    leave.label.clear();
    const float cross = p.hand ? 40 : 28;
    draw_button(p, {line.right() - cross + 6, line.centre().y - cross / 2, cross, cross}, leave);
    line = line.without_right(cross);
    const viz::TextStyle style = p.sans(12, p.theme.muted);
    const std::string where =
        std::to_string(std::max(walk.shown, 0) + 1) + " of " + std::to_string(walk.stops());
    const float width = width_of(style, where) + 12;
    viz::draw_text_in(p.canvas, line.without_right(width), walk.lesson->title, style);
    viz::draw_text_in(p.canvas, line, where, style, Align::right);
}

// One dot a stop.
void draw_dots(const Painter& p, Rect line, const State& state) {
    const Walk& walk = state.walk;
    const float pitch = std::min(14.0f, line.w / static_cast<float>(walk.stops()));
    const float y = line.centre().y;
    const float left = line.centre().x - pitch * static_cast<float>(walk.stops()) / 2;
    for (int i = 0; i < walk.stops(); ++i) {
        const float radius = i == walk.shown ? 4 : 3;
        const float x = left + pitch * (static_cast<float>(i) + 0.5f);
        p.canvas.fill_rect({x - radius, y - radius, 2 * radius, 2 * radius},
                           i == walk.shown  ? p.theme.accent
                           : i < walk.shown ? viz::mix(p.theme.card, p.theme.accent, 0.45f)
                                            : p.theme.bar_faint,
                           radius);
    }
}

void draw_buttons(const Painter& p, Rect line, const State& state) {
    Button back = command_button(state, "lesson-back"), on = command_button(state, "lesson-on");
    back.icon = Icon::back;
    back.label.clear();
    back.enabled = state.walk.wanted > 0;
    on.icon = Icon::forward;
    on.primary = true;
    const bool last = state.walk.wanted + 1 == state.walk.stops();
    const bool asks = !state.walk.answered && !state.walk.look.answer.empty();
    if (last && !asks && state.reveal == viz::Reveal::all) on.label = "Finish";
    const float width = button_width(p, on);
    draw_button(p, line.left(42), back);
    draw_button(p, line.without_left(line.w - width), on);
    draw_dots(p, line.without_left(42 + 8).without_right(width + 8), state);
}

// A lesson that names states of the training has them as a slider.
constexpr float states_height = 46;
bool has_states(const State& state) {
    return std::ranges::any_of(state.walk.lesson->stops,
                               [](const viz::LessonStop& stop) { return !stop.state.empty(); });
}

void draw_states(const Painter& p, Rect rect, const State& state) {
    const auto& states = training_states();
    const int now = training_state(state.model->folder);
    const int n = static_cast<int>(states.size());
    const std::string name = now < 0 ? "another model" : states[static_cast<size_t>(now)].name;
    viz::draw_text_in(p.canvas, rect.top(18), "Training: " + name,
                      p.bold(12.5f, now < 0 ? p.theme.muted : p.theme.accent));
    const Rect track = rect.without_top(22).top(18).without_left(8).without_right(8);
    const float y = track.centre().y;
    p.canvas.fill_rect({track.x, y - 1.5f, track.w, 3}, p.theme.bar_faint, 1.5f);
    for (int i = 0; i < n; ++i) {
        const float part = n > 1 ? static_cast<float>(i) / static_cast<float>(n - 1) : 0;
        const float x = track.x + track.w * part, r = i == now ? 7.0f : 5.0f;
        p.canvas.fill_rect({x - r, y - r, 2 * r, 2 * r}, i == now ? p.theme.accent : p.theme.muted,
                           r);
        p.canvas.region({x - 14, track.y - 4, 28, track.h + 8}, "state/" + std::to_string(i));
    }
}

void draw_strip(const Painter& p, Rect rect, const State& state) {
    const Walk& walk = state.walk;
    const Sizes& size = strip_sizes;
    const viz::TextStyle title = p.bold(size.title, p.theme.text);
    const viz::TextStyle where = p.sans(size.small, p.theme.muted);
    Rect inside = rect.without_left(inset).without_right(inset);
    inside = inside.without_top(10).without_bottom(10);
    const Rect line = inside.top(size.title * 1.4f);
    viz::draw_text_in(p.canvas, line, walk.look.title, title);
    const std::string words = walk.lesson->title + " · " +
                              std::to_string(std::max(walk.shown, 0) + 1) + " of " +
                              std::to_string(walk.stops());
    if (width_of(title, walk.look.title) + width_of(where, words) + 20 < line.w) {
        viz::draw_text_in(p.canvas, line, words, where, Align::right);
    }
    inside = inside.without_top(line.h + 2);
    if (has_states(state)) {
        draw_states(p, inside.top(states_height).left(std::min(inside.w, 420.0f)), state);
        inside = inside.without_top(states_height);
    }
    inside = inside.without_top(
        viz::draw_paragraph(p.canvas, inside, walk.look.note, p.sans(size.text, p.theme.text)) + 6);
    const float box = box_height(state, size, inside.w);
    if (box > 0) draw_box(p, inside.top(std::min(box, inside.h)), state, size);
}

// What the words of a column need, from its title to the end of the answer.
constexpr float after_title = 8, after_note = 14;
float column_height(const State& state, const Sizes& size, float width) {
    const viz::StopLook& look = state.walk.look;
    return text_height({viz::Face::sans_bold, size.title, {}}, look.title, width) + after_title +
           text_height({viz::Face::sans, size.text, {}}, look.note, width) + after_note +
           box_height(state, size, width);
}

void draw_column(const Painter& p, Rect rect, const State& state) {
    const viz::StopLook& look = state.walk.look;
    Rect inside = rect.inset(inset);
    draw_where(p, inside.top(18), state);
    draw_buttons(p, {inside.x, inside.bottom() - button_height, inside.w, button_height}, state);
    inside = inside.without_top(18 + 10).without_bottom(button_height + 12);
    if (has_states(state)) {
        draw_states(p, inside.without_top(inside.h - states_height), state);
        inside = inside.without_bottom(states_height + 8);
    }
    const Sizes* size = std::begin(column_sizes);
    while (size + 1 != std::end(column_sizes) && column_height(state, *size, inside.w) > inside.h) {
        ++size;
    }
    const float box = box_height(state, *size, inside.w);
    const float title =
        viz::draw_paragraph(p.canvas, inside, look.title, p.bold(size->title, p.theme.text));
    inside = inside.without_top(title + after_title);
    const float note = viz::draw_paragraph(p.canvas, inside.without_bottom(box), look.note,
                                           p.sans(size->text, p.theme.text));
    inside = inside.without_top(note + after_note);
    if (box > 0) draw_box(p, inside.top(std::min(box, inside.h)), state, *size);
}

// All that is wrong with the file, so that it is mended in one go.
void draw_problem(const Painter& p, Rect rect, const State& state) {
    Rect inside = rect.inset(inset);
    inside = inside.without_top(viz::draw_paragraph(
        p.canvas, inside, "The file was changed and cannot be read", p.bold(15, p.theme.text)));
    std::istringstream lines(state.walk.problem);
    for (std::string line; std::getline(lines, line) && inside.h > 20;) {
        inside = inside.without_top(
            viz::draw_paragraph(p.canvas, inside, line, p.sans(12.5f, error_ink(p.theme))) + 6);
    }
}

}  // namespace

float lesson_column_height(const State& state, float width) {
    const float words = column_height(state, column_sizes[1], width - 2 * inset);
    return words + (has_states(state) ? states_height + 8 : 0) + 18 + 10 + button_height + 12 +
           2 * inset;
}

float lesson_strip_height(const State& state, float width) {
    const Sizes& size = strip_sizes;
    const float inside = width - 2 * inset;
    const float title = size.title * 1.4f + 2;
    const float note = text_height({viz::Face::sans, size.text, {}}, state.walk.look.note, inside);
    const float box = box_height(state, size, inside);
    return std::round(10 + title + (has_states(state) ? states_height : 0) + note +
                      (box > 0 ? box + 6 : 0) + 10);
}

void draw_spot(const Painter& p, const viz::Regions& regions, const State& state) {
    const Walk& walk = state.walk;
    const bool spoken_of = walk.open() && walk.shown == walk.wanted &&
                           !state.locked.target.empty() && state.locked == walk.look.locked;
    if (!spoken_of || !is_widget(p.hover)) return;
    const Rect cell = regions.cell(state.locked);
    const viz::Region* note = regions.find("lesson/note");
    const auto holds = [&](const viz::Region& region) {
        return region.target.is("pane") && region.rect.contains(cell.centre());
    };
    const auto pane = std::ranges::find_if(regions.all(), holds);
    if (cell.w <= 0 || !note || pane == regions.all().end()) return;
    const Rect& r = pane->rect;
    const Rect lit = cell.inset(-6);
    const viz::Colour veil = p.theme.card.with_alpha(0.4f);
    p.canvas.fill_rect({r.x, r.y, r.w, lit.y - r.y}, veil);
    p.canvas.fill_rect({r.x, lit.bottom(), r.w, r.bottom() - lit.bottom()}, veil);
    p.canvas.fill_rect({r.x, lit.y, lit.x - r.x, lit.h}, veil);
    p.canvas.fill_rect({lit.right(), lit.y, r.right() - lit.right(), lit.h}, veil);
    // From the note's side, or from below it while presenting.
    const Rect& from = note->rect;
    // Or from above it in a hand.
    const bool below = p.hand, above = state.presenting && !below;
    const viz::Point begin =
        below ? viz::Point{lit.centre().x, from.y}
        : above
            ? viz::Point{lit.centre().x, from.bottom()}
            : viz::Point{from.right(), std::clamp(lit.centre().y, from.y + 20, from.bottom() - 20)};
    const viz::Point end = below   ? viz::Point{lit.centre().x, lit.bottom()}
                           : above ? viz::Point{lit.centre().x, lit.y}
                                   : viz::Point{lit.x, lit.centre().y};
    const viz::Point line[] = {begin, end};
    p.canvas.polyline(line, {p.theme.accent.with_alpha(0.7f), 1.75f});
    p.canvas.fill_rect({begin.x - 3.5f, begin.y - 3.5f, 7, 7}, p.theme.accent, 3.5f);
    p.canvas.stroke_rect(lit, {p.theme.accent, 2}, 5);
}

void draw_lesson(const Painter& p, Rect rect, const State& state) {
    draw_card(p, rect);
    p.canvas.region(rect, "lesson/note");
    if (!state.walk.problem.empty()) return draw_problem(p, rect, state);
    (state.presenting && !p.hand ? draw_strip : draw_column)(p, rect, state);
}

}  // namespace app
