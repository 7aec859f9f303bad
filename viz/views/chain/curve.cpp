#include "viz/views/chain/curve.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "viz/layout/grid.h"
#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/layout/plot.h"
#include "viz/paint/format.h"

namespace viz {

namespace {

// The highest value of each bin of neighbouring positions, so that a single peak stays visible.
std::vector<Point> peaks(const std::vector<double>& values, const Plot& plot, bool maximum) {
    const auto n = values.size();
    const size_t bin =
        std::max<size_t>(1, n / std::max<size_t>(1, static_cast<size_t>(plot.rect.w)));
    std::vector<Point> points;
    for (size_t i = 0; i < n; i += bin) {
        double value = values[i];
        if (maximum) {
            for (size_t j = i; j < std::min(n, i + bin); ++j) value = std::max(value, values[j]);
        }
        points.push_back(plot.at(static_cast<double>(i) + 1, value));  // nothing predicts the first
    }
    return points;
}

}  // namespace

void draw_chain_curve(Canvas& canvas, Rect rect, const Scene& scene,
                      const std::vector<ChainLink>& links, Stretch stretch) {
    const Theme& t = scene.theme;
    const TextStyle title = bold(13, t.text), label = sans(11.5f, t.muted);
    const TextStyle tick = mono(smallest_text, t.muted);
    std::vector<double> bits_at, mean;
    double most = 1;
    for (const ChainLink& link : links) {
        bits_at.push_back(std::isfinite(link.bits) ? link.bits : 1e9);
        mean.push_back(std::log2(link.perplexity));
        if (std::isfinite(link.bits)) most = std::max(most, link.bits);
    }
    const double step = most > 24 ? 10 : most > 12 ? 5 : most > 5 ? 2 : 1;
    most = std::ceil(most / step) * step;

    const Rect head = rect.top(20);
    draw_text_in(canvas, head, "Over all positions", title);
    float x = rect.x + width_of(title, "Over all positions") + 18;
    auto legend = [&](const char* words, Colour colour, float width) {
        const float needed = 30 + width_of(label, words);
        if (x + needed > rect.right()) return;
        draw_line(canvas, {x, head.centre().y}, {x + 16, head.centre().y}, {colour, width});
        draw_text_in(canvas, {x + 22, head.y, needed, head.h}, words, label);
        x += needed + 14;
    };
    legend("surprisal", t.bar, 1.5f);
    const char* mean_words = "perplexity so far (2 to the mean)";
    if (x + 30 + width_of(label, mean_words) > rect.right()) mean_words = "perplexity so far";
    legend(mean_words, t.text, 2);

    const float left = width_of(tick, "88") + 10, right = width_of(tick, "88,888") + 12;
    const int n = scene.length();
    const Plot plot{{rect.x + left, head.bottom() + 27, rect.w - left - right,
                     rect.bottom() - head.bottom() - (27 + 22)},
                    steps(0, n - 1),
                    {0, most}};
    const Rect& area = plot.rect;
    draw_text_in(canvas, {rect.x, head.bottom() + 1, rect.w / 2, 16}, "bits", label);
    draw_text_in(canvas, {rect.x + rect.w / 2, head.bottom() + 1, rect.w / 2, 16}, "perplexity",
                 label, Align::right);
    const int lines = static_cast<int>(most / step + 0.5);
    const float pitch = area.h / static_cast<float>(lines);
    const auto labelled = thinned(lines + 1, pitch, tick.size * 1.35f, 0);
    for (int i = 0; i <= lines; ++i) {
        const double value = step * i, power = std::exp2(value);
        const float y = plot.y_at(value);
        draw_across(canvas, area, y, hairline(i == 0 ? t.border : t.grid));
        if (std::find(labelled.begin(), labelled.end(), i) == labelled.end()) continue;
        draw_height_name(canvas, plot, value, count(static_cast<long long>(value)), tick, 8);
        draw_text_in(canvas, {area.right() + 8, y - 8, right - 8, 16},
                     power < 99999 ? count(static_cast<long long>(power)) : scientific(power),
                     tick);
    }
    if (stretch.size() < n) {
        const float column = area.w / static_cast<float>(n);
        canvas.fill_rect({area.x + column * static_cast<float>(stretch.first), area.y,
                          column * static_cast<float>(stretch.size()), area.h},
                         t.text.with_alpha(0.05f), 2);
    }
    draw_down(canvas, area, plot.x_at(scene.position()), {t.accent.with_alpha(0.45f), 1.25f, true});
    const std::vector<Point> surprisal = peaks(bits_at, plot, true);
    const std::vector<Point> running = peaks(mean, plot, false);
    if (surprisal.size() > 1) canvas.polyline(surprisal, {t.bar, 1.5f});
    if (running.size() > 1) canvas.polyline(running, {t.text, 2});
    if (surprisal.size() <= 60) draw_dots(canvas, surprisal, 2.25f, t.bar);
    canvas.region(area, "surprisal", 1, n);

    const int last = n - 1;
    const std::string end = count(last), name = "position";
    const Rect axis{area.x, area.bottom() + 5, area.w, 15};
    auto number_at = [&](int position) {
        const std::string text = count(position);
        const float w = width_of(tick, text);
        const float at = std::clamp(plot.x_at(position) - w / 2, axis.x, axis.right() - w);
        return Rect{at, axis.y, w + 1, axis.h};
    };
    const Rect first_label = number_at(0), here_label = number_at(scene.position()),
               last_label = number_at(last);
    TextStyle chosen = tick;
    chosen.colour = t.accent;
    draw_text_in(canvas, here_label, count(scene.position()), chosen);
    const float gap = 8;
    if (first_label.right() + gap < here_label.x) draw_text_in(canvas, first_label, "0", tick);
    if (here_label.right() + gap < last_label.x) draw_text_in(canvas, last_label, end, tick);
    const float w = width_of(label, name);
    const Rect word{axis.centre().x - w / 2, axis.y, w + 1, axis.h};
    if (word.x > here_label.right() + gap || word.right() + gap < here_label.x) {
        if (word.x > first_label.right() + gap && word.right() + gap < last_label.x) {
            draw_text_in(canvas, word, name, label);
        }
    }
}

}  // namespace viz
