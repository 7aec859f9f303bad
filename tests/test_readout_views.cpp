// The views that read a record out (logit lens, neurons, what pushed a token): the numbers drawn
// are the model's own, the stretch of positions is right, and nothing collides in models of any
// shape.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/interp/attribution.h"
#include "model/interp/lens.h"
#include "model/interp/neurons.h"
#include "model/pass/hooks.h"
#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/pointing.h"
#include "viz/views/view_table.h"

using namespace viz;

using tests::drawn;
using tests::has;
using tests::texts_in;

namespace {

constexpr const char* readouts[] = {"lens", "neurons", "contributions"};

model::StepPtr run(const std::shared_ptr<const model::Model>& model, std::vector<int> ids) {
    model::Session session(model);
    session.start(ids, {});
    return session.step();
}

model::StepPtr story() {
    static const model::StepPtr step =
        run(tests::bundled(),
            model::encode_prompt(*tests::bundled(), "Tom gave the ball to Mia. Then Mia"));
    return step;
}

std::vector<int> many_ids(const model::Model& model, int n) {
    std::vector<int> ids;
    for (int i = 0; i < n; ++i) ids.push_back(i * 7919 % model.config.n_vocab);
    return ids;
}

Scene scene_of(const model::Model& model, const model::Step& step, Memo& memo) {
    return {model, step, memo, light_theme(), {}, {}, {}};
}

bool some_has(const tests::LayoutCanvas& canvas, const std::string& part) {
    return std::any_of(canvas.texts.begin(), canvas.texts.end(),
                       [&](const auto& text) { return text.text.find(part) != std::string::npos; });
}

const tests::PlacedRegion* region_of(const tests::LayoutCanvas& canvas, const std::string& kind) {
    for (const tests::PlacedRegion& region : canvas.regions) {
        if (Target(region.id).is(kind)) return &region;
    }
    return nullptr;
}

void check_layout(const tests::LayoutCanvas& canvas, Rect rect, float scale,
                  const std::string& what) {
    CHECK(!canvas.texts.empty());
    for (size_t i = 0; i < canvas.texts.size(); ++i) {
        const tests::TextBox& text = canvas.texts[i];
        if (tests::outside(text, rect) >= 1.5f)
            FAIL_CHECK(what << ": “" << text.text << "” leaves");
        if (text.size <= 10.4f * scale) FAIL_CHECK(what << ": “" << text.text << "” is small");
        for (size_t j = 0; j < i; ++j) {
            if (!tests::overlap(text, canvas.texts[j], 1.0f)) continue;
            FAIL_CHECK(what << ": “" << text.text << "” lies over “" << canvas.texts[j].text
                            << "”");
        }
    }
    for (const tests::PlacedRegion& region : canvas.regions) {
        if (region.rect.w > 0 && region.rect.h > 0 && region.rect.right() < rect.right() + 1.5f &&
            region.rect.bottom() < rect.bottom() + 1.5f) {
            continue;
        }
        FAIL_CHECK(what << ": " << region.id << " leaves");
    }
}

}  // namespace

TEST_CASE("lens cells say what the model's read-out says") {
    const model::StepPtr step = story();
    const auto& m = *tests::bundled();
    Memo memo;
    const Scene scene = scene_of(m, *step, memo);
    const auto canvas = drawn("lens", {900, 620}, scene);
    const tests::PlacedRegion* cells = region_of(canvas, "lens");
    REQUIRE(cells);
    CHECK(cells->id == "lens/0");
    REQUIRE(cells->rows == m.config.n_layer);
    REQUIRE(cells->cols == scene.length());
    for (int col = 0; col < cells->cols; ++col) {
        const auto lens = model::logit_lens(m, *step->records[col], -1);
        for (int row = 0; row < cells->rows; ++row) {
            const auto texts =
                texts_in(canvas, cell_of(cells->rect, cells->rows, cells->cols, row, col));
            REQUIRE(texts.size() == 2);
            const std::string shown = m.shown(lens[row].id);  // a long one is cut in its middle
            CHECK((texts[0] == shown || shown == "<|endoftext|>"));
            CHECK(texts[1] == percent(lens[row].probability));
        }
    }
    // What the last block says at the last position is the ranking's first.
    const auto& first = step->ranking.candidates[0];
    const auto last = texts_in(
        canvas, cell_of(cells->rect, cells->rows, cells->cols, cells->rows - 1, cells->cols - 1));
    CHECK(last == std::vector<std::string>{m.shown(first.id), percent(first.probability)});
}

