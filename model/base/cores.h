// How many processors this process has.
#pragma once

namespace model {

// Those that it may use, not all that there are; at least 1.
int cores();

}  // namespace model
