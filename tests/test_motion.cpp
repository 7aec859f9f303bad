// A step that one can watch, small pictures, and tokens in prose.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "app/control/motion.h"
#include "model/interp/head_change.h"
#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/layout/curtain.h"
#include "viz/paint/paragraph.h"
#include "viz/slides/deck.h"
#include "viz/views/view_table.h"

using namespace viz;

namespace {

bool has(const tests::LayoutCanvas& canvas, const std::string& text) {
    return std::ranges::any_of(canvas.texts, [&](const auto& box) { return box.text == text; });
}

model::StepPtr run(const std::string& prompt, const model::Ablation& ablation = {}) {
    model::SessionOptions options;
    options.ablation = ablation;
    model::Session session(tests::bundled(), options);
    session.start(model::encode_prompt(*tests::bundled(), prompt), {});
    return session.step();
}

float right_of(const tests::TextBox& box) {
    return std::ranges::max(box.corners, {}, &Point::x).x;
}

}  // namespace

TEST_CASE("the way goes from 0 to 1 in its time, and any key ends it") {
    app::Motion motion;
    const auto now = app::Clock::now();
    CHECK(motion.part(now) == 1);
    motion.due = true;
    CHECK(motion.part(now) == 0);
    motion.due = false;
    motion.began = now;
    CHECK(motion.part(now + app::Motion::length / 2) == doctest::Approx(0.5));
    CHECK(motion.part(now + app::Motion::length * 2) == 1);
    CHECK(motion.moves());
    motion.hold(0.25f);  // the mouse takes it where it likes, and it stays there
    CHECK(motion.part(now + app::Motion::length * 2) == 0.25f);
    CHECK_FALSE(motion.moves());
    motion.hold(1);
    CHECK_FALSE(motion.held);
    motion.hold(0.5f);
    motion.skip();
    CHECK_FALSE(motion.moves());
    CHECK(motion.part(now) == 1);
}

TEST_CASE("a page that plays covers what is not there yet, and tells nothing early") {
    const model::StepPtr step = run("Tom gave the ball to Mia. Then");
    const std::string proposed = tests::bundled()->shown(step->ranking.proposed().id);
    Memo memo;
    const Scene scene{*tests::bundled(), *step, memo, light_theme(), {}, {}, {}};
    DeckRecipe recipe{{1}, {find_view("routes")}, SlideShape::wide, false};
    recipe.frames = 10;
    const Deck deck = make_deck(recipe, light_theme(), [&](int) -> const Scene& { return scene; });
    REQUIRE(deck.pages == 11);
    const Page first = deck.page(0), last = deck.page(10);
    CHECK(first.title.find(proposed) == std::string::npos);
    tests::LayoutCanvas ribbon;
    Scene early_scene = scene;
    early_scene.way = 0.5f;
    draw_view(ribbon, {0, 0, 1200, 60}, *find_view("tokens"), early_scene);
    CHECK(has(ribbon, "?"));
    CHECK(last.title.find(proposed) != std::string::npos);
    CHECK(first.hundredths == 10);
    CHECK(last.hundredths == 150);
    // The pages differ, and the last is what a deck without a film has.
    const Size size = slide_size(SlideShape::wide);
    const auto pixels = [&](const Page& page) {
        return render_pixels(size, 0.25f, light_theme().card, page.whole).argb;
    };
    CHECK(pixels(deck.page(3)) != pixels(deck.page(7)));
    recipe.frames = 0;
    const Deck still = make_deck(recipe, light_theme(), [&](int) -> const Scene& { return scene; });
    CHECK(pixels(deck.page(10)) == pixels(still.page(0)));
    // Before the end no pixel beyond the curtain is anything but the card.
    const Pixels early = render_pixels({400, 300}, 1, light_theme().card, [&](Canvas& canvas) {
        canvas.fill_rect({0, 0, 400, 300}, {0, 0, 0});
        draw_curtain(canvas, {0, 0, 400, 300}, 0.5f, light_theme());
    });
    const Colour card = light_theme().card;
    const uint32_t covered = 0xff000000u | uint32_t{card.r} << 16 | uint32_t{card.g} << 8 | card.b;
    CHECK(early.argb[150 * 400 + 390] == covered);
    CHECK(early.argb[10 * 400 + 399] == covered);
    CHECK(early.argb[150 * 400 + 390] != early.argb[150 * 400 + 10]);
}

TEST_CASE("a small picture has nothing to point at and no text too small to read") {
    tests::LayoutCanvas canvas;
    SmallCanvas small(canvas, {10, 10}, 0.25f);
    small.region({0, 0, 100, 100}, target::token(0), 1, 1);
    small.text({0, 20}, "small", {Face::sans, 12, {}}, 0);
    small.text({0, 60}, "large", {Face::sans, 40, {}}, 0);
    CHECK(canvas.regions.empty());
    CHECK_FALSE(has(canvas, "small"));
    CHECK(has(canvas, "large"));
}

TEST_CASE("tokens in prose are chips, other quotes stay quotes") {
    tests::LayoutCanvas canvas;
    const TextStyle style{Face::sans, 16, light_theme().text};
    draw_paragraph(canvas, {0, 0, 600, 60}, "It says “␣Paris”, and then “.”; “no token” stays.",
                   style);
    CHECK(has(canvas, "␣Paris"));
    CHECK(has(canvas, "."));
    CHECK(has(canvas, "; “no token” stays."));
    for (const float width : {90.0f, 140.0f, 230.0f}) {
        tests::LayoutCanvas narrow;
        draw_paragraph(narrow, {0, 0, width, 400}, "After the word “␣sandwich” comes “␣blanket”.",
                       style);
        for (const auto& box : narrow.texts) CHECK_MESSAGE(right_of(box) <= width + 1, box.text);
    }
}

TEST_CASE("the head that looks elsewhere most is the one whose weights differ most") {
    const auto model = tests::bundled();
    const model::StepPtr untouched = run("ball lamp kite owl shell drum ball lamp kite owl");
    const model::Ablation off = model::parse_ablation("L1H1", model->config, "--ablate");
    const model::StepPtr here = run("ball lamp kite owl shell drum ball lamp kite owl", off);
    const model::ChangedHead found =
        model::most_changed_head(model->config, here->records, untouched->records);
    CHECK_FALSE((found.head.layer == 0 && found.head.head == 0));
    double most = 0;
    const int last = static_cast<int>(here->records.size()) - 1;
    for (int layer = 0; layer < model->config.n_layer; ++layer) {
        for (int head = 0; head < model->config.n_head; ++head) {
            if (layer == 0 && head == 0) continue;
            const auto a = model::attention_row(model->config, here->records, layer, head, last);
            const auto b =
                model::attention_row(model->config, untouched->records, layer, head, last);
            for (size_t i = 0; i < a.size(); ++i) {
                most = std::max(most, std::abs(double{a[i]} - double{b[i]}));
            }
        }
    }
    CHECK(found.largest == most);
    CHECK(found.largest > 0.05);
    CHECK(model::most_changed_head(model->config, here->records, here->records).largest == 0);
}
