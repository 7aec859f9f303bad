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
bool repeats(int key);

}  // namespace app
