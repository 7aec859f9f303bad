// JSON from disk, with errors that name the file and the line, and JSON as text.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace model {

// Parses a text, in linear time. Throws Error: "WHERE: line 3: not JSON: ...", also for a text that
// nests deeper than any file we read, so that what walks through a value may recurse, or that holds
// more values.
nlohmann::json parse_json(std::string_view text, const std::string& where);

// Parses a file of somebody else's; errors name its path. NaN, Infinity and -Infinity, as Python
// writes them, are read as texts of these names.
nlohmann::json read_json(const std::filesystem::path& path);

bool is_utf8(const std::string& text);

// A value as text, on one line or indented. Writing never fails on a text: bytes that are no UTF-8
// become U+FFFD.
std::string json_text(const nlohmann::ordered_json& value, int indent = -1);

// A value as an error message shows it: on one line, and cut off where it is long.
std::string shown(const nlohmann::json& value);

}  // namespace model