TEST_CASE("the rise of the followed token has its rank and probability after each block") {
    const model::StepPtr step = story();
    const auto& m = *tests::bundled();
    Memo memo;
    Scene scene = scene_of(m, *step, memo);
    scene.selection.token = step->ranking.candidates[30].id;
    for (int position : {-1, 3}) {
        scene.selection.position = position;
        const auto ranks =
            model::token_ranks(m, *step->records[scene.position()], scene.selection.token);
        for (Size size : {Size{770, 620}, Size{770, 380}}) {  // a chart below, rows beside
            const auto canvas = drawn("lens", size, scene);
            const tests::PlacedRegion* rise = region_of(canvas, "rise");
            REQUIRE(rise);
            CHECK(rise->id == "rise/" + std::to_string(scene.position()));
            CHECK((rise->cols == m.config.n_layer) == (size.h > 600));
            for (int layer = 0; layer < m.config.n_layer; ++layer) {
                const bool across = rise->cols > 1;
                const auto texts =
                    texts_in(canvas, cell_of(rise->rect, rise->rows, rise->cols, across ? 0 : layer,
                                             across ? layer : 0));
                CHECK(has(texts, count(ranks[layer].rank + 1)));
                CHECK(has(texts, percent(ranks[layer].probability)));
            }
        }
    }
}

TEST_CASE("the lens shows the stretch at the selected position, and computes no other") {
    const auto& m = *tests::bundled();
    const model::StepPtr step = run(tests::bundled(), many_ids(m, 60));
    for (int position : {-1, 59, 55, 30, 3, 0}) {
        Memo memo;
        Scene scene = scene_of(m, *step, memo);
        scene.selection.position = position;
        const auto canvas = drawn("lens", {700, 500}, scene);
        const tests::PlacedRegion* cells = region_of(canvas, "lens");
        REQUIRE(cells);
        const int first = Target(cells->id).number(0), cols = cells->cols;
        const int at = scene.position();
        REQUIRE(cols < 60);
        CHECK(cols >= 5);
        CHECK((first >= 0 && first <= at && at < first + cols && first + cols <= 60));
        if (position < 0) CHECK(first + cols == 60);
        if (position == 30) CHECK(std::abs(first + cols / 2 - 30) <= 1);
        if (position == 0) CHECK(first == 0);
        CHECK(some_has(canvas,
                       "positions " + count(first) + " to " + count(first + cols - 1) + " of 60"));
        for (const tests::PlacedRegion& region : canvas.regions) {
            if (!Target(region.id).is("token")) continue;
            const int token = Target(region.id).number(0);
            CHECK((token >= first && token < first + cols));
        }
    }
}

TEST_CASE("the lens' proof is computed: it tells when the ranking is another") {
    const model::StepPtr step = story();
    Memo memo;
    const Scene scene = scene_of(*tests::bundled(), *step, memo);
    CHECK(some_has(drawn("lens", {900, 600}, scene),
                   "largest difference 0 over " + count(scene.model.config.n_vocab) + " tokens"));
    model::Step altered = *step;
    altered.ranking.candidates[5].logit += 0.25f;
    Memo fresh;
    const Scene wrong = scene_of(*tests::bundled(), altered, fresh);
    CHECK(some_has(drawn("lens", {900, 600}, wrong), "largest difference 2.5e-1"));
}

