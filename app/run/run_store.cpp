#include "app/run/run_store.h"

#include <algorithm>
#include <ctime>

#include "app/run/settings.h"
#include "model/base/error.h"
#include "model/load/hub_cache.h"

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

SavedRun open_run(const fs::path& path, const std::string& model_name) {
    SavedRun run;
    run.file = model::read_run_file(path);
    std::error_code ignored;
    fs::path folder = run.file.model_folder;
    if (!model_name.empty()) {
        folder = model::resolve_model(model_name);
    } else if (!fs::is_directory(folder, ignored)) {
        folder = bundled_model();
    }
    run.model = model::load_model(folder, run.file.precision);
    return run;
}

bool is_run_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
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
