// A deck as an animated GIF (GIF89a), 960 pixels wide where the deck does not say, which begins
// again at its end: for chats and pages that show no slides. Each page adds only what differs from
// the page before. The same deck gives the same bytes.
#pragma once

#include <ostream>

#include "viz/slides/deck.h"

namespace viz {

// Holds two pictures. Throws model::Stopped when `progress` says so, and std::runtime_error when
// the picture cannot be written. A deck without pages is refused (model::Error).
void write_gif(std::ostream& out, const Deck& deck, const Progress& progress);

}  // namespace viz
