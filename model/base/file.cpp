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

namespace {

// What a failed write left in errno, where that is about writing.
std::string why_unwritten() {
    for (const int known : {ENOSPC, EDQUOT, EFBIG, EIO}) {
        if (errno == known) return std::strerror(errno);
    }
    return "the disk may be full";
}

void sync(const fs::path& path, const fs::path& target) {
    const int fd = open(path.c_str(), O_RDONLY);
    if (fd >= 0 && fsync(fd) == 0) {
        close(fd);
        return;
    }
    const std::string why = std::strerror(errno);
    if (fd >= 0) close(fd);
    throw Error(target.string() + ": cannot be written: " + why);
}

// Throws Error where a path starts from the current folder and that was removed.
fs::path full_path(const fs::path& path) {
    std::error_code failed;
    fs::path full = fs::absolute(path, failed);
    if (failed) {
        throw Error(path.string() +
                    ": cannot be written: the current folder is gone; go to another");
    }
    return full;
}

}  // namespace

FileSet::~FileSet() {
    std::error_code ignored;
    for (const Pending& file : pending_) fs::remove(file.temporary, ignored);
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

void FileSet::write(const fs::path& path, const std::function<void(std::ostream&)>& fill) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        throw Error(path.string() + ": is a folder; name a file in it");
    }
    const fs::path parent = full_path(path).parent_path();
    if (!fs::is_directory(parent, ignored)) {
        throw Error(path.string() + ": cannot be written: there is no folder " + parent.string() +
                    "; make it first");
    }
    // A device or pipe cannot be replaced by renaming, so it is written through.
    const bool special = fs::exists(path, ignored) && !fs::is_regular_file(path, ignored);
    const fs::path part =
        special ? path : fs::path(path.string() + ".part" + std::to_string(getpid()));
    auto fail = [&](const std::string& why) {
        throw Error(path.string() + ": cannot be written: " + why);
    };
    errno = 0;
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    if (!out) fail(std::strerror(errno));
    if (!special) pending_.push_back({part, path});
    fill(out);
    out.close();
    if (!out) fail(why_unwritten());
    if (!special) sync(part, path);
}

std::vector<fs::path> FileSet::commit() {
    std::vector<fs::path> replaced;
    while (!pending_.empty()) {
        const Pending file = pending_.front();
        std::error_code failed;
        const bool there = fs::exists(file.target, failed);
        fs::rename(file.temporary, file.target, failed);
        if (failed) {
            throw Error(file.target.string() + ": cannot be written: " + failed.message());
        }
        if (there) replaced.push_back(file.target);
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

}  // namespace model
