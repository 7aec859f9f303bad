// Earlier states of the bundled model's training, to see how it learned.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "viz/lessons/lesson.h"

namespace app {

struct TrainingState {
    std::string id;    // "after-100-steps": as lessons name it; of the last one "trained"
    std::string name;  // "after 100 steps"
    std::filesystem::path folder;
};

// In the order of training, the bundled model itself last. It alone where there are no others, none
// where that is not there.
const std::vector<TrainingState>& training_states();
// Which of them lies in this folder; -1: none.
int training_state(const std::filesystem::path& folder);

// The model that a stop is shown with: the state that it names, or the lesson's own model. Empty:
// whatever is open. Throws model::Error.
std::filesystem::path stop_model(const viz::Lesson& lesson, const viz::LessonStop& stop);

}  // namespace app
