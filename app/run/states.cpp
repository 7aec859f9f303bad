#include "app/run/states.h"

#include <algorithm>

#include "app/run/settings.h"
#include "model/base/error.h"
#include "model/load/hub_cache.h"

namespace app {

namespace fs = std::filesystem;

namespace {

// "2-after-100-steps": the number is for the order.
TrainingState state_in(const fs::path& folder) {
    std::string id = folder.filename().string();
    if (const size_t dash = id.find('-'); dash != id.npos) id.erase(0, dash + 1);
    std::string name = id;
    std::ranges::replace(name, '-', ' ');
    return {id, name, folder};
}

std::vector<TrainingState> find_states() {
    if (assets_folder().empty()) return {};  // a program alone, with models of others
    std::vector<fs::path> folders;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(bundled_model() / "../states", failed)) {
        if (fs::exists(entry.path() / "config.json", failed)) folders.push_back(entry.path());
    }
    std::ranges::sort(folders);
    std::vector<TrainingState> states;
    for (const fs::path& folder : folders) states.push_back(state_in(folder));
    states.push_back({"trained", "trained", bundled_model()});
    return states;
}

}  // namespace

const std::vector<TrainingState>& training_states() {
    static const std::vector<TrainingState> states = find_states();
    return states;
}

int training_state(const fs::path& folder) {
    const auto& states = training_states();
    const auto found = std::ranges::find_if(states, [&](const TrainingState& state) {
        std::error_code failed;
        return fs::equivalent(state.folder, folder, failed);
    });
    return found == states.end() ? -1 : static_cast<int>(found - states.begin());
}

fs::path stop_model(const viz::Lesson& lesson, const viz::LessonStop& stop) {
    if (stop.state.empty()) {
        return lesson.model.empty() ? fs::path() : model::resolve_model(lesson.model);
    }
    const auto& states = training_states();
    const auto found = std::ranges::find(states, stop.state, &TrainingState::id);
    if (found != states.end()) return found->folder;
    std::string known;
    for (const TrainingState& state : states) known += (known.empty() ? "" : ", ") + state.id;
    viz::refuse_lesson(lesson.file, stop.line,
                       "state: there is no \"" + stop.state + "\"; there are " + known);
}

}  // namespace app
