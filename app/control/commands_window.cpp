// The commands of the window itself: colours, size, presenting, closing.
#include <algorithm>
#include <cmath>
#include <string>

#include "app/control/command_groups.h"
#include "viz/paint/theme.h"

namespace app {

namespace {

std::function<void(App&)> zoom(float by) {
    return [by](App& app) {
        State& s = app.state;
        const float most = std::max(std::min(most_zoom, s.most_zoom), least_zoom);
        s.zoom = by == 0 ? std::min(1.0f, most) : std::clamp(s.zoom + by, least_zoom, most);
        prefer(s);
        std::string words = "Text " + std::to_string(std::lround(s.zoom * 100)) + " %";
        if (by > 0 && s.zoom == most) words += ", the most for this window";
        if (by < 0 && s.zoom == least_zoom) words += ", the least";
        s.toast = Toast{words, Clock::now() + std::chrono::seconds(2)};
    };
}

void escape(App& app) {
    State& s = app.state;
    if (s.blank) {
        s.blank = false;
    } else if (s.overlay != Overlay::none) {
        s.overlay = Overlay::none;
    } else if (!s.error.empty()) {
        s.error.clear();
    } else if (s.busy) {
        app.worker.post(Stop{});
    } else if (!s.left.empty() && !s.phones.on) {  // as it is shown
        run_command(app, command("not-now"));
    } else if (s.newcomer && !s.phones.on && !s.presenting && !s.walk.open()) {
        end_welcome(s);
    } else if (s.walk.open()) {
        // A clicker that began presenting ends it first.
        run_command(app, command(s.presenting ? "present" : "leave-lesson"));
    } else if (!s.locked.target.empty()) {
        s.locked = {};
    } else if (s.presenting) {
        run_command(app, command("present"));
    } else {
        s.selection.position = -1;
    }
}

}  // namespace

std::vector<Command> window_commands() {
    return {
        {"theme",
         "Theme",
         {"T"},
         "light or dark",
         always,
         [](App& app) {
             app.state.theme = app.state.theme->dark ? &viz::light_theme() : &viz::dark_theme();
             prefer(app.state);
         }},
        {"text-larger",
         "Larger text",
         {"Ctrl+Plus"},
         "as large as the window has room for",
         always,
         zoom(zoom_step)},
        {"text-smaller", "Smaller text", {"Ctrl+Minus"}, "down to 80 %", always, zoom(-zoom_step)},
        {"text-normal", "Normal text", {"Ctrl+0"}, "the text size it began with", always, zoom(0)},
        {"present",
         "Present",
         {"F5"},
         "for a room: full screen, large",
         always,
         [](App& app) {
             app.state.presenting = !app.state.presenting;
             app.state.fullscreen = app.state.presenting;
             app.state.folded = false;
             app.state.blank = false;
         },
         over_sheets},
        {"fullscreen",
         "Full screen",
         {"F11"},
         "fill the screen, or go back",
         always,
         [](App& app) { app.state.fullscreen = !app.state.fullscreen; }},
        {"run-menu",
         "Run",
         {"F10"},
         "the menu of run and window",
         always,
         [](App& app) { toggle_overlay(app.state, Overlay::run); },
         over_sheets},
        {"keys",
         "Keys",
         {"H", "?"},
         "this sheet",
         always,
         [](App& app) { toggle_overlay(app.state, Overlay::keys); },
         over_sheets},
        {"quit",
         "Quit",
         {"Ctrl+Q"},
         "close the window",
         always,
         [](App& app) { app.state.quit = true; },
         over_sheets},
        {"escape",
         "Close",
         {"Esc"},
         "close, stop or let go what is open",
         always,
         escape,
         over_sheets},
    };
}

}  // namespace app
