// The incomplete file of a download: what an earlier attempt left, and what is appended to it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace app {

class PartFile {
  public:
    // Opens or makes it. All of them throw model::Error that names the path and the reason.
    explicit PartFile(std::filesystem::path path);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    uint64_t size() const { return size_; }
    void append(std::string_view bytes);
    void cut(uint64_t size);  // to its first bytes
    // From its beginning, in pieces.
    template <class Take>
    void read(Take take) const {
        char buffer[1 << 16];
        for (uint64_t at = 0; at < size_;) {
            const size_t n = read_at(buffer, sizeof buffer, at);
            take(std::string_view(buffer, n));
            at += n;
        }
    }
    // Onto the disk and under its final name.
    void finish(const std::filesystem::path& target);
    void remove();

  private:
    size_t read_at(char* buffer, size_t size, uint64_t at) const;
    [[noreturn]] void fail(const char* what) const;

    std::filesystem::path path_;
    int file_ = -1;
    uint64_t size_ = 0;
};

}  // namespace app
