#include "viz/layout/term_table.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/format.h"

namespace viz {

namespace {

constexpr float row_height = 22, table_head = 20;
constexpr size_t rows_of_level[term_levels] = {0, 2, 3, 5, 8, 12};
constexpr float two_blocks_from = 740;  // a table this wide stands in two halves

// Which terms have a row, and what the others come to.
struct Shown {
    std::vector<size_t> rows;
    double others = 0;
    size_t other_count = 0;
};

Shown shown_terms(const TermTable& table, size_t room) {
    const size_t n = table.values.size();
    Shown shown;
    std::vector<size_t> order(n);
    std::iota(order.begin(), order.end(), size_t{0});
    if (room < n) {
        std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
            return std::abs(table.values[a]) > std::abs(table.values[b]);
        });
        if (table.marked && room > 0) {
            const auto at = std::find(order.begin(), order.end(), *table.marked);
            const auto last = order.begin() + static_cast<std::ptrdiff_t>(room) - 1;
            if (at > last) std::rotate(last, at, at + 1);
        }
        for (size_t i = room; i < n; ++i) shown.others += table.values[order[i]];
        shown.other_count = table.is_sum ? n - room : 0;
        order.resize(room);
        std::sort(order.begin(), order.end());
    }
    shown.rows = std::move(order);
    return shown;
}

size_t table_rows(const TermTable& table, int level, bool needed) {
    const size_t room =
        needed ? std::max(rows_of_level[level], rows_of_level[1]) : rows_of_level[level];
    // A line for the others is worth no more than the term itself.
    const size_t rest = table.is_sum && room > 0 ? 1 : 0;
    return room + rest >= table.values.size() ? table.values.size() : room;
}

// Rows, and the line of the others, in one block or two.
struct Blocks {
    size_t rows = 0, lines = 0;  // lines: of all blocks together
    size_t count = 1, each = 0;  // lines of one
};

Blocks blocks_of(const TermTable& table, float width, int level, bool needed) {
    Blocks blocks;
    blocks.rows = table_rows(table, level, needed);
    blocks.lines = blocks.rows + (table.is_sum && blocks.rows < table.values.size() ? 1 : 0);
    blocks.count = width >= two_blocks_from && blocks.lines >= 4 ? 2 : 1;
    blocks.each = (blocks.lines + blocks.count - 1) / blocks.count;
    return blocks;
}

// Columns of a block, from its left edge.
struct TermColumns {
    float label = 0;            // width
    std::vector<float> widths;  // of the numbers
    std::vector<float> edges;   // right edges of the numbers; 0: no room
    float term = 0;             // width
    float term_right = 0;
    float bar = 0, bar_width = 0;  // 0: no room
};

TermColumns columns_of(const TermTable& table, const Shown& shown, const std::vector<TermRow>& rows,
                       const std::string& others, float width) {
    const TextStyle plain = mono(12, {}), head = sans(11.5f, {});
    const size_t n = table.columns.size() - 2;
    const float gap = 14;
    TermColumns c;
    c.label = width_of(head, table.columns[0]);
    if (shown.other_count > 0) c.label = std::max(c.label, width_of(sans(12, {}), others));
    c.term =
        std::max(width_of(head, table.columns.back()), width_of(plain, table.format(shown.others)));
    c.widths.resize(n);
    c.edges.resize(n);
    for (size_t i = 0; i < n; ++i) c.widths[i] = width_of(head, table.columns[i + 1]);
    for (size_t r = 0; r < rows.size(); ++r) {
        c.label = std::max(c.label, width_of(plain, rows[r].label));
        c.term = std::max(c.term, width_of(plain, table.format(table.values[shown.rows[r]])));
        for (size_t i = 0; i < n; ++i) {
            c.widths[i] = std::max(c.widths[i], width_of(plain, rows[r].numbers[i]));
        }
    }
    // The term always, then the label, then the numbers from the last on.
    c.label = std::min(c.label, width * 0.4f);
    float used = c.label + gap + c.term;
    size_t first = n;
    while (first > 0 && used + c.widths[first - 1] + gap <= width) used += c.widths[--first] + gap;
    float x = c.label + gap;
    for (size_t i = first; i < n; ++i) {
        c.edges[i] = x + c.widths[i];
        x += c.widths[i] + gap;
    }
    c.term_right = used;
    c.bar = used + gap;
    c.bar_width = width - c.bar >= 40.0f ? std::min(width - c.bar, 220.0f) : 0;
    return c;
}

// A bar from the left, or from the middle where some are negative.
void draw_term_bar(Canvas& canvas, Rect full, double part, bool negative, bool marked, bool rest,
                   const Scene& scene) {
    const Theme& t = scene.theme;
    if (!negative) {
        draw_bar(canvas, full, part, marked ? t.accent : rest ? t.bar_faint : t.bar);
        return;
    }
    const float middle = full.x + full.w / 2;
    const auto size = static_cast<float>(std::abs(part));
    const float width = std::max(1.5f, full.w / 2 * size);
    const Colour tone = diverging(t, part < 0 ? -0.6f : 0.6f);
    if (part != 0) {
        canvas.fill_rect({part < 0 ? middle - width : middle, full.y, width, full.h},
                         rest ? mix(t.inset, tone, 0.45f) : tone, std::min(2.0f, width / 2));
    }
}

}  // namespace

