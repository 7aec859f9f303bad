#include "viz/lessons/handout.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include "viz/layout/pen.h"
#include "viz/paint/format.h"
#include "viz/paint/paragraph.h"
#include "viz/views/pointing.h"

namespace viz {

namespace {

constexpr float margin = 48;
constexpr float title_size = 22, text_size = 13.5f, small_size = 10.5f;
constexpr float gap = 12;
constexpr float writing_pitch = 30;
constexpr int most_writing_lines = 10, most_lines = 60;
// The figure is a slide's, made smaller: from its ribbon to the end of its views.
constexpr SlideShape figure_shape = SlideShape::classic;

Rect paper() {
    const Size size = slide_size(SlideShape::upright);
    return Rect{0, 0, size.w, size.h}.inset(margin);
}

float text_height(const TextStyle& style, const std::string& text, float width) {
    const auto lines = broken_lines(style, text, width, most_lines);
    return line_height(style) * static_cast<float>(lines.size());
}

// What the window shows of a stop, as far as a page has room for it.
std::vector<const View*> figure_views(const LessonStop& stop, SlideShape shape) {
    const View* first = page_view(stop.view);
    const View* second = stop.beside ? page_view(stop.beside) : find_view("ranking");
    if (second != first && slide_holds(shape, {first, second})) return {first, second};
    return {first};
}

void draw_head(Canvas& canvas, Rect line, const Theme& t, const std::string& left,
               const std::string& right) {
    const TextStyle style{Face::sans, small_size, t.muted};
    draw_text_in(canvas, line, left, style);
    draw_text_in(canvas, line, right, style, Align::right);
}

void draw_stop(Canvas& canvas, const Lesson& lesson, int index, const StopLook& look,
               const Scene& scene, const std::vector<const View*>& views) {
    const Theme& t = scene.theme;
    Rect at = paper();
    const std::string where =
        count(index + 1) + " of " + count(static_cast<int>(lesson.stops.size()));
    draw_head(canvas, at.top(16), t, "Stepscope · " + lesson.title,
              index == 0 ? "Name: ______________________________     " + where : where);
    at = at.without_top(16 + gap);
    const float title =
        draw_paragraph(canvas, at, look.title, {Face::sans_bold, title_size, t.text});
    at = at.without_top(title + 6);
    const float note = draw_paragraph(canvas, at, look.note, {Face::sans, text_size, t.text});
    at = at.without_top(note + gap);

    const Rect body = slide_body(figure_shape);
    const float scale = at.w / body.w;
    PlacedCanvas placed(canvas, {at.x - body.x * scale, at.y - body.y * scale}, scale);
    draw_slide_body(placed, scene, views, figure_shape);
    at = at.without_top(body.h * scale + gap);

    const Rect foot{at.x, paper().bottom() - 14, at.w, 14};
    const TextStyle small{Face::sans, small_size, t.muted};
    draw_text_in(canvas, foot, fit_end(small.face, small.size, slide_caption(scene), foot.w),
                 small);
    if (look.question.empty()) return;
    at = at.without_bottom(14 + gap);
    const float question = draw_paragraph(canvas, at, look.question, {Face::sans_bold, 15, t.text});
    at = at.without_top(question);
    for (int i = 1; i <= most_writing_lines; ++i) {
        const float y = at.y + writing_pitch * static_cast<float>(i);
        if (y > at.bottom()) break;
        draw_across(canvas, at, y, {t.border, 1});
    }
}

// The answers of one page: which of the stops.
using Answers = std::vector<int>;

constexpr TextStyle answer_style(Face face, Colour colour) {
    return {face, 12.5f, colour};
}

float answer_height(const StopLook& look, float width) {
    return text_height(answer_style(Face::sans_bold, {}), look.question, width) +
           text_height(answer_style(Face::sans, {}), look.answer, width) + 16;
}

std::vector<Answers> answer_pages(const std::vector<StopLook>& looks) {
    const float room = paper().h - 16 - gap - 44;
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

void draw_answers(Canvas& canvas, const Lesson& lesson, const std::vector<StopLook>& looks,
                  const Answers& answers, const Theme& t) {
    Rect at = paper();
    draw_head(canvas, at.top(16), t, "Stepscope · " + lesson.title, "");
    at = at.without_top(16 + gap);
    draw_text_in(canvas, at.top(32), "Answers", {Face::sans_bold, title_size, t.text});
    at = at.without_top(44);
    for (const int i : answers) {
        const StopLook& look = looks[static_cast<size_t>(i)];
        const TextStyle bold = answer_style(Face::sans_bold, t.text);
        draw_text_in(canvas, at.top(line_height(bold)), count(i + 1),
                     answer_style(Face::sans_bold, t.accent));
        Rect words = at.without_left(30);
        words = words.without_top(draw_paragraph(canvas, words, look.question, bold));
        draw_paragraph(canvas, words, look.answer, answer_style(Face::sans, t.text));
        at = at.without_top(answer_height(look, at.w - 30));
    }
}

std::string numbered(int number) {
    char text[16];
    std::snprintf(text, sizeof text, "%03d", number);
    return text;
}

std::string words_of(const StopLook& look) {
    std::string words = look.note;
    if (!look.question.empty()) words += "\nQuestion: " + look.question;
    if (!look.answer.empty()) words += "\nAnswer: " + look.answer;
    return words;
}

std::string deck_title(const Lesson& lesson) {
    return "Stepscope · " + lesson.title;
}

}  // namespace

Deck make_handout(const Lesson& lesson, std::vector<StopLook> looks, const Theme& theme,
                  SceneOfStop scene) {
    const std::vector<Answers> answers = answer_pages(looks);
    const int stops = static_cast<int>(looks.size());
    Deck deck;
    deck.title = deck_title(lesson);
    deck.shape = SlideShape::upright;
    deck.theme = &theme;
    deck.pages = stops + static_cast<int>(answers.size());
    deck.page = [&lesson, &theme, looks = std::move(looks), answers, stops,
                 scene = std::move(scene)](int i) {
        Page page;
        page.step = i + 1;
        page.number = numbered(i + 1);
        if (i >= stops) {
            page.name = "answers-" + numbered(i - stops + 1);
            page.title = "Answers";
            page.whole = [&lesson, &theme, looks, on = answers[static_cast<size_t>(i - stops)]](
                             Canvas& canvas) { draw_answers(canvas, lesson, looks, on, theme); };
            page.tooltip = [](const Hit&) { return Lines{}; };
        } else {
            const auto shown = std::make_shared<Scene>(scene(i));
            const StopLook& look = looks[static_cast<size_t>(i)];
            const auto views = figure_views(lesson.stops[static_cast<size_t>(i)], figure_shape);
            page.name = "stop-" + numbered(i + 1);
            page.title = look.title;
            page.caption = slide_caption(*shown);
            page.whole = [&lesson, i, look, shown, views](Canvas& canvas) {
                draw_stop(canvas, lesson, i, look, *shown, views);
            };
            page.tooltip = [shown](const Hit& hit) { return tooltip(*shown, hit); };
        }
        page.figure = page.whole;
        return page;
    };
    return deck;
}

Deck make_lesson_slides(const Lesson& lesson, std::vector<StopLook> looks, const Theme& theme,
                        SlideShape shape, SceneOfStop scene) {
    Deck deck;
    deck.title = deck_title(lesson);
    deck.shape = shape;
    deck.theme = &theme;
    deck.pages = static_cast<int>(looks.size());
    deck.page = [&lesson, looks = std::move(looks), shape, scene = std::move(scene)](int i) {
        const auto shown = std::make_shared<Scene>(scene(i));
        const StopLook& look = looks[static_cast<size_t>(i)];
        const auto views = figure_views(lesson.stops[static_cast<size_t>(i)], shape);
        Page page;
        page.step = i + 1;
        page.number = numbered(i + 1);
        page.name = "stop-" + page.number;
        page.title = look.title;
        page.caption = slide_caption(*shown, shape);
        page.notes = words_of(look);
        page.figure = [shown, views, shape](Canvas& canvas) {
            draw_slide_body(canvas, *shown, views, shape);
        };
        page.whole = [page, shown, shape](Canvas& canvas) {
            const SlideText at = slide_text(shape, shown->theme);
            draw_text_in(canvas, at.title, page.title, at.title_style);
            page.figure(canvas);
            draw_text_in(canvas, at.caption, page.caption, at.caption_style);
        };
        page.tooltip = [shown](const Hit& hit) { return tooltip(*shown, hit); };
        return page;
    };
    return deck;
}

}  // namespace viz
