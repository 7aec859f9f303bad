// The run of a window that may not end as it should: kept in a file after every step, offered by
// the next one. Each file has a name by chance and a lock beside it, so that two windows, or two
// containers with one home, keep out of each other's way.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "model/base/file_lock.h"
#include "model/run/run_file.h"

namespace app {

class Autosave {
  public:
    Autosave() = default;
    ~Autosave();  // takes the file away: nothing was interrupted
    Autosave(const Autosave&) = delete;
    Autosave& operator=(const Autosave&) = delete;

    // Throws model::Error; what was kept before stays.
    void save(const model::RunFile& run);

  private:
    std::filesystem::path file_;  // empty: nothing was written yet
    std::optional<model::FileLock> lock_;
};

// Those that no living window holds, newest first.
std::vector<std::filesystem::path> left_behind();

// One that was left behind, while it is opened. Nobody else gets it meanwhile.
class LeftBehind {
  public:
    // None where the file is no autosave. Throws model::Error where another window has it.
    static std::optional<LeftBehind> claim(const std::filesystem::path& path);

    // For what cannot be read: under another name it is not offered again. The new name.
    std::filesystem::path set_aside() const;
    void remove() const;  // what it holds is kept elsewhere

  private:
    LeftBehind(std::filesystem::path path, model::FileLock lock)
        : path_(std::move(path)), lock_(std::move(lock)) {}
    std::filesystem::path path_;
    model::FileLock lock_;
};

}  // namespace app
