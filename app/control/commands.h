// The one table of what the user can do: it feeds buttons, keys, tooltips and the key sheet.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/control/actions.h"

namespace app {

struct Command {
    std::string id;                 // its buttons have the region "command/ID"
    std::string title;              // what a button says
    std::vector<std::string> keys;  // as press_key() names them: "Space", "Ctrl+L", "["
    std::string help;               // one line
    std::function<bool(const State&)> enabled;
    std::function<void(App&)> run;
    bool over_sheets = false;     // also while a sheet is open: under one nothing moves unseen
    std::string_view group = {};  // of the key sheet
};

const std::vector<Command>& commands();
const Command& command(std::string_view id);  // must exist
// The key sheet: groups of rows, one for each command or for those that belong together.
struct SheetKey {
    std::string key;
    std::string command;  // that a click runs; "": none of them
};
struct SheetRow {
    std::vector<SheetKey> keys;
    std::string help;
};
struct SheetGroup {
    std::string title;
    std::vector<SheetRow> rows;
};
std::vector<SheetGroup> key_sheet();
// "H or ?"
std::string key_text(const Command& command);

// Runs a command if it is enabled, or the one that a key belongs to. Any but those of playing
// pauses it: whoever acts wants to look.
void run_command(App& app, const Command& command);
// Whether the key means anything now.
bool press_key(App& app, std::string_view key);

}  // namespace app
