#include "viz/slides/sheets.h"

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/display_list.h"
#include "viz/paint/paragraph.h"
#include "viz/slides/numbered.h"

namespace viz {

namespace {

constexpr float margin = 48, gap = 24;
constexpr float writing_pitch = 26;  // between lines to write on
constexpr int most_writing_lines = 100;
constexpr float least_writing = 70;  // below a picture
constexpr float foot = 24;           // of the sheet's number

struct Small {
    DisplayList drawing;
    std::string notes;
};

// Where a picture stands in its part of the sheet, and what is left for writing.
struct Place {
    Rect picture, writing;
};

Place place(Rect cell, Size page, bool beside) {
    const float ratio = page.h / page.w;
    const float high = beside ? cell.h : cell.h - least_writing;
    const float width = std::min(beside ? (cell.w - gap) * 0.56f : cell.w, high / ratio);
    const float x = beside ? cell.x : cell.x + (cell.w - width) / 2;
    const Rect picture{x, cell.y, width, width * ratio};
    return {picture, beside ? cell.without_left(width + gap) : cell.without_top(picture.h + 10)};
}

// As many lines as there is room for; where some are left out the last one says so.
void draw_notes(Canvas& canvas, Rect rect, const std::string& notes, const Theme& theme) {
    const TextStyle words{Face::sans, 13, theme.text};
    constexpr float pitch = 19;
    constexpr int most = 400;
    std::vector<std::string> lines;
    std::istringstream paragraphs(notes);
    for (std::string paragraph; std::getline(paragraphs, paragraph);) {
        if (paragraph.empty()) lines.emplace_back();
        for (std::string& line : broken_lines(words, paragraph, rect.w, most))
            lines.push_back(std::move(line));
    }
    const auto room = static_cast<size_t>(std::max((rect.h - 8) / pitch, 1.0f));
    if (lines.size() > room) {
        lines.resize(room);
        lines.back() = "… the notes go on";
    }
    float y = rect.y + 8;
    for (const std::string& line : lines) {
        draw_text_in(canvas, {rect.x, y, rect.w, pitch}, line, words);
        y += pitch;
    }
}

}  // namespace

Deck sheets_of(Deck pages, int per_page, Size paper) {
    Deck deck;
    deck.title = pages.title;
    deck.language = pages.language;
    deck.sheet = paper;
    deck.theme = pages.theme;
    deck.pages = (pages.pages + per_page - 1) / per_page;
    const int sheets = deck.pages;
    deck.page = [pages = std::move(pages), per_page, paper, sheets](int i) {
        const auto smalls = std::make_shared<std::vector<Small>>();
        for (int k = i * per_page; k < std::min((i + 1) * per_page, pages.pages); ++k) {
            const Page each = pages.page(k);
            Small small{{}, each.notes};
            each.whole(small.drawing);
            smalls->push_back(std::move(small));
        }
        Page page;
        page.step = i + 1;
        page.number = numbered(i + 1);
        page.name = "sheet-" + page.number;
        const std::string which = std::to_string(i + 1) + " / " + std::to_string(sheets);
        page.title = "Sheet " + which;
        page.whole = [smalls, per_page, paper, which, size = pages.size(), title = pages.title,
                      theme = pages.theme](Canvas& canvas) {
            const Rect room{margin, margin, paper.w - 2 * margin, paper.h - 2 * margin - foot};
            const int columns = per_page == 6 ? 2 : 1, rows = (per_page + columns - 1) / columns;
            const auto across = static_cast<float>(columns), down = static_cast<float>(rows);
            const float width = (room.w - gap * (across - 1)) / across;
            const float height = (room.h - gap * (down - 1)) / down;
            for (size_t k = 0; k < smalls->size(); ++k) {
                const auto column = static_cast<float>(k % static_cast<size_t>(columns));
                const auto row = static_cast<float>(k / static_cast<size_t>(columns));
                const Place at = place(
                    {room.x + column * (width + gap), room.y + row * (height + gap), width, height},
                    size, per_page == 4);
                PlacedCanvas small(canvas, {at.picture.x, at.picture.y}, at.picture.w / size.w);
                (*smalls)[k].drawing.replay(small, {});
                canvas.stroke_rect(at.picture, hairline(theme->border));
                if (per_page == 1) {
                    draw_part(canvas, PagePart::words, "",
                              [&] { draw_notes(canvas, at.writing, (*smalls)[k].notes, *theme); });
                } else {
                    draw_writing_lines(canvas, at.writing, writing_pitch, most_writing_lines,
                                       hairline(theme->border));
                }
            }
            const Rect below{margin, paper.h - margin - 12, paper.w - 2 * margin, 16};
            const TextStyle grey{Face::sans, 11, theme->muted};
            draw_text_in(canvas, below.without_right(80), title, grey);
            draw_text_in(canvas, below, which, grey, Align::right);
        };
        page.figure = page.whole;
        page.tooltip = [](const Hit&) { return Lines{}; };
        return page;
    };
    return deck;
}

void draw_writing_lines(Canvas& canvas, Rect rect, float pitch, int most, Stroke line) {
    for (int i = 1; i <= most; ++i) {
        const float y = rect.y + pitch * static_cast<float>(i);
        if (y > rect.bottom()) break;
        draw_across(canvas, rect, y, line);
    }
}

}  // namespace viz