TEST_CASE("neurons' rows are the hook tensors, strongest first, with what they promote") {
    const model::StepPtr step = story();
    const auto& m = *tests::bundled();
    Memo memo;
    Scene scene = scene_of(m, *step, memo);
    scene.selection.layer = 3;
    scene.selection.position = 5;
    const auto pre = model::read_hook(m, step->records, "blocks.3.mlp.hook_pre");
    const auto post = model::read_hook(m, step->records, "blocks.3.mlp.hook_post");
    const auto lengths = model::output_lengths(m, 3);
    const auto d = static_cast<size_t>(m.config.d_mlp);
    const auto canvas = drawn("neurons", {900, 620}, scene);
    double before = 1e9;
    int rows = 0;
    for (const tests::PlacedRegion& region : canvas.regions) {
        const Target id(region.id);
        if (!id.is("neuron")) continue;
        ++rows;
        CHECK(id.number(0) == 3);
        const auto index = static_cast<size_t>(id.number(1, m.config.d_mlp));
        const float x = pre.values[5 * d + index], y = post.values[5 * d + index];
        const double length = std::abs(y) * lengths[index];
        CHECK(length <= before);
        before = length;
        const auto texts = texts_in(canvas, region.rect);
        CHECK(has(texts, count(static_cast<long long>(index))));
        CHECK(has(texts, number(x)));
        CHECK(has(texts, number(y)));
        CHECK(has(texts, number(length)));
        const int neuron = static_cast<int>(index);
        const auto promoted = model::promoted_tokens(m, 3, std::vector{neuron}, 1)[0];
        CHECK(has(texts, m.shown(promoted[0].id)));
        const double share = model::neuron_share(m, *step->records[5], 3, neuron, scene.followed());
        CHECK(has(texts, (share > 0 ? "+" : "") + number(share)));
    }
    CHECK(rows >= 10);
    const auto firing = std::count_if(post.values.begin() + 5 * static_cast<long>(d),
                                      post.values.begin() + 6 * static_cast<long>(d),
                                      [](float v) { return v > 0; });
    CHECK(
        some_has(canvas, count(firing) + " of " + count(m.config.d_mlp) + " neurons are above 0"));
    const tests::PlacedRegion* strip = region_of(canvas, "neurons");
    REQUIRE(strip);
    CHECK(strip->rows * strip->cols >= m.config.d_mlp);
    const int cols = Target(strip->id).number(1);
    CHECK(cols == strip->cols);
    const Lines last = tooltip(scene, {strip->id, 511 / cols, 511 % cols});
    REQUIRE(last.size() > 1);
    CHECK(last[0].find("neuron 511") != std::string::npos);
    CHECK(last[1].find(number(post.values[5 * d + 511])) != std::string::npos);
}

TEST_CASE("a selected neuron has a row however weak it is") {
    const model::StepPtr step = story();
    const auto& m = *tests::bundled();
    Memo memo;
    Scene scene = scene_of(m, *step, memo);
    const auto lengths = model::output_lengths(m, 0);
    const auto all = model::strongest_neurons(m, *step->records.back(), 0, lengths, m.config.d_mlp);
    scene.selection.neuron = all.back().index;
    const auto canvas = drawn("neurons", {800, 500}, scene);
    const std::string id = "neuron/0/" + std::to_string(all.back().index);
    CHECK(std::any_of(canvas.regions.begin(), canvas.regions.end(),
                      [&](const auto& region) { return region.id == id; }));
    CHECK(some_has(canvas, "GELU of neuron " + count(all.back().index)));
}

TEST_CASE("what pushed a token: every part, the totals and the sum are the model's") {
    const model::StepPtr step = story();
    const auto& m = *tests::bundled();
    Memo memo;
    Scene scene = scene_of(m, *step, memo);
    scene.selection.position = 6;
    scene.selection.token = step->ranking.candidates[2].id;
    const auto parts = model::attribute_logit(m, *step->records[6], scene.selection.token);
    const auto canvas = drawn("contributions", {1000, 700}, scene);
    int heads = 0;
    for (const tests::PlacedRegion& region : canvas.regions) {
        const Target id(region.id);
        const auto texts = texts_in(canvas, region.rect);
        if (id.is("total")) {
            const int row = id.number(0);
            double total = parts.embedding;
            for (int l = 0; l < std::min(row, m.config.n_layer); ++l) {
                for (double head : parts.layers[l].heads) total += head;
                total += parts.layers[l].attn_bias + parts.layers[l].mlp;
            }
            if (row > m.config.n_layer) total = parts.sum();
            CHECK(has(texts, number(total)));
            continue;
        }
        if (!id.is("part")) continue;
        double value = parts.embedding;
        if (id.word() == "norm") value = parts.norm_bias;
        if (id.word() == "mlp") value = parts.layers[id.number(0)].mlp;
        if (id.word() == "bias") value = parts.layers[id.number(0)].attn_bias;
        if (id.word() == "head") {
            ++heads;
            value = parts.layers[id.number(0)].heads[id.number(1)];
        }
        const bool shown = has(texts, number(value)) || has(texts, "+" + number(value));
        CHECK_MESSAGE(shown, region.id);
        const Lines lines = tooltip(scene, {region.id, 0, 0});
        REQUIRE(!lines.empty());
        CHECK(lines[0].find("adds " + number(value)) != std::string::npos);
    }
    CHECK(heads >= m.config.n_layer * m.config.n_head);
    CHECK(some_has(canvas, "sum of all parts " + decimal(parts.sum(), 4) + " = logit " +
                               decimal(parts.logit, 4)));
}

