#include "viz/lessons/paper.h"

#include "viz/paint/format.h"
#include "viz/paint/paragraph.h"
#include "viz/slides/numbered.h"

namespace viz {

using namespace sheet;

namespace {

constexpr float margin = 48;
constexpr int most_lines = 60;

constexpr TextStyle answer_style(Face face, Colour colour) {
    return {face, 12.5f, colour};
}

float answer_height(const StopLook& look, float width) {
    return text_height(answer_style(Face::sans_bold, {}), look.question, width) +
           text_height(answer_style(Face::sans, {}), look.answer, width) + 16;
}

void draw_answers(Canvas& canvas, const Lesson& lesson, const std::vector<StopLook>& looks,
                  const Answers& answers, const Theme& t) {
    Rect at = paper();
    draw_head(canvas, lesson, "", t);
    at = at.without_top(head_height + gap);
    draw_part(canvas, PagePart::title, "", [&] {
        draw_text_in(canvas, at.top(32), "Answers", {Face::sans_bold, title_size, t.text});
    });
    at = at.without_top(44);
    for (const int i : answers) {
        const StopLook& look = looks[static_cast<size_t>(i)];
        const TextStyle bold = answer_style(Face::sans_bold, t.text);
        draw_text_in(canvas, at.top(line_height(bold)), count(i + 1),
                     answer_style(Face::sans_bold, t.accent));
        Rect words = at.without_left(30);
        words = words.without_top(draw_words(canvas, PagePart::words, words, look.question, bold));
        draw_words(canvas, PagePart::words, words, look.answer, answer_style(Face::sans, t.text));
        at = at.without_top(answer_height(look, at.w - 30));
    }
}

}  // namespace

Rect paper() {
    const Size size = slide_size(SlideShape::upright);
    return Rect{0, 0, size.w, size.h}.inset(margin);
}

float text_height(const TextStyle& style, const std::string& text, float width) {
    const auto lines = broken_lines(style, text, width, most_lines);
    return line_height(style) * static_cast<float>(lines.size());
}

float draw_words(Canvas& canvas, PagePart part, Rect at, const std::string& text,
                 const TextStyle& style) {
    float height = 0;
    draw_part(canvas, part, "", [&] { height = draw_paragraph(canvas, at, text, style); });
    return height;
}

void draw_head(Canvas& canvas, const Lesson& lesson, const std::string& right, const Theme& theme) {
    const Rect line = paper().top(head_height);
    const TextStyle style{Face::sans, small_size, theme.muted};
    draw_text_in(canvas, line, deck_title(lesson), style);
    draw_text_in(canvas, line, right, style, Align::right);
}

std::vector<Answers> answer_pages(const std::vector<StopLook>& looks) {
    const float room = paper().h - head_height - gap - 44;
    std::vector<Answers> pages;
    float used = room + 1;
    for (size_t i = 0; i < looks.size(); ++i) {
        if (looks[i].answer.empty()) continue;
        const float height = answer_height(looks[i], paper().w - 30);
        if (used + height > room) {
            pages.emplace_back();
            used = 0;
        }
        pages.back().push_back(static_cast<int>(i));
        used += height;
    }
    return pages;
}

Page answers_page(const Lesson& lesson, const std::vector<StopLook>& looks,
                  const std::vector<Answers>& pages, int index, const Theme& theme) {
    Page page;
    page.name = "answers-" + numbered(index + 1);
    page.title = "Answers";
    page.parts.emplace();
    for (const int i : pages[static_cast<size_t>(index)]) {
        const StopLook& look = looks[static_cast<size_t>(i)];
        page.notes += (page.notes.empty() ? "" : "\n\n") + count(i + 1) + ". " + look.question +
                      "\n" + look.answer;
    }
    page.whole = [&lesson, &theme, looks, on = pages[static_cast<size_t>(index)]](Canvas& canvas) {
        draw_answers(canvas, lesson, looks, on, theme);
    };
    page.tooltip = [](const Hit&) { return Lines{}; };
    return page;
}

std::string deck_title(const Lesson& lesson) {
    return "Stepscope · " + lesson.title;
}

}  // namespace viz
