// Files that appear together or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string_view>
#include <vector>

namespace model {

// What was not committed vanishes with the set: after a failure the old files are still there,
// untouched.
class FileSet {
  public:
    FileSet() = default;
    // For one file, which goes to this stream, whatever its name.
    explicit FileSet(std::ostream& instead) : instead_(&instead) {}
    ~FileSet();
    FileSet(const FileSet&) = delete;
    FileSet& operator=(const FileSet&) = delete;

    bool holds_one() const { return instead_ != nullptr; }
    // With the folders above it. Throws Error that names the path.
    void make_folder(const std::filesystem::path& path);
    // Lets `fill` write a temporary beside the path, and syncs it. Missing folders are not made. A
    // link is written through to what it names, a device or a pipe as it is. Throws Error that
    // names the path.
    void write(const std::filesystem::path& path, const std::function<void(std::ostream&)>& fill);
    void write(const std::filesystem::path& path, std::string_view bytes);
    // Renames every temporary over its target, which keeps its permissions. Returns those that were
    // there before.
    std::vector<std::filesystem::path> commit();

  private:
    struct Pending {
        std::filesystem::path temporary, target, named;  // named: as messages say it
    };
    std::filesystem::path begin(const std::filesystem::path& target);
    std::ostream* instead_ = nullptr;
    std::vector<Pending> pending_;
    std::vector<std::filesystem::path> folders_;  // made, the outer ones first
};

// One file alone.
void write_file(const std::filesystem::path& path, std::string_view bytes);

// The same, for what is too large to hold twice: `fill` writes to the stream.
void write_file(const std::filesystem::path& path, const std::function<void(std::ostream&)>& fill);

// For a process that is about to end whatever its threads do: takes the temporaries of every set
// away. A set that is being committed is waited for; nothing can be written afterwards.
void abandon_files();

}  // namespace model
