// Saved runs, and where they are kept.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/run/run_file.h"

namespace app {

inline constexpr const char* run_ending = ".stepscope.json";  // of their names

// A run file and the model it asks for: `model_name` if there is one, else that of the folder the
// file names, else the bundled one. Whether it is the right one is for model::replay() to say.
struct SavedRun {
    model::RunFile file;
    std::shared_ptr<const model::Model> model;
};
SavedRun open_run(const std::filesystem::path& path, const std::string& model_name = "");
// Whether a name on the command line is a saved run: a file, where a model is a folder.
bool is_run_file(const std::filesystem::path& path);

// A new name for a run in the folder of runs, made of date and prompt; never one that is there.
// The folder is made. Throws model::Error.
std::filesystem::path new_run_path(const std::string& prompt);
// The saved runs of that folder, newest first, at most `most`.
std::vector<std::filesystem::path> recent_runs(size_t most);

// The folder, which is made where it is missing. Throws model::Error.
std::filesystem::path made_folder(const std::filesystem::path& folder);
// The runs of a folder, newest first; none where it cannot be read.
std::vector<std::filesystem::path> runs_in(const std::filesystem::path& folder);

}  // namespace app
