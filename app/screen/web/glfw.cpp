// GLFW for a page: as much of it as the window and ImGui call. Events come from page.js and wait
// until they are polled, as everywhere; but nothing here can wait for them, so that waiting means
// to be left alone until something happens (is_awake).
#include <GLFW/glfw3.h>
#include <emscripten.h>
#include <emscripten/html5.h>

#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "app/screen/web/page.h"

struct GLFWwindow {
    void* user = nullptr;
    GLFWkeyfun key = nullptr;
    GLFWcharfun character = nullptr;
    GLFWcursorposfun cursor = nullptr;
    GLFWcursorenterfun enter = nullptr;
    GLFWmousebuttonfun button = nullptr;
    GLFWscrollfun scroll = nullptr;
    GLFWdropfun drop = nullptr;
    GLFWwindowrefreshfun refresh = nullptr;
    GLFWwindowfocusfun focus = nullptr;
    double x = 0, y = 0;  // of the mouse
    std::array<bool, GLFW_KEY_LAST + 1> held{};
    std::array<std::string, GLFW_KEY_LAST + 1> printed;  // on keys that were pressed once
    std::string clipboard;
    bool fills = false;
};

namespace {

GLFWwindow page;
std::deque<std::function<void()>> events;
std::atomic<bool> posted = true;
bool waits = false;
double waits_until = 0;  // as glfwGetTime() has it
GLFWmonitor* const monitor = reinterpret_cast<GLFWmonitor*>(&page);

void happen(std::function<void()> event) {
    events.push_back(std::move(event));
    posted = true;
}

void wait_until(double time) {
    glfwPollEvents();
    waits = true;
    waits_until = time;
}

void hold(int mods) {
    page.held[GLFW_KEY_LEFT_SHIFT] = (mods & GLFW_MOD_SHIFT) != 0;
    page.held[GLFW_KEY_LEFT_CONTROL] = (mods & GLFW_MOD_CONTROL) != 0;
}

// Whatever the callback that ImGui or the window has set.
template <class Set>
Set replaced(Set& old, Set fresh) {
    return std::exchange(old, fresh);
}

}  // namespace

namespace app {

bool is_awake() {
    if (!waits || posted || glfwGetTime() >= waits_until) {
        waits = posted = false;
        return true;
    }
    return false;
}

}  // namespace app

