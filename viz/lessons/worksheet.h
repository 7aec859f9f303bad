// A worksheet: one page with the questions of a lesson and room to answer them, and the answers
// after it.
#pragma once

#include <vector>

#include "viz/lessons/lesson.h"
#include "viz/slides/deck.h"

namespace viz {

// `looks`: of all stops, in their order. The lesson must live as long as the deck.
Deck make_worksheet(const Lesson& lesson, std::vector<StopLook> looks, const Theme& theme);

}  // namespace viz
