// Several pages of a deck on each sheet of paper, with lines to write on beside or below them.
#pragma once

#include "viz/slides/deck.h"

namespace viz {

// At 96 dots an inch.
inline constexpr Size a4_paper{794, 1123}, letter_paper{816, 1056};

// `per_page`: 1, 2, 4 or 6. With 1 the notes stand below the page.
Deck sheets_of(Deck pages, int per_page, Size paper);
// Lines to write on, from the top of the rectangle: `most` of them, as far as there is room.
void draw_writing_lines(Canvas& canvas, Rect rect, float pitch, int most, Stroke line);

}  // namespace viz
