// What the machine can do at best, measured in the same run as what we do: ratios then mean
// something on any machine, busy or not.
#pragma once

#include <cstddef>

namespace model {

// One thread's n fused multiply-adds, out of registers; returns a number, so that nothing is
// optimised away.
float multiply_adds(size_t n);
// Reads memory with one thread; returns a number, for the same reason.
float stream(const std::byte* data, size_t bytes);

// The same on all threads, each with an equal part.
void multiply_adds_on_all(size_t n);
void stream_on_all(const std::byte* data, size_t bytes);

}  // namespace model
