// The one door for files that others made: opened without waiting, regular ones only, every read
// checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "model/base/file_map.h"

namespace model {

constexpr size_t usual_size = 64 << 20;  // bytes: more than any file of settings or words has

// The bytes of a file. Throws Error that names the path; also where there are more than `most`.
std::string read_file(const std::filesystem::path& path, size_t most = usual_size);

// A file that stays open while it is used, perhaps for hours.
class OpenFile {
  public:
    // Throws Error that names the path.
    explicit OpenFile(const std::filesystem::path& path);
    ~OpenFile();
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    const std::filesystem::path& path() const { return path_; }
    size_t size() const { return size_; }
    // Throws Error where somebody wrote into it, or cut it short, since it was opened: what was
    // read is not what it was. A file that took its name, or its removal, changes nothing.
    void check_unchanged() const;

    // Maps it read-only; once. Where the file is cut short meanwhile, zeros are read in place of
    // what is lost, and check_unchanged() says so.
    const std::byte* map();

  private:
    std::filesystem::path path_;
    int file_ = -1;
    size_t size_ = 0;
    int64_t changed_ = 0;  // its time, in nanoseconds
    std::unique_ptr<FileMap> map_;
};

// Opens a regular file for reading without waiting for anybody; its descriptor, which is the
// caller's. Throws Error that names the path.
int open_regular(const std::filesystem::path& path);

struct MappedFile {
    std::shared_ptr<const std::byte> bytes;  // null for an empty file
    size_t size = 0;
    std::shared_ptr<const OpenFile> file;
};

// Throws Error that names the path.
MappedFile map_file(const std::filesystem::path& path);

}  // namespace model
