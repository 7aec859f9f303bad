// The window's panels, drawn with a canvas from the state alone: what they do is in actions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/control/state.h"
#include "app/panels/widgets.h"
#include "viz/paint/canvas.h"
#include "viz/scene/regions.h"

namespace app {

// Smaller windows are drawn at this size and scaled down.
inline constexpr viz::Size least_window{900, 560};
// Windows of a phone, upright, show one thing at a time; this is the least of them.
inline constexpr viz::Size hand_window{360, 600};
inline bool fits_a_hand(viz::Size window) {
    return window.w < 640 && window.h > window.w;
}
inline viz::Size least_of(viz::Size window) {
    return fits_a_hand(window) ? hand_window : least_window;
}
// Larger windows show more up to this size; beyond it everything grows.
inline constexpr viz::Size most_window{1920, 1080};
// While presenting it is this: the smallest text is then 18 pixels on a screen of 1920x1080.
inline constexpr viz::Size present_window{1120, 630};

// Panels without room are empty.
struct Layout {
    viz::Rect bar, notice, ribbon, flow, lesson, centre, ranking, others, guesses, transport;
};
Layout lay_out_window(viz::Size size, const State& state);

// While the way to it is played, the proposed token is not told where it stands else.
void hide_proposed(const Painter& p, const viz::Regions& regions);

// The place that a lesson's note speaks of: lit, with a line that leads there, until the mouse
// comes to the picture.
void draw_spot(const Painter& p, const viz::Regions& regions, const State& state);

// Upon the page's colour, which is there.
void draw_window(const Painter& p, viz::Size size, const State& state);

// What the tooltip says of what is pointed at: cells of drawings and the window's own parts.
std::vector<std::string> tooltip_lines(const State& state, const ViewCache& sheets,
                                       const viz::Hit& hit);

// The text of a field is edited between these; at its right end it may have a hint.
inline constexpr float field_padding = 14;
float field_hint_width(std::string_view id, viz::Rect field);

// The same for a hand: text, one view, and below it the ranking or the note of a lesson.
Layout lay_out_for_hand(viz::Size size, const State& state);
void draw_hand_bar(const Painter& p, viz::Rect rect, const State& state);
void draw_hand_transport(const Painter& p, viz::Rect rect, const State& state);

// The parts of it, each within its rectangle.
void draw_bar(const Painter& p, viz::Rect rect, const State& state);
// What is being fetched, as a part of the bar; 0 wide while nothing is, and short where `most`
// pixels do not hold all of it.
float fetching_width(const Painter& p, const State& state, float most);
void draw_fetching(const Painter& p, viz::Rect rect, const State& state);
// The class at its phones, as a part of the bar; 0 wide while it is not on the network.
float class_width(const Painter& p, const State& state, float most);
void draw_class(const Painter& p, viz::Rect rect, const State& state);
std::string class_counts(const State& state);  // "23 there, 12 voted"
// How it comes in: address, QR code and code, above the window.
void draw_classroom(const Painter& p, viz::Size window, const State& state);
// What the panel of guesses needs; 0 while there is nothing to show in it.
float guesses_height(const State& state);
// In the panel of guesses: how many phones voted, and whether they may.
inline constexpr float class_votes_height = 34;
void draw_class_votes(const Painter& p, viz::Rect line, const State& state);
void draw_ribbon(const Painter& p, viz::Rect rect, const State& state);
void draw_flow_panel(const Painter& p, viz::Rect rect, const State& state);
void draw_centre(const Painter& p, viz::Rect rect, const State& state);
void draw_ranking_panel(const Painter& p, viz::Rect rect, const State& state);
// While presenting: other views as small pictures.
void draw_others(const Painter& p, viz::Rect rect, const State& state);
// A line below the bar, where there is something to say.
bool has_notice(const State& state);
void draw_notice(const Painter& p, viz::Rect rect, const State& state);
void draw_keys(const Painter& p, viz::Size window, const State& state);
// All views with pictures, above the window.
void draw_views_menu(const Painter& p, viz::Size window, const State& state);
// Greedy, every option that samples and, where asked for, beam search.
std::vector<Choice> strategy_choices(bool beams);
// Above the views of strategies: the chosen row, the search's width, all rows as text.
void draw_strategy_tools(const Painter& p, viz::Rect line, const State& state);
void draw_beam_tools(const Painter& p, viz::Rect line, const State& state);
void draw_strategy_field(const Painter& p, viz::Rect line, const State& state);
void draw_transport(const Painter& p, viz::Rect rect, const State& state);
void draw_guesses_panel(const Painter& p, viz::Rect rect, const State& state);
void draw_lesson(const Painter& p, viz::Rect rect, const State& state);
// What the words need in a column of this width.
float lesson_column_height(const State& state, float width);
// While presenting it lies across the window, as high as its words need.
float lesson_strip_height(const State& state, float width);
void draw_footer(const Painter& p, viz::Rect rect, const State& state);
void draw_overlay(const Painter& p, viz::Size window, const State& state);
void draw_export(const Painter& p, viz::Size window, const State& state);
void draw_progress(const Painter& p, viz::Size window, const State& state);
// The card that asks for the text of a token.
void draw_typing(const Painter& p, viz::Size window, const State& state);
void draw_toast(const Painter& p, viz::Size window, const State& state);

// Dims the window and gives back the inside of a card in its middle, below its title. A click
// outside closes it.
viz::Rect open_card(const Painter& p, viz::Size window, viz::Size size, const std::string& title);

viz::Colour error_ink(const viz::Theme& theme);

// A button that runs a command: its title and key from the table, dimmed when it cannot run.
Button command_button(const State& state, std::string_view id);

}  // namespace app