TEST_CASE("read-outs do not answer for what is not there") {
    const model::StepPtr step = story();
    Memo memo;
    const Scene scene = scene_of(*tests::bundled(), *step, memo);
    const model::Config& c = scene.model.config;
    const std::string layers = std::to_string(c.n_layer);
    for (const std::string& odd :
         {std::string("lens"), std::string("lens/9"), std::string("lens/x"), std::string("rise/9"),
          "neuron/0/" + std::to_string(c.d_mlp), "neuron/" + layers + "/0",
          std::string("neurons/0/0"), std::string("neurons/9/8"), std::string("gelu/0"),
          std::string("part"), std::string("part/head/9/9"),
          "part/head/0/" + std::to_string(c.n_head), "part/mlp/" + layers, std::string("total/8"),
          std::string("total")}) {
        CHECK_MESSAGE(tooltip(scene, {odd, 0, 0}).empty(), odd);
    }
    CHECK(tooltip(scene, {"lens/3", 6, 0}).empty());
    CHECK(tooltip(scene, {"lens/3", 0, 6}).empty());
    CHECK(!tooltip(scene, {"lens/3", 0, 5}).empty());
    CHECK(tooltip(scene, {"lens/3", 5, 5})[1].find(step->ranking.candidates[0].probability < 1
                                                       ? "it came next"
                                                       : "") != std::string::npos);
}

TEST_CASE("read-outs of models of any shape stay inside and apart") {
    const std::shared_ptr<const model::Model> models[] = {tests::random_model(1, 1, 4, 5, 64),
                                                          tests::random_model(12, 12, 24, 300, 64),
                                                          tests::random_model(48, 25, 50, 40, 64)};
    for (const auto& m : models) {
        for (int n : {1, 9, 64}) {
            const model::StepPtr step = run(m, many_ids(*m, n));
            Memo memo;
            for (const char* view : readouts) {
                for (float scale : {0.8f, 1.0f, 2.0f}) {
                    for (Size size : {Size{420, 300}, Size{430, 1100}, Size{770, 620},
                                      Size{1500, 300}, Size{1500, 1100}}) {
                        for (int layer : {0, m->config.n_layer - 2, m->config.n_layer - 1}) {
                            Scene scene = scene_of(*m, *step, memo);
                            scene.selection.layer = std::max(layer, 0);
                            scene.selection.head = m->config.n_head - 1;
                            scene.selection.position = n / 2;
                            scene.selection.neuron = n == 9 ? 3 : -1;
                            const Rect rect{10, 20, size.w, std::max(size.h, 300 * scale)};
                            const auto canvas = drawn(view, {rect.w, rect.h}, scene, scale);
                            const std::string what =
                                std::string(view) + " " + std::to_string(m->config.n_layer) +
                                " layers n=" + std::to_string(n) + " layer " +
                                std::to_string(layer) + " " + std::to_string(int(rect.w)) + "x" +
                                std::to_string(int(rect.h)) + " scale " +
                                std::to_string(scale).substr(0, 3);
                            CHECK(!canvas.texts.empty());
                            check_layout(canvas, rect, scale, what);
                        }
                    }
                }
            }
        }
    }
}
