// The views of sums and products: that the pages draw the numbers of model/interp/arithmetic, and
// that they fit whatever is explained.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/interp/arithmetic.h"
#include "model/pass/attention.h"
#include "model/pass/kernels.h"
#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/story.h"
#include "tests/support.h"
#include "viz/paint/format.h"
#include "viz/scene/likelihood.h"
#include "viz/views/drawings.h"
#include "viz/views/pointing.h"

using namespace viz;
using tests::run;
using tests::sampling;
using tests::story;

namespace {

const model::Model& bundled() {
    return *tests::bundled();
}

Scene scene_of(const model::Step& step, Memo& memo) {
    return {bundled(), step, memo, light_theme(), {}, {}, {}};
}

tests::LayoutCanvas drawn(const char* view, Size size, const Scene& scene) {
    tests::LayoutCanvas canvas;
    find_view(view)->draw(canvas, {0, 0, size.w, size.h}, scene);
    return canvas;
}

bool shows(const tests::LayoutCanvas& canvas, const std::string& text) {
    return std::ranges::any_of(canvas.texts, [&](const auto& box) { return box.text == text; });
}

// Of all texts that are exactly this one, in whatever order.
long times(const tests::LayoutCanvas& canvas, const std::string& text) {
    return std::ranges::count_if(canvas.texts, [&](const auto& box) { return box.text == text; });
}

void check_layout(const tests::LayoutCanvas& canvas, Rect rect, float scale,
                  const std::string& what) {
    CHECK_MESSAGE(!canvas.texts.empty(), what);
    for (size_t i = 0; i < canvas.texts.size(); ++i) {
        const tests::TextBox& text = canvas.texts[i];
        CHECK_MESSAGE(tests::outside(text, rect) < 1.5f, what << ": “" << text.text << "” leaves");
        CHECK_MESSAGE(text.size > 10.4f * scale, what << ": “" << text.text << "” is small");
        for (size_t j = 0; j < i; ++j) {
            CHECK_MESSAGE(
                !tests::overlap(text, canvas.texts[j], 1.0f),
                what << ": “" << text.text << "” lies over “" << canvas.texts[j].text << "”");
        }
    }
    for (const tests::PlacedRegion& region : canvas.regions) {
        CHECK(region.rect.w > 0);
        CHECK(region.rect.h > 0);
        CHECK_MESSAGE((region.rect.x > rect.x - 8 * scale && region.rect.y > rect.y - 1 &&
                       region.rect.right() < rect.right() + 8 * scale &&
                       region.rect.bottom() < rect.bottom() + 1),
                      what << ": " << region.id);
    }
}

// Every kind of thing that can be explained.
struct Explained {
    Phase phase;
    Hit locked;
    const char* heading;
};

std::vector<Explained> subjects(int n) {
    return {
        {Phase::attention, {}, "Score of "},
        {Phase::attention, {"map/1/2", n - 1, 0}, "Score of "},
        {Phase::attention, {"map/5/3", 0, n - 1}, "Score of "},  // masked when n > 1
        {Phase::attention, {"row/0/1/0", 0, 0}, "Score of "},
        {Phase::mlp, {}, "Neuron "},
        {Phase::mlp, {"neuron/3/17", 0, 0}, "Neuron 17 of "},
        {Phase::tokens, {}, "Embedding of "},
        {Phase::embedding, {}, "Embedding of "},
        {Phase::embedding, {"stream/0/64", 1, 3}, "Dimension 67 of the stream"},
        {Phase::attention, {"stream/6/128", 0, 5}, "Dimension 5 of the stream"},
        {Phase::attention, {"norms/resid", 0, 0}, "Length of the stream"},
        {Phase::attention, {"norms/resid", 6, n - 1}, "Length of the stream"},
        {Phase::attention, {"norms/attn", 2, 0}, "Length of what attention added"},
        {Phase::attention, {"norms/mlp", 5, 0}, "Length of what the MLP added"},
        {Phase::final_norm, {}, "Final norm at "},
        {Phase::logits, {}, "Logit and probability of "},
        {Phase::softmax, {"candidate/40", 0, 0}, "Logit and probability of "},
        {Phase::append, {"candidate/0", 0, 0}, "Logit and probability of "},
        {Phase::pick, {"map/99/0", 0, 0}, "Logit and probability of "},  // no such cell
    };
}

}  // namespace

