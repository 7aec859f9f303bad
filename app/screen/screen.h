// The GLFW window with its OpenGL context and ImGui, made and undone in the right order.
#pragma once

#include <cstdint>
#include <string>

#include "viz/paint/geometry.h"
#include "viz/paint/theme.h"

struct GLFWwindow;

namespace app {

class Screen {
  public:
    // Throws model::Error when there is no display.
    explicit Screen(const std::string& title);
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    GLFWwindow* window() const { return window_; }
    // After our own callbacks are set, so that ImGui's call them.
    void start_imgui();
    void begin_frame() const;
    // Ends ImGui's frame and shows it upon a background; not if it would look the same.
    void end_frame(viz::Colour background);
    // Ends it without showing it: what was on the screen stays.
    void drop_frame();
    // Fills the monitor, or goes back to the window as it was.
    void fill_monitor(bool fill);
    // In the desktop's units.
    viz::Size size() const;
    // To the clipboard; nothing where it is empty.
    void copy(const std::string& text);
    // What was shown is lost: the next frame is shown in any case.
    void damaged() { shown_ = 0; }

  private:
    GLFWwindow* window_ = nullptr;
    bool imgui_ = false;
    bool filled_ = false;
    int x_ = 0, y_ = 0, width_ = 0, height_ = 0;  // of the window before it filled the monitor
    uint64_t shown_ = 0;                          // fingerprint of what is on the screen
};

// Where a canvas lies in the window.
struct Scale {
    float canvas = 1;     // ImGui's pixels for one of the canvas
    float density = 1;    // the screen's pixels for one of ImGui's
    viz::Size size;       // of the canvas
    float most_zoom = 1;  // that has an effect
};
// At the monitor's scale times `zoom`, but so that the canvas is neither smaller than `least` nor,
// before zooming, larger than `most`.
Scale measure(const Screen& screen, float zoom, viz::Size least, viz::Size most);

}  // namespace app
