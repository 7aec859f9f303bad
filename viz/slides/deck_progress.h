// What every writer of a deck does after a page.
#pragma once

#include "model/pass/transformer.h"
#include "viz/slides/deck.h"

namespace viz {

// Throws model::Stopped when the answer is to give up.
inline void tell(const Progress& progress, int done, int all) {
    if (progress && !progress(done, all)) throw model::Stopped{};
}

}  // namespace viz
