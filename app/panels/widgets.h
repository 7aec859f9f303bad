// Buttons, tabs, sliders and cards in our look, drawn with the canvas like everything else: each
// declares a region, and what a click on it does is said in actions.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/control/state.h"
#include "app/screen/view_cache.h"
#include "viz/paint/canvas.h"

namespace app {

// What widgets need to know of the moment.
struct Painter {
    viz::Canvas& canvas;
    ViewCache& sheets;
    const viz::Theme& theme;
    const viz::Target& hover;    // under the mouse
    const viz::Target& pressed;  // held down
    float way = 1;               // of a step that is watched: how much of it is shown
    bool hand = false;           // the window is as small as one held in a hand

    Painter on(viz::Canvas& other) const {
        return {other, sheets, theme, hover, pressed, way, hand};
    }
    viz::TextStyle sans(float size, viz::Colour colour) const {
        return {viz::Face::sans, size, colour};
    }
    viz::TextStyle bold(float size, viz::Colour colour) const {
        return {viz::Face::sans_bold, size, colour};
    }
    viz::TextStyle mono(float size, viz::Colour colour) const {
        return {viz::Face::mono, size, colour};
    }
};

// Draws as in a window of at least this size, smaller as a whole where it is not.
void draw_in_window(const Painter& p, viz::Size window, viz::Size least,
                    const std::function<void(const Painter&, viz::Size)>& draw);

float width_of(const viz::TextStyle& style, std::string_view text);

enum class Icon {
    none,
    first,
    back,
    forward,
    play,
    pause,
    half_moon,
    diamond,
    columns,
    close,
    dice
};

struct Button {
    std::string id;  // of its region
    std::string label;
    std::string token;  // set in the token's face, after the label
    std::string key;    // shown faintly at the end
    Icon icon = Icon::none;
    bool primary = false;
    bool enabled = true;
    bool menu = false;  // a triangle at the end
    float size = 13.5f;
};
// The width that its content asks for.
float button_width(const Painter& p, const Button& button);
void draw_button(const Painter& p, viz::Rect rect, const Button& button);

void draw_card(const Painter& p, viz::Rect rect);

// One of a few, side by side. Ids are `prefix` + id.
struct Choice {
    std::string id, label;
};
void draw_segments(const Painter& p, viz::Rect rect, std::string_view prefix,
                   std::span<const Choice> choices, std::string_view chosen);
// The same where the labels may have no room: those that fit, and a last place that goes through
// the others, a click each.
void draw_fitting_segments(const Painter& p, viz::Rect rect, std::string_view prefix,
                           std::span<const Choice> choices, std::string_view chosen);
// Those without room are counted on a button with the region `more`.
void draw_tabs(const Painter& p, viz::Rect rect, std::string_view prefix,
               std::span<const Choice> choices, std::string_view chosen, const std::string& more);

// t in [0, 1]. The region is the whole rectangle, its track the whole width.
// `quiet`: grey until it is under the mouse.
void draw_slider(const Painter& p, viz::Rect rect, std::string_view id, float t,
                 bool quiet = false);

float checkbox_width(const Painter& p, std::string_view label);
void draw_checkbox(const Painter& p, viz::Rect rect, std::string_view id, std::string_view label,
                   bool checked);

// The frame of a text field; the text is drawn by whoever edits it.
void draw_field(const Painter& p, viz::Rect rect, std::string_view id, bool active);

// Lines of text in a dark box above `about`, or below where there is no room; inside `window`.
void draw_tooltip(const Painter& p, viz::Rect about, const std::vector<std::string>& lines,
                  viz::Size window);

}  // namespace app
