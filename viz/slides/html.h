// A deck as one HTML file that needs nothing else: each page a picture of vectors and real text,
// pages by keys, clicks and swipes, notes, an overview, and the values behind what is pointed at.
// On a narrow upright screen the parts of a page stand below one another. The same deck gives the
// same bytes.
#pragma once

#include <ostream>

#include "viz/slides/deck.h"

namespace viz {

// Maps with more cells than this say nothing when they are pointed at: their words would take more
// room than the page.
inline constexpr int most_cells_with_words = 4096;

// Holds one page and the words of all. Throws model::Stopped when `progress` says so.
void write_html(std::ostream& out, const Deck& deck, const Progress& progress);

}  // namespace viz