// What page.js tells. Keys, actions and modifiers are GLFW's.
extern "C" {

EMSCRIPTEN_KEEPALIVE void page_key(int key, const char* printed, int action, int mods) {
    happen([=, name = std::string(printed)] {
        hold(mods);
        page.held[static_cast<size_t>(key)] = action != GLFW_RELEASE;
        if (!name.empty()) page.printed[static_cast<size_t>(key)] = name;
        if (page.key) page.key(&page, key, key, action, mods);
    });
}

EMSCRIPTEN_KEEPALIVE void page_character(unsigned character) {
    happen([=] {
        if (page.character) page.character(&page, character);
    });
}

EMSCRIPTEN_KEEPALIVE void page_paste(const char* text) {
    happen([text = std::string(text)] {
        page.clipboard = text;
        if (page.key) page.key(&page, GLFW_KEY_V, GLFW_KEY_V, GLFW_PRESS, GLFW_MOD_CONTROL);
    });
}

EMSCRIPTEN_KEEPALIVE void page_pointer(double x, double y) {
    happen([=] {
        page.x = x;
        page.y = y;
        if (page.cursor) page.cursor(&page, x, y);
    });
}

EMSCRIPTEN_KEEPALIVE void page_enter(int entered) {
    happen([=] {
        if (page.enter) page.enter(&page, entered);
    });
}

EMSCRIPTEN_KEEPALIVE void page_button(int button, int action, int mods) {
    happen([=] {
        hold(mods);
        if (page.button) page.button(&page, button, action, mods);
    });
}

EMSCRIPTEN_KEEPALIVE void page_wheel(double notches, int mods) {
    happen([=] {
        hold(mods);
        if (page.scroll) page.scroll(&page, 0, notches);
    });
}

EMSCRIPTEN_KEEPALIVE void page_drop(const char* path) {
    happen([path = std::string(path)] {
        const char* name = path.c_str();
        if (page.drop) page.drop(&page, 1, &name);
    });
}

EMSCRIPTEN_KEEPALIVE void page_resize() {
    happen([] {
        int width = 0, height = 0;
        glfwGetFramebufferSize(&page, &width, &height);
        page_set_canvas(width, height);
        if (page.refresh) page.refresh(&page);
    });
}

// By the browser: what the window had set is not so any more.
EMSCRIPTEN_KEEPALIVE void page_left_full_screen() {
    if (!std::exchange(page.fills, false)) return;
    page_key(GLFW_KEY_F11, "", GLFW_PRESS, 0);
}

// ---- what the window and ImGui call

int glfwInit() {
    return GLFW_TRUE;
}

void glfwTerminate() {}

int glfwGetError(const char** description) {
    if (description) *description = "this browser has no WebGL 2";
    return GLFW_PLATFORM_ERROR;
}

GLFWerrorfun glfwSetErrorCallback(GLFWerrorfun) {
    return nullptr;
}

void glfwWindowHint(int, int) {}
void glfwWindowHintString(int, const char*) {}

GLFWwindow* glfwCreateWindow(int, int, const char*, GLFWmonitor*, GLFWwindow*) {
    EmscriptenWebGLContextAttributes wanted;
    emscripten_webgl_init_context_attributes(&wanted);
    wanted.majorVersion = 2;
    wanted.alpha = wanted.depth = wanted.antialias = false;
    const auto context = emscripten_webgl_create_context("#canvas", &wanted);
    if (context <= 0) return nullptr;
    emscripten_webgl_make_context_current(context);
    int width = 0, height = 0;
    glfwGetFramebufferSize(&page, &width, &height);
    page_set_canvas(width, height);
    page_listen();
    return &page;
}

void glfwDestroyWindow(GLFWwindow*) {}
void glfwMakeContextCurrent(GLFWwindow*) {}
void glfwSwapInterval(int) {}
void glfwSwapBuffers(GLFWwindow*) {}
void glfwSetWindowSizeLimits(GLFWwindow*, int, int, int, int) {}
void glfwSetWindowSize(GLFWwindow*, int, int) {}

int glfwWindowShouldClose(GLFWwindow*) {
    return GLFW_FALSE;
}

void glfwSetWindowUserPointer(GLFWwindow*, void* user) {
    page.user = user;
}

void* glfwGetWindowUserPointer(GLFWwindow*) {
    return page.user;
}

int glfwGetWindowAttrib(GLFWwindow*, int attribute) {
    return attribute == GLFW_FOCUSED || attribute == GLFW_HOVERED;
}

void glfwGetWindowSize(GLFWwindow*, int* width, int* height) {
    if (width) *width = page_width();
    if (height) *height = page_height();
}

void glfwGetFramebufferSize(GLFWwindow*, int* width, int* height) {
    const double density = page_density();
    if (width) *width = static_cast<int>(page_width() * density + 0.5);
    if (height) *height = static_cast<int>(page_height() * density + 0.5);
}

void glfwGetWindowContentScale(GLFWwindow*, float* x, float* y) {
    const auto density = static_cast<float>(page_density());
    if (x) *x = density;
    if (y) *y = density;
}

void glfwGetWindowPos(GLFWwindow*, int* x, int* y) {
    if (x) *x = 0;
    if (y) *y = 0;
}

GLFWmonitor* glfwGetPrimaryMonitor() {
    return monitor;
}

GLFWmonitor** glfwGetMonitors(int* count) {
    static GLFWmonitor* all[] = {monitor};
    *count = 1;
    return all;
}

void glfwGetMonitorPos(GLFWmonitor*, int* x, int* y) {
    *x = *y = 0;
}

void glfwGetMonitorWorkarea(GLFWmonitor*, int* x, int* y, int* width, int* height) {
    *x = *y = 0;
    *width = page_width();
    *height = page_height();
}

const GLFWvidmode* glfwGetVideoMode(GLFWmonitor*) {
    static GLFWvidmode mode;
    mode = {page_width(), page_height(), 8, 8, 8, 60};
    return &mode;
}

const float* glfwGetJoystickAxes(int, int* count) {
    *count = 0;
    return nullptr;
}

const unsigned char* glfwGetJoystickButtons(int, int* count) {
    *count = 0;
    return nullptr;
}

GLFWmonitorfun glfwSetMonitorCallback(GLFWmonitorfun) {
    return nullptr;
}

void glfwSetWindowMonitor(GLFWwindow*, GLFWmonitor* fill, int, int, int, int, int) {
    page.fills = fill != nullptr;
    page_fill_screen(page.fills);
}

double glfwGetTime() {
    return emscripten_get_now() / 1000;
}

void glfwPollEvents() {
    std::deque<std::function<void()>> now;
    now.swap(events);
    for (const std::function<void()>& event : now) event();
}

void glfwWaitEvents() {
    wait_until(std::numeric_limits<double>::infinity());
}

void glfwWaitEventsTimeout(double seconds) {
    wait_until(glfwGetTime() + seconds);
}

void glfwPostEmptyEvent() {
    posted = true;
}

int glfwGetKey(GLFWwindow*, int key) {
    return page.held[static_cast<size_t>(key)] ? GLFW_PRESS : GLFW_RELEASE;
}

const char* glfwGetKeyName(int key, int) {
    return page.printed[static_cast<size_t>(key)].c_str();
}

void glfwGetCursorPos(GLFWwindow*, double* x, double* y) {
    *x = page.x;
    *y = page.y;
}

void glfwSetCursorPos(GLFWwindow*, double, double) {}

int glfwGetInputMode(GLFWwindow*, int mode) {
    return mode == GLFW_CURSOR ? GLFW_CURSOR_NORMAL : GLFW_FALSE;
}

void glfwSetInputMode(GLFWwindow*, int, int) {}

GLFWcursor* glfwCreateStandardCursor(int shape) {
    static char names[8][12] = {"default", "text",      "crosshair",
                                "pointer", "ew-resize", "ns-resize"};
    const int index = shape - GLFW_ARROW_CURSOR;
    return reinterpret_cast<GLFWcursor*>(names[index >= 0 && index < 6 ? index : 0]);
}

void glfwDestroyCursor(GLFWcursor*) {}

void glfwSetCursor(GLFWwindow*, GLFWcursor* cursor) {
    page_set_cursor(cursor ? reinterpret_cast<const char*>(cursor) : "default");
}

void glfwSetClipboardString(GLFWwindow*, const char* text) {
    page.clipboard = text;
    page_set_clipboard(text);
}

const char* glfwGetClipboardString(GLFWwindow*) {
    return page.clipboard.c_str();
}

GLFWkeyfun glfwSetKeyCallback(GLFWwindow*, GLFWkeyfun f) {
    return replaced(page.key, f);
}
GLFWcharfun glfwSetCharCallback(GLFWwindow*, GLFWcharfun f) {
    return replaced(page.character, f);
}
GLFWcursorposfun glfwSetCursorPosCallback(GLFWwindow*, GLFWcursorposfun f) {
    return replaced(page.cursor, f);
}
GLFWcursorenterfun glfwSetCursorEnterCallback(GLFWwindow*, GLFWcursorenterfun f) {
    return replaced(page.enter, f);
}
GLFWmousebuttonfun glfwSetMouseButtonCallback(GLFWwindow*, GLFWmousebuttonfun f) {
    return replaced(page.button, f);
}
GLFWscrollfun glfwSetScrollCallback(GLFWwindow*, GLFWscrollfun f) {
    return replaced(page.scroll, f);
}
GLFWdropfun glfwSetDropCallback(GLFWwindow*, GLFWdropfun f) {
    return replaced(page.drop, f);
}
GLFWwindowrefreshfun glfwSetWindowRefreshCallback(GLFWwindow*, GLFWwindowrefreshfun f) {
    return replaced(page.refresh, f);
}
GLFWwindowfocusfun glfwSetWindowFocusCallback(GLFWwindow*, GLFWwindowfocusfun f) {
    return replaced(page.focus, f);
}

}  // extern "C"
