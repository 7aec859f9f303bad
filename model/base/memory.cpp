#include "model/base/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace model {

namespace {

constexpr size_t large_page = size_t{2} << 20;
constexpr size_t alignment = 64;  // of a cache line
// From here on the system is asked for pages; less comes from the heap, which has them at hand.
constexpr size_t worth_pages = 2 * large_page;

size_t rounded_up(size_t n, size_t unit) {
    return (n + unit - 1) / unit * unit;
}

std::shared_ptr<std::byte> map_pages(size_t bytes) {
    // Large pages must lie on their own boundaries, which a map need not.
    const size_t mapped = bytes + large_page;
    void* memory =
        mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    void* start = memory;
    size_t room = mapped;
    auto* aligned = static_cast<std::byte*>(std::align(large_page, bytes, start, room));
    madvise(aligned, bytes, MADV_HUGEPAGE);
    return {aligned, [memory, mapped](std::byte*) { munmap(memory, mapped); }};
}

}  // namespace

size_t installed_memory() {
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? static_cast<size_t>(pages) * static_cast<size_t>(page) : 0;
}

std::shared_ptr<std::byte> new_bytes(size_t bytes) {
    if (bytes >= worth_pages) return map_pages(bytes);
    const size_t size = rounded_up(bytes, alignment);
    void* memory = std::aligned_alloc(alignment, size);
    if (!memory) throw std::bad_alloc();
    std::memset(memory, 0, size);
    return {static_cast<std::byte*>(memory), [](std::byte* p) { std::free(p); }};
}

RowMemory new_rows(int n, size_t floats) {
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    RowMemory memory;
    if (n == 1) {
        const std::shared_ptr<float> row = new_floats(floats);
        memory = {row.get(), floats, {row}};
        return memory;
    }
    // Whole pages each, so that one can go while its neighbours stay.
    const size_t bytes = rounded_up(floats * sizeof(float), page);
    const std::shared_ptr<std::byte> all = map_pages(bytes * static_cast<size_t>(n));
    memory.data = reinterpret_cast<float*>(all.get());
    memory.stride = bytes / sizeof(float);
    for (int i = 0; i < n; ++i) {
        float* row = memory.data + memory.stride * static_cast<size_t>(i);
        memory.rows.emplace_back(row, [all, bytes](float* p) { madvise(p, bytes, MADV_DONTNEED); });
    }
    return memory;
}

}  // namespace model
