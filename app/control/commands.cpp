#include "app/control/commands.h"

#include <algorithm>
#include <iterator>

#include "app/control/command_groups.h"
#include "app/control/menus.h"
#include "model/base/error.h"

namespace app {

namespace {

// In the order of the key sheet. Where a key has several meanings, the first that is enabled
// counts: those of a lesson stand before what their keys mean elsewhere.
std::vector<Command> make_commands() {
    std::vector<Command> table;
    for (const auto group :
         {step_commands, look_commands, lesson_commands, view_commands, run_commands,
          what_if_commands, file_commands, window_commands, tab_commands}) {
        std::ranges::move(group(), std::back_inserter(table));
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
        {"view-routes", "view-", {{"1", "...", "9"}, "the first nine views"}},
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

namespace {

// A letter or a sign, which a teacher may type by accident.
bool is_typed(std::string_view key) {
    return !key.starts_with("Ctrl+") && (key.size() == 1 || key.starts_with("Shift+")) &&
           key != "Shift+Left" && key != "Shift+Right";
}

// What its bare letter does in front of a class, too: views, guesses, and the black screen that
// clickers have a button for.
bool acts_before_class(const Command& command) {
    for (const std::string_view id : {"guess", "vote", "vote-less", "answer", "blank"}) {
        if (command.id == id) return true;
    }
    return command.id.starts_with("view-");
}

bool has_key(const Command& command, std::string_view key) {
    return std::ranges::find(command.keys, key) != command.keys.end();
}

}  // namespace

bool press_key(App& app, std::string_view key) {
    const bool before_class = app.state.presenting && app.state.overlay == Overlay::none;
    // There all else asks for Ctrl: "Ctrl+K" is K, where it means nothing of its own.
    const bool asked = before_class && key.starts_with("Ctrl+") &&
                       std::ranges::none_of(commands(), [&](const Command& command) {
                           return has_key(command, key) && command.enabled(app.state);
                       });
    if (asked) key.remove_prefix(5);
    if (press_menu_key(app, key)) return true;
    if (app.state.overlay == Overlay::exporting && press_export_key(app, key)) return true;
    for (const Command& command : commands()) {
        if (!has_key(command, key)) continue;
        // A key may mean something else while a lesson is open, or in front of a class.
        if (!command.enabled(app.state)) continue;
        const bool guarded = before_class && !asked && (is_typed(key) || key == "Delete");
        if (guarded && !acts_before_class(command)) continue;
        // Under an open sheet nothing moves unseen.
        if (app.state.overlay == Overlay::none || command.over_sheets) run_command(app, command);
        return true;
    }
    return false;
}

}  // namespace app
