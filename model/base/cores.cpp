#include "model/base/cores.h"

#include <sched.h>

#include <algorithm>
#include <thread>

namespace model {

int cores() {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace model
