// Tables: which columns a width has room for, where their texts stand, which rows are shown.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/layout_canvas.h"
#include "viz/layout/parts.h"
#include "viz/layout/stretch.h"
#include "viz/layout/table.h"

using namespace viz;

namespace {

enum { name, value, rest, extra };

Table table_of(float width) {
    return Table({100, 0, width, 0},
                 {{.name = "name", .width = 80, .before = 5, .after = 10},
                  {.name = "value", .width = 60, .align = Align::right, .from = 200},
                  {.name = "rest"},
                  {.name = "extra", .width = 50, .align = Align::right, .from = 300, .after = 7}});
}

}  // namespace

TEST_CASE("columns that matter less give way first, and one takes what the others leave") {
    for (const float width : {150.0f, 200.0f, 299.0f, 300.0f, 900.0f}) {
        const Table table = table_of(width);
        CHECK(table.has(name));
        CHECK(table.has(value) == (width >= 200));
        CHECK(table.has(extra) == (width >= 300));
        float end = 100;
        for (const size_t column : {name, value, rest, extra}) {
            if (!table.has(column)) continue;
            CHECK(table.left(column) >= end);
            end = table.right(column);
        }
        CHECK(end == doctest::Approx(100 + width - (width >= 300 ? 7 : 0)));
    }
    CHECK(table_of(900).left(name) == 105);
    CHECK(table_of(900).left(value) == 195);
    CHECK(table_of(20).width(rest) == 0);
}

TEST_CASE("a column that has nothing to say leaves its room to the others") {
    const Table with({0, 0, 300, 0}, {{.width = 100}, {.name = "rest"}});
    const Table without({0, 0, 300, 0}, {{.width = 100, .there = false}, {.name = "rest"}});
    CHECK(with.width(1) == 200);
    CHECK_FALSE(without.has(0));
    CHECK(without.width(1) == 300);
    CHECK(Table({0, 0, 300, 0}, {{.width = 100}, {.most = 150}}, 10).right(1) == 260);
}

TEST_CASE("texts stand in their columns, and none where there is no column") {
    const TextStyle style = mono(12, {});
    const Rect row{100, 10, 250, 20};
    const Table table = table_of(row.w);
    tests::LayoutCanvas canvas;
    table.write_names(canvas, row, style);
    table.write(canvas, row, extra, "1", style);
    REQUIRE(canvas.texts.size() == 3);
    CHECK(canvas.texts[0].corners[0].x == doctest::Approx(table.left(name)));
    CHECK(canvas.texts[1].corners[1].x == doctest::Approx(table.right(value)));
    CHECK(canvas.texts[2].corners[0].x == doctest::Approx(table.left(rest)));
    table.write(canvas, row, name, "much longer than its column", style);
    CHECK(canvas.texts.back().corners[1].x < table.right(name) + 2);
}

TEST_CASE("the stretch of rows holds the selected one, and as many as there is room for") {
    for (int n : {1, 2, 7, 40}) {
        for (int room : {0, 1, 3, 7, 100}) {
            for (int selected = 0; selected < n; ++selected) {
                const int before = room / 2;
                const Stretch shown = stretch_around(selected, n, room, before);
                CHECK(shown.size() == std::clamp(room, 1, n));
                CHECK(shown.first >= 0);
                CHECK(shown.last <= n);
                CHECK(shown.shows(selected));
                CHECK_FALSE(shown.shows(shown.last));
                const bool at_end = shown.last == n;
                CHECK((at_end || selected - shown.first <= before));
            }
        }
    }
}
