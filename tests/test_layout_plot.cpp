// Plots: values to pixels, ticks.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/layout_canvas.h"
#include "viz/layout/parts.h"
#include "viz/layout/plot.h"

using namespace viz;

TEST_CASE("a linear axis places values by their difference, those beyond it at its ends") {
    const Plot plot{{10, 20, 200, 100}, {0, 4}, {-1, 1}};
    CHECK(plot.x_at(0) == 10);
    CHECK(plot.x_at(1) == 60);
    CHECK(plot.x_at(4) == 210);
    CHECK(plot.x_at(5) == 210);
    CHECK(plot.y_at(-1) == 120);
    CHECK(plot.y_at(0) == 70);
    CHECK(plot.y_at(7) == 20);
}

TEST_CASE("a logarithmic axis places values by their ratio, either end the larger") {
    const Plot plot{{0, 0, 300, 100}, {1, 1000, true}, {100, 1, true}};
    CHECK(plot.x_at(1) == 0);
    CHECK(plot.x_at(10) == doctest::Approx(100));
    CHECK(plot.x_at(1000) == doctest::Approx(300));
    CHECK(plot.y_at(100) == doctest::Approx(100));
    CHECK(plot.y_at(1) == doctest::Approx(0));
}

TEST_CASE("steps have a place of the same width each") {
    const Plot plot{{0, 0, 40, 10}, steps(3, 6), {}};
    CHECK(plot.x_at(3) == 5);
    CHECK(plot.x_at(4) == 15);
    CHECK(plot.x_at(6) == 35);
    const Plot back{{0, 0, 40, 10}, steps(6, 3), {}};
    CHECK(back.x_at(6) == 5);
    CHECK(back.x_at(3) == 35);
}

TEST_CASE("powers of ten lie on their axis, all of them") {
    CHECK(powers_of_ten({1, 1000, true}) == std::vector<double>{1, 10, 100, 1000});
    CHECK(powers_of_ten({1, 50257, true}) == std::vector<double>{1, 10, 100, 1000, 10000});
    CHECK(powers_of_ten({50257, 1, true}) == powers_of_ten({1, 50257, true}));
    CHECK(powers_of_ten({2, 9, true}).empty());
    for (const double low : {3.0, 100.0, 8.5e5}) {
        for (const double high : {low, 40 * low, 1e9}) {
            const Axis axis = decades_around(low, high);
            CHECK(axis.low <= low);
            CHECK(axis.high >= high);
            const std::vector<double> ticks = powers_of_ten(axis);
            REQUIRE(ticks.size() >= 2);
            CHECK(ticks.front() == doctest::Approx(axis.low));
            CHECK(ticks.back() == doctest::Approx(axis.high));
        }
    }
}

TEST_CASE("the name of a height ends left of the plot, at the height") {
    const Plot plot{{200, 0, 100, 100}, {}, {0, 10}};
    tests::LayoutCanvas canvas;
    draw_height_name(canvas, plot, 5, "five", mono(11, {}), 6);
    REQUIRE(canvas.texts.size() == 1);
    const tests::TextBox& box = canvas.texts[0];
    CHECK(box.corners[1].x == doctest::Approx(194));
    CHECK(box.corners[2].y < 50);
    CHECK(box.corners[0].y > 50);
}
