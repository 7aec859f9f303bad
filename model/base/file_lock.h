// A file that says that somebody is at work, which the system forgets however the process ends.
#pragma once

#include <filesystem>
#include <optional>

namespace model {

class FileLock {
  public:
    // None where another holds it. Where a file system knows no locks, it is had for nothing.
    // Throws Error that names the path.
    static std::optional<FileLock> take(const std::filesystem::path& path);
    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;

  private:
    explicit FileLock(int file) : file_(file) {}
    int file_;
};

}  // namespace model
