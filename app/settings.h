// What the program starts with, and where it finds and keeps its files.
#pragma once

#include <filesystem>
#include <string>

namespace app {

inline constexpr const char* default_prompt = "Tom gave the ball to Mia. Then";

// The folder of the bundled model. Throws model::Error when the program lies somewhere else.
std::filesystem::path bundled_model();

// $XDG_DATA_HOME/stepscope, or ~/.local/share/stepscope. Not made.
std::filesystem::path data_folder();

}  // namespace app
