// JSON from disk, with errors that name the file and the line.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

namespace model {

// Parses a file. Throws Error: "FILE: line 3: not JSON: ...".
nlohmann::json read_json(const std::filesystem::path& path);

}  // namespace model
