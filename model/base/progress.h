// How far slow work is, and whether it shall go on.
#pragma once

#include <functional>

namespace model {

// Thrown by work that was asked to stop.
struct Stopped {};

// Told after each part of the work how many are done, of how many. False: it shall stop.
using Progress = std::function<bool(int done, int all)>;

// Tells, where somebody listens; throws Stopped where the answer is to stop.
inline void tell(const Progress& progress, int done, int all) {
    if (progress && !progress(done, all)) throw Stopped{};
}

}  // namespace model
