// Saved runs, and where they are kept.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/run/run_file.h"

namespace app {

inline constexpr const char* run_ending = ".stepscope.json";  // of their names

// A run and the model it asks for: `model_name` if there is one, else that of the folder the file
// names, else the one that is `open` if it has made the run, else the bundled one at the time of
// its training that has. Whether it is the right one is for model::replay() to say.
struct SavedRun {
    model::RunFile file;
    std::shared_ptr<const model::Model> model;
};
// `name`: of a file, or a link (model/run/run_link.h).
SavedRun open_run(const std::filesystem::path& name, const std::string& model_name = "",
                  std::shared_ptr<const model::Model> open = nullptr);
// The run alone.
model::RunFile read_run(const std::filesystem::path& name);
// Whether a name on the command line is a saved run: a link or a file, where a model is a folder.
bool is_run(const std::filesystem::path& name);

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
