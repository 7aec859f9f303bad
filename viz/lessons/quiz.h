// The questions of a lesson for other people's programs: Moodle's GIFT format, or a table.
#pragma once

#include <string>
#include <vector>

#include "viz/lessons/lesson.h"

namespace viz {

struct QuizQuestion {
    std::string lesson;  // its id
    int stop = 0;        // from 1
    std::string text;    // the prompt that it is about
    std::string question, answer;
    // Where the class guesses the next token: the likeliest ones, the right one first. Else it is
    // answered in words.
    std::vector<std::string> choices;
};

// A stop's question; none where it has none.
std::vector<QuizQuestion> quiz_of(const Lesson& lesson, int stop, const StopLook& look,
                                  const model::Model& model, const model::Step& step);

// https://docs.moodle.org/en/GIFT_format
std::string quiz_as_gift(const std::vector<QuizQuestion>& questions);
// A line of titles, then one for each question, as RFC 4180 has it; no cell is a formula.
std::string quiz_as_csv(const std::vector<QuizQuestion>& questions);

}  // namespace viz
