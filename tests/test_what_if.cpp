// The untouched run beside an intervened one: edited prompts, which step is compared with which,
// and that every drawn difference is the difference of both records.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "model/base/error.h"
#include "model/decode/ranking_change.h"
#include "model/interp/lens.h"
#include "model/run/prompt_edit.h"
#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/layout/difference.h"
#include "viz/paint/format.h"
#include "viz/slides/slide.h"
#include "viz/views/pointing.h"
#include "viz/views/view_table.h"

using model::Session;
using tests::bundled;
using namespace viz;

using tests::drawn;
using tests::has;
using tests::texts_in;

namespace {

std::vector<int> prompt() {
    return model::encode_prompt(*bundled(), "Tom gave the ball to Mia. Then Mia");
}

// An intervened run, two steps on, and the untouched step to compare with.
struct Pair {
    Session session{bundled()};
    model::StepPtr here, untouched;
    Memo memo;

    explicit Pair(const std::string& what = "L4H2,L3H1=uniform,L5MLP") {
        session.start(prompt(), {});
        session.branch_with(model::parse_ablation(what, bundled()->config, ""));
        session.commit();
        session.commit();
        here = session.step();
        untouched = session.compute_untouched();
    }
    Scene scene(bool difference = true) {
        Scene scene{*bundled(), *here, memo, light_theme(), {}, {}, {}};
        scene.untouched = untouched;
        scene.difference = difference;
        return scene;
    }
};

bool some_has(const tests::LayoutCanvas& canvas, const std::string& part) {
    return std::ranges::any_of(
        canvas.texts, [&](const auto& text) { return text.text.find(part) != std::string::npos; });
}

void check_apart(const tests::LayoutCanvas& canvas, Rect rect, const std::string& what) {
    for (size_t i = 0; i < canvas.texts.size(); ++i) {
        if (tests::outside(canvas.texts[i], rect) >= 1.5f) {
            FAIL_CHECK(what << ": “" << canvas.texts[i].text << "” leaves");
        }
        for (size_t j = 0; j < i; ++j) {
            if (!tests::overlap(canvas.texts[i], canvas.texts[j], 1.0f)) continue;
            FAIL_CHECK(what << ": “" << canvas.texts[i].text << "” lies over “"
                            << canvas.texts[j].text << "”");
        }
    }
}

model::Ranking ranking_of(const std::vector<float>& logits) {
    return model::rank(logits);
}

}  // namespace

TEST_CASE("the KL divergence of two distributions, by hand") {
    // p = (1/2, 1/4, 1/4), q = (1/4, 1/4, 1/2).
    const auto p = ranking_of({std::log(2.0f), 0, 0}), q = ranking_of({0, 0, std::log(2.0f)});
    CHECK(model::kl_bits(p, q) == doctest::Approx(0.5 * 1 + 0.25 * 0 + 0.25 * -1).epsilon(1e-6));
    CHECK(model::kl_bits(p, p) == 0);
    const auto r = ranking_of({3, 1, -2, 0.5f}), s = ranking_of({-1, 4, 2, 0});
    CHECK(model::kl_bits(r, s) > 0);
    CHECK(model::kl_bits(r, s) != doctest::Approx(model::kl_bits(s, r)));  // it is no distance
    // Probabilities too small for a number do not make it infinite.
    const auto sure = ranking_of({0, 2000}), other = ranking_of({0, -2000});
    CHECK(model::kl_bits(sure, other) == doctest::Approx(2000 / std::log(2.0)).epsilon(1e-6));
}

TEST_CASE("a change is the difference of both rankings") {
    const auto here = ranking_of({3, 1, -2, 0.5f}), other = ranking_of({-1, 4, 2, 0});
    const model::Change change = model::change_of(here, other, 0);
    CHECK(change.here == model::standing(std::vector<float>{3, 1, -2, 0.5f}, 0).probability);
    CHECK(change.rank_here == 0);
    CHECK(change.rank_other == 3);
    CHECK(change.gained() == 3);
    CHECK(change.points() == change.here - change.other);
    CHECK(model::change_of(here, other, 1).gained() == -1);
    CHECK_THROWS_AS(model::change_of(here, other, 4), std::logic_error);
}

