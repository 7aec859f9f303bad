// A page calls the window for its frames, and does other work between them.
#include "app/screen/host.h"

#include <emscripten.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "app/run/executor.h"
#include "app/screen/web/page.h"

namespace app {

namespace {

std::function<bool()> window_turn;

void frame() {
    if (window_turn && is_awake() && !window_turn()) {
        window_turn = nullptr;
        emscripten_cancel_main_loop();
        page_close();
        return;
    }
    Executor::run_due();
    page_hand_over();
}

}  // namespace

void run_turns(std::function<bool()> turn) {
    window_turn = std::move(turn);
    emscripten_set_main_loop(frame, 0, 0);
}

const char* shader_version() {
    return "#version 300 es";
}

std::string page_address() {
    const std::unique_ptr<char, decltype(&std::free)> address(::page_address(), std::free);
    return address.get();
}

void want_keyboard(bool wanted) {
    static bool was = false;
    if (std::exchange(was, wanted) != wanted) page_want_keyboard(wanted);
}

}  // namespace app
