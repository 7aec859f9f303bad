// A drawing that is kept and made again, and how regions are named.
#include <doctest/doctest.h>

#include "model/run/session.h"
#include "tests/support.h"
#include "viz/paint/display_list.h"
#include "viz/paint/record_canvas.h"
#include "viz/paint/target.h"
#include "viz/views/view_table.h"

using namespace viz;

TEST_CASE("a kept drawing makes the same calls, and moved ones when it is moved") {
    const auto model = tests::bundled();
    model::Session session(model);
    session.start(model::encode_prompt(*model, "Tom gave the ball to Mia."), {});
    Memo memo;
    const Scene scene{*model, *session.step(), memo, light_theme(), {}, {}};
    for (const View* view : views()) {
        RecordCanvas direct, replayed, moved, drawn_there;
        view->draw(direct, {0, 0, 700, 500}, scene);
        DisplayList kept;
        view->draw(kept, {0, 0, 700, 500}, scene);
        kept.replay(replayed, {0, 0});
        CHECK_MESSAGE(direct.text() == replayed.text(), view->id);
        kept.replay(moved, {64, 32});
        CHECK_MESSAGE(moved.text() != direct.text(), view->id);
        PlacedCanvas there(drawn_there, {64, 32}, 1);
        view->draw(there, {0, 0, 700, 500}, scene);
        CHECK_MESSAGE(moved.text() == drawn_there.text(), view->id);
    }
}

TEST_CASE("maps of a kept drawing have names of their own") {
    struct Keys : RecordCanvas {
        std::vector<uint64_t> keys;
        void heatmap(Rect, const Heatmap& map) override { keys.push_back(map.key); }
    };
    DisplayList first, second;
    const Heatmap map{1, 1, {Colour{1, 2, 3}}};
    first.heatmap({0, 0, 1, 1}, map);
    second.heatmap({0, 0, 1, 1}, map);
    Keys keys;
    first.replay(keys, {0, 0});
    first.replay(keys, {5, 5});
    second.replay(keys, {0, 0});
    REQUIRE(keys.keys.size() == 3);
    CHECK(keys.keys[0] != 0);
    CHECK(keys.keys[0] == keys.keys[1]);
    CHECK(keys.keys[0] != keys.keys[2]);
}
