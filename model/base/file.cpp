#include "model/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "model/base/error.h"

namespace model {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& path, const std::string& why) {
    throw Error(path.string() + ": " + why);
}

// What a clone without Git LFS has in the place of a large file.
void refuse_pointer(const fs::path& path, std::string_view bytes) {
    if (bytes.starts_with("version https://git-lfs.github.com/spec/")) {
        fail(path, "is a Git LFS pointer, not the file itself; run \"git lfs pull\" there");
    }
}

int64_t nanoseconds(const timespec& time) {
    return static_cast<int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

struct Closed {
    int file;
    ~Closed() { close(file); }
};

}  // namespace

int open_regular(const fs::path& path) {
    // Without O_NONBLOCK a named pipe would wait here for somebody who writes.
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) fail(path, std::string("cannot be read: ") + std::strerror(errno));
    struct stat info {};
    const bool known = fstat(file, &info) == 0;
    if (known && S_ISREG(info.st_mode)) return file;
    close(file);
    if (known && S_ISDIR(info.st_mode)) fail(path, "is a folder, not a file");
    fail(path, "is not a regular file");
}

std::string read_file(const fs::path& path, size_t most) {
    const Closed file{open_regular(path)};
    struct stat info {};
    fstat(file.file, &info);
    const auto too_large = [&](size_t bytes) {
        fail(path, "has " + std::to_string(bytes) + " bytes; at most " + std::to_string(most) +
                       " are read");
    };
    if (static_cast<size_t>(info.st_size) > most) too_large(static_cast<size_t>(info.st_size));
    // One more, to see the end; what grows meanwhile, or states no size, is read on.
    std::string bytes(static_cast<size_t>(info.st_size) + 1, '\0');
    size_t done = 0;
    while (true) {
        if (done == bytes.size()) bytes.resize(std::min(2 * done + 4096, most + 1));
        if (done > most) too_large(done);
        const ssize_t n = read(file.file, bytes.data() + done, bytes.size() - done);
        if (n == 0) break;
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail(path, std::string("cannot be read: ") + std::strerror(errno));
        done += static_cast<size_t>(n);
    }
    bytes.resize(done);
    refuse_pointer(path, bytes);
    return bytes;
}

OpenFile::OpenFile(const fs::path& path) : path_(path), file_(open_regular(path)) {
    struct stat info {};
    fstat(file_, &info);
    size_ = static_cast<size_t>(info.st_size);
    changed_ = nanoseconds(info.st_mtim);
}

OpenFile::~OpenFile() {
    close(file_);
}

void OpenFile::check_unchanged() const {
    struct stat info {};
    const bool same = !(map_ && map_->lost()) && fstat(file_, &info) == 0 &&
                      static_cast<size_t>(info.st_size) == size_ &&
                      nanoseconds(info.st_mtim) == changed_;
    if (!same) fail(path_, "was changed while it was open; open it again");
}

const std::byte* OpenFile::map() {
    if (size_ == 0) return nullptr;
    try {
        if (!map_) map_ = std::make_unique<FileMap>(file_, size_);
    } catch (const std::system_error& failed) {
        fail(path_, "cannot be mapped: " + failed.code().message());
    }
    return map_->bytes();
}

MappedFile map_file(const fs::path& path) {
    const auto file = std::make_shared<OpenFile>(path);
    const std::byte* const bytes = file->map();
    if (bytes) {
        refuse_pointer(path, {reinterpret_cast<const char*>(bytes), file->size()});
    }
    return {{file, bytes}, file->size(), file};
}

}  // namespace model
