// Where the files of one model lie in Hugging Face's cache, as its own programs lay them out: the
// bytes once in blobs/, under the hash that the hub names them by; snapshots/COMMIT/ holds links to
// them; refs/main says which snapshot is meant.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace app {

// Names, hashes and commits must have been checked: they become names of files. What is written
// throws model::Error that names the path.
class HubStore {
  public:
    HubStore(std::filesystem::path cache, const std::string& model);

    // For what is written below; a complete cache needs none, and may be read-only.
    void make_folders(const std::string& commit) const;
    std::filesystem::path blob(const std::string& hash) const;
    std::filesystem::path lock(const std::string& hash) const;
    std::filesystem::path snapshot(const std::string& commit) const;
    // A blob that is there, as a file of the snapshot: a link, or a copy where there are none. What
    // had the name is given up.
    void link(const std::string& commit, const std::string& file, const std::string& hash) const;
    // Only where it is not so already.
    void set_main(const std::string& commit) const;
    uint64_t room() const;  // bytes that the disk has free, also before there are folders

  private:
    std::filesystem::path cache_, model_, locks_;
};

}  // namespace app