TEST_CASE("the page of a score draws the record's numbers") {
    const model::StepPtr& step = story();
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.locked = {"map/2/1", 8, 5};
    const auto canvas = drawn("arithmetic", {1100, 900}, scene);
    const auto a = model::score_arithmetic(bundled().config, step->records, 2, 1, 8, 5);
    CHECK(shows(canvas, "Score of ␣Mia → ␣Mia, Block 3 · Head 2"));
    for (size_t c = 0; c < a.q.size(); ++c) {
        CHECK(shows(canvas, number(a.q[c])));
        CHECK(shows(canvas, number(a.k[c])));
        CHECK(shows(canvas, number(a.products[c])));
    }
    CHECK(shows(canvas, number(a.sum)));
    CHECK(shows(canvas, number(a.score)));
    CHECK(times(canvas, weight(a.weight)) >= 2);  // in the table, and as the result
    CHECK(shows(canvas, "allowed"));
    int strongest = 0;
    const auto z = step->records[8]->z(2).subspan(32, 32);
    for (int d = 0; d < 32; ++d) {
        if (std::abs(z[d]) > std::abs(z[strongest])) strongest = d;
    }
    CHECK(shows(canvas, number(z[strongest])));

    scene.locked = {"map/2/1", 5, 8};
    const auto masked = drawn("arithmetic", {1100, 900}, scene);
    CHECK(shows(masked, "−∞"));
    CHECK(shows(masked, "0"));
}

TEST_CASE("the page of an ablated head says why its terms do not sum to z") {
    model::Ablation ablation;
    ablation.heads.insert({2, 1});
    const model::StepPtr step = run("Tom gave the ball", {}, 0, ablation);
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.locked = {"map/2/1", 3, 3};
    const std::string why = "this head is ablated, so z is set to ";
    CHECK(shows(drawn("arithmetic", {1100, 900}, scene), why));
    scene.locked = {"map/2/0", 3, 3};
    CHECK_FALSE(shows(drawn("arithmetic", {1100, 900}, scene), why));
}

TEST_CASE("without a lock the phase decides what is explained") {
    const model::StepPtr& step = story();
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.selection = {8, 2, 1, Phase::attention, 0, -1, -1};
    const auto row = model::attention_row(bundled().config, step->records, 2, 1, 8);
    auto heading = [&] { return drawn("arithmetic", {900, 600}, scene).texts[0].text; };
    for (const bool hide : {false, true}) {
        scene.attention.hide_first = hide;
        const auto best = std::max_element(row.begin() + hide, row.end()) - row.begin();
        CHECK(heading() ==
              "Score of ␣Mia → " + scene.shown_at(static_cast<int>(best)) + ", Block 3 · Head 2");
    }
    scene.selection.phase = Phase::mlp;
    const int neuron = model::strongest_neuron(bundled(), *step->records[8], 2);
    CHECK(heading() == "Neuron " + count(neuron) + " of " + count(bundled().config.d_mlp) +
                           ", Block 3 · MLP, at ␣Mia");
    scene.selection.neuron = 40;
    const auto a = model::neuron_arithmetic(bundled(), *step->records[8], 2, 40);
    const auto page = drawn("arithmetic", {900, 600}, scene);
    CHECK(shows(page, number(a.pre)));
    CHECK(shows(page, number(a.post)));
    CHECK(shows(page, number(a.terms[0].product)));
    std::vector<float> out(static_cast<size_t>(bundled().config.d_model));
    model::read_row(bundled().weights.layers[2].mlp_out, 40, out.data());
    const auto louder = [](float x, float y) { return std::abs(x) < std::abs(y); };
    CHECK(shows(page, number(double{a.post} * *std::max_element(out.begin(), out.end(), louder))));
    scene.selection.phase = Phase::softmax;
    scene.selection.token = step->ranking.candidates[3].id;
    const auto logits = drawn("arithmetic", {900, 700}, scene);
    CHECK(shows(logits, number(step->ranking.candidates[3].logit)));
    CHECK(times(logits, percent(step->ranking.candidates[3].probability)) >= 2);
    scene.selection.phase = Phase::embedding;
    CHECK(heading() == "Embedding of ␣Mia (position 8)");
}

TEST_CASE("the others and the rows of a table make the whole") {
    // "other 148 terms" and twelve rows: the sum of all products.
    const model::StepPtr& step = story();
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.locked = {"candidate/2", 0, 0};
    const auto canvas = drawn("arithmetic", {1000, 900}, scene);
    const auto a =
        model::logit_arithmetic(bundled(), *step->records.back(), step->ranking.candidates[2].id);
    CHECK(a.logit == step->ranking.candidates[2].logit);
    double others = 0;
    for (size_t i = 12; i < a.terms.size(); ++i) others += double{a.terms[i].product};
    CHECK(shows(canvas, "other " + count(bundled().config.d_model - 12) + " terms"));
    CHECK(shows(canvas, number(others)));
    CHECK(shows(canvas, number(a.logit)));
}

