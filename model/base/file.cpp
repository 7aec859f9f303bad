#include "model/base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "model/base/error.h"

namespace model {

namespace fs = std::filesystem;

namespace {

// What a clone without Git LFS has in the place of a large file.
void refuse_pointer(const fs::path& path, std::string_view bytes) {
    if (bytes.starts_with("version https://git-lfs.github.com/spec/")) {
        throw Error(path.string() +
                    ": is a Git LFS pointer, not the file itself; run \"git lfs pull\" there");
    }
}

}  // namespace

std::string read_file(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) throw Error(path.string() + ": is a folder, not a file");
    std::ifstream in(path, std::ios::binary);
    if (!in) throw Error(path.string() + ": cannot be read: " + std::strerror(errno));
    std::ostringstream bytes;
    bytes << in.rdbuf();
    refuse_pointer(path, bytes.view());
    return std::move(bytes).str();
}

MappedFile map_file(const fs::path& path) {
    // Without O_NONBLOCK a named pipe would wait here for somebody who writes.
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) throw Error(path.string() + ": cannot be opened: " + std::strerror(errno));
    struct stat info {};
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        throw Error(path.string() + ": is not a regular file");
    }
    const auto size = static_cast<size_t>(info.st_size);
    void* address = size > 0 ? mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0) : nullptr;
    const std::string why = address == MAP_FAILED ? std::strerror(errno) : "";
    close(fd);
    if (!why.empty()) throw Error(path.string() + ": cannot be mapped: " + why);
    if (!address) return {};
    auto unmap = [size](const std::byte* p) { munmap(const_cast<std::byte*>(p), size); };
    MappedFile file{{static_cast<const std::byte*>(address), unmap}, size};
    refuse_pointer(path, {static_cast<const char*>(address), size});
    return file;
}

}  // namespace model
