// Memory for what is large: zeroed by the system when it is first touched, in large pages where
// that pays, and given back row by row.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace model {

// Bytes that the machine has.
size_t installed_memory();

// `bytes` of zeros, aligned to 64. Throws std::bad_alloc.
std::shared_ptr<std::byte> new_bytes(size_t bytes);
inline std::shared_ptr<float> new_floats(size_t n) {
    const auto bytes = new_bytes(n * sizeof(float));
    return {bytes, reinterpret_cast<float*>(bytes.get())};
}

// n rows of floats, `stride` floats apart, so that one product can write all of them. The memory of
// a row goes back to the system when its last holder lets go, whatever becomes of the others.
struct RowMemory {
    float* data = nullptr;
    size_t stride = 0;
    std::vector<std::shared_ptr<const float>> rows;
};
RowMemory new_rows(int n, size_t floats);

}  // namespace model