TEST_CASE("every explanation fits its room, whatever is explained") {
    for (const int n : {1, 2, 10, 60}) {
        std::string text = "Tom gave the ball to Mia. Then Mia";
        for (int i = 0; i < 30; ++i) text += i % 2 ? " and gave" : ", uncharacteristically";
        std::vector<int> ids = bundled().tokenizer->encode(text);
        ids.resize(n);
        model::Session session(tests::bundled());
        session.start(ids, sampling());
        Memo memo;
        Scene scene = scene_of(*session.step(), memo);
        scene.decoding = sampling();
        for (const Explained& e : subjects(n)) {
            scene.selection.phase = e.phase;
            scene.locked = e.locked;
            for (const float scale : {0.8f, 1.0f, 1.5f, 2.0f}) {
                for (const Size size : {Size{420, 300}, {560, 460}, {860, 640}, {1500, 1100}}) {
                    const Rect rect{7, 5, size.w, size.h};
                    tests::LayoutCanvas canvas;
                    draw_enlarged(canvas, rect, scale, [&](Canvas& page, Rect whole) {
                        find_view("arithmetic")->draw(page, whole, scene);
                    });
                    const std::string what = std::string(e.heading) + e.locked.target.text() +
                                             " n=" + std::to_string(n) + " " +
                                             std::to_string(size.w) + " scale " +
                                             std::to_string(scale);
                    check_layout(canvas, rect, scale, what);
                    if (scale == 1 && size.w > 800) {
                        CHECK_MESSAGE(canvas.texts[0].text.starts_with(e.heading), what);
                    }
                    for (const tests::PlacedRegion& region : canvas.regions) {
                        CHECK_MESSAGE(!tooltip(scene, {region.id, 0, region.cols - 1}).empty(),
                                      region.id);
                    }
                }
            }
        }
    }
}

TEST_CASE("an operand's tooltip is its number and its tensor") {
    Memo memo;
    Scene scene = scene_of(*story(), memo);
    scene.locked = {"map/2/1", 8, 5};
    const Lines lines = tooltip(scene, {"operand/k/0", 0, 3});
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "k, dimension 3: " + number(story()->records[5]->k(2)[32 + 3]));
    CHECK(lines[1] == "blocks.2.attn.hook_k");
    for (const char* odd : {"operand", "operand/k", "operand/k/99", "operand/none/0", "term/x/1"}) {
        CHECK_MESSAGE(tooltip(scene, {odd, 0, 0}).empty(), odd);
    }
    CHECK(tooltip(scene, {"operand/k/30", 0, 5}).empty());
}

TEST_CASE("the chain's links are the choices") {
    const model::StepPtr& step = story();
    const auto links = chain_of(*step);
    REQUIRE(links.size() == step->choices.size() - 1);
    double product = 1;
    for (size_t i = 0; i < links.size(); ++i) {
        const model::Choice& choice = step->choices[i + 1];
        CHECK(links[i].position == static_cast<int>(i) + 1);
        CHECK(links[i].probability == choice.probability);
        CHECK(links[i].rank == choice.rank);
        CHECK(std::exp2(-links[i].bits) == doctest::Approx(choice.probability));
        product *= choice.probability;
        CHECK(std::exp(links[i].log_so_far) == doctest::Approx(product));
        CHECK(links[i].perplexity ==
              doctest::Approx(std::pow(product, -1.0 / static_cast<double>(i + 1))));
    }
    CHECK(one_in(std::log(0.024)) == "2.4 %");
    CHECK(one_in(std::log(1.4e-4)) == "1 in 7,143");
    CHECK(one_in(std::log(2e-9)) == "1 in 500.0 million");
    CHECK(one_in(-103 * std::log(10.0)) == "1 in 10¹⁰³");
    CHECK(chain_of(*run("Tom")).empty());
    CHECK(likelihood(*run("Tom")).empty());
    CHECK(likelihood(*step) == "P(text) = " + one_in(links.back().log_so_far) + " · perplexity " +
                                   number(links.back().perplexity));
}

