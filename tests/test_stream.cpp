// The stream in numbers: read-outs against the tensors they are of, and what is drawn of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/interp/residual_stats.h"
#include "model/pass/hooks.h"
#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"
#include "viz/views/pointing.h"

using namespace viz;

namespace {

model::StepPtr run(int n) {
    std::vector<int> ids;
    for (int i = 0; i < n; ++i) ids.push_back(300 + i * 7919 % 1700);
    model::Session session(tests::bundled());
    session.start(ids, {});
    return session.step();
}

Scene scene_of(const model::Step& step, Memo& memo) {
    return {*tests::bundled(), step, memo, light_theme(), {}, {}, {}};
}

// One position of a tensor, in double.
std::vector<double> tensor(const model::Records& records, const std::string& name, int position) {
    const model::HookTensor hook = model::read_hook(*tests::bundled(), records, name);
    const size_t d = hook.values.size() / records.size();
    const auto at = hook.values.begin() + static_cast<long>(position * d);
    return {at, at + static_cast<long>(d)};
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

double length(const std::vector<double>& a) {
    return std::sqrt(product(a, a));
}

int times(const tests::LayoutCanvas& canvas, const std::string& text) {
    return static_cast<int>(std::count_if(canvas.texts.begin(), canvas.texts.end(),
                                          [&](const auto& t) { return t.text == text; }));
}

}  // namespace

TEST_CASE("lengths, change and cosine are those of the hooks' tensors") {
    const model::StepPtr step = run(9);
    const int layers = tests::bundled()->config.n_layer;
    NormMemo memo;
    memo.read({step->records.begin(), step->records.begin() + 4});
    const std::vector<Norms>& all = memo.read(step->records);
    REQUIRE(all.size() == 9);
    const auto close = [](double x) { return doctest::Approx(x).epsilon(1e-5); };
    for (int position : {0, 3, 8}) {
        const Norms& norms = all[position];
        REQUIRE(norms.cosine.size() == static_cast<size_t>(layers + 1));
        auto read = [&](int layer, const std::string& name) {
            return tensor(step->records, "blocks." + std::to_string(layer) + "." + name, position);
        };
        const std::vector<double> final = read(layers - 1, "hook_resid_post");
        for (int layer = 0; layer < layers; ++layer) {
            const auto pre = read(layer, "hook_resid_pre"), post = read(layer, "hook_resid_post");
            const auto attn = read(layer, "hook_attn_out"), mlp = read(layer, "hook_mlp_out");
            std::vector<double> added = attn;
            for (size_t i = 0; i < added.size(); ++i) added[i] += mlp[i];
            CHECK(norms.resid[layer] == close(length(pre)));
            CHECK(norms.resid[layer + 1] == close(length(post)));
            CHECK(norms.attn[layer] == close(length(attn)));
            CHECK(norms.mlp[layer] == close(length(mlp)));
            CHECK(norms.change[layer] == close(length(added) / length(pre)));
            CHECK(norms.cosine[layer] ==
                  doctest::Approx(product(pre, final) / length(pre) / length(final)).epsilon(1e-4));
        }
        CHECK(norms.cosine[layers] == 1);
    }
}

TEST_CASE("statistics of a vector") {
    const std::vector<float> x{1, -2, 4, 5};
    const model::VectorStatistics s = model::vector_statistics(x);
    CHECK(s.mean == doctest::Approx(2));
    CHECK(s.deviation == doctest::Approx(std::sqrt((1 + 16 + 4 + 9) / 4.0)));
    CHECK(s.low == -2);
    CHECK(s.high == 5);
    CHECK(s.norm == doctest::Approx(std::sqrt(46.0)));
    const model::VectorStatistics one = model::vector_statistics(std::vector<float>{3});
    CHECK((one.low == 3 && one.high == 3 && one.deviation == 0));
}

TEST_CASE("activations draw the numbers of the selected position and what changed") {
    const model::StepPtr step = run(6);
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.selection.position = 4;
    tests::LayoutCanvas canvas;
    find_view("layers")->draw(canvas, {0, 0, 1100, 900}, scene);
    const Norms now = memo.norms.read(step->records)[4], before = memo.norms.read(step->records)[3];
    for (auto values : {&Norms::resid, &Norms::attn, &Norms::mlp, &Norms::change, &Norms::cosine}) {
        for (size_t i = 0; i < (now.*values).size(); ++i) {
            CHECK(times(canvas, number((now.*values)[i])) > 0);
            const double more = (now.*values)[i] - (before.*values)[i];
            CHECK(times(canvas, (more > 0 ? "+" : "") + number(more)) > 0);
        }
    }
    CHECK(times(canvas, "± since 3") == 2);
    const Lines change = tooltip(scene, {"norms/change", 2, 4});
    CHECK(change[1] ==
          "block 3 added " + number(now.change[2]) + " times the length of the stream before it");
    CHECK(tooltip(scene, {"norms/cosine", 0, 4})[1] ==
          "embedding: cosine " + number(now.cosine[0]) + " with the final stream");
    CHECK(tooltip(scene, {"norms/cosine", 7, 4}).empty());
    CHECK(tooltip(scene, {"norms/change", 6, 4}).empty());
}

TEST_CASE("vectors draw the statistics of every layer, and tooltips each number") {
    const model::StepPtr step = run(6);
    const int layers = tests::bundled()->config.n_layer, d = tests::bundled()->config.d_model;
    Memo memo;
    Scene scene = scene_of(*step, memo);
    tests::LayoutCanvas canvas;
    find_view("vectors")->draw(canvas, {0, 0, 1200, 700}, scene);
    for (int line = 0; line <= layers; ++line) {
        const auto s = model::vector_statistics(step->records[5]->resid_pre(line));
        const auto before = model::vector_statistics(step->records[4]->resid_pre(line));
        const double more = s.norm - before.norm;
        for (double value : {s.mean, s.deviation, s.low, s.high, s.norm}) {
            CHECK(times(canvas, number(value)) > 0);
        }
        CHECK(times(canvas, (more > 0 ? "+" : "") + number(more)) > 0);
    }
    for (float width : {1200.0f, 420.0f, 200.0f}) {  // in one line, folded, merged
        tests::LayoutCanvas drawn;
        find_view("vectors")->draw(drawn, {0, 0, width, width < 300 ? 120.0f : 700.0f}, scene);
        std::vector<int> seen(d);
        for (const tests::PlacedRegion& region : drawn.regions) {
            if (!region.id.starts_with("stream/3/")) continue;
            const std::vector<float> stream = step->records[5]->resid_pre(3);
            for (int row = 0; row < region.rows; ++row) {
                for (int col = 0; col < region.cols; ++col) {
                    const Lines lines = tooltip(scene, {region.id, row, col});
                    int dimension = 0;
                    if (lines.empty()) continue;  // behind the vector's end
                    REQUIRE(std::sscanf(lines[0].c_str(), "dimension %d", &dimension) == 1);
                    ++seen[dimension];
                    CHECK(lines[0].find(": " + number(stream[dimension])) != std::string::npos);
                }
            }
        }
        const auto shown = std::count_if(seen.begin(), seen.end(), [](int n) { return n == 1; });
        CHECK(std::count(seen.begin(), seen.end(), 0) + shown == d);
        CHECK((width > 300 ? shown == d : shown < d));
    }
}
