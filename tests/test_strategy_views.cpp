// The views of strategies and of a beam search: what they draw is what was computed, and it has
// room from a few tokens to many.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "model/run/strategy_comparison.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/paint/format.h"
#include "viz/views/pointing.h"
#include "viz/views/view_table.h"

using namespace viz;

namespace {

struct Run {
    model::StepPtr step;
    model::StrategiesPtr strategies;
};

// The greedy run after `steps` tokens, and its prompt under other rules.
Run run_of(const std::string& rules, int steps) {
    const auto model = tests::bundled();
    model::Session session(model);
    session.start(model::encode_prompt(*model, "One day, Tom"), {});
    for (int i = 0; i < steps; ++i) session.commit();
    model::StrategyComparison comparison(model, *session.step(), false);
    comparison.set_rules(model::parse_rules(rules, "test"));
    comparison.run(steps + 1);
    return {session.step(), comparison.strategies()};
}

Scene scene_of(const Run& run, Memo& memo) {
    Scene scene{*tests::bundled(), *run.step, memo, light_theme(), {}, {}, {}};
    scene.strategies = run.strategies;
    return scene;
}

tests::LayoutCanvas drawn(const char* id, const Scene& scene, Size size, float scale = 1) {
    tests::LayoutCanvas canvas;
    draw_enlarged(canvas, {0, 0, size.w, size.h}, scale,
                  [&](Canvas& page, Rect whole) { find_view(id)->draw(page, whole, scene); });
    return canvas;
}

std::multiset<std::string> texts_of(const tests::LayoutCanvas& canvas) {
    std::multiset<std::string> texts;
    for (const tests::TextBox& text : canvas.texts) texts.insert(text.text);
    return texts;
}

}  // namespace

TEST_CASE("strategies: every number is that of its row, and tooltips say the same") {
    const Run run = run_of("greedy; t=0.9, p=0.95; k=40; beams=4", 5);
    Memo memo;
    const Scene scene = scene_of(run, memo);
    const auto canvas = drawn("strategies", scene, {1200, 700});
    const auto texts = texts_of(canvas);
    std::map<std::string, int> expected;
    for (int row = 0; row < 4; ++row) {
        const auto told = run.strategies->rows[static_cast<size_t>(row)]->after(6);
        CHECK(told.size() == 6);
        const model::TextMeasures m = model::measure(told);
        ++expected[percent(m.mean_probability)];
        ++expected[percent(m.repeated_4)];
        for (const double value : {m.log_probability, m.perplexity}) ++expected[number(value)];
        ++expected[number(m.mean_entropy_bits)];
        for (const double value : {m.distinct_1, m.distinct_2}) ++expected[weight(value)];
        for (const auto& token : told) ++expected[percent(token.probability)];
        const Lines lines = tooltip(scene, {"told/" + std::to_string(row) + "/0", 0, 3});
        REQUIRE(lines.size() >= 2);
        CHECK(lines[0].find(scene.shown(told[3].id)) != std::string::npos);
        CHECK(lines[1].find(percent(told[3].probability)) != std::string::npos);
        const Lines measure = tooltip(scene, {"measure/" + std::to_string(row) + "/1"});
        CHECK(measure.front().find(number(m.perplexity)) != std::string::npos);
    }
    for (const auto& [text, times] : expected) {
        CHECK_MESSAGE(static_cast<int>(texts.count(text)) == times, text);
    }
    // The greedy row is the run itself.
    const auto greedy = run.strategies->rows[0]->after(5);
    for (size_t i = 0; i < 5; ++i) {
        const size_t at = run.step->records.size() - 5 + i;
        CHECK(greedy[i].id == run.step->records[at]->id());
        CHECK(greedy[i].probability == doctest::Approx(run.step->choices[at].probability));
    }
}

TEST_CASE("what is not told yet is not drawn, and another prompt's strategies are not shown") {
    const Run run = run_of("greedy; k=40", 3);
    Memo memo;
    Scene scene = scene_of(run, memo);
    auto cells = [&] {
        int n = 0;
        for (const auto& region : drawn("strategies", scene, {1200, 700}).regions) {
            if (region.id.starts_with("told/0/")) n += region.cols;
        }
        return n;
    };
    CHECK(cells() == 4);
    scene.reveal = Reveal::logits;
    CHECK(cells() == 3);
    scene.reveal = Reveal::all;
    const Run other = run_of("greedy; k=40", 3);  // the same tokens, but other records
    scene.strategies = other.strategies;
    CHECK(cells() == 0);
}

