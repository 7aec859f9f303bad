#include "app/screen/host.h"

namespace app {

void run_turns(std::function<bool()> turn) {
    while (turn()) {
    }
}

const char* shader_version() {
    return "#version 330 core";
}

std::string page_address() {
    return "";
}

void want_keyboard(bool) {}

}  // namespace app
