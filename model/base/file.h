// Whole files, read at once or mapped.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace model {

// The bytes of a file. Throws Error that names the path.
std::string read_file(const std::filesystem::path& path);

struct MappedFile {
    std::shared_ptr<const std::byte> bytes;  // unmaps itself; null for an empty file
    size_t size = 0;
};

// Maps a regular file read-only. Throws Error that names the path.
MappedFile map_file(const std::filesystem::path& path);

}  // namespace model
