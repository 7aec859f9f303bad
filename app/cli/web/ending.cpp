// A page ends without a word.
#include "app/cli/ending.h"

namespace app {

void watch_for_signals() {}

Interruptible::Interruptible() = default;
Interruptible::~Interruptible() = default;

bool Interruptible::asked() const {
    return false;
}

}  // namespace app
