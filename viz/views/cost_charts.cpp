#include "viz/views/cost_charts.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "viz/layout/grid.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/plot.h"
#include "viz/paint/format.h"

namespace viz {

namespace {

constexpr int most_columns = 256;  // of the curve's region
constexpr float between = 16;

bool usable(const Cost& cost) {
    return cost.naive_ms > 0 && cost.cached_ms > 0;
}

// Name of the axis with the two colours beside it, or below where there is no room beside.
float draw_chart_title(Canvas& canvas, Rect rect, const std::string& name, const Scene& scene) {
    const Theme& t = scene.theme;
    const TextStyle title = bold(13, t.text), legend = sans(12, t.muted);
    Rect line = rect.top(22);
    draw_text_in(canvas, line, name, title);
    const float width = width_of(legend, "naive") + width_of(legend, "cached") + 52;
    float used = line.h;
    if (width_of(title, name) + width + 12 > rect.w) {
        line.y += line.h;
        used += line.h;
    }
    float x = line.right() - width;
    auto key = [&](const char* text, Colour colour) {
        canvas.fill_rect({x, line.centre().y - 1.5f, 14, 3}, colour, 1.5f);
        x += 19;
        draw_text_in(canvas, {x, line.y, width, line.h}, text, legend);
        x += width_of(legend, text) + 14;
    };
    key("naive", naive_colour(t));
    key("cached", cached_colour(t));
    return used + 4;
}

// Below its title: room for what stands left of it and under it.
Rect plot_rect(Rect rect) {
    const float margin = width_of(mono(11, {}), "100 thousand") + 8;
    return {rect.x + margin, rect.y + 8, rect.w - margin - 6, rect.h - 46};
}

// Labels under a plot at these lengths; those that would touch a neighbour are left out.
void draw_lengths(Canvas& canvas, const Plot& plot, const std::vector<int>& lengths,
                  const Scene& scene) {
    const TextStyle style = mono(11, scene.theme.muted);
    float free = plot.rect.x - 20;
    for (const int length : lengths) {
        const std::string text = count(length);
        const float width = width_of(style, text);
        const float left =
            std::min(plot.x_at(length) - width / 2, plot.rect.right() - width + 4.0f);
        if (left < free) continue;
        draw_text_in(canvas, {left, plot.rect.bottom() + 3, width + 1, 16}, text, style);
        free = left + width + 8;
    }
    draw_text_in(canvas, {plot.rect.x, plot.rect.bottom() + 19, plot.rect.w, 16},
                 "tokens in the text →", sans(11.5f, scene.theme.muted), Align::centre);
}

void draw_height(Canvas& canvas, const Plot& plot, double value, const std::string& name,
                 const Scene& scene) {
    draw_across(canvas, plot.rect, plot.y_at(value), hairline(scene.theme.grid));
    draw_height_name(canvas, plot, value, name, mono(11, scene.theme.muted), 6);
}

void draw_now(Canvas& canvas, const Plot& plot, const Scene& scene) {
    draw_down(canvas, plot.rect, plot.x_at(scene.length()),
              {scene.theme.accent.with_alpha(0.55f), 1.25f});
}

// The lengths that the region's columns stand for.
Axis curve_axis(const Scene& scene) {
    const int columns = curve_columns(scene), n_ctx = scene.model.config.n_ctx;
    const double half = columns > 1 ? 0.5 * (n_ctx - 1) / (columns - 1) : 0.5;
    return {1 - half, n_ctx + half};
}

void draw_curves(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    const int n = scene.length(), n_ctx = scene.model.config.n_ctx;
    const int columns = curve_columns(scene);
    rect =
        rect.without_top(draw_chart_title(canvas, rect, "Multiply-adds a step, log scale", scene));
    constexpr float least_height = 90;
    if (rect.h < least_height) return;  // the table above says the same
    auto value = [&](const model::PassCost& cost) {
        return static_cast<double>(cost.multiply_adds());
    };
    const double least = value(cached_cost(scene, 1)), most = value(naive_cost(scene, n_ctx));
    const Plot plot{plot_rect(rect), curve_axis(scene), decades_around(least, most)};
    const std::vector<double> powers = powers_of_ten(plot.y);
    const auto lines = static_cast<int>(powers.size());
    for (int i : thinned(lines, plot.rect.h / static_cast<float>(lines - 1), 18, 0)) {
        const double at = powers[static_cast<size_t>(i)];
        // "10 million": whole powers have no decimals.
        std::string text = large(at);
        if (const size_t dot = text.find('.'); dot != std::string::npos) {
            text.erase(dot, std::min(text.find(' ', dot), text.size()) - dot);
        }
        draw_height(canvas, plot, at, text, scene);
    }
    canvas.stroke_rect(plot.rect, hairline(t.border));
    std::vector<int> lengths{1};
    for (int i = 1; i <= 4; ++i) {
        const int length = n_ctx * i / 4;
        if (length > lengths.back()) lengths.push_back(length);
    }
    // The last one matters most: those before it make room.
    const float label = width_of(mono(11, {}), count(n_ctx)) + 12;
    while (lengths.size() > 1 &&
           plot.x_at(lengths[lengths.size() - 2]) > plot.x_at(lengths.back()) - label) {
        lengths.erase(lengths.end() - 2);
    }
    draw_lengths(canvas, plot, lengths, scene);

    std::vector<Point> naive, cached;
    for (int column = 0; column < columns; ++column) {
        const int length = length_at(scene, column);
        naive.push_back(plot.at(length, value(naive_cost(scene, length))));
        cached.push_back(plot.at(length, value(cached_cost(scene, length))));
    }
    draw_now(canvas, plot, scene);
    if (columns > 1) {
        canvas.polyline(cached, {cached_colour(t), 2.5f});
        canvas.polyline(naive, {naive_colour(t), 2.5f});
    }
    const float here = plot.x_at(n);
    const float high = plot.y_at(value(naive_cost(scene, n)));
    const float low = plot.y_at(value(cached_cost(scene, n)));
    draw_dot(canvas, {here, high}, 4.5f, naive_colour(t));
    draw_dot(canvas, {here, low}, 4.5f, cached_colour(t));

    // Where neither curve is: above them early on, later between them.
    const TextStyle style = bold(12, t.accent);
    const std::string text = "now: " + plural(n, "token");
    const float width = width_of(style, text) + 8;
    // How high the upper curve is where an early label would end.
    const float column = (here + width - plot.rect.x) / plot.rect.w * static_cast<float>(columns);
    const int end = std::clamp(static_cast<int>(column), 0, columns - 1);
    const bool early =
        here + width < plot.rect.right() - 4 &&
        plot.y_at(value(naive_cost(scene, length_at(scene, end)))) > plot.rect.y + 22;
    const float y = early ? plot.rect.y + 12.0f : (high + low) / 2;
    if (width < plot.rect.w && (early || low - high > 20)) {
        const bool to_right = early || here - width < plot.rect.x + 4;
        const float x = to_right ? here + 8.0f : here - width;
        draw_text_in(canvas, {x, y - 8, width, 16}, text, style);
    }
    canvas.region(plot.rect, {"cost", "curve"}, 1, columns);
    if (scene.locked.target == Target("cost", "curve")) {
        const float x = plot.x_at(length_at(scene, std::clamp(scene.locked.col, 0, columns - 1)));
        canvas.stroke_rect({x - 3, plot.rect.y, 6, plot.rect.h}, {t.text, 1.5f}, 2);
    }
}

void draw_times(Canvas& canvas, Rect rect, const Scene& scene) {
    const Theme& t = scene.theme;
    rect = rect.without_top(draw_chart_title(canvas, rect, "Time measured a step", scene));
    const Lengths lengths = measured_lengths(scene);
    double most = 0;
    for (const Cost& cost : scene.costs) {
        if (usable(cost)) most = std::max({most, cost.naive_ms, cost.cached_ms});
    }
    const Plot plot{plot_rect(rect), steps(lengths.first, lengths.last), {0, most}};
    draw_height(canvas, plot, 0, "0", scene);
    if (plot.rect.h > 50) draw_height(canvas, plot, most / 2, milliseconds(most / 2), scene);
    draw_height(canvas, plot, most, milliseconds(most), scene);
    const float column = plot.rect.w / static_cast<float>(lengths.columns());
    std::vector<int> labels;
    for (int i : thinned(lengths.columns(), column, 44, 0)) labels.push_back(lengths.first + i);
    draw_lengths(canvas, plot, labels, scene);
    const float radius = std::clamp(column * 0.35f, 1.5f, 4.0f);
    for (const Cost& cost : scene.costs) {
        if (!usable(cost)) continue;
        if (cost.length == scene.length()) draw_now(canvas, plot, scene);
        draw_dot(canvas, plot.at(cost.length, cost.naive_ms), radius, naive_colour(t));
        draw_dot(canvas, plot.at(cost.length, cost.cached_ms), radius, cached_colour(t));
    }
    canvas.region(plot.rect, {"cost", "time"}, 1, lengths.columns());
}

}  // namespace

model::PassCost naive_cost(const Scene& scene, int n) {
    return model::pass_cost(scene.model.config, scene.model.weights.precision, n, 0);
}
model::PassCost cached_cost(const Scene& scene, int n) {
    return model::pass_cost(scene.model.config, scene.model.weights.precision, 1, n - 1);
}

double ratio(double naive, double cached) {
    return cached > 0 ? naive / cached : 0;
}

const Cost* measured(const Scene& scene, int length) {
    const auto found = std::find_if(scene.costs.begin(), scene.costs.end(), [&](const Cost& cost) {
        return cost.length == length && usable(cost);
    });
    return found == scene.costs.end() ? nullptr : &*found;
}

Colour naive_colour(const Theme& t) {
    return t.warning;
}
Colour cached_colour(const Theme& t) {
    return t.up;
}

int curve_columns(const Scene& scene) {
    return std::min(scene.model.config.n_ctx, most_columns);
}

int length_at(const Scene& scene, int column) {
    const int columns = curve_columns(scene), n_ctx = scene.model.config.n_ctx;
    if (columns <= 1) return 1;
    return 1 +
           static_cast<int>(std::lround(static_cast<double>(column) * (n_ctx - 1) / (columns - 1)));
}

Lengths measured_lengths(const Scene& scene) {
    Lengths lengths;
    for (const Cost& cost : scene.costs) {
        if (!usable(cost)) continue;
        if (lengths.columns() == 0) lengths.first = lengths.last = cost.length;
        lengths.first = std::min(lengths.first, cost.length);
        lengths.last = std::max(lengths.last, cost.length);
    }
    return lengths;
}

void draw_charts(Canvas& canvas, Rect rect, const Scene& scene) {
    const bool with_times =
        measured_lengths(scene).columns() > 0 && rect.h >= 2 * least_chart + between + 20;
    if (!with_times) return draw_curves(canvas, rect, scene);
    const float second = std::max(least_chart, rect.h * 0.36f);
    draw_curves(canvas, rect.without_bottom(second + between), scene);
    draw_times(canvas, rect.without_top(rect.h - second), scene);
}

}  // namespace viz
