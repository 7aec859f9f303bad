// Whole files: read at once or mapped, written whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <iosfwd>
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

// Writes to a temporary beside the target, syncs it and renames it over the target: after a
// failure the old file is still there, untouched. Missing folders are not made. Throws Error.
void write_file(const std::filesystem::path& path, std::string_view bytes);

// The same, for what is too large to hold twice: `fill` writes to the stream.
void write_file(const std::filesystem::path& path, const std::function<void(std::ostream&)>& fill);

}  // namespace model
