#include "app/control/commands.h"

#include <algorithm>
#include <iterator>

#include "app/control/command_groups.h"
#include "app/control/menus.h"
#include "model/base/error.h"

namespace app {

namespace {

// Where a key has several meanings, the first that is enabled counts: those of a lesson stand
// before what their keys mean elsewhere.
std::vector<Command> make_commands() {
    struct Part {
        std::string_view group;
        std::vector<Command> (*commands)();
    };
    constexpr Part parts[] = {{"Steps", step_commands},
                              {"What is looked at", look_commands},
                              {"Lessons and class", lesson_commands},
                              {"Lessons and class", class_commands},
                              {"Views", view_commands},
                              {"Steps", run_commands},
                              {"What if", what_if_commands},
                              {"Files and window", file_commands},
                              {"Files and window", window_commands},
                              {"Views", tab_commands}};
    std::vector<Command> table;
    for (const Part& part : parts) {
        for (Command& command : part.commands()) {
            command.group = part.group;
            table.push_back(std::move(command));
        }
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

std::vector<SheetGroup> key_sheet() {
    // Commands whose ids begin alike and stand together, under the first of them.
    struct Together {
        std::string_view first, start;
        SheetRow row;
    };
    static const std::vector<Together> together = {
        {"candidate-up",
         "candidate-",
         {{{"Up", "candidate-up"}, {"Down", "candidate-down"}}, "choose another candidate"}},
        {"layer-up", "layer-", {{{"[", "layer-down"}, {"]", "layer-up"}}, "the block"}},
        {"head-up", "head-", {{{"{", "head-down"}, {"}", "head-up"}}, "the head"}},
        {"position-left",
         "position-",
         {{{"Shift+Left", "position-left"}, {"Right", "position-right"}}, "look at another token"}},
        {"walk-back",
         "walk",
         {{{",", "walk-back"}, {".", "walk"}}, "the reading cursor through the pass"}},
        {"locked-left", "locked-", {{{"Ctrl+Arrows", ""}}, "move the locked cell"}},
        {"text-larger",
         "text-",
         {{{"Ctrl+Plus", "text-larger"}, {"Minus", "text-smaller"}, {"0", "text-normal"}},
          "size of the text"}},
        {"state-earlier",
         "state-",
         {{{"<", "state-earlier"}, {">", "state-later"}}, "the model at another time of training"}},
        {"lesson-on",
         "lesson-",
         {{{"PageDown", "lesson-on"}, {"PageUp", "lesson-back"}}, "in a lesson: on, and back"}},
        {"vote", "vote", {{{"+", "vote"}, {"-", "vote-less"}}, "a guess for the chosen row"}},
        {"reveal-on",
         "reveal-",
         {{{"PageDown", "reveal-on"}, {"PageUp", "reveal-back"}}, "while a class guesses"}},
        {"view-after",
         "view-",
         {{{"PageDown", "view-after"}, {"PageUp", "view-before"}},
          "the next view, the one before"}},
        {"zoom-in",
         "zoom-",
         {{{"Shift+Down", "zoom-in"}, {"Up", "zoom-out"}}, "in: block, head, cell; and out"}},
        {"view-routes",
         "view-",
         {{{"1", "view-routes"}, {"...", ""}, {"9", ""}}, "the first nine views"}},
    };
    std::vector<SheetGroup> groups;
    for (const std::string_view title : {"Steps", "Views", "What is looked at", "What if",
                                         "Lessons and class", "Files and window"}) {
        SheetGroup group{std::string(title), {}};
        std::string_view inside;  // start of those that go on
        for (const Command& command : commands()) {
            if (command.keys.empty() || command.group != title) continue;
            const auto row = std::ranges::find(together, command.id, &Together::first);
            if (row != together.end()) {
                inside = row->start;
                group.rows.push_back(row->row);
            } else if (inside.empty() || !command.id.starts_with(inside)) {
                inside = {};
                std::vector<SheetKey> keys;
                for (const std::string& key : command.keys) keys.push_back({key, command.id});
                group.rows.push_back({std::move(keys), command.help});
            }
        }
        groups.push_back(std::move(group));
    }
    return groups;
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
           key != "Shift+Left" && key != "Shift+Right" && key != "Shift+Up" && key != "Shift+Down";
}

// What its bare letter does in front of a class, too: views, guesses, and the black screen that
// clickers have a button for.
bool acts_before_class(const Command& command) {
    for (const std::string_view id :
         {"guess", "vote", "vote-less", "answer", "blank", "views", "keys"}) {
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
