// JSON from disk, with errors that name the file and the line.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace model {

// Parses a text. Throws Error: "WHERE: line 3: not JSON: ...", also for a text that nests deeper
// than any file we read: what walks through a value may then recurse.
nlohmann::json parse_json(std::string_view text, const std::string& where);

// Parses a file; errors name its path.
nlohmann::json read_json(const std::filesystem::path& path);

// A value as an error message shows it: on one line, and cut off where it is long.
std::string shown(const nlohmann::json& value);

}  // namespace model
