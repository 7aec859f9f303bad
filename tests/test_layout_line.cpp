// Titles and legends: lines that say as much as they have room for.
#include <doctest/doctest.h>

#include "tests/layout_canvas.h"
#include "tests/story.h"
#include "viz/layout/legend.h"
#include "viz/layout/parts.h"
#include "viz/layout/title.h"

using namespace viz;

namespace {

std::vector<std::string> said(float width, const Title& title) {
    tests::LayoutCanvas canvas;
    const Rect line{10, 20, width, 20};
    draw_title(canvas, line, title, light_theme());
    std::vector<std::string> texts;
    for (size_t i = 0; i < canvas.texts.size(); ++i) {
        CHECK(tests::outside(canvas.texts[i], line) < 1);
        for (size_t j = 0; j < i; ++j) {
            CHECK_FALSE(tests::overlap(canvas.texts[i], canvas.texts[j], 0.5f));
        }
        texts.push_back(canvas.texts[i].text);
    }
    return texts;
}

}  // namespace

TEST_CASE("a title takes the longest wording that fits, then its note") {
    const Title title{.wordings = {"All of what is drawn here", "What is drawn"},
                      .note = "and more",
                      .end = "1 of 2"};
    CHECK(said(600, title) ==
          std::vector<std::string>{"1 of 2", "All of what is drawn here", "and more"});
    CHECK(said(260, title) == std::vector<std::string>{"1 of 2", "All of what is drawn here"});
    CHECK(said(150, title) == std::vector<std::string>{"1 of 2", "What is drawn"});
    const std::vector<std::string> cut = said(110, title);
    REQUIRE(cut.size() == 2);
    CHECK(cut[1].ends_with("…"));
    CHECK(said(600, {.wordings = {"Alone"}}) == std::vector<std::string>{"Alone"});
}

TEST_CASE("a legend is never wider than its room, and what is left begins behind it") {
    Memo memo;
    const Scene scene(*tests::bundled(), *tests::story(), memo, light_theme(), {}, {}, {});
    const ColourScale scale{"0", "1 of all that is drawn", [](float) { return Colour{}; }};
    for (const float width : {40.0f, 120.0f, 200.0f, 400.0f, 1000.0f}) {
        tests::LayoutCanvas canvas;
        const Rect line{10, 20, width, 20};
        const Rect rest = draw_legend(canvas, line, scene, scale, 0.25f, 12);
        for (const tests::TextBox& text : canvas.texts) {
            CHECK(tests::outside(text, line) < 1);
            CHECK(tests::outside(text, {10, 20, rest.x - 12 - 10, 20}) < 1);
        }
        CHECK(rest.right() == doctest::Approx(line.right()));
        if (width >= 400) CHECK(rest.w > 0);
    }
}

TEST_CASE("words are drawn where one of their wordings fits") {
    tests::LayoutCanvas canvas;
    draw_if_room(canvas, {0, 0, 50, 20}, {"a long wording of it", "short"}, sans(12, {}));
    draw_if_room(canvas, {0, 0, 5, 20}, {"a long wording of it", "short"}, sans(12, {}));
    REQUIRE(canvas.texts.size() == 1);
    CHECK(canvas.texts[0].text == "short");
}
