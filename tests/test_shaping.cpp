// Scripts that run from right to left or join, through the one ruler; characters that no font has.
// Which fonts a machine has is not known here: where one is missing, the escape is what is tested.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "viz/paint/font.h"
#include "viz/paint/shaping.h"
#include "viz/paint/svg_canvas.h"
#include "viz/paint/utf8.h"

using namespace viz;

namespace {

std::u32string characters(const std::vector<Glyph>& glyphs) {
    std::u32string text;
    for (const Glyph& glyph : glyphs) text += glyph.character;
    return text;
}

bool escaped(std::string_view text) {
    const auto glyphs = lay_out(Face::sans, 10, text);
    return std::ranges::find(glyphs, U'\\', &Glyph::character) != glyphs.end();
}

}  // namespace

TEST_CASE("Hebrew stands from right to left, numbers and Latin within it as they are") {
    const std::string word = "\u05d0\u05d1\u05d2", line = "a " + word + " 12 b";
    if (escaped(word)) return;
    CHECK(characters(lay_out(Face::sans, 10, word)) == U"\u05d2\u05d1\u05d0");
    // In a line from left to right, as a browser sets it.
    CHECK(characters(lay_out(Face::sans, 10, line)) == U"a 12 \u05d2\u05d1\u05d0 b");
    const auto runs = lay_out_runs(Face::sans, 10, word);
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].backward);
    CHECK(runs[0].text == word);  // what is selected and searched is in the order of reading
    CHECK(runs[0].clusters.size() == 3);
}

TEST_CASE("places, widths and carets agree") {
    for (const std::string text :
         {"plain", "\u05d0\u05d1 x", "\u0645\u0631\u062d\u0628\u0627", "e\u0301a\u0308",
          "\u0928\u092e\u0938\u094d\u0924\u0947", "\U0001F468\u200d\U0001F469", ""}) {
        CAPTURE(text);
        const float width = text_width(Face::sans, 20, text);
        const auto places = carets(Face::sans, 20, text);
        REQUIRE(!places.empty());
        CHECK(places.back().byte == text.size());
        CHECK(std::ranges::is_sorted(places, {}, &Caret::byte));
        for (const Caret& place : places) {
            CHECK(place.x >= -1e-3f);
            CHECK(place.x <= width + 1e-3f);
        }
        for (const Glyph& glyph : lay_out(Face::sans, 20, text)) CHECK(std::isfinite(glyph.x));
        CHECK(fit_end(Face::sans, 20, text, width) == text);
        if (width == 0) continue;
        const std::string cut = fit_middle(Face::sans, 20, text, width * 0.7f);
        CHECK(text_width(Face::sans, 20, cut) <= width * 0.7f + 1e-3f);
    }
}

TEST_CASE("joined letters and marks are one cluster, with one caret before it") {
    CHECK(carets(Face::sans, 10, "e\u0301x").size() == 3);
    CHECK_FALSE(is_shaped("na\u00efve \u0416 \u4e16"));
    CHECK(is_shaped("\u0645\u0631"));
    if (escaped("\u0645")) return;
    // An initial and a final form are not two letters that stand alone.
    const auto both = lay_out(Face::sans, 10, "\u0645\u0645");
    const auto alone = lay_out(Face::sans, 10, "\u0645");
    REQUIRE(both.size() == 2);
    CHECK(both[0].index != alone[0].index);
}

TEST_CASE("what no font has is shown escaped, and said once") {
    (void)take_missing_characters();
    const std::string text = "a\U0010FFFDb";
    CHECK(characters(lay_out(Face::sans, 10, text)) == U"a\\u{10FFFD}b");
    CHECK(text_width(Face::sans, 10, text) ==
          doctest::Approx(text_width(Face::sans, 10, "a\\u{10FFFD}b")));
    const auto places = carets(Face::sans, 10, text);
    REQUIRE(places.size() == 4);  // one character still, and the caret behind it stands behind it
    CHECK(places[2].byte == 5);
    CHECK(places[2].x == doctest::Approx(text_width(Face::sans, 10, "a\\u{10FFFD}")));
    const std::string shaped = text + "e\u0301";  // the same in a line that is shaped
    CHECK(carets(Face::sans, 10, shaped)[2].x == doctest::Approx(places[2].x));
    CHECK(take_missing_characters() == "no font here has U+10FFFD; shown escaped");
    (void)lay_out(Face::mono, 12, text);
    CHECK(take_missing_characters().empty());
}

TEST_CASE("what only varies the character before it is not shown") {
    (void)take_missing_characters();
    for (const std::string mark : {"\ufe0f", "\U000E0101", "\U000E0067\U000E007F", "\u2060"}) {
        CAPTURE(mark);
        CHECK_FALSE(escaped("a" + mark + "b"));
        CHECK(text_width(Face::sans, 10, "a" + mark + "b") ==
              doctest::Approx(text_width(Face::sans, 10, "ab")));
    }
    CHECK(take_missing_characters().empty());
}

TEST_CASE("an SVG sets a line of several scripts in the face first, and escapes what is escaped") {
    SvgCanvas canvas({100, 20}, {});
    canvas.text({0, 10}, "ab e\u0301 \U0010FFFD", {Face::sans, 10, {}}, 0);
    const std::string svg = canvas.finish("t");
    CHECK(svg.find(std::string("font-family=\"") + fallback_family(Face::sans)) ==
          std::string::npos);
    CHECK(svg.find(">ab e\u0301 \\u{10FFFD}</text>") != std::string::npos);
}

TEST_CASE("an SVG has the text in the order of reading, in the room that was measured") {
    SvgCanvas canvas({100, 20}, {});
    const std::string word = "\u05d0\u05d1\u05d2";
    canvas.text({0, 10}, word, {Face::sans, 10, {}}, 0);
    CHECK(canvas.finish("t").find(">" + word + "<") != std::string::npos);
}
