#include "app/screen/screen.h"

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>
#include <cstring>

#include "app/screen/host.h"
#include "app/screen/imgui_compat.h"
#include "model/base/error.h"
#include "model/run/run_link.h"

namespace app {

namespace {

constexpr int first_width = 1600, first_height = 1000;
constexpr int least_width = 360, least_height = 480;

[[noreturn]] void fail() {
    const char* why = nullptr;
    glfwGetError(&why);
    const std::string reason = why ? why : "no display";
    glfwTerminate();
    throw model::Error("window: it cannot be opened (" + reason +
                       "); the commands in `stepscope --help` need no display");
}

// Of everything that decides what a frame looks like: FNV-1a over words.
uint64_t fingerprint(const ImDrawData& data, viz::Colour background, int w, int h) {
    uint64_t hash = 0xcbf29ce484222325u;
    auto add = [&hash](uint64_t word) { hash = (hash ^ word) * 0x100000001b3u; };
    auto add_all = [&](const void* from, size_t bytes) {
        const auto* at = static_cast<const unsigned char*>(from);
        uint64_t word = 0;
        for (; bytes >= sizeof word; bytes -= sizeof word, at += sizeof word) {
            std::memcpy(&word, at, sizeof word);
            add(word);
        }
        for (; bytes > 0; --bytes) add(*at++);
    };
    add(static_cast<uint64_t>(w));
    add(static_cast<uint64_t>(h));
    add_all(&background, sizeof background);
    for (int i = 0; i < data.CmdListsCount; ++i) {
        const ImDrawList& list = *data.CmdLists[i];
        add_all(list.VtxBuffer.Data, static_cast<size_t>(list.VtxBuffer.size_in_bytes()));
        add_all(list.IdxBuffer.Data, static_cast<size_t>(list.IdxBuffer.size_in_bytes()));
        for (const ImDrawCmd& command : list.CmdBuffer) {
            add_all(&command.ClipRect, sizeof command.ClipRect);
            add(texture_key(command));
            add(command.ElemCount);
        }
    }
    return hash;
}

}  // namespace

Screen::Screen(const std::string& title) {
    if (!glfwInit()) fail();
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    // The name of the desktop entry, by which a desktop knows the window's icon.
    glfwWindowHintString(GLFW_X11_CLASS_NAME, "stepscope");
    glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "stepscope");
#ifdef GLFW_WAYLAND_APP_ID
    glfwWindowHintString(GLFW_WAYLAND_APP_ID, "stepscope");
#endif
    int w = first_width, h = first_height;
    if (GLFWmonitor* monitor = glfwGetPrimaryMonitor()) {
        int x = 0, y = 0, room_w = 0, room_h = 0;
        glfwGetMonitorWorkarea(monitor, &x, &y, &room_w, &room_h);
        if (room_w > 0 && room_h > 0) {
            // Most of a large screen, all of a small one.
            w = std::min(std::max(w, room_w * 4 / 5), room_w);
            h = std::min(std::max(h, room_h * 4 / 5), room_h);
        }
    }
    window_ = glfwCreateWindow(w, h, title.c_str(), nullptr, nullptr);
    if (!window_) fail();
    glfwSetWindowSizeLimits(window_, least_width, least_height, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(1);
}

void Screen::fill_monitor(bool fill) {
    if (fill == filled_) return;
    filled_ = fill;
    if (!fill) {
        glfwSetWindowMonitor(window_, nullptr, x_, y_, width_, height_, GLFW_DONT_CARE);
        return;
    }
    glfwGetWindowPos(window_, &x_, &y_);
    glfwGetWindowSize(window_, &width_, &height_);
    // The monitor that holds the window's middle.
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    GLFWmonitor* chosen = glfwGetPrimaryMonitor();
    for (int i = 0; i < count; ++i) {
        int x = 0, y = 0;
        glfwGetMonitorPos(monitors[i], &x, &y);
        const GLFWvidmode* mode = glfwGetVideoMode(monitors[i]);
        const int middle_x = x_ + width_ / 2 - x, middle_y = y_ + height_ / 2 - y;
        if (middle_x >= 0 && middle_x < mode->width && middle_y >= 0 && middle_y < mode->height) {
            chosen = monitors[i];
        }
    }
    if (!chosen) return;
    const GLFWvidmode* mode = glfwGetVideoMode(chosen);
    glfwSetWindowMonitor(window_, chosen, 0, 0, mode->width, mode->height, mode->refreshRate);
}

Screen::~Screen() {
    if (imgui_) {
        ImGui_ImplOpenGL3_Shutdown();
        ImGui_ImplGlfw_Shutdown();
        ImGui::DestroyContext();
    }
    glfwDestroyWindow(window_);
    glfwTerminate();
}

void Screen::start_imgui() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    ImGui_ImplGlfw_InitForOpenGL(window_, true);
    ImGui_ImplOpenGL3_Init(shader_version());
    imgui_ = true;
}

void Screen::begin_frame() const {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
}

void Screen::end_frame(viz::Colour background) {
    ImGui::Render();
    int w = 0, h = 0;
    glfwGetFramebufferSize(window_, &w, &h);
    const uint64_t drawing = fingerprint(*ImGui::GetDrawData(), background, w, h);
    if (drawing == shown_) return;
    shown_ = drawing;
    glViewport(0, 0, w, h);
    glClearColor(background.r / 255.0f, background.g / 255.0f, background.b / 255.0f, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(window_);
}

void Screen::drop_frame() {
    ImGui::EndFrame();
}

viz::Size Screen::size() const {
    int w = 0, h = 0;
    glfwGetWindowSize(window_, &w, &h);
    return {static_cast<float>(w), static_cast<float>(h)};
}

void Screen::copy(const std::string& text) {
    if (text.empty()) return;
    const std::string whole = model::is_run_link(text) ? page_address() + text : text;
    glfwSetClipboardString(window_, whole.c_str());
}

Scale measure(const Screen& screen, float zoom, viz::Size least, viz::Size most) {
    int w = 0, h = 0, pixels_w = 0, pixels_h = 0;
    glfwGetWindowSize(screen.window(), &w, &h);
    glfwGetFramebufferSize(screen.window(), &pixels_w, &pixels_h);
    float content = 1, content_y = 1;
    glfwGetWindowContentScale(screen.window(), &content, &content_y);
    const auto width = static_cast<float>(std::max(w, 1));
    const auto height = static_cast<float>(std::max(h, 1));
    Scale scale;
    scale.density = std::max(static_cast<float>(pixels_w) / width, 1.0f);
    const float smallest = std::min(width / most.w, height / most.h);
    const float largest = std::min(width / least.w, height / least.h);
    const float usual = std::max(content / scale.density, smallest);
    scale.canvas = std::min(usual * zoom, largest);
    scale.most_zoom = largest / usual;
    scale.size = {width / scale.canvas, height / scale.canvas};
    return scale;
}

}  // namespace app
