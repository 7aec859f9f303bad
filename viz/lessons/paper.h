// What pages for paper have in common: the sheet, its head, and the answers at its end.
#pragma once

#include <string>
#include <vector>

#include "viz/lessons/lesson.h"
#include "viz/slides/deck.h"

namespace viz {

namespace sheet {
constexpr float title_size = 22, text_size = 13.5f, small_size = 10.5f;
constexpr float gap = 12;
constexpr float head_height = 16;
constexpr const char* name_line = "Name: ______________________________";
}  // namespace sheet

Rect paper();  // within the margins of an upright page
float text_height(const TextStyle& style, const std::string& text, float width);
// Words that are read aloud as this part of the page; the height that they take.
float draw_words(Canvas& canvas, PagePart part, Rect at, const std::string& text,
                 const TextStyle& style);
// "Stepscope · Induction" at the left.
void draw_head(Canvas& canvas, const Lesson& lesson, const std::string& right, const Theme& theme);

// The answers of one page: which of the stops, from 0.
using Answers = std::vector<int>;
std::vector<Answers> answer_pages(const std::vector<StopLook>& looks);
// The page `index` of them.
Page answers_page(const Lesson& lesson, const std::vector<StopLook>& looks,
                  const std::vector<Answers>& pages, int index, const Theme& theme);

std::string deck_title(const Lesson& lesson);

}  // namespace viz
