#include "app/run/run_store.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "app/run/settings.h"
#include "model/base/error.h"
#include "model/load/hub_cache.h"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr const char* ending = ".stepscope.json";
constexpr const char* autosave_start = "autosave-";

fs::path made(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) {
        throw model::Error(folder.string() + ": the folder cannot be made: " + failed.message());
    }
    return folder;
}

// Files of a folder with the ending of runs, newest first; none where it cannot be read.
std::vector<fs::path> runs_in(const fs::path& folder) {
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
        if (!entry.path().string().ends_with(ending)) continue;
        found.emplace_back(entry.last_write_time(failed), entry.path());
    }
    std::sort(found.rbegin(), found.rend());
    std::vector<fs::path> paths;
    for (auto& [time, path] : found) paths.push_back(std::move(path));
    return paths;
}

// The process that an autosave belongs to; 0 for any other file.
int process_of(const fs::path& path) {
    const std::string name = path.filename().string();
    if (!name.starts_with(autosave_start)) return 0;
    int process = 0;
    const char* digits = name.data() + std::string_view(autosave_start).size();
    std::from_chars(digits, name.data() + name.size(), process);
    return process;
}

}  // namespace

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
    const fs::path start = made(data_folder() / "runs") / (std::string(date) + "-" + slug(prompt));
    fs::path path = start.string() + ending;
    for (int n = 2; fs::exists(path); ++n) {
        path = start.string() + "-" + std::to_string(n) + ending;
    }
    return path;
}

std::vector<fs::path> recent_runs(size_t most) {
    std::vector<fs::path> runs = runs_in(data_folder() / "runs");
    runs.resize(std::min(runs.size(), most));
    return runs;
}

fs::path autosave_path() {
    return made(data_folder()) / (autosave_start + std::to_string(getpid()) + ending);
}

std::vector<fs::path> left_behind() {
    std::vector<fs::path> left = runs_in(data_folder());
    std::erase_if(left, [](const fs::path& path) {
        const int process = process_of(path);
        return process <= 0 || kill(process, 0) == 0;
    });
    return left;
}

}  // namespace app
