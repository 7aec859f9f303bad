// Plots: which value lies at which pixel, and the lines that tell it.
#pragma once

#include <string>
#include <vector>

#include "viz/paint/canvas.h"

namespace viz {

// The values at the two ends of an axis; either may be the larger. A logarithmic one has both above
// zero.
struct Axis {
    double low = 0, high = 1;
    bool logarithmic = false;

    // How far along it a value lies, 0 at `low` to 1 at `high`; values beyond an end lie on it.
    float part(double value) const;
};

// An axis with a step for each number from first to last, which may be the smaller; a number lies
// in the middle of its step.
Axis steps(int first, int last);
// A logarithmic axis between whole powers of ten that holds both values, low <= high.
Axis decades_around(double low, double high);
// The whole powers of ten on an axis, the lowest first.
std::vector<double> powers_of_ten(const Axis& axis);

// x leads from left to right, y from the bottom up.
struct Plot {
    Rect rect;
    Axis x, y;

    float x_at(double value) const { return rect.x + rect.w * x.part(value); }
    float y_at(double value) const { return rect.bottom() - rect.h * y.part(value); }
    Point at(double x_value, double y_value) const { return {x_at(x_value), y_at(y_value)}; }
};

// The lines of zero, for a plot that has both.
void draw_zero_lines(Canvas& canvas, const Plot& plot, Stroke stroke);
// What stands for a value of y, `gap` pixels left of the plot.
void draw_height_name(Canvas& canvas, const Plot& plot, double value, const std::string& name,
                      const TextStyle& style, float gap);

}  // namespace viz
