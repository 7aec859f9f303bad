#include "viz/lessons/worksheet.h"

#include <algorithm>
#include <utility>

#include "viz/lessons/paper.h"
#include "viz/paint/format.h"
#include "viz/paint/paragraph.h"
#include "viz/slides/numbered.h"
#include "viz/slides/sheets.h"

namespace viz {

using namespace sheet;

namespace {

constexpr float number_width = 26;
constexpr float least_pitch = 20, most_pitch = 34;

// One question, and the text that it is about where that is another than the question before's.
struct Item {
    int stop;
    std::string about, question;
};

std::vector<Item> items_of(const Lesson& lesson, const std::vector<StopLook>& looks) {
    std::vector<Item> items;
    std::string before;
    for (size_t i = 0; i < looks.size(); ++i) {
        if (looks[i].question.empty()) continue;
        const std::string& prompt = lesson.stops[i].place.prompt;
        items.push_back({static_cast<int>(i), prompt == before ? "" : prompt, looks[i].question});
        before = prompt;
    }
    return items;
}

struct Styles {
    TextStyle about, question;
};
Styles styles_of(const Theme& t) {
    return {{Face::mono, 11.5f, t.muted}, {Face::sans_bold, text_size, t.text}};
}

std::string quoted(const std::string& text) {
    return "“" + text + "”";
}

float words_height(const Item& item, const Styles& styles, float width) {
    const float about =
        item.about.empty() ? 0 : text_height(styles.about, quoted(item.about), width);
    return about + text_height(styles.question, item.question, width);
}

void draw_questions(Canvas& canvas, const Lesson& lesson, const std::vector<Item>& items,
                    const Theme& t) {
    draw_head(canvas, lesson, name_line, t);
    Rect at = paper().without_top(head_height + gap);
    at = at.without_top(draw_words(canvas, PagePart::title, at, lesson.title,
                                   {Face::sans_bold, title_size, t.text}) +
                        2);
    at = at.without_top(
        draw_words(canvas, PagePart::words, at, lesson.summary, {Face::sans, text_size, t.muted}) +
        gap);
    if (items.empty()) return;
    // What room the words leave is for answers, the same for each question.
    const Styles styles = styles_of(t);
    const float width = at.w - number_width;
    float words = 0;
    for (const Item& item : items) words += words_height(item, styles, width) + gap;
    const float room = std::max((at.h - words) / static_cast<float>(items.size()), least_pitch);
    const int lines = std::max(1, static_cast<int>(room / 27));
    const float pitch = std::clamp(room / static_cast<float>(lines), least_pitch, most_pitch);
    for (const Item& item : items) {
        const TextStyle number{Face::sans_bold, text_size, t.accent};
        draw_text_in(canvas, at.top(line_height(number)), count(item.stop + 1), number);
        Rect inside = at.without_left(number_width);
        if (!item.about.empty()) {
            inside = inside.without_top(
                draw_words(canvas, PagePart::words, inside, quoted(item.about), styles.about));
        }
        inside = inside.without_top(
            draw_words(canvas, PagePart::words, inside, item.question, styles.question));
        draw_writing_lines(canvas, inside, pitch, lines, {t.border, 1});
        at = inside.without_top(pitch * static_cast<float>(lines) + gap);
        at = {paper().x, at.y, paper().w, at.h};
    }
}

}  // namespace

Deck make_worksheet(const Lesson& lesson, std::vector<StopLook> looks, const Theme& theme) {
    const std::vector<Answers> answers = answer_pages(looks);
    Deck deck;
    deck.title = deck_title(lesson);
    deck.shape = SlideShape::upright;
    deck.theme = &theme;
    deck.pages = 1 + static_cast<int>(answers.size());
    deck.page = [&lesson, &theme, answers, looks = std::move(looks)](int i) {
        Page page;
        if (i > 0) {
            page = answers_page(lesson, looks, answers, i - 1, theme);
        } else {
            page.name = "questions";
            page.title = lesson.title;
            page.whole = [&lesson, &theme, items = items_of(lesson, looks)](Canvas& canvas) {
                draw_questions(canvas, lesson, items, theme);
            };
            page.tooltip = [](const Hit&) { return Lines{}; };
        }
        page.step = i + 1;
        page.number = numbered(i + 1);
        page.figure = page.whole;
        return page;
    };
    return deck;
}

}  // namespace viz