TEST_CASE("beam: drawn scores are the search's, pruned ones too") {
    for (const int width : {2, 4, 8}) {
        const Run run = run_of("greedy; beams=" + std::to_string(width), 3);
        Memo memo;
        const Scene scene = scene_of(run, memo);
        const auto canvas = drawn("beam", scene, {1400, 900});
        const auto texts = texts_of(canvas);
        const model::BeamTrace& trace = *run.strategies->beam->beam;
        std::set<std::string> regions;
        for (const auto& region : canvas.regions) regions.insert(region.id);
        std::map<std::string, int> expected;
        for (size_t i = 0; i < trace.nodes.size(); ++i) {
            ++expected[number(trace.nodes[i].log_probability)];
            CHECK(regions.contains("beam/" + std::to_string(i)));
            const Lines lines = tooltip(scene, {"beam/" + std::to_string(i)});
            REQUIRE(lines.size() == 4);
            CHECK(lines[2].find(number(trace.nodes[i].log_probability)) != std::string::npos);
            CHECK((lines[3].find("pruned:") == 0) == !trace.nodes[i].kept);
        }
        CHECK(trace.nodes.size() == static_cast<size_t>(4 * 2 * width));
        for (const auto& [text, times] : expected) {
            CHECK_MESSAGE(static_cast<int>(texts.count(text)) == times, text);
        }
        CHECK(tooltip(scene, {"beam/" + std::to_string(trace.nodes.size())}).empty());
    }
}

TEST_CASE("beam: no two edges cross, and what is left out is counted") {
    const Run run = run_of("greedy; beams=8", 39);
    Memo memo;
    const Scene scene = scene_of(run, memo);
    const model::BeamTrace& trace = *run.strategies->beam->beam;
    CHECK(trace.steps() == 40);
    for (const Size size : {Size{420, 300}, Size{900, 420}, Size{1500, 1100}}) {
        const auto canvas = drawn("beam", scene, size);
        std::map<int, float> y;  // of nodes
        for (const auto& region : canvas.regions) {
            if (region.id.starts_with("beam/")) {
                y[std::stoi(region.id.substr(5))] = region.rect.centre().y;
            }
        }
        int last = 0, before = 0;
        for (const auto& [a, ya] : y) {
            const auto& node = trace.nodes[static_cast<size_t>(a)];
            last += node.step == 40;
            for (const auto& [b, yb] : y) {
                const auto& other = trace.nodes[static_cast<size_t>(b)];
                if (node.step != other.step || !y.contains(node.parent) ||
                    !y.contains(other.parent)) {
                    continue;
                }
                if (y.at(node.parent) < y.at(other.parent)) CHECK(ya < yb);
            }
        }
        CHECK(last >= 8);
        for (const tests::TextBox& text : canvas.texts) before += text.text.starts_with("… ");
        CHECK(before == 1);
    }
}

TEST_CASE("views of strategies have room for their texts") {
    for (const char* rules : {"greedy; t=0.9, p=0.95; k=40; beams=4", "beams=8",
                              "t=1.5, k=100, p=0.99, seed=12345; "
                              "beams=2; greedy, penalty=1.25, ngram=4; t=0.7, seed=7"}) {
        for (const int steps : {0, 1, 12, 40}) {
            const Run run = run_of(rules, steps);
            Memo memo;
            Scene scene = scene_of(run, memo);
            for (const float scale : {1.0f, 1.75f}) {
                for (const Size size :
                     {Size{420, 300}, Size{620, 300}, Size{900, 440}, Size{1500, 1100}}) {
                    for (const char* id : {"strategies", "beam"}) {
                        const Size room{size.w * scale, size.h * scale};
                        const auto canvas = drawn(id, scene, room, scale);
                        const std::string what = std::string(id) + " " + rules + " " +
                                                 std::to_string(steps) + " " +
                                                 std::to_string(static_cast<int>(room.w)) + " ";
                        for (size_t i = 0; i < canvas.texts.size(); ++i) {
                            const tests::TextBox& text = canvas.texts[i];
                            CHECK_MESSAGE(tests::outside(text, {0, 0, room.w, room.h}) < 1.5f,
                                          what << text.text);
                            CHECK_MESSAGE(text.size > 10.4f * scale, what << text.text);
                            for (size_t j = 0; j < i; ++j) {
                                CHECK_MESSAGE(!tests::overlap(text, canvas.texts[j], 1.0f),
                                              what << text.text << " / " << canvas.texts[j].text);
                            }
                        }
                    }
                }
            }
        }
    }
}
