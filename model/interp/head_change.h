// Where an intervention has its effect: the head that looks elsewhere since.
#pragma once

#include "model/pass/attention.h"

namespace model {

struct ChangedHead {
    HeadIndex head;
    double largest = 0;  // of its weights' changes; 0: no head looks elsewhere
};

// The head, of those that are on, one of whose weights at the last position has changed most.
// Records of two runs, as many of each.
ChangedHead most_changed_head(const Config& config, const Records& here, const Records& untouched);

}  // namespace model
