// A deck as a PowerPoint file (ECMA-376 PresentationML): one slide a page. Title and caption are
// text boxes that can be edited, the figure is one picture: vectors for programs that know SVG
// and a PNG of twice the size for the others. Notes go along. The same deck gives the same bytes.
#pragma once

#include <ostream>

#include "viz/slides/deck.h"

namespace viz {

// Pixels of a figure's PNG for one of the slide: programs that know SVG show that instead.
inline constexpr float pptx_picture_scale = 1.5f;

// Holds one page and the packed file. Throws model::Stopped when `progress` says so, and
// std::runtime_error when the file cannot be packed.
void write_pptx(std::ostream& out, const Deck& deck, const Progress& progress);

}  // namespace viz
