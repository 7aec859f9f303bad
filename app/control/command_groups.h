// The groups of the one table of commands, a file each, and what their rows have in common.
#pragma once

#include <vector>

#include "app/control/commands.h"

namespace app {

std::vector<Command> step_commands();
std::vector<Command> look_commands();
std::vector<Command> lesson_commands();  // of lessons and of a class that guesses
std::vector<Command> class_commands();   // of a class at its phones
std::vector<Command> view_commands();
std::vector<Command> run_commands();
std::vector<Command> what_if_commands();
std::vector<Command> file_commands();
std::vector<Command> window_commands();
std::vector<Command> tab_commands();  // a row for each view that has a tab

// The last word of a row whose command is there under an open sheet, too. So are those that ask for
// text by Ctrl and a letter: it would be taken for shortcuts.
inline constexpr bool over_sheets = true;

inline bool always(const State&) {
    return true;
}
inline bool has_step(const State& s) {
    return s.step != nullptr;
}
inline bool can_append(const State& s) {
    return s.can_append();
}
inline bool can_go_back(const State& s) {
    return s.step && s.length() > s.step->prompt_length;
}
inline bool can_go_forward(const State& s) {
    return s.step && s.length() < s.path_length();
}

inline void toggle_overlay(State& state, Overlay wanted) {
    state.overlay = state.overlay == wanted ? Overlay::none : wanted;
    state.item = 0;
}

}  // namespace app
