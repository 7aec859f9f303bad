#include "viz/lessons/handout.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "viz/lessons/paper.h"
#include "viz/paint/display_list.h"
#include "viz/paint/format.h"
#include "viz/paint/paragraph.h"
#include "viz/slides/figure_parts.h"
#include "viz/slides/numbered.h"
#include "viz/slides/sheets.h"
#include "viz/views/pointing.h"

namespace viz {

using namespace sheet;

namespace {

// The figure is a slide's, made smaller: from its ribbon to the end of its views.
constexpr SlideShape figure_shape = SlideShape::classic;
constexpr float writing_pitch = 30;
constexpr int most_writing_lines = 10;

// What the window shows of a stop, as far as a page has room for it.
std::vector<const View*> figure_views(const LessonStop& stop, SlideShape shape) {
    const View* first = page_view(stop.view);
    const View* second = stop.beside ? page_view(stop.beside) : find_view("ranking");
    if (second != first && slide_holds(shape, {first, second})) return {first, second};
    return {first};
}

// Returns where the figure stands.
Rect draw_stop(Canvas& canvas, const Lesson& lesson, int index, const StopLook& look,
               const Scene& scene, const std::vector<const View*>& views) {
    const Theme& t = scene.theme;
    Rect at = paper();
    const std::string where =
        count(index + 1) + " of " + count(static_cast<int>(lesson.stops.size()));
    draw_head(canvas, lesson, index == 0 ? std::string(name_line) + "     " + where : where, t);
    at = at.without_top(head_height + gap);
    const float title =
        draw_words(canvas, PagePart::title, at, look.title, {Face::sans_bold, title_size, t.text});
    at = at.without_top(title + 6);
    const float note =
        draw_words(canvas, PagePart::words, at, look.note, {Face::sans, text_size, t.text});
    at = at.without_top(note + gap);

    const Rect body = slide_body(figure_shape);
    const float scale = at.w / body.w;
    PlacedCanvas placed(canvas, {at.x - body.x * scale, at.y - body.y * scale}, scale);
    draw_part(canvas, PagePart::figure, slide_caption(scene),
              [&] { draw_slide_body(placed, scene, views, figure_shape); });
    const Rect figure = at.top(body.h * scale);
    at = at.without_top(body.h * scale + gap);

    const Rect foot{at.x, paper().bottom() - 14, at.w, 14};
    const TextStyle small{Face::sans, small_size, t.muted};
    draw_text_in(canvas, foot, fit_end(small.face, small.size, slide_caption(scene), foot.w),
                 small);
    if (look.question.empty()) return figure;
    at = at.without_bottom(14 + gap);
    const float question =
        draw_words(canvas, PagePart::words, at, look.question, {Face::sans_bold, 15, t.text});
    at = at.without_top(question);
    draw_writing_lines(canvas, at, writing_pitch, most_writing_lines, {t.border, 1});
    return figure;
}

// The parts of the figure where the page has them, for narrow screens.
std::vector<Rect> parts_of(const Lesson& lesson, int index, const StopLook& look,
                           const Scene& scene, const std::vector<const View*>& views) {
    DisplayList page;
    const Rect figure = draw_stop(page, lesson, index, look, scene, views);
    const Rect body = slide_body(figure_shape);
    const float scale = figure.w / body.w;
    std::vector<Rect> parts = figure_parts(
        [&](Canvas& canvas) { draw_slide_body(canvas, scene, views, figure_shape); }, figure_shape);
    for (Rect& part : parts) {
        part = {figure.x + (part.x - body.x) * scale, figure.y + (part.y - body.y) * scale,
                part.w * scale, part.h * scale};
    }
    return parts;
}

struct SlideOfStop {
    int stop;
    bool answers;
};

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
            page = answers_page(lesson, looks, answers, i - stops, theme);
            page.step = i + 1;
            page.number = numbered(i + 1);
        } else {
            const auto shown = std::make_shared<Scene>(scene(i));
            const StopLook& look = looks[static_cast<size_t>(i)];
            const auto views = figure_views(lesson.stops[static_cast<size_t>(i)], figure_shape);
            page.name = "stop-" + numbered(i + 1);
            page.title = look.title;
            page.caption = slide_caption(*shown);
            page.notes = look.question.empty() ? look.note : look.note + "\n\n" + look.question;
            page.parts = parts_of(lesson, i, look, *shown, views);
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
    // A stop that asks has its answer on a page of its own.
    std::vector<SlideOfStop> plan;
    for (size_t i = 0; i < looks.size(); ++i) {
        plan.push_back({static_cast<int>(i), false});
        if (!looks[i].question.empty()) plan.push_back({static_cast<int>(i), true});
    }
    deck.pages = static_cast<int>(plan.size());
    deck.page = [&lesson, looks = std::move(looks), plan, shape,
                 scene = std::move(scene)](int number) {
        const auto [i, answers] = plan[static_cast<size_t>(number)];
        const auto shown = std::make_shared<Scene>(scene(i));
        const StopLook& look = looks[static_cast<size_t>(i)];
        if (answers) shown->reveal = Reveal::all;
        const auto views = figure_views(lesson.stops[static_cast<size_t>(i)], shape);
        Page page;
        page.step = i + 1;
        page.number = numbered(i + 1) + (answers ? "-answer" : "");
        page.name = "stop-" + page.number;
        page.title = look.title;
        page.caption = slide_caption(*shown, shape);
        page.notes = answers ? "Question: " + look.question + "\nAnswer: " + look.answer
                     : look.question.empty() ? look.note
                                             : look.note + "\nQuestion: " + look.question;
        page.description = answers ? look.question + " " + look.answer : look.note;
        Lines said;
        if (!look.question.empty()) said.push_back(look.question);
        if (answers) said.push_back(look.answer);
        page.figure = [shown, views, shape, said](Canvas& canvas) {
            draw_slide_body(canvas, *shown, views, shape, said);
        };
        page.whole = [page, shown, shape](Canvas& canvas) {
            draw_page_parts(canvas, {page.title, page.caption, "", 0, &english(), page.description},
                            shape, shown->theme, "", [&] { page.figure(canvas); });
        };
        page.tooltip = [shown](const Hit& hit) { return tooltip(*shown, hit); };
        return page;
    };
    return deck;
}

}  // namespace viz