TEST_CASE("the chain draws every factor, and what the proposed token would add") {
    const model::StepPtr& step = story();
    Memo memo;
    Scene scene = scene_of(*step, memo);
    const auto canvas = drawn("chain", {1300, 900}, scene);
    const auto links = chain_of(*step);
    for (const ChainLink& link : links) {
        CHECK(shows(canvas, percent(link.probability)));
        CHECK(shows(canvas, number(link.bits)));
        CHECK(shows(canvas, probability_of_log(link.log_so_far)));
        CHECK(shows(canvas, number(link.perplexity)));
    }
    CHECK(shows(canvas, number(links.back().log_so_far)));
    CHECK(shows(canvas, "would add " + bits(-std::log2(step->ranking.proposed().probability))));
    CHECK(times(canvas, "prompt") == 8);  // the first token has no factor
    CHECK(times(canvas, "argmax") == 2);
    // The same numbers as beside the ribbon.
    CHECK(shows(drawn("tokens", {1536, 60}, scene), likelihood(*step)));
    CHECK(tooltip(scene, {"surprisal", 0, 3})[1].find(percent(links[2].probability)) !=
          std::string::npos);
    CHECK(tooltip(scene, {"surprisal", 0, step->number() + 90}).empty());
}

TEST_CASE("chain and pieces fit any room") {
    const std::string text =
        "Tom’s naïve uncharacteristically 漢字 👩‍👩‍👧 <|endoftext|>\n\n\tthe end ";
    for (const int n : {1, 2, 9, 60, 250}) {
        std::vector<int> ids = bundled().tokenizer->encode(text);
        while (static_cast<int>(ids.size()) < n) {
            ids.push_back(static_cast<int>(ids.size() * 7919 % 2048));
        }
        ids.resize(n);
        model::Session session(tests::bundled());
        session.start(ids, {});
        Memo memo;
        Scene scene = scene_of(*session.step(), memo);
        for (const int position : {0, n / 3, n - 1}) {
            scene.selection.position = position;
            for (const float scale : {0.8f, 1.0f, 1.5f, 2.0f}) {
                for (const Size base : {Size{420, 300}, {560, 460}, {860, 640}, {1500, 1100}}) {
                    // Text twice as large needs room: a slide has it, a window asks for it.
                    const Size size{base.w * std::max(scale, 1.0f), base.h * std::max(scale, 1.0f)};
                    const Rect rect{7, 5, size.w, size.h};
                    for (const std::string view : {"chain", "pieces"}) {
                        tests::LayoutCanvas canvas;
                        draw_enlarged(canvas, rect, scale, [&](Canvas& page, Rect whole) {
                            find_view(view)->draw(page, whole, scene);
                        });
                        const std::string what =
                            view + " n=" + std::to_string(n) + " at " + std::to_string(position) +
                            " " + std::to_string(size.w) + " scale " + std::to_string(scale);
                        check_layout(canvas, rect, scale, what);
                        CHECK_MESSAGE(std::ranges::any_of(canvas.regions,
                                                          [&](const auto& region) {
                                                              return region.id ==
                                                                     "token/" +
                                                                         std::to_string(position);
                                                          }),
                                      what);
                    }
                }
            }
        }
    }
}

TEST_CASE("pieces draws ids, bytes and the merges of the selected word") {
    const model::StepPtr step = run("Tom gave the ball to Mia. Then Mia");
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.selection.position = 3;
    const auto canvas = drawn("pieces", {1100, 700}, scene);
    CHECK(shows(canvas, "20 62 61 6C 6C"));
    CHECK(shows(canvas, "space, b a l l"));
    for (const int id : step->ids()) CHECK(shows(canvas, std::to_string(id)));
    CHECK(shows(canvas, "How the word ␣ball was merged"));
    for (const model::MergeStep& merge : bundled().tokenizer->merges(" ball")) {
        if (merge.rank >= 0) CHECK(shows(canvas, "merge " + count(merge.rank + 1)));
    }
    for (const tests::PlacedRegion& region : canvas.regions) {
        CHECK_MESSAGE(!tooltip(scene, {region.id, 0, 0}).empty(), region.id);
    }
    CHECK(tooltip(scene, {"piece/0/0/99", 0, 0}).empty());
    CHECK(tooltip(scene, {"piece/99/0/0", 0, 0}).empty());

    const auto tiny = tests::tiny();
    model::Session session(tiny);
    session.start({1, 2}, {});
    const Scene bare{*tiny, *session.step(), memo, light_theme(), {}, {}, {}};
    CHECK(shows(drawn("pieces", {700, 300}, bare),
                "This model's folder has no tokenizer: its tokens are numbers alone."));
}