TEST_CASE("where two prompts differ") {
    using Ids = std::vector<int>;
    CHECK(model::prompt_edit({1, 2, 3}, {1, 5, 3}) == model::PromptEdit{1, {2}, {5}});
    CHECK(model::prompt_edit({1, 2, 3}, {1, 5, 6, 3}) == model::PromptEdit{1, {2}, {5, 6}});
    CHECK(model::prompt_edit({1, 1, 1}, {1, 1}) == model::PromptEdit{2, {1}, {}});
    CHECK(model::prompt_edit({1}, {1}) == model::PromptEdit{1, {}, {}});
    CHECK(model::prompt_edit({1, 2}, {3, 4, 5}) == model::PromptEdit{0, {1, 2}, {3, 4, 5}});
    const auto& m = *bundled();
    Ids from = prompt(), to = from;
    to[1] = from[0];
    CHECK(model::prompt_edit_words(m, from, from) == "");
    CHECK(model::prompt_edit_words(m, from, to) ==
          "prompt: “" + m.shown(from[1]) + "” → “" + m.shown(from[0]) + "”");
}

TEST_CASE("typed text is text, or ids") {
    const auto& m = *bundled();
    CHECK(model::typed_tokens(m, "#17") == std::vector<int>{17});
    CHECK(model::typed_tokens(m, "#17 #4") == std::vector<int>{17, 4});
    CHECK(model::typed_tokens(m, " gave the") == m.tokenizer->encode(" gave the"));
    CHECK(model::typed_tokens(m, "# 17") == m.tokenizer->encode("# 17"));
    CHECK(model::typed_tokens(m, "#17 and") == m.tokenizer->encode("#17 and"));
    CHECK(tests::error_of([&] { model::typed_tokens(m, "#99999"); }).find("#99999") !=
          std::string::npos);
    CHECK(tests::error_of([&] { model::typed_tokens(m, ""); }).starts_with("tokens: "));
    CHECK(tests::error_of([&] { model::typed_tokens(*tests::tiny(), "a"); }).find("no tokenizer") !=
          std::string::npos);
}

TEST_CASE("an edited prompt is a run beside the old one") {
    Session session(bundled());
    session.start(prompt(), {});
    session.commit();
    const model::StepPtr old = session.step();
    std::vector<int> edited = prompt();
    edited[0] = edited[5];
    session.edit_prompt(edited);
    CHECK(session.step()->ids() == edited);
    CHECK(session.step()->edited_from == prompt());
    CHECK_FALSE(session.step()->untouched());
    CHECK(session.tree()->prompts == std::vector<std::vector<int>>{prompt(), edited});
    // The same bits as a run that begins with it.
    Session fresh(bundled());
    fresh.start(edited, {});
    session.commit();
    fresh.commit();
    CHECK(std::ranges::equal(session.step()->records.back()->ln_final(),
                             fresh.step()->records.back()->ln_final()));
    // An intervention keeps the edit; the untouched run lacks both.
    session.branch_with(model::parse_ablation("L2", bundled()->config, ""));
    CHECK(session.step()->edited_from == prompt());
    CHECK(session.step()->ids() == fresh.step()->ids());
    const int id = session.step()->ids().back();
    const model::StepPtr untouched = session.compute_untouched();
    REQUIRE(untouched);
    CHECK(untouched->untouched());
    CHECK(untouched->ids().back() == id);
    CHECK(untouched->prompt_length == session.step()->prompt_length);
    session.branch_with({}, session.own_prompt());
    CHECK(session.step()->node == untouched->node);
    // Back to the old one: nothing of it was computed again.
    session.select(old->node);
    CHECK(session.step()->records == old->records);

    // Of another length: it goes on with the same tokens, and is not compared.
    edited.insert(edited.begin() + 2, {7, 8, 9});
    session.edit_prompt(edited);
    session.commit();
    CHECK(session.step()->prompt_length == static_cast<int>(edited.size()));
    Memo memo;
    Scene scene{*bundled(), *session.step(), memo, light_theme(), {}, {}, {}};
    scene.difference = true;
    scene.untouched = session.compute_untouched();
    REQUIRE(scene.untouched);
    CHECK(scene.untouched->number() == session.step()->number());
    CHECK(scene.compared() == nullptr);
    // A bad one leaves everything as it was.
    const auto before = session.step();
    CHECK(tests::error_of([&] { session.edit_prompt({}); }).starts_with("prompt: "));
    CHECK(tests::error_of([&] { session.edit_prompt({1 << 20}); }).starts_with("prompt: "));
    CHECK(session.step() == before);
    // The whole run goes, and the others stay.
    session.remove(session.path().front());
    CHECK(session.step()->prompt_length == static_cast<int>(prompt().size()));
}

