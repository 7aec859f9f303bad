// GLFW's keys and characters under the names that the table of commands uses.
#pragma once

#include <string>

namespace app {

// "Space", "Left", "Ctrl+L", "Ctrl+Plus"; "" for keys that arrive as characters instead, which
// keeps "[" and "?" right on every keyboard layout.
std::string key_name(int key, int scancode, int mods);
// "P", "[", "7"; "" for a space, which is a key. Where the layout has a character beyond ASCII on
// that key (Russian, Greek, Hebrew, Arabic, the digits of AZERTY), it is what an American keyboard
// has in its place; what an accent and a letter make together is nothing.
std::string character_name(unsigned character, int key, int scancode, int mods);
// What an American keyboard has in a key's place: "Q", "[", "{" with shift; "" for keys that have
// none.
std::string place_name(int key, int mods);
// Whether a key means nothing to a text field, so that a clicker works while one has the keyboard.
bool types_nothing(int key);
// Whether holding the key down goes on.
bool repeats(int key);

}  // namespace app
