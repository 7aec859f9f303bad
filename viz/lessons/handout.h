// A lesson on paper and as slides. The handout has an upright page for each stop: its words, its
// figure, its question and room to write, and at the end the answers. The slides have the words as
// speaker notes.
#pragma once

#include <vector>

#include "viz/lessons/lesson.h"
#include "viz/slides/deck.h"

namespace viz {

// The scene of a stop, from 0; valid until the next call.
using SceneOfStop = std::function<const Scene&(int stop)>;

// `looks`: of all stops, in their order. The lesson must live as long as the deck.
Deck make_handout(const Lesson& lesson, std::vector<StopLook> looks, const Theme& theme,
                  SceneOfStop scene);
Deck make_lesson_slides(const Lesson& lesson, std::vector<StopLook> looks, const Theme& theme,
                        SlideShape shape, SceneOfStop scene);

}  // namespace viz
