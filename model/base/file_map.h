// The bytes of an open file in memory. They may vanish: where a file is cut short, the system ends
// whoever reads its map (SIGBUS). Here zeros are read instead, and the map is known to be lost.
#pragma once

#include <cstddef>

namespace model {

class FileMap {
  public:
    // Its first `size` bytes, read-only. Throws std::system_error.
    FileMap(int file, size_t size);
    ~FileMap();
    FileMap(const FileMap&) = delete;
    FileMap& operator=(const FileMap&) = delete;

    const std::byte* bytes() const { return bytes_; }
    bool lost() const;

  private:
    const std::byte* bytes_;
    size_t size_;
    int guard_;  // its place among those that are watched; -1 where there are too many
};

}  // namespace model
