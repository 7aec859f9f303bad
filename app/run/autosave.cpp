#include "app/run/autosave.h"

#include <cstdio>
#include <random>
#include <utility>

#include "app/run/run_store.h"
#include "app/run/settings.h"
#include "model/base/error.h"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr const char* start = "autosave-";

bool is_autosave(const fs::path& path) {
    std::error_code ignored;
    const std::string name = path.filename().string();
    return name.starts_with(start) && name.ends_with(run_ending) &&
           fs::equivalent(path.parent_path(), data_folder(), ignored);
}

fs::path lock_of(const fs::path& autosave) {
    const std::string name = autosave.string();
    return name.substr(0, name.size() - std::string(run_ending).size()) + ".lock";
}

fs::path new_name() {
    std::random_device random;
    char id[20];
    std::snprintf(id, sizeof id, "%08x%08x", random(), random());
    return made_folder(data_folder()) / (std::string(start) + id + run_ending);
}

}  // namespace

Autosave::~Autosave() {
    if (file_.empty()) return;
    std::error_code ignored;
    fs::remove(file_, ignored);
    fs::remove(lock_of(file_), ignored);
}

void Autosave::save(const model::RunFile& run) {
    std::error_code ignored;
    if (lock_ && !fs::exists(lock_of(file_), ignored)) lock_.reset();  // the folder was emptied
    while (!lock_) {
        file_ = new_name();
        if (auto lock = model::FileLock::take(lock_of(file_))) lock_.emplace(std::move(*lock));
    }
    model::save_run(file_, run);
}

std::vector<fs::path> left_behind() {
    std::vector<fs::path> left = runs_in(data_folder());
    std::erase_if(left, [](const fs::path& path) {
        if (!is_autosave(path)) return true;
        const fs::path lock = lock_of(path);
        std::error_code ignored;
        if (!fs::exists(lock, ignored)) return false;
        try {
            return !model::FileLock::take(lock);
        } catch (const model::Error&) {
            return true;  // somebody else's
        }
    });
    return left;
}

std::optional<LeftBehind> LeftBehind::claim(const fs::path& path) {
    if (!is_autosave(path)) return std::nullopt;
    auto lock = model::FileLock::take(lock_of(path));
    if (!lock) throw model::Error(path.string() + ": is the run of another window, which is open");
    return LeftBehind(path, std::move(*lock));
}

fs::path LeftBehind::set_aside() const {
    fs::path to = path_;
    to.replace_filename("damaged-" + path_.filename().string().substr(std::string(start).size()));
    std::error_code ignored;
    fs::rename(path_, to, ignored);
    fs::remove(lock_of(path_), ignored);
    return to;
}

void LeftBehind::remove() const {
    std::error_code ignored;
    fs::remove(path_, ignored);
    fs::remove(lock_of(path_), ignored);
}

}  // namespace app
