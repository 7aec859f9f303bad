// The commands that choose what is looked at: layer, head, position, cell, token, and the look of
// attention.
#include <algorithm>

#include "app/control/command_groups.h"
#include "app/control/menus.h"
#include "app/control/selection.h"

namespace app {

namespace {

std::function<void(App&)> move_layer(int by) {
    return [by](App& app) {
        const viz::Selection& s = app.state.selection;
        select_head(app.state, std::clamp(s.layer + by, 0, app.state.model->config.n_layer - 1),
                    s.head);
    };
}

std::function<void(App&)> move_head(int by) {
    return [by](App& app) {
        const viz::Selection& s = app.state.selection;
        select_head(app.state, s.layer,
                    std::clamp(s.head + by, 0, app.state.model->config.n_head - 1));
    };
}

std::function<void(App&)> move_position(int by) {
    return [by](App& app) {
        State& s = app.state;
        select_position(s, std::clamp(s.position() + by, 0, s.length() - 1));
    };
}

// The next value of an enumeration with `count` of them.
template <typename Enum>
Enum next(Enum value, int count) {
    return static_cast<Enum>((static_cast<int>(value) + 1) % count);
}

bool has_locked(const State& s) {
    return s.step && !s.locked.target.empty();
}

}  // namespace

std::vector<Command> look_commands() {
    return {
        {"layer-up", "Block up", {"]"}, "the next block", has_step, move_layer(1)},
        {"layer-down", "Block down", {"["}, "the block before", has_step, move_layer(-1)},
        {"head-up", "Head up", {"}"}, "the next head", has_step, move_head(1)},
        {"head-down", "Head down", {"{"}, "the head before", has_step, move_head(-1)},
        {"hide-first",
         "hide token 0",
         {"0"},
         "attention without token 0",
         always,
         [](App& app) {
             bool& hide = app.state.attention.hide_first;
             hide = !hide;
         }},
        {"position-left",
         "Token before",
         {"Shift+Left"},
         "look at the token before",
         has_step,
         move_position(-1)},
        {"position-right",
         "Token after",
         {"Shift+Right"},
         "look at the token after",
         has_step,
         move_position(1)},
        {"walk-back",
         "Walk back",
         {","},
         "reading cursor: one part back",
         has_step,
         [](App& app) { walk(app, -1); }},
        {"walk",
         "Walk",
         {"."},
         "reading cursor: next part of the pass",
         has_step,
         [](App& app) { walk(app, 1); }},
        {"lock",
         "Lock a cell",
         {"L"},
         "lock a cell: its value stays on show",
         has_step,
         lock_first},
        {"locked-left",
         "Cell left",
         {"Ctrl+Left"},
         "the locked cell: one to the left",
         has_locked,
         [](App& app) { move_locked(app, 0, -1); }},
        {"locked-right",
         "Cell right",
         {"Ctrl+Right"},
         "the locked cell: one to the right",
         has_locked,
         [](App& app) { move_locked(app, 0, 1); }},
        {"locked-up",
         "Cell up",
         {"Ctrl+Up"},
         "the locked cell: one up",
         has_locked,
         [](App& app) { move_locked(app, -1, 0); }},
        {"locked-down",
         "Cell down",
         {"Ctrl+Down"},
         "the locked cell: one down",
         has_locked,
         [](App& app) { move_locked(app, 1, 0); }},
        {"follow",
         "Follow",
         {"F"},
         "follow the chosen candidate",
         has_step,
         [](App& app) {
             State& s = app.state;
             follow(s, s.step->ranking.candidates[static_cast<size_t>(s.selection.candidate)].id);
         }},
        {"find",
         "Find",
         {"Ctrl+F"},
         "find a token and follow it",
         has_step,
         [](App& app) {
             app.state.overlay = Overlay::none;
             app.state.wants_typing = "field/find";
         },
         over_sheets},
        {"mix",
         "Heads together",
         {"X"},
         "one head, or mean or max of its block",
         always,
         [](App& app) { app.state.attention.mix = next(app.state.attention.mix, 3); }},
        {"own-scale",
         "own colour scale",
         {"S"},
         "colours up to the largest weight shown",
         always,
         [](App& app) { app.state.attention.own_scale = !app.state.attention.own_scale; }},
        {"tint",
         "Tint heads",
         {"I"},
         "tint heads by what they look at",
         always,
         [](App& app) { app.state.attention.tint = next(app.state.attention.tint, 4); }},
        {"routes",
         "Routes",
         {"Ctrl+Shift+R"},
         "routes: to the answer, or what arrives",
         always,
         [](App& app) { app.state.attention.routes = next(app.state.attention.routes, 2); }},
        {"since",
         "Changes",
         {"Ctrl+Shift+D"},
         "ranks gained since the step before",
         always,
         [](App& app) {
             app.state.since = !app.state.since;
             prefer(app.state);
         }},
        {"watch",
         "Watch steps",
         {"Ctrl+Shift+W"},
         "steps play in two seconds, or at once",
         always,
         [](App& app) {
             Motion& motion = app.state.motion;
             motion.wished = motion.still || !motion.wished;
             motion.still = false;
             motion.skip();
             prefer(app.state);
             app.state.toast =
                 Toast{motion.wished ? "Steps play on the way of a token; any key skips"
                                     : "Steps are there at once",
                       Clock::now() + std::chrono::seconds(4)};
         }},
        {"colours",
         "Colours",
         {"C"},
         "colours: violet, viridis, cividis",
         always,
         [](App& app) {
             app.state.colormap = next(app.state.colormap, 3);
             prefer(app.state);
         }},
        {"views",
         "All views",
         {"V"},
         "the list of all views",
         always,
         [](App& app) {
             toggle_overlay(app.state, Overlay::views);
             // At the one that is open.
             const auto items = menu_items(app.state);
             const auto at = std::ranges::find(items, true, &MenuItem::current);
             if (at != items.end()) app.state.item = static_cast<int>(at - items.begin());
         },
         over_sheets},
    };
}

}  // namespace app
