// What the program starts with, and where it finds and keeps its files.
#pragma once

#include <filesystem>
#include <string>

namespace app {

inline constexpr const char* default_prompt = "Tom and Mia went to the lake. Tom";

// What comes with the program (model, lessons, fonts): beside a build folder, or where it was
// installed. Empty when it lies somewhere else.
std::filesystem::path assets_folder();
// The program for browsers, where it is installed: web/ beside the assets, or beside a build's
// folder. Else empty.
std::filesystem::path web_folder();
// The folder of the bundled model. Throws model::Error when it is not there.
std::filesystem::path bundled_model();

// Where the window exports to when nobody says otherwise. Not made.
std::filesystem::path export_folder();

// "Tom gave the ball" -> "tom-gave-the-ball": letters and digits of a text's beginning.
std::string slug(const std::string& text);

// A path as people write it, with ~ for the home folder, and back.
std::string shortened(const std::filesystem::path& path);
std::filesystem::path lengthened(const std::string& text);

// $XDG_DATA_HOME/stepscope, or ~/.local/share/stepscope. Not made.
std::filesystem::path data_folder();

}  // namespace app
