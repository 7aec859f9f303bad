// A deck as PDF: a page each, text that can be selected, a bookmark for every step.
#pragma once

#include <iosfwd>

#include "viz/slides/deck.h"

namespace viz {

// The same deck gives the same bytes. A stream that fails is left to its owner. Throws
// model::Stopped when `progress` gives up.
void write_pdf(std::ostream& out, const Deck& deck, const Progress& progress);

}  // namespace viz
