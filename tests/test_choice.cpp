// The view from logits to a token: its columns are the steps of the decoding, and the draw falls
// where the model's draw fell.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/paint/format.h"
#include "viz/views/view_table.h"

using namespace viz;

namespace {

model::StepPtr run(const model::Decoding& decoding) {
    model::Session session(tests::bundled());
    session.start(model::encode_prompt(*tests::bundled(), "Tom and Mia went to the lake. Tom"),
                  decoding);
    return session.step();
}

tests::LayoutCanvas drawn(const model::Step& step, const model::Decoding& decoding,
                          Rect rect = {0, 0, 1000, 560}) {
    Memo memo;
    const Scene scene{*tests::bundled(), step, memo, light_theme(), decoding, {}, {}};
    tests::LayoutCanvas canvas;
    draw_view(canvas, rect, *find_view("choice"), scene);
    return canvas;
}

bool has(const tests::LayoutCanvas& canvas, const std::string& text) {
    return std::ranges::any_of(canvas.texts, [&](const auto& box) { return box.text == text; });
}

bool has_part(const tests::LayoutCanvas& canvas, const std::string& part) {
    return std::ranges::any_of(
        canvas.texts, [&](const auto& box) { return box.text.find(part) != std::string::npos; });
}

float left_of(const tests::TextBox& box) {
    return std::ranges::min(box.corners, {}, &Point::x).x;
}

float right_of(const tests::TextBox& box) {
    return std::ranges::max(box.corners, {}, &Point::x).x;
}

}  // namespace

TEST_CASE("greedy: logits, exponentials and probabilities, and no draw") {
    const model::StepPtr step = run({});
    const auto canvas = drawn(*step, {});
    const auto& all = step->ranking.candidates;
    double sum = 0;
    for (const auto& c : all) sum += std::exp(double{c.logit} - double{all[0].logit});
    CHECK(has(canvas, "sum " + number(sum)));
    for (size_t i = 0; i < 5; ++i) {
        CHECK(has(canvas, decimal(all[i].logit, 2)));
        CHECK(has(canvas, number(std::exp(double{all[i].logit} - double{all[0].logit}))));
        CHECK(has(canvas, percent(all[i].probability)));
        // One is the other divided by the sum.
        CHECK(std::abs(std::exp(double{all[i].logit} - double{all[0].logit}) / sum -
                       all[i].probability) < 1e-6);
    }
    CHECK(has_part(canvas, "takes the largest logit"));
    CHECK_FALSE(has(canvas, "draw"));
}

TEST_CASE("sampling: what is divided, cut and drawn is the decoding's own") {
    model::Decoding decoding;
    decoding.strategy = model::Strategy::top_k;
    decoding.temperature = 1.5;
    decoding.top_k = 8;
    for (uint64_t seed = 0; seed < 20; ++seed) {
        decoding.seed = seed;
        const model::StepPtr step = run(decoding);
        const auto canvas = drawn(*step, decoding);
        const auto& all = step->ranking.candidates;
        double sum = 0;
        for (int i = 0; i < 8; ++i) {
            sum +=
                std::exp((double{all[static_cast<size_t>(i)].logit} - double{all[0].logit}) / 1.5);
        }
        CHECK(has(canvas, "sum " + number(sum)));
        CHECK(has(canvas, "÷ T = 1.5"));
        CHECK(has(canvas, "cut by top-k 8"));
        CHECK(has(canvas, decimal(double{all[1].logit} / 1.5, 2)));
        CHECK(has(canvas, percent(all[7].adjusted)));
        CHECK(has(canvas, "cut"));
        const double drawn_number = model::uniform(seed, static_cast<int>(step->records.size()));
        CHECK(has(canvas, decimal(drawn_number, 4)));
        // Independently: the token whose part it falls into is the one that is proposed.
        double below = 0;
        size_t pick = 0;
        while (below + all[pick].adjusted <= drawn_number) below += all[pick++].adjusted;
        CHECK(static_cast<int>(pick) == step->ranking.pick);
    }
}

TEST_CASE("greedy with penalties: the columns are of what is left") {
    model::Decoding decoding;
    decoding.repetition_penalty = 1.4;
    decoding.no_repeat_ngram = 1;  // what stands there already is banned
    const model::StepPtr step = run(decoding);
    const auto logits = model::processed_logits(step->ranking, decoding, step->ids());
    const double top = *std::ranges::max_element(logits);
    double sum = 0;
    for (const double logit : logits) sum += std::exp(logit - top);
    const auto canvas = drawn(*step, decoding);
    CHECK(has(canvas, "sum " + number(sum)));
    const auto pick = static_cast<size_t>(step->ranking.pick);
    CHECK(logits[pick] == top);
    CHECK(has(canvas, percent(1 / sum)));
    CHECK(has(canvas, "after the penalties"));
    double all = 0;
    for (const double logit : logits) all += std::exp(logit - top) / sum;
    CHECK(std::abs(all - 1) < 1e-9);
}

TEST_CASE("no text of it reaches out of its rectangle") {
    model::Decoding decoding;
    decoding.strategy = model::Strategy::top_p;
    decoding.temperature = 0.7;
    decoding.top_p = 0.9;
    decoding.seed = 5;
    const model::StepPtr step = run(decoding);
    for (const Rect rect : {Rect{0, 0, 520, 300}, Rect{0, 0, 640, 480}, Rect{0, 0, 1500, 700}}) {
        const auto canvas = drawn(*step, decoding, rect);
        for (const auto& box : canvas.texts) {
            CHECK_MESSAGE(left_of(box) >= rect.x - 1, box.text);
            CHECK_MESSAGE(right_of(box) <= rect.right() + 1, box.text);
        }
    }
}
