// Sentences of a lesson that say more than its claims measure.
#pragma once

#include <string>
#include <vector>

#include "viz/lessons/lesson.h"

namespace viz {

// The sentences of note and answer that compare, count or speak of all or none, and of which no
// claim "says" a part and no number is filled in: nothing measures whether they are true.
std::vector<std::string> unclaimed(const LessonStop& stop);

}  // namespace viz
