#include "model/base/file_set.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <mutex>
#include <random>
#include <set>

#include "model/base/error.h"

namespace model {

namespace fs = std::filesystem;

namespace {

// What every set has begun. Whoever ends the process keeps the lock: nobody begins anything then.
struct Unfinished {
    std::mutex mutex;
    std::set<fs::path> files;
};

Unfinished& unfinished() {
    static auto* const all = new Unfinished;  // outlives whoever is still writing at the end
    return *all;
}

[[noreturn]] void fail(const fs::path& path, const std::string& why) {
    throw Error(path.string() + ": cannot be written: " + why);
}

// What a failed write left in errno, where that is about writing.
std::string why_unwritten() {
    for (const int known : {ENOSPC, EDQUOT, EFBIG, EIO, EPIPE}) {
        if (errno == known) return std::strerror(errno);
    }
    return "the disk may be full";
}

void sync(const fs::path& path, const fs::path& named) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    // Some file systems have nothing to sync.
    const bool done = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP);
    const int why = errno;
    if (fd >= 0) close(fd);
    if (!done) fail(named, std::strerror(why));
}

// Throws Error where a path starts from the current folder and that was removed.
fs::path full_path(const fs::path& path) {
    std::error_code failed;
    fs::path full = fs::absolute(path, failed);
    if (failed) fail(path, "the current folder is gone; go to another");
    return full;
}

// Where a write to `path` ends up: what its links name, there or not yet.
fs::path behind_links(const fs::path& path) {
    constexpr int most_links = 40;  // as the system has it
    fs::path at = full_path(path);
    std::error_code failed;
    for (int i = 0; fs::is_symlink(at, failed); ++i) {
        const fs::path next = fs::read_symlink(at, failed);
        if (failed) fail(path, failed.message());
        if (i == most_links) fail(path, "its links lead in a circle");
        at = at.parent_path() / next;
    }
    return at;
}

// A device or a pipe cannot be replaced by renaming; nor can what the process has open and names
// as /dev/stdout or /dev/fd/3.
bool is_special(const fs::path& path, const fs::path& target) {
    std::error_code ignored;
    if (fs::exists(target, ignored) && !fs::is_regular_file(target, ignored)) return true;
    const std::string name = full_path(path).lexically_normal().string();
    return name == "/dev/stdout" || name == "/dev/stderr" || name.starts_with("/dev/fd/") ||
           name.starts_with("/proc/");
}

// A name of its own, however long that of the target is.
std::string temporary_name() {
    std::random_device random;
    char name[48];
    std::snprintf(name, sizeof name, ".stepscope-%08x%08x.part", random(), random());
    return name;
}

}  // namespace

FileSet::~FileSet() {
    std::error_code ignored;
    if (!pending_.empty()) {
        const std::lock_guard lock(unfinished().mutex);
        for (const Pending& file : pending_) {
            fs::remove(file.temporary, ignored);
            unfinished().files.erase(file.temporary);
        }
    }
    for (size_t i = folders_.size(); i > 0; --i) fs::remove(folders_[i - 1], ignored);
}

void FileSet::make_folder(const fs::path& path) {
    std::vector<fs::path> missing;
    std::error_code failed;
    fs::path at = full_path(path).lexically_normal();
    if (!at.has_filename()) at = at.parent_path();  // "pages/"
    for (; !fs::exists(at, failed) && at.has_relative_path(); at = at.parent_path()) {
        missing.push_back(at);
    }
    for (size_t i = missing.size(); i > 0; --i) {
        if (fs::create_directory(missing[i - 1], failed)) folders_.push_back(missing[i - 1]);
        if (failed) break;
    }
    if (!failed && !fs::is_directory(at, failed))
        failed = std::make_error_code(std::errc::not_a_directory);
    if (failed) {
        throw Error(path.string() + ": the folder cannot be made: " + failed.message());
    }
}

void FileSet::write(const fs::path& path, std::string_view bytes) {
    write(path, [&](std::ostream& out) {
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    });
}

// An empty temporary beside the target, with its permissions. Throws std::system_error.
fs::path FileSet::begin(const fs::path& target) {
    const fs::path part = target.parent_path() / temporary_name();
    const std::lock_guard lock(unfinished().mutex);
    const int fd = open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) throw std::system_error(errno, std::generic_category());
    struct stat before {};
    if (stat(target.c_str(), &before) == 0) (void)fchmod(fd, before.st_mode & 0777);
    close(fd);
    unfinished().files.insert(part);
    return part;
}

void FileSet::write(const fs::path& path, const std::function<void(std::ostream&)>& fill) {
    if (instead_) return fill(*instead_);
    std::error_code ignored;
    if (path.empty()) throw Error("\"\": is no name of a file");
    const fs::path target = behind_links(path);
    if (fs::is_directory(target, ignored) || !target.has_filename()) {
        throw Error(path.string() + ": is a folder; name a file in it");
    }
    const fs::path parent = target.parent_path();
    if (!fs::is_directory(parent, ignored)) {
        fail(path, "there is no folder " + parent.string() + "; make it first");
    }
    const bool special = is_special(path, target);
    // Who may not write a file may not replace it either.
    if (!special && fs::exists(target, ignored) && access(target.c_str(), W_OK) != 0) {
        fail(path, std::strerror(errno));
    }
    // A name that is too long is found before the work, not after it.
    if (struct stat info{}; stat(target.c_str(), &info) != 0 && errno != ENOENT) {
        fail(path, std::strerror(errno));
    }
    fs::path part = path;
    if (!special) {
        try {
            part = begin(target);
        } catch (const std::system_error& failure) {
            fail(path, failure.code().message());
        }
        pending_.push_back({part, target, path});
    }
    errno = 0;
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    if (!out) fail(path, std::strerror(errno));
    fill(out);
    out.close();
    if (!out) fail(path, why_unwritten());
    if (!special) sync(part, path);
}

std::vector<fs::path> FileSet::commit() {
    std::vector<fs::path> replaced;
    const std::lock_guard lock(unfinished().mutex);  // no signal ends the process half way
    while (!pending_.empty()) {
        const Pending file = pending_.front();
        std::error_code failed;
        const bool there = fs::exists(file.target, failed);
        fs::rename(file.temporary, file.target, failed);
        if (failed) fail(file.named, failed.message());
        unfinished().files.erase(file.temporary);
        if (there) replaced.push_back(file.named);
        pending_.erase(pending_.begin());
    }
    folders_.clear();
    return replaced;
}

void write_file(const fs::path& path, std::string_view bytes) {
    FileSet files;
    files.write(path, bytes);
    files.commit();
}

void write_file(const fs::path& path, const std::function<void(std::ostream&)>& fill) {
    FileSet files;
    files.write(path, fill);
    files.commit();
}

void abandon_files() {
    Unfinished& all = unfinished();
    all.mutex.lock();  // for good
    std::error_code ignored;
    for (const fs::path& file : all.files) fs::remove(file, ignored);
}

}  // namespace model
