#include "app/screen/keys.h"

#include <GLFW/glfw3.h>

#include <cctype>
#include <string_view>

namespace app {

namespace {

// A key that types nothing; "" for one that does.
std::string plain_name(int key) {
    switch (key) {
        case GLFW_KEY_SPACE:
            return "Space";
        case GLFW_KEY_LEFT:
            return "Left";
        case GLFW_KEY_RIGHT:
            return "Right";
        case GLFW_KEY_UP:
            return "Up";
        case GLFW_KEY_DOWN:
            return "Down";
        case GLFW_KEY_HOME:
            return "Home";
        case GLFW_KEY_END:
            return "End";
        case GLFW_KEY_PAGE_UP:
            return "PageUp";
        case GLFW_KEY_PAGE_DOWN:
            return "PageDown";
        case GLFW_KEY_DELETE:
            return "Delete";
        case GLFW_KEY_TAB:
            return "Tab";
        case GLFW_KEY_F1:
            return "F1";
        case GLFW_KEY_F2:
            return "F2";
        case GLFW_KEY_F3:
            return "F3";
        case GLFW_KEY_F5:
            return "F5";
        case GLFW_KEY_F9:
            return "F9";
        case GLFW_KEY_F10:
            return "F10";
        case GLFW_KEY_F11:
            return "F11";
        case GLFW_KEY_ENTER:
        case GLFW_KEY_KP_ENTER:
            return "Enter";
        case GLFW_KEY_ESCAPE:
            return "Esc";
        default:
            return "";
    }
}

bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

bool is_arrow(int key) {
    return key == GLFW_KEY_LEFT || key == GLFW_KEY_RIGHT || key == GLFW_KEY_UP ||
           key == GLFW_KEY_DOWN;
}

}  // namespace

std::string key_name(int key, int scancode, int mods) {
    if (std::string name = plain_name(key); !name.empty()) {
        if (is_arrow(key) && (mods & GLFW_MOD_CONTROL)) return "Ctrl+" + name;
        if (is_arrow(key) && (mods & GLFW_MOD_SHIFT)) return "Shift+" + name;
        return name;
    }
    if (!(mods & GLFW_MOD_CONTROL)) return "";
    if (key == GLFW_KEY_KP_ADD) return "Ctrl+Plus";
    if (key == GLFW_KEY_KP_SUBTRACT) return "Ctrl+Minus";
    const char* named = glfwGetKeyName(key, scancode);
    std::string printed = named ? named : "";
    if (printed.empty() || !is_ascii(printed[0])) printed = place_name(key, 0);
    if (printed.empty()) return "";
    switch (printed[0]) {
        case '+':
        case '=':
            return "Ctrl+Plus";
        case '-':
            return "Ctrl+Minus";
        default:
            return std::string(mods & GLFW_MOD_SHIFT ? "Ctrl+Shift+" : "Ctrl+") +
                   static_cast<char>(std::toupper(static_cast<unsigned char>(printed[0])));
    }
}

std::string character_name(unsigned character, int key, int scancode, int mods) {
    if (character <= ' ') return "";
    if (character < 127) {
        return std::string(1, static_cast<char>(std::toupper(static_cast<int>(character))));
    }
    const char* named = glfwGetKeyName(key, scancode);
    const bool composed = named && named[0] && is_ascii(named[0]) && std::isalpha(named[0]);
    return composed ? "" : place_name(key, mods);
}

std::string place_name(int key, int mods) {
    // GLFW names keys by what an American keyboard prints on them, in ASCII.
    if (key <= GLFW_KEY_SPACE || key > GLFW_KEY_GRAVE_ACCENT) return "";
    const auto plain = static_cast<char>(key);
    constexpr std::string_view below = "1234567890-=[]\\;',./`", above = "!@#$%^&*()_+{}|:\"<>?~";
    const size_t at = below.find(plain);
    const bool shift = (mods & GLFW_MOD_SHIFT) != 0 && at != std::string_view::npos;
    return std::string(1, shift ? above[at] : plain);
}

bool types_nothing(int key) {
    return key == GLFW_KEY_PAGE_UP || key == GLFW_KEY_PAGE_DOWN || key == GLFW_KEY_F1 ||
           key == GLFW_KEY_F2 || key == GLFW_KEY_F3 || key == GLFW_KEY_F5 || key == GLFW_KEY_F9 ||
           key == GLFW_KEY_F10 || key == GLFW_KEY_F11;
}

bool repeats(int key) {
    return is_arrow(key);
}

}  // namespace app
