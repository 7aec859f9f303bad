#include "app/control/commands.h"

#include <algorithm>

#include "app/control/class_guesses.h"
#include "app/control/interventions.h"
#include "app/control/menus.h"
#include "app/control/selection.h"
#include "app/control/strategies.h"
#include "model/base/error.h"
#include "viz/paint/theme.h"
#include "viz/views/view_table.h"

namespace app {

namespace {

bool always(const State&) {
    return true;
}
bool has_step(const State& s) {
    return s.step != nullptr;
}
bool can_append(const State& s) {
    return s.can_append();
}
bool can_go_back(const State& s) {
    return s.step && s.length() > s.step->prompt_length;
}
bool can_go_forward(const State& s) {
    return s.step && s.length() < s.path_length();
}
bool can_play(const State& s) {
    return s.playing || can_append(s) || can_go_forward(s);
}

std::function<void(App&)> move_candidate(int by) {
    return [by](App& app) {
        int& candidate = app.state.selection.candidate;
        if (takes_guesses(app.state)) {  // in the order of what is shown
            const auto some = viz::to_guess_from(*app.state.model, app.state.step->ranking);
            const int at = static_cast<int>(std::ranges::find(some, candidate) - some.begin());
            const int last = static_cast<int>(some.size()) - 1;
            candidate = some[static_cast<size_t>(std::clamp(at > last ? 0 : at + by, 0, last))];
            return;
        }
        const int last = static_cast<int>(app.state.step->ranking.candidates.size()) - 1;
        candidate = std::clamp(candidate + by, 0, last);
    };
}

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

std::function<void(App&)> zoom(float by) {
    return [by](App& app) {
        float& z = app.state.zoom;
        z = by == 0 ? 1 : std::clamp(z + by, least_zoom, most_zoom);
    };
}

void toggle(State& state, Overlay wanted) {
    state.overlay = state.overlay == wanted ? Overlay::none : wanted;
    state.item = 0;
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

// The tab `by` places further, around the ends.
std::function<void(App&)> move_view(int by) {
    return [by](App& app) {
        std::vector<const viz::View*> tabs;
        for (const viz::View& view : viz::views()) {
            if (view.tab) tabs.push_back(&view);
        }
        const auto at = std::ranges::find(tabs, app.state.view) - tabs.begin();
        const auto n = static_cast<std::ptrdiff_t>(tabs.size());
        app.state.view = tabs[static_cast<size_t>((at + by + n) % n)];
    };
}

bool has_beside(const State& s) {
    return s.beside != nullptr;
}
bool has_locked(const State& s) {
    return s.step && !s.locked.id.empty();
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
    } else if (!s.left.empty()) {
        s.left.clear();  // it is offered again at the next start
    } else if (s.walk.open()) {
        // A clicker that began presenting ends it first.
        run_command(app, command(s.presenting ? "present" : "leave-lesson"));
    } else if (!s.locked.id.empty()) {
        s.locked = {};
    } else if (s.presenting) {
        run_command(app, command("present"));
    } else {
        s.selection.position = -1;
    }
}

std::vector<Command> make_commands() {
    std::vector<Command> table = {
        {"append",
         "Append",
         {"Space"},
         "append the proposed token and run it",
         can_append,
         append_or_reveal},
        {"force",
         "Append this one",
         {"Enter"},
         "append the chosen candidate instead",
         can_append,
         [](App& app) {
             const State& s = app.state;
             append(app, s.step->ranking.candidates[s.selection.candidate].id);
         }},
        {"candidate-up",
         "Candidate up",
         {"Up"},
         "choose the candidate above",
         has_step,
         move_candidate(-1)},
        {"candidate-down",
         "Candidate down",
         {"Down"},
         "choose the candidate below",
         has_step,
         move_candidate(1)},
        {"back",
         "Back",
         {"Left"},
         "the step before, as it was",
         can_go_back,
         [](App& app) { go_to(app, app.state.length() - 1); }},
        {"forward",
         "Forward",
         {"Right"},
         "the step after, where it was computed",
         can_go_forward,
         [](App& app) { go_to(app, app.state.length() + 1); }},
        {"step",
         "Step",
         {"N"},
         "next step: forward if known, else append",
         [](const State& s) { return can_append(s) || can_go_forward(s); },
         [](App& app) { step(app); }},
        {"first",
         "First step",
         {"Home"},
         "the first step: the prompt alone",
         can_go_back,
         [](App& app) { go_to(app, app.state.step->prompt_length); }},
        {"last",
         "Last step",
         {"End"},
         "the last step that was computed",
         can_go_forward,
         [](App& app) { go_to(app, app.state.path_length()); }},
        {"play",
         "Play",
         {"P"},
         "a step at a time until paused",
         can_play,
         [](App& app) {
             app.state.playing = !app.state.playing;
             app.state.next_step = Clock::now();
         }},
        {"layer-up", "Layer up", {"]"}, "the next layer", has_step, move_layer(1)},
        {"layer-down", "Layer down", {"["}, "the layer before", has_step, move_layer(-1)},
        {"head-up", "Head up", {"}"}, "the next head", has_step, move_head(1)},
        {"head-down", "Head down", {"{"}, "the head before", has_step, move_head(-1)},
        {"hide-first",
         "hide token 0",
         {"0"},
         "attention without token 0, renormalised",
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
         "find any token in the ranking and follow it",
         has_step,
         [](App& app) {
             app.state.overlay = Overlay::none;
             app.state.wants_typing = "field/find";
         }},
        {"mix",
         "Heads together",
         {"X"},
         "one head, or mean or max of its layer",
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
        {"colours",
         "Colours",
         {"C"},
         "another colour map: violet, viridis, cividis",
         always,
         [](App& app) { app.state.colormap = next(app.state.colormap, 3); }},
        {"views",
         "All views",
         {"V"},
         "the list of all views",
         always,
         [](App& app) { toggle(app.state, Overlay::views); }},
        {"view-after", "Next view", {"PageDown"}, "the next view", always, move_view(1)},
        {"view-before", "View before", {"PageUp"}, "the view before", always, move_view(-1)},
        {"beside",
         "Beside",
         {"B"},
         "two views: keep this one at the right",
         [](const State& s) { return !s.presenting; },
         [](App& app) {
             State& s = app.state;
             if (s.beside) {
                 s.beside = nullptr;
                 return;
             }
             s.beside = s.view;
             move_view(1)(app);
         }},
        {"swap",
         "Swap",
         {"Tab"},
         "change the two views around",
         has_beside,
         [](App& app) { std::swap(app.state.view, app.state.beside); }},
        {"strategy-add",
         "Add",
         {},
         "compare one more strategy, up to four",
         [](const State& s) { return s.rules.size() < model::most_rules; },
         [](App& app) { add_rule(app.state); }},
        {"strategy-remove",
         "Remove",
         {},
         "compare without this strategy",
         [](const State& s) { return s.rules.size() > 1; },
         [](App& app) { remove_rule(app.state); }},
        {"strategy-seed",
         "Seed",
         {},
         "another seed for this strategy",
         [](const State& s) { return chosen_rule(s).decoding.sampled(); },
         [](App& app) { next_seed(app.state); }},
        {"draw-again",
         "Draw again",
         {"R"},
         "another seed: sample other tokens",
         [](const State& s) { return s.can_append() && s.decoding.sampled(); },
         [](App& app) {
             model::Decoding decoding = app.state.decoding;
             ++decoding.seed;
             set_decoding(app, decoding);
         }},
        {"undo",
         "Undo",
         {"Ctrl+Z"},
         "take back what was done to the run",
         [](const State& s) { return s.can_undo; },
         [](App& app) { app.worker.post(Undo{}); }},
        {"redo",
         "Redo",
         {"Ctrl+Y", "Ctrl+Shift+Z"},
         "do it again",
         [](const State& s) { return s.can_redo; },
         [](App& app) { app.worker.post(Redo{}); }},
        {"delete",
         "Delete",
         {"Delete"},
         "delete the last token and what follows",
         can_go_back,
         [](App& app) { app.worker.post(Remove{app.state.step->node}); }},
        {"guess",
         "Guess",
         {"G"},
         "Space reveals a step bit by bit, or not",
         has_step,
         [](App& app) {
             State& s = app.state;
             s.guessing = !s.guessing;
             s.reveal = viz::Reveal::all;
             if (s.guessing) hide_step(s);
         }},
        {"save", "Save", {"Ctrl+S"}, "save the run", has_step, save_run},
        {"save-as",
         "Save as",
         {"Ctrl+Shift+S"},
         "save the run in another place",
         has_step,
         save_run_as},
        {"reopen",
         "Reopen",
         {"Ctrl+R"},
         "open what an interrupted program left",
         [](const State& s) { return !s.left.empty(); },
         [](App& app) {
             open_path(app, app.state.left);
             app.state.left.clear();
         }},
        {"export", "Export", {"E"}, "save this view as SVG, PNG and PDF", has_step, export_view},
        {"export-dialog",
         "Export",
         {"Ctrl+E"},
         "write slides, pictures or numbers of the run",
         has_step,
         open_export},
        {"prompt",
         "Prompt",
         {"Ctrl+L"},
         "type another prompt",
         always,
         [](App& app) {
             app.state.overlay = Overlay::none;
             app.state.wants_typing = "field/prompt";
         }},
        {"model",
         "Model",
         {"M"},
         "what is loaded; open another model",
         always,
         [](App& app) {
             toggle(app.state, Overlay::model);
             app.worker.post(FindModels{});
         }},
        {"open",
         "Open",
         {"Ctrl+O"},
         "open the folder of another model",
         always,
         [](App& app) {
             app.state.overlay = Overlay::model;
             app.state.item = 0;
             app.state.wants_typing = "field/folder";
             app.worker.post(FindModels{});
         }},
        {"theme",
         "Theme",
         {"T"},
         "light or dark",
         always,
         [](App& app) {
             app.state.theme = app.state.theme->dark ? &viz::light_theme() : &viz::dark_theme();
         }},
        {"text-larger", "Larger text", {"Ctrl+Plus"}, "larger text", always, zoom(zoom_step)},
        {"text-smaller", "Smaller text", {"Ctrl+Minus"}, "smaller text", always, zoom(-zoom_step)},
        {"text-normal", "Normal text", {"Ctrl+0"}, "the text size it began with", always, zoom(0)},
        {"present",
         "Present",
         {"F5"},
         "for a room: full screen, large, nothing to edit",
         always,
         [](App& app) {
             app.state.presenting = !app.state.presenting;
             app.state.fullscreen = app.state.presenting;
             app.state.blank = false;
         }},
        {"fullscreen",
         "Full screen",
         {"F11"},
         "fill the screen, or go back",
         always,
         [](App& app) { app.state.fullscreen = !app.state.fullscreen; }},
        {"keys",
         "Keys",
         {"H", "?"},
         "this sheet",
         always,
         [](App& app) { toggle(app.state, Overlay::keys); }},
        {"quit",
         "Quit",
         {"Ctrl+Q"},
         "close the window",
         always,
         [](App& app) { app.state.quit = true; }},
        {"escape", "Close", {"Esc"}, "close, stop or let go what is open", always, escape},
    };
    // In front of what their keys mean elsewhere.
    const auto views = std::ranges::find(table, "view-after", &Command::id);
    const std::vector<Command> lessons = lesson_commands();
    table.insert(views, lessons.begin(), lessons.end());
    // Beside what else is done to the run.
    const auto after = std::ranges::find(table, "delete", &Command::id) + 1;
    const std::vector<Command> more = what_if_commands();
    table.insert(after, more.begin(), more.end());
    int number = 0;
    for (const viz::View& view : viz::views()) {
        if (!view.tab) continue;
        ++number;
        table.push_back(
            {std::string("view-") + view.id, view.title,
             number <= 9 ? std::vector{std::to_string(number)} : std::vector<std::string>{},
             "the view " + std::string(view.title), always,
             [&view](App& app) { app.state.view = &view; }});
    }
    return table;
}

}  // namespace

const std::vector<Command>& commands() {
    static const std::vector<Command> table = make_commands();
    return table;
}

const Command& command(std::string_view id) {
    const auto& table = commands();
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Command& c) { return c.id == id; });
    model::check(found != table.end(), "a button belongs to a command");
    return *found;
}

