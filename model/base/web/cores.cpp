// A browser says how many there are, and no more. One is left to the page itself.
#include "model/base/cores.h"

#include <algorithm>
#include <thread>

namespace model {

int cores() {
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1);
}

}  // namespace model
