#include "app/run/run_store.h"

#include <algorithm>
#include <ctime>

#include "app/run/settings.h"
#include "app/run/states.h"
#include "model/base/error.h"
#include "model/load/hub_cache.h"
#include "model/run/run_link.h"

namespace app {

namespace fs = std::filesystem;

fs::path made_folder(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) {
        throw model::Error(folder.string() + ": the folder cannot be made: " + failed.message());
    }
    return folder;
}

std::vector<fs::path> runs_in(const fs::path& folder) {
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    std::error_code failed, ignored;
    for (fs::directory_iterator at(folder, failed), end; !failed && at != end;
         at.increment(failed)) {
        if (!at->path().string().ends_with(run_ending)) continue;
        found.emplace_back(at->last_write_time(ignored), at->path());
    }
    std::sort(found.rbegin(), found.rend());
    std::vector<fs::path> paths;
    for (auto& [time, path] : found) paths.push_back(std::move(path));
    return paths;
}

model::RunFile read_run(const fs::path& name) {
    std::error_code ignored;
    const bool link = model::is_run_link(name.string()) && !fs::exists(name, ignored);
    return link ? model::read_run_link(name.string()) : model::read_run_file(name);
}

SavedRun open_run(const fs::path& name, const std::string& model_name,
                  std::shared_ptr<const model::Model> open) {
    SavedRun run{read_run(name), nullptr};
    std::error_code ignored;
    const auto loaded = [&](const fs::path& folder) {
        return model::load_model(folder, run.file.precision);
    };
    const auto made_it = [&](const std::shared_ptr<const model::Model>& model) {
        return model && model->weights.precision == run.file.precision &&
               model->hash() == run.file.model_hash;
    };
    if (!model_name.empty()) {
        run.model = loaded(model::resolve_model(model_name));
    } else if (fs::is_directory(run.file.model_folder, ignored)) {
        run.model = loaded(run.file.model_folder);
    } else if (made_it(open)) {
        run.model = std::move(open);
    } else {
        run.model = loaded(bundled_model());
        for (const TrainingState& state : training_states()) {
            if (made_it(run.model)) break;
            auto earlier = loaded(state.folder);
            if (made_it(earlier)) run.model = std::move(earlier);
        }
    }
    return run;
}

bool is_run(const fs::path& name) {
    std::error_code ignored;
    return fs::is_regular_file(name, ignored) || model::is_run_link(name.string());
}

fs::path new_run_path(const std::string& prompt) {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    char date[32];
    std::strftime(date, sizeof date, "%Y-%m-%d-%H%M", &local);
    const fs::path start =
        made_folder(data_folder() / "runs") / (std::string(date) + "-" + slug(prompt));
    fs::path path = start.string() + run_ending;
    std::error_code ignored;
    for (int n = 2; fs::exists(path, ignored); ++n) {
        path = start.string() + "-" + std::to_string(n) + run_ending;
    }
    return path;
}

std::vector<fs::path> recent_runs(size_t most) {
    std::vector<fs::path> runs = runs_in(data_folder() / "runs");
    runs.resize(std::min(runs.size(), most));
    return runs;
}

}  // namespace app
