#include "app/fetch/part_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "model/base/error.h"

namespace app {

namespace fs = std::filesystem;

PartFile::PartFile(fs::path path) : path_(std::move(path)) {
    constexpr mode_t everybody_reads = 0644;  // less what umask says
    file_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                 everybody_reads);
    if (file_ < 0 && errno == ELOOP) {
        throw model::Error(path_.string() + ": is a link; remove it");
    }
    if (file_ < 0) fail("cannot be opened");
    struct stat info {};
    if (fstat(file_, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(file_);
        throw model::Error(path_.string() + ": is not a regular file");
    }
    size_ = static_cast<uint64_t>(info.st_size);
}

PartFile::~PartFile() {
    close(file_);
}

void PartFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) fail("cannot be written");
        size_ += static_cast<uint64_t>(n);
        bytes.remove_prefix(static_cast<size_t>(n));
    }
}

void PartFile::cut(uint64_t size) {
    if (ftruncate(file_, static_cast<off_t>(size)) != 0) fail("cannot be written");
    size_ = size;
}

size_t PartFile::read_at(char* buffer, size_t size, uint64_t at) const {
    while (true) {
        const ssize_t n = pread(file_, buffer, size, static_cast<off_t>(at));
        if (n > 0) return static_cast<size_t>(n);
        if (n == 0) throw model::Error(path_.string() + ": became shorter while it was read");
        if (errno != EINTR) fail("cannot be read");
    }
}

void PartFile::finish(const fs::path& target) {
    if (fsync(file_) != 0) fail("cannot be written");
    if (rename(path_.c_str(), target.c_str()) != 0) fail("cannot be given its name");
    // The name too shall be there after a power cut; where a folder cannot be synced, the worst is
    // another download.
    const int folder = open(target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    (void)fsync(folder);
    close(folder);
}

void PartFile::remove() {
    std::error_code ignored;
    fs::remove(path_, ignored);
    size_ = 0;
}

void PartFile::fail(const char* what) const {
    throw model::Error(path_.string() + ": " + what + ": " + std::strerror(errno));
}

}  // namespace app
