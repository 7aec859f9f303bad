// A page's files are bytes already, which belong to its script: they are copied, a piece at a time,
// so that the page, which does it for the other threads, is not held up.
#include "model/base/file_map.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <system_error>
#include <thread>

namespace model {

namespace {

constexpr size_t piece = 4 << 20;

const std::byte* copy(int file, size_t size) {
    auto* const bytes = static_cast<std::byte*>(std::malloc(size));
    if (bytes == nullptr) throw std::system_error(ENOMEM, std::generic_category());
    size_t done = 0;
    while (done < size) {
        const ssize_t n =
            pread(file, bytes + done, std::min(piece, size - done), static_cast<off_t>(done));
        if (n <= 0) break;
        done += static_cast<size_t>(n);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));  // the page has its turn
    }
    if (done == size) return bytes;
    const int why = errno;
    std::free(bytes);
    throw std::system_error(why, std::generic_category());
}

}  // namespace

FileMap::FileMap(int file, size_t size) : bytes_(copy(file, size)), size_(size), guard_(-1) {}

FileMap::~FileMap() {
    std::free(const_cast<std::byte*>(bytes_));
}

bool FileMap::lost() const {
    return false;
}

}  // namespace model
