// A page that shows how a number comes about: steps with a formula, the operands as cells, a sum by
// its largest terms, and the result. It knows nothing of models; viz/view_arithmetic fills it in.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "viz/canvas.h"
#include "viz/scene.h"

namespace viz {

// Part of a formula or of a line of numbers; lines break between parts.
struct Part {
    enum class Tone { words, number, query, key, value, result };
    std::string text;
    Tone tone = Tone::number;
};
using Formula = std::vector<Part>;

// A vector as cells: with their numbers where there is room, else as a strip of colours.
struct Operand {
    enum class Look { query, key, value, signed_values };
    std::string name;   // of its regions, "operand/NAME/FIRST" of 1 x cells
    std::string label;  // "q"
    std::string hook;   // name of the tensor, for the tooltip
    std::vector<float> values;
    Look look = Look::signed_values;
    int marked = -1;  // a cell that is spoken of
};

// One row of a table of terms.
struct TermRow {
    std::string label;
    std::vector<std::string> numbers;  // one for each column but the last, which is the term itself
    std::string region;                // "" for none; "term/..." has its own tooltip
    Lines tooltip;
};

// A long sum: its largest terms, and what all others come to.
struct TermTable {
    std::string noun;                  // "keys": "other 12 keys"
    std::vector<std::string> columns;  // above label, numbers and term
    std::vector<double> values;        // of all terms
    std::function<TermRow(size_t)> row;
    std::function<std::string(double)> format;
    std::optional<size_t> marked;  // always has a row
    Part::Tone tone = Part::Tone::number;
};

struct SumPanel {
    std::string title;
    Formula formula;
    std::vector<Operand> operands;  // of equal length
    std::optional<TermTable> terms;
    std::vector<Formula> lines;
    int priority = 0;   // the highest go first when there is no room
    bool wide = false;  // does not share its row
};

struct SumPage {
    std::string heading;
    std::string why;  // what decides that this is explained
    std::vector<SumPanel> panels;
};

// Panels that do not fit are left out, the highest priority first; those that stay show as many
// terms and numbers as there is room for.
void draw_sum_page(Canvas& canvas, Rect rect, const SumPage& page, const Scene& scene);
// Words for a region "operand/..." or "term/..." of the page.
Lines sum_page_tooltip(const SumPage& page, const Hit& hit);

}  // namespace viz