float term_table_height(const TermTable& table, float width, int level, bool needed) {
    const Blocks blocks = blocks_of(table, width, level, needed);
    if (blocks.rows == 0) return 0;
    return table_head + row_height * static_cast<float>(blocks.each);
}

void draw_term_table(Canvas& canvas, Rect rect, const TermTable& table, int level, bool needed,
                     const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle plain = mono(12, t.text), quiet = mono(12, t.muted);
    const TextStyle head = sans(11.5f, t.muted), words = sans(12, t.muted);
    const Blocks blocks = blocks_of(table, rect.w, level, needed);
    const Shown shown = shown_terms(table, blocks.rows);
    std::vector<TermRow> rows;
    for (const size_t i : shown.rows) rows.push_back(table.row(i));
    const std::string others =
        "other " + plural(static_cast<long long>(shown.other_count), table.noun);
    double most = 0;
    bool negative = shown.others < 0 && table.is_sum;
    for (const size_t i : shown.rows) {
        most = std::max(most, std::abs(table.values[i]));
        negative = negative || table.values[i] < 0;
    }
    const float between_blocks = 28;
    const float width = blocks.count == 2 ? (rect.w - between_blocks) / 2 : rect.w;
    const TermColumns c = columns_of(table, shown, rows, others, width);
    auto right = [&](float edge, float y, float height, float w, const std::string& text,
                     const TextStyle& style) {
        draw_text_in(canvas, {edge - w - 4, y, w + 4, height}, text, style, Align::right);
    };
    for (size_t block = 0; block < blocks.count; ++block) {
        const float x = rect.x + (width + between_blocks) * static_cast<float>(block);
        draw_text_in(canvas, {x, rect.y, c.label + 1, table_head},
                     fit_words(head, table.columns[0], c.label), head);
        for (size_t i = 0; i < c.edges.size(); ++i) {
            if (c.edges[i] > 0) {
                right(x + c.edges[i], rect.y, table_head, c.widths[i], table.columns[i + 1], head);
            }
        }
        right(x + c.term_right, rect.y, table_head, c.term, table.columns.back(), head);
        const size_t end = std::min(blocks.lines, (block + 1) * blocks.each);
        if (negative && c.bar_width > 0) {
            const float middle = x + c.bar + c.bar_width / 2, top = rect.y + table_head;
            const float high = row_height * static_cast<float>(end - block * blocks.each);
            draw_line(canvas, {middle, top}, {middle, top + high}, hairline(t.border));
        }
        for (size_t line = block * blocks.each; line < end; ++line) {
            const Rect row{
                x, rect.y + (table_head + row_height * static_cast<float>(line % blocks.each)),
                width, row_height};
            const Rect bar{x + c.bar, row.centre().y - 4.5f, c.bar_width, 9};
            if (line >= rows.size()) {
                draw_text_in(canvas, {row.x, row.y, c.label + 1, row.h},
                             fit_words(words, others, c.label), words);
                right(x + c.term_right, row.y, row.h, c.term, table.format(shown.others), quiet);
                // At the scale of the terms, or not at all.
                if (c.bar_width > 0 && std::abs(shown.others) <= most && most > 0) {
                    draw_term_bar(canvas, bar, shown.others / most, negative, false, true, scene);
                }
                continue;
            }
            const size_t i = shown.rows[line];
            const bool marked = table.marked == i;
            TextStyle name = plain;
            if (marked) {
                canvas.fill_rect({row.x - 6, row.y, row.w + 12, row.h}, t.accent_soft, 5);
                name.colour = t.accent;
            }
            if (!rows[line].target.empty()) canvas.region(row, rows[line].target);
            draw_text_in(canvas, {row.x, row.y, c.label + 1, row.h},
                         fit_token(name, rows[line].label, c.label), name);
            for (size_t n = 0; n < c.edges.size(); ++n) {
                if (c.edges[n] <= 0) continue;
                TextStyle ink = quiet;
                if (n + 1 == c.edges.size() && table.ink) ink.colour = *table.ink;
                right(x + c.edges[n], row.y, row.h, c.widths[n], rows[line].numbers[n], ink);
            }
            right(x + c.term_right, row.y, row.h, c.term, table.format(table.values[i]), plain);
            if (c.bar_width > 0 && most > 0) {
                draw_term_bar(canvas, bar, table.values[i] / most, negative, marked, false, scene);
            }
        }
    }
}

std::vector<size_t> terms_with_rows(const TermTable& table, int level) {
    return shown_terms(table, table_rows(table, level, true)).rows;
}

}  // namespace viz
