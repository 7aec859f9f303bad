// GLFW's keys and characters under the names that the table of commands uses.
#pragma once

#include <string>

namespace app {

// "Space", "Left", "Ctrl+L", "Ctrl+Plus"; "" for keys that arrive as characters instead, which
// keeps "[" and "?" right on every keyboard layout.
std::string key_name(int key, int scancode, int mods);
// "P", "[", "7"; "" for a space, which is a key.
std::string character_name(unsigned character);
// Whether holding the key down goes on.
// Whether a key means nothing to a text field, so that a clicker works while one has the keyboard.
bool types_nothing(int key);
bool repeats(int key);

}  // namespace app