TEST_CASE("the untouched step is the one with the same tokens, and is there once it was computed") {
    Session session(bundled());
    session.start(prompt(), {});
    CHECK(session.untouched() == nullptr);
    CHECK(session.compute_untouched() == nullptr);
    session.branch_with(model::parse_ablation("L3H1=uniform", bundled()->config, ""));
    const model::StepPtr first = session.untouched();
    REQUIRE(first);
    CHECK(first->ids() == session.step()->ids());
    CHECK(session.untouched() == first);  // the same object: drawings know that it is the same
    session.commit(11);
    CHECK(session.untouched() == nullptr);
    const auto nodes = session.tree()->nodes.size();
    const model::StepPtr second = session.compute_untouched();
    REQUIRE(second);
    CHECK(second->ids() == session.step()->ids());
    CHECK(session.tree()->nodes.size() == nodes + 1);
    CHECK(session.compute_untouched() == second);
    CHECK(session.tree()->nodes.size() == nodes + 1);
}

TEST_CASE("the ranking shows probability and rank against the untouched run") {
    Pair pair;
    Scene scene = pair.scene();
    REQUIRE(scene.compared());
    const auto canvas = drawn("ranking", {560, 520}, scene);
    CHECK(some_has(canvas, "untouched: points, rank"));
    CHECK(some_has(canvas, bits(model::kl_bits(pair.untouched->ranking, pair.here->ranking))));
    int rows = 0;
    for (const tests::PlacedRegion& region : canvas.regions) {
        const Target id(region.id);
        if (!id.is("candidate")) continue;
        const auto& c = pair.here->ranking.candidates[static_cast<size_t>(id.number(0))];
        const auto was =
            std::ranges::find(pair.untouched->ranking.candidates, c.id, &model::Candidate::id);
        const auto texts = texts_in(canvas, region.rect);
        CHECK(has(texts, points(c.probability - was->probability)));
        const int rank = static_cast<int>(was - pair.untouched->ranking.candidates.begin());
        const int gained = rank - id.number(0);
        CHECK(has(texts, gained == 0 ? "=" : count(std::abs(gained))));
        const Lines lines = tooltip(scene, {region.id, 0, 0});
        const std::string said = "untouched: probability " + percent(was->probability) + ", rank " +
                                 count(rank + 1) + "; here " +
                                 points(c.probability - was->probability) + " points";
        CHECK(has(lines, said));
        ++rows;
    }
    CHECK(rows >= 8);
    // Not asked for, nothing of it is said.
    Scene alone = pair.scene(false);
    alone.since = true;
    const auto plain = drawn("ranking", {560, 520}, alone);
    CHECK(some_has(plain, "since last: points, rank"));
    CHECK_FALSE(some_has(plain, "untouched"));
}

