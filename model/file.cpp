#include "model/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "model/error.h"

namespace model {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) throw Error(path.string() + ": is a folder, not a file");
    std::ifstream in(path, std::ios::binary);
    if (!in) throw Error(path.string() + ": cannot be read: " + std::strerror(errno));
    std::ostringstream bytes;
    bytes << in.rdbuf();
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
    return {{static_cast<const std::byte*>(address), unmap}, size};
}

void write_file(const fs::path& path, std::string_view bytes) {
    write_file(path, [&](std::ostream& out) {
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    });
}

void write_file(const fs::path& path, const std::function<void(std::ostream&)>& fill) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        throw Error(path.string() + ": is a folder; name a file in it");
    }
    const fs::path parent = fs::absolute(path).parent_path();
    if (!fs::is_directory(parent, ignored)) {
        throw Error(path.string() + ": cannot be written: there is no folder " + parent.string() +
                    "; make it first");
    }
    // A device or pipe cannot be replaced by renaming, so it is written through.
    const bool special = fs::exists(path, ignored) && !fs::is_regular_file(path, ignored);
    const fs::path part =
        special ? path : fs::path(path.string() + ".part" + std::to_string(getpid()));
    auto fail = [&](const std::string& why) {
        if (!special) fs::remove(part, ignored);
        throw Error(path.string() + ": cannot be written: " + why);
    };
    errno = 0;
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    if (!out) fail(std::strerror(errno));
    try {
        fill(out);
    } catch (...) {
        if (!special) fs::remove(part, ignored);
        throw;
    }
    out.close();
    if (!out) fail(errno ? std::strerror(errno) : "the disk may be full");
    if (special) return;
    const int fd = open(part.c_str(), O_RDONLY);
    if (fd < 0 || fsync(fd) != 0) {
        const std::string why = std::strerror(errno);
        if (fd >= 0) close(fd);
        fail(why);
    }
    close(fd);
    std::error_code renamed;
    fs::rename(part, path, renamed);
    if (renamed) fail(renamed.message());
}

}  // namespace model
