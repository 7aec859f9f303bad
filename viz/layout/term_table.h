// A long sum as a table: its largest terms with bars, and what all others come to.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

namespace viz {

// One row of a table of terms.
struct TermRow {
    std::string label;
    std::vector<std::string> numbers;  // one for each column but the last, which is the term itself
    Target target;                     // nothing, or {"term", ...}, which has its own tooltip
    Lines tooltip;
};

// A long sum: its largest terms, and what all others come to.
struct TermTable {
    std::string noun;                  // "keys": "other 12 keys"
    std::vector<std::string> columns;  // above label, numbers and term
    std::vector<double> values;        // of all terms
    std::function<TermRow(size_t)> row;
    std::function<std::string(double)> format;
    std::optional<size_t> marked;    // always has a row
    bool is_sum = true;              // false: rows that do not add up to anything
    std::optional<Colour> ink = {};  // of the last of the numbers; muted when there is none
};

// How many rows a table has: level 0 none, each higher one more, up to twelve and the others.
inline constexpr int term_levels = 6;

// `needed`: at least some rows, also at level 0. Wide tables stand in two blocks side by side.
float term_table_height(const TermTable& table, float width, int level, bool needed);
void draw_term_table(Canvas& canvas, Rect rect, const TermTable& table, int level, bool needed,
                     const Scene& scene);
// Indices of the terms that have a row, in order.
std::vector<size_t> terms_with_rows(const TermTable& table, int level);

}  // namespace viz