TEST_CASE("lens cells show the change of their token's probability") {
    Pair pair;
    const Scene scene = pair.scene();
    const auto& m = *bundled();
    const auto canvas = drawn("lens", {1000, 640}, scene);
    CHECK(some_has(canvas, difference_words));
    CHECK(some_has(canvas, "points: probability − untouched"));
    const auto cells = std::ranges::find_if(
        canvas.regions, [](const auto& region) { return Target(region.id).is("lens"); });
    REQUIRE(cells != canvas.regions.end());
    const int first = Target(cells->id).number(0);
    std::set<std::string> values;
    for (int col = 0; col < cells->cols; ++col) {
        const auto at = static_cast<size_t>(first + col);
        const auto here = model::logit_lens(m, *pair.here->records[at], -1);
        for (int row = 0; row < cells->rows; ++row) {
            const int id = here[static_cast<size_t>(row)].id;
            const auto there = model::token_ranks(m, *pair.untouched->records[at], id);
            const double change = here[static_cast<size_t>(row)].probability -
                                  there[static_cast<size_t>(row)].probability;
            const auto texts =
                texts_in(canvas, cell_of(cells->rect, cells->rows, cells->cols, row, col));
            REQUIRE(texts.size() == 2);
            const std::string shown = m.shown(id);  // a long one is cut in its middle
            CHECK((texts[0] == shown || shown == "<|endoftext|>"));
            // Beyond rounding they are the same; what is nearly nothing may round either way.
            if (std::abs(change) > 1e-6) CHECK(texts[1] == points(change));
            values.insert(texts[1]);
        }
    }
    CHECK(values.size() > 5);
    const Lines lines = tooltip(scene, {cells->id, cells->rows - 1, cells->cols - 1});
    CHECK(std::ranges::count_if(
              lines, [](const auto& line) { return line.starts_with("untouched: "); }) == 2);
}

TEST_CASE("the attention map shows weights less the untouched run's") {
    Pair pair;
    Scene scene = pair.scene();
    const auto& config = bundled()->config;
    for (const auto mix : {AttentionLook::Mix::one, AttentionLook::Mix::mean}) {
        for (const bool hide_first : {false, true}) {
            scene.attention.mix = mix;
            scene.attention.hide_first = hide_first;
            // Before any part nothing differs; the pinned head does.
            for (const auto& [layer, head] : {std::pair{0, 1}, {2, 0}, {5, 3}}) {
                const PatternChange change = shown_change(scene, layer, head);
                float largest = 0;
                for (int query = 0; query < scene.length(); ++query) {
                    const auto here = shown_row(scene, layer, head, query);
                    const auto there = untouched_row(scene, layer, head, query);
                    for (int key = 0; key <= query; ++key) {
                        REQUIRE(change.rows[query][key] == here[key] - there[key]);
                        largest = std::max(largest, std::abs(here[key] - there[key]));
                    }
                }
                CHECK(change.largest == largest);
                if (layer == 0) CHECK(largest == 0);
                if (layer == 2) CHECK(largest > 0.01f);
            }
        }
    }
    scene.attention = {};
    scene.selection.layer = 2;
    scene.selection.head = 0;
    const auto canvas = drawn("head", {520, 560}, scene);
    CHECK(some_has(canvas, "weight − untouched"));
    CHECK(some_has(canvas, difference_words));
    const int query = scene.length() - 1;
    const float here = model::attention_row(config, pair.here->records, 2, 0, query)[1];
    const float there = model::attention_row(config, pair.untouched->records, 2, 0, query)[1];
    CHECK(here == 1.0f / static_cast<float>(query + 1));
    const Lines lines = tooltip(scene, {"map/2/0", query, 1});
    CHECK(std::ranges::any_of(lines, [&](const std::string& line) {
        return line.starts_with("weight " + weight(here) + ", untouched " + weight(there) + ": " +
                                signed_weight(here - there));
    }));
    CHECK(some_has(drawn("row", {900, 260}, scene), "from the untouched run"));
}

TEST_CASE("pages with differences say so") {
    Pair pair;
    const std::string caption = slide_caption(pair.scene(), SlideShape::wide);
    CHECK(caption.find(difference_words) != std::string::npos);
    CHECK(caption.find("without L4H2, L5MLP · uniform L3H1") != std::string::npos);
    CHECK(slide_caption(pair.scene(false), SlideShape::wide).find(difference_words) ==
          std::string::npos);
}

TEST_CASE("drawings of differences keep their texts apart") {
    Pair pair;
    for (const char* view : {"ranking", "lens", "head", "row", "attention"}) {
        for (const Size size : {Size{420, 460}, Size{640, 560}, Size{1180, 760}}) {
            for (const auto strategy : {model::Strategy::greedy, model::Strategy::top_k}) {
                Scene scene = pair.scene();
                scene.decoding.strategy = strategy;
                scene.selection.layer = 2;
                check_apart(drawn(view, size, scene), {10, 20, size.w, size.h},
                            std::string(view) + " " + std::to_string(static_cast<int>(size.w)));
            }
        }
    }
}
