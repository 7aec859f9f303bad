#include "model/base/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "model/base/error.h"

namespace model {

std::optional<FileLock> FileLock::take(const std::filesystem::path& path) {
    constexpr mode_t everybody_reads = 0644;
    while (true) {
        const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, everybody_reads);
        if (file < 0) throw Error(path.string() + ": cannot be opened: " + std::strerror(errno));
        FileLock lock(file);
        if (flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return std::nullopt;
        // Who held it before may have removed it: then it keeps nobody out.
        struct stat info {};
        if (fstat(file, &info) != 0 || info.st_nlink > 0) return lock;
    }
}

FileLock::~FileLock() {
    if (file_ >= 0) close(file_);
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

}  // namespace model
