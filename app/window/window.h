// The window: GLFW, the frame loop and what the mouse and the keyboard do to it.
//
// Four environment variables serve tests. STEPSCOPE_STATE_LOG=FILE appends a line of JSON (see
// describe() in state.h) whenever what is shown has changed. STEPSCOPE_FRAME_LOG=FILE is written
// at exit: for each frame a line "WALL BUSY BUILD", the milliseconds it took from waking up to the
// swapped buffer, the processor time that its thread spent, and the part of it until the frame was
// built; then lines "drawn MS", the milliseconds from each new step until all drawings showed it;
// then "max WALL BUSY BUILD count N". STEPSCOPE_REGION_LOG=FILE always holds what can be pointed at
// on the screen: a line "ID X Y W H" for each region, in the window's pixels, in drawing order.
// STEPSCOPE_TEXT_LOG=FILE: its words, with their boxes and contrast, see text_log.h.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/decode/decoding.h"
#include "model/pass/weights.h"
#include "viz/lessons/lesson.h"

namespace app {

struct WindowOptions {
    std::filesystem::path model_folder;
    std::string prompt;
    std::vector<int> ids;                       // instead of the prompt, unless empty
    std::filesystem::path run;                  // a saved run instead of both, unless empty
    std::shared_ptr<const viz::Lesson> lesson;  // shown from its first stop; null: none
    bool in_class = false;                      // its page goes on the network at once,
    std::optional<int> port;                    // at this port; else one is found
    model::Decoding decoding;
    model::Precision precision = model::Precision::f32;
    int threads = 0;  // 0: as many as the machine has
    bool use_cache = true;
    bool stop_at_end = true;
    std::string ablate;        // "L3H2,L4MLP", of the first model
    size_t detail_budget = 0;  // bytes, see model::SessionOptions
};

// Shows the window until it is closed; returns the exit status. Throws model::Error when the model
// or the prompt cannot be used, or there is no display.
int run_window(const WindowOptions& options);

}  // namespace app