std::vector<SheetRow> key_sheet() {
    // Commands whose ids begin alike and stand together, under the first of them.
    struct Group {
        std::string_view first, start;
        SheetRow row;
    };
    static const std::vector<Group> groups = {
        {"candidate-up", "candidate-", {{"Up", "Down"}, "choose another candidate"}},
        {"layer-up", "layer-", {{"[", "]"}, "the layer"}},
        {"head-up", "head-", {{"{", "}"}, "the head"}},
        {"position-left", "position-", {{"Shift+Left", "Right"}, "look at another token"}},
        {"walk-back", "walk", {{",", "."}, "walk the reading cursor through the pass"}},
        {"locked-left", "locked-", {{"Ctrl+Arrows"}, "move the locked cell"}},
        {"text-larger", "text-", {{"Ctrl+Plus", "Minus", "0"}, "size of the text"}},
        {"lesson-on", "lesson-", {{"PageDown", "PageUp"}, "in a lesson: on, and back"}},
        {"vote", "vote", {{"+", "-"}, "count a guess for the chosen row"}},
        {"reveal-on", "reveal-", {{"PageDown", "PageUp"}, "where a class guesses: on, and back"}},
        {"view-after", "view-", {{"PageDown", "PageUp"}, "else the next view, the one before"}},
        {"view-attention", "view-", {{"1", "...", "9"}, "the first nine views"}},
    };
    std::vector<SheetRow> rows;
    std::string_view inside;  // start of the group that is going on
    for (const Command& command : commands()) {
        if (command.keys.empty()) continue;
        const auto group = std::ranges::find(groups, command.id, &Group::first);
        if (group != groups.end()) {
            inside = group->start;
            rows.push_back(group->row);
        } else if (inside.empty() || !command.id.starts_with(inside)) {
            inside = {};
            rows.push_back({command.keys, command.help});
        }
    }
    return rows;
}

std::string key_text(const Command& command) {
    std::string text;
    for (const std::string& key : command.keys) text += (text.empty() ? "" : " or ") + key;
    return text;
}

void run_command(App& app, const Command& command) {
    if (!command.enabled(app.state)) return;
    if (command.id != "play") app.state.playing = false;
    command.run(app);
}

void press_key(App& app, std::string_view key) {
    if (press_menu_key(app, key)) return;
    if (app.state.overlay == Overlay::exporting && press_export_key(app, key)) return;
    for (const Command& command : commands()) {
        if (std::find(command.keys.begin(), command.keys.end(), key) == command.keys.end()) {
            continue;
        }
        // A key may mean something else while a lesson is open, or in front of a class.
        if (!command.enabled(app.state)) continue;
        // Under an open sheet nothing moves unseen.
        const bool closes = command.id == "escape" || command.id == "keys" ||
                            command.id == "model" || command.id == "views" ||
                            command.id == "what-if" || command.id == "export-dialog" ||
                            command.id == "lessons" || command.id == "quit";
        if (app.state.overlay == Overlay::none || closes) run_command(app, command);
        return;
    }
}

}  // namespace app
