// The class at its phones: the card that says how it comes in, and what the bar and the guesses say
// of it.
#include <algorithm>
#include <cmath>

#include "app/control/class_phones.h"
#include "app/panels/panels.h"
#include "viz/paint/format.h"

namespace app {

using viz::Align;
using viz::Rect;

namespace {

// "192.168.1.20:8099" of "http://192.168.1.20:8099/KMRT".
std::string host_of(const std::string& address) {
    const size_t begin = address.find("//") + 2;
    return address.substr(begin, address.find('/', begin) - begin);
}

// Dark on light in every theme, with the white edge that cameras need.
void draw_qr(const Painter& p, Rect square, const QrCode& code) {
    constexpr int edge = 4;
    if (code.size == 0) return;
    p.canvas.fill_rect(square, {255, 255, 255}, 6);
    const int all = code.size + 2 * edge;
    const float side = square.w / static_cast<float>(all), begin = side * edge;
    for (int row = 0; row < code.size; ++row) {
        for (int col = 0; col < code.size;) {
            const auto dark = [&](int at) {
                return code.dark[static_cast<size_t>(row * code.size + at)];
            };
            int end = col;
            while (end < code.size && dark(end) == dark(col)) ++end;
            if (dark(col)) {
                p.canvas.fill_rect({square.x + begin + side * static_cast<float>(col),
                                    square.y + begin + side * static_cast<float>(row),
                                    side * static_cast<float>(end - col), side},
                                   {0, 0, 0});
            }
            col = end;
        }
    }
    p.canvas.region(square, "class/qr");
}

// Letters one by one, so that they are read one by one.
void draw_code(const Painter& p, Rect line, const std::string& code) {
    const float pitch =
        std::min(line.w / static_cast<float>(std::max<size_t>(code.size(), 1)), line.h * 0.95f);
    const viz::TextStyle style{viz::Face::mono_bold, line.h * 0.8f, p.theme.accent};
    for (size_t i = 0; i < code.size(); ++i) {
        const Rect place{line.x + pitch * static_cast<float>(i), line.y, pitch - 8, line.h};
        p.canvas.fill_rect(place, p.theme.accent_soft, 8);
        viz::draw_text_in(p.canvas, place, code.substr(i, 1), style, Align::centre);
    }
}

Button voting_button(const State& state) {
    Button button = command_button(state, "class-voting");
    if (takes_phone_votes(state)) button.label = "Close voting";
    return button;
}

void draw_buttons(const Painter& p, Rect line, const State& state) {
    Button voting = voting_button(state);
    voting.key = "F3";
    voting.primary = true;
    Button end = command_button(state, "class-end");
    const Button reveal = command_button(state, "class-reveal");
    float x = line.x;
    for (const Button* button : std::initializer_list<const Button*>{&voting, &reveal}) {
        const float width = button_width(p, *button);
        draw_button(p, {x, line.y, width, line.h}, *button);
        x += width + 10;
    }
    const float width = button_width(p, end);
    if (x + width <= line.right()) {
        draw_button(p, {line.right() - width, line.y, width, line.h}, end);
    }
}

// What the bar says, with the counts where there is room.
constexpr float bar_padding = 12;
std::string class_words(const Painter& p, const State& state, float most) {
    const std::string brief = "Class " + state.phones.code;
    const std::string whole = brief + " · " + class_counts(state);
    return std::ceil(width_of(p.bold(13, {}), whole)) + 2 * bar_padding <= most ? whole : brief;
}

}  // namespace

std::string class_counts(const State& state) {
    const Classroom::Count& count = state.phones.count;
    return viz::count(count.there) + " there, " + viz::count(count.voted) + " voted";
}

void draw_classroom(const Painter& p, viz::Size window, const State& state) {
    const ClassOnPhones& phones = state.phones;
    if (!phones.on) return;
    const viz::Theme& t = p.theme;
    const viz::Size size = state.presenting ? viz::Size{window.w - 40, window.h - 30}
                                            : viz::Size{std::min(window.w - 80, 940.0f),
                                                        std::min(window.h - 40, 540.0f)};
    Rect inside = open_card(p, window, size, "Class");
    draw_buttons(p, {inside.x, inside.bottom() - 38, inside.w, 38}, state);
    inside = inside.without_bottom(38 + 18);
    const float side = std::min(inside.h, inside.w * 0.46f);
    draw_qr(p, {inside.x, inside.y, side, side}, phones.qr);
    Rect right = inside.without_left(side + 32);
    const auto line = [&](float high) {
        const Rect place = right.top(high);
        right = right.without_top(high);
        return place;
    };
    const float large = state.presenting ? 1.15f : 1;
    const viz::TextStyle words = p.sans(16 * large, t.muted);
    viz::draw_text_in(p.canvas, line(26 * large), "Point a phone's camera at it, or open", words);
    const std::string host = host_of(phones.addresses.front());
    viz::TextStyle address = {viz::Face::mono_bold, 40 * large, t.text};
    while (address.size > 18 && width_of(address, host) > right.w) address.size -= 1;
    viz::draw_text_in(p.canvas, line(address.size * 1.5f), host, address);
    line(8);
    viz::draw_text_in(p.canvas, line(26 * large), "and type", words);
    line(6);
    draw_code(p, line(std::clamp(right.h * 0.36f, 56.0f, 120.0f)), phones.code);
    line(16);
    viz::draw_text_in(p.canvas, line(30 * large), class_counts(state), p.bold(20 * large, t.text));
    const std::string voting = takes_phone_votes(state) ? "Voting is open."
                               : state.guessing && state.reveal == viz::Reveal::guess
                                   ? "Voting is closed."
                                   : "No vote at the moment.";
    viz::draw_text_in(p.canvas, line(24 * large), voting, words);
    if (!phones.has_network) {
        viz::draw_text_in(p.canvas, line(24),
                          "This machine is in no network: phones cannot come in.",
                          p.sans(14, error_ink(t)));
        return;
    }
    if (phones.addresses.size() < 2 || right.h < 24) return;
    std::string others = "Also: ";
    for (size_t i = 1; i < phones.addresses.size(); ++i) {
        others += (i > 1 ? ", " : "") + host_of(phones.addresses[i]);
    }
    const viz::TextStyle small = p.sans(13, t.muted);
    viz::draw_text_in(p.canvas, right.without_top(right.h - 22),
                      viz::fit_end(small.face, small.size, others, right.w), small);
}

float class_width(const Painter& p, const State& state, float most) {
    if (!state.phones.on) return 0;
    return std::ceil(width_of(p.bold(13, {}), class_words(p, state, most))) + 2 * bar_padding;
}

void draw_class(const Painter& p, Rect rect, const State& state) {
    p.canvas.fill_rect(rect, p.theme.accent_soft, 8);
    p.canvas.region(rect, "command/class");
    viz::draw_text_in(p.canvas, rect, class_words(p, state, rect.w), p.bold(13, p.theme.accent),
                      Align::centre);
}

void draw_class_votes(const Painter& p, Rect line, const State& state) {
    Button voting = voting_button(state);
    voting.size = 13;
    const float width = button_width(p, voting);
    draw_button(p, line.without_left(line.w - width), voting);
    const Classroom::Count& count = state.phones.count;
    const viz::TextStyle style = p.sans(13, p.theme.muted);
    const std::string words = viz::count(count.voted) + " of " +
                              viz::plural(std::max(count.there, count.voted), "phone") + " voted";
    viz::draw_text_in(p.canvas, line.without_right(width + 8),
                      viz::fit_end(style.face, style.size, words, line.w - width - 8), style);
}

}  // namespace app
