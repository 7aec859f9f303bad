// A step that one can watch: while it is shown, its picture is uncovered from the embedding to the
// ranking in about two seconds. It is drawn whole before: nothing is computed later for it.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace app {

using Clock = std::chrono::steady_clock;

struct Motion {
    bool wished = true;                      // off: steps are shown at once
    bool still = false;                      // the desktop asks for that, until somebody wishes
    bool due = false;                        // a step came and is not on the screen yet
    std::optional<Clock::time_point> began;  // nothing moves: none
    std::optional<float> held;               // the part that is shown while the mouse holds it

    static constexpr std::chrono::milliseconds length{2000};

    bool moves() const { return due || began.has_value(); }
    // How much of the way is shown, from 0 to 1.
    float part(Clock::time_point now) const {
        if (held) return *held;
        if (due) return 0;
        if (!began) return 1;
        const std::chrono::duration<float> since = now - *began;
        return std::min(since / std::chrono::duration<float>(length), 1.0f);
    }
    void skip() {
        due = false;
        began.reset();
        held.reset();
    }
    // Shows the way up to here, until a key or a click elsewhere.
    void hold(float part) {
        skip();
        if (part < 1) held = part;
    }
};

}  // namespace app
