// A step's ranking as rows and bars that the reader of a file can edit.
#pragma once

#include "viz/slides/deck.h"

namespace viz {

// The likeliest tokens, the chosen one and all others together. `asks`: a chosen one that is not
// among the likeliest has no row, which would give it away. Its place on the page is left open.
PageTable ranking_table(const Scene& scene, const Language& language, bool asks);

}  // namespace viz
