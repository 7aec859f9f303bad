#include "model/base/file_map.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <system_error>

namespace model {

namespace {

// Read by a signal handler: atomic words alone, in a table that never moves.
struct Watched {
    std::atomic<uintptr_t> begin = 0, end = 0;
    std::atomic<bool> taken = false, lost = false;
};
constexpr size_t most_maps = 512;
std::array<Watched, most_maps> maps;
struct sigaction before;

// In the thread that read. The rest of the map becomes zeros, and the read is tried again.
void replace_lost(int signal, siginfo_t* info, void* context) {
    const auto at = reinterpret_cast<uintptr_t>(info->si_addr);
    for (Watched& map : maps) {
        const uintptr_t begin = map.begin, end = map.end;
        if (at < begin || at >= end) continue;
        const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
        const uintptr_t from = at / page * page;
        map.lost = true;
        void* const zeros = mmap(reinterpret_cast<void*>(from), end - from, PROT_READ,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (zeros != MAP_FAILED) return;
    }
    // Not ours: as if there were no handler.
    if ((before.sa_flags & SA_SIGINFO) != 0 && before.sa_sigaction != nullptr) {
        before.sa_sigaction(signal, info, context);
    } else {
        sigaction(SIGBUS, &before, nullptr);
    }
}

void listen() {
    static std::once_flag once;
    std::call_once(once, [] {
        struct sigaction action {};
        action.sa_sigaction = replace_lost;
        action.sa_flags = SA_SIGINFO;
        sigemptyset(&action.sa_mask);
        sigaction(SIGBUS, &action, &before);
    });
}

// A place among the maps that are watched, or -1.
int watch(const std::byte* begin, size_t size) {
    listen();
    for (size_t i = 0; i < maps.size(); ++i) {
        if (maps[i].taken.exchange(true)) continue;
        maps[i].lost = false;
        maps[i].begin = reinterpret_cast<uintptr_t>(begin);
        maps[i].end = reinterpret_cast<uintptr_t>(begin) + size;
        return static_cast<int>(i);
    }
    return -1;
}

const std::byte* map(int file, size_t size) {
    void* const address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (address == MAP_FAILED) throw std::system_error(errno, std::generic_category());
    return static_cast<const std::byte*>(address);
}

}  // namespace

FileMap::FileMap(int file, size_t size)
    : bytes_(map(file, size)), size_(size), guard_(watch(bytes_, size)) {}

FileMap::~FileMap() {
    if (guard_ >= 0) {
        Watched& watched = maps[static_cast<size_t>(guard_)];
        watched.end = 0;
        watched.begin = 0;
        watched.taken = false;
    }
    munmap(const_cast<std::byte*>(bytes_), size_);
}

bool FileMap::lost() const {
    return guard_ >= 0 && maps[static_cast<size_t>(guard_)].lost;
}

}  // namespace model
