// The logs that tests read, see window.h.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "app/control/state.h"
#include "viz/paint/display_list.h"
#include "viz/scene/regions.h"

namespace app {

class WindowLog {
  public:
    WindowLog();
    ~WindowLog();  // writes the frames
    WindowLog(const WindowLog&) = delete;
    WindowLog& operator=(const WindowLog&) = delete;

    // `settled`: the drawings on the screen show this state; other states are passed over.
    void state(const State& state, bool settled);
    // `scale`: pixels of the window for one of the regions'.
    void regions(const viz::Regions& regions, float scale);
    // The words of the window, see text_log.h, if anybody asks for them.
    bool wants_texts() const { return !texts_path_.empty(); }
    void texts(const viz::DisplayList& drawing, viz::Size window);
    // Around the work of a frame; in between, when it is built and goes to the screen.
    void begin_frame();
    void built();
    void end_frame();
    // Milliseconds from a new step's arrival until all drawings showed it.
    void drawn(double ms) { drawn_.push_back(ms); }

  private:
    struct Frame {
        double wall_ms, busy_ms, build_ms;
    };

    std::ofstream states_;
    std::string last_;
    std::string regions_path_, regions_;
    std::string texts_path_, texts_;
    std::string frames_path_;
    std::vector<Frame> frames_;
    std::vector<double> drawn_;
    Frame began_{};
};

}  // namespace app
