// Names of rows and columns: those that have room, the selected one always.
#include <doctest/doctest.h>

#include "tests/layout_canvas.h"
#include "tests/story.h"
#include "viz/layout/grid.h"

using namespace viz;

TEST_CASE("names of rows keep apart, and the selected row has one") {
    for (const Thin thin : {Thin::evenly, Thin::to_last}) {
        for (const int n : {1, 2, 12, 48}) {
            for (int selected = 0; selected < n; ++selected) {
                const Rect rect{5, 10, 60, 200};
                const auto named = named_rows(rect, n, 14, selected, thin);
                float end = -1e9f;
                bool has_selected = false;
                for (const auto& [i, room] : named) {
                    has_selected = has_selected || i == selected;
                    CHECK(room.h >= 14);
                    CHECK(room.centre().y == doctest::Approx(cell_of(rect, n, 1, i, 0).centre().y));
                    CHECK(room.y > end - 0.02f);
                    end = room.bottom();
                }
                CHECK(has_selected);
                CHECK(named.size() <= 200 / 14 + 1);
                const bool last = named.back().i == n - 1;
                const bool crowded = 200.0f / n * (n - 1 - selected) < 14;
                if (thin == Thin::to_last) CHECK((last || crowded));
            }
        }
    }
}

TEST_CASE("where there is room every column has a name, as wide as the column") {
    const auto named = named_columns({10, 0, 300, 20}, 3, 40, 0);
    REQUIRE(named.size() == 3);
    CHECK(named[1].room.x == 110);
    CHECK(named[1].room.w == 100);
    CHECK(named_columns({10, 0, 30, 20}, 3, 40, 2).size() == 1);
}

TEST_CASE("the clicked cell of a region is found in it alone") {
    Memo memo;
    Scene scene(*tests::bundled(), *tests::story(), memo, light_theme(), {}, {}, {"map", 1, 2});
    const Rect rect{0, 0, 40, 20};
    const auto cell = locked_cell(scene, "map", rect, 2, 4);
    REQUIRE(cell);
    CHECK(cell->x == 20);
    CHECK(cell->y == 10);
    CHECK_FALSE(locked_cell(scene, "other", rect, 2, 4));
    CHECK_FALSE(locked_cell(scene, "map", rect, 1, 4));
    CHECK_FALSE(locked_cell(scene, "map", rect, 2, 2));
}
