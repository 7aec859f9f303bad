#include "viz/layout/plot.h"

#include <algorithm>
#include <cmath>

#include "viz/layout/pen.h"

namespace viz {

namespace {

constexpr float name_width = 120, name_height = 16;
constexpr double rounding = 1e-9;  // of logarithms: 1000 is a power of ten

}  // namespace

float Axis::part(double value) const {
    const double part =
        logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
    return static_cast<float>(std::clamp(part, 0.0, 1.0));
}

Axis steps(int first, int last) {
    const double half = first <= last ? 0.5 : -0.5;
    return {first - half, last + half};
}

Axis decades_around(double low, double high) {
    const double first = std::floor(std::log10(low));
    const double last = std::max(first + 1, std::ceil(std::log10(high)));
    return {std::pow(10.0, first), std::pow(10.0, last), true};
}

std::vector<double> powers_of_ten(const Axis& axis) {
    const auto [low, high] = std::minmax(axis.low, axis.high);
    const int first = static_cast<int>(std::ceil(std::log10(low) - rounding));
    const int last = static_cast<int>(std::floor(std::log10(high) + rounding));
    std::vector<double> powers;
    for (int i = first; i <= last; ++i) powers.push_back(std::pow(10.0, i));
    return powers;
}

void draw_zero_lines(Canvas& canvas, const Plot& plot, Stroke stroke) {
    draw_line(canvas, plot.at(plot.x.low, 0), plot.at(plot.x.high, 0), stroke);
    draw_line(canvas, plot.at(0, plot.y.low), plot.at(0, plot.y.high), stroke);
}

void draw_height_name(Canvas& canvas, const Plot& plot, double value, const std::string& name,
                      const TextStyle& style, float gap) {
    draw_text_in(canvas,
                 {plot.rect.x - name_width, plot.y_at(value) - name_height / 2, name_width - gap,
                  name_height},
                 name, style, Align::right);
}

}  // namespace viz
