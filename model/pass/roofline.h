// What the machine can do at best, measured in the same run as what we do: ratios then mean
// something on any machine, busy or not.
#pragma once

#include <cstddef>

namespace model {

// One thread's n fused multiply-adds, out of registers; returns a number, so that nothing is
// optimised away.
float multiply_adds(size_t n);
// Reads a buffer with one thread; returns its sum, for the same reason.
float stream(const float* data, size_t n);

// The same on all threads.
void multiply_adds_on_all(size_t n);
void stream_on_all(const float* data, size_t n);

}  // namespace model
