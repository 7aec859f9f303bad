// A page that shows how a number comes about: steps with a formula, the operands as cells, a sum by
// its largest terms, and the result. It knows nothing of models; viz/views/arithmetic/arithmetic
// fills it in.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "viz/layout/term_table.h"
#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

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

// A function with the point that is spoken of; drawn where there is room.
struct FunctionPlot {
    std::function<double(double)> value;
    double x = 0, y = 0;
    std::string x_name, y_name;
};

struct SumPanel {
    std::string title;
    Formula formula;
    std::vector<Operand> operands;  // of equal length
    std::optional<TermTable> terms;
    std::optional<FunctionPlot> plot;
    std::vector<Formula> lines;
    int priority = 0;   // the highest go first when there is no room
    bool wide = false;  // does not share its row
};

struct SumPage {
    std::string heading;
    std::string why;   // what decides that this is explained
    std::string hint;  // how to get another one, where there is room
    std::vector<SumPanel> panels;
};

// Panels that do not fit are left out, the highest priority first; those that stay show as many
// terms and numbers as there is room for.
void draw_sum_page(Canvas& canvas, Rect rect, const SumPage& page, const Scene& scene);
// Words for a region "operand/..." or "term/..." of the page.
Lines sum_page_tooltip(const SumPage& page, const Hit& hit);

}  // namespace viz
