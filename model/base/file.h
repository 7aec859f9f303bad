// Whole files: read at once or mapped, written whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace model {

// The bytes of a file. Throws Error that names the path.
std::string read_file(const std::filesystem::path& path);

struct MappedFile {
    std::shared_ptr<const std::byte> bytes;  // unmaps itself; null for an empty file
    size_t size = 0;
};

// Maps a regular file read-only. Throws Error that names the path.
MappedFile map_file(const std::filesystem::path& path);

// Files that appear together or not at all. What was not committed vanishes with the set: after a
// failure the old files are still there, untouched.
class FileSet {
  public:
    FileSet() = default;
    ~FileSet();
    FileSet(const FileSet&) = delete;
    FileSet& operator=(const FileSet&) = delete;

    // With the folders above it. Throws Error that names the path.
    void make_folder(const std::filesystem::path& path);
    // Lets `fill` write a temporary beside the path, and syncs it. Missing folders are not made.
    // Devices and pipes are written through. Throws Error that names the path.
    void write(const std::filesystem::path& path, const std::function<void(std::ostream&)>& fill);
    void write(const std::filesystem::path& path, std::string_view bytes);
    // Renames every temporary over its target. Returns those that were there before.
    std::vector<std::filesystem::path> commit();

  private:
    struct Pending {
        std::filesystem::path temporary, target;
    };
    std::vector<Pending> pending_;
    std::vector<std::filesystem::path> folders_;  // made, the outer ones first
};

// One file alone.
void write_file(const std::filesystem::path& path, std::string_view bytes);

// The same, for what is too large to hold twice: `fill` writes to the stream.
void write_file(const std::filesystem::path& path, const std::function<void(std::ostream&)>& fill);

}  // namespace model
