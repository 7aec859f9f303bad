// The views of the pass itself (diagram, cost, flow) and of its ranking: every number that is drawn
// is the model's own, and they fit on odd models.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/interp/attribution.h"
#include "model/interp/lens.h"
#include "model/pass/cost.h"
#include "model/pass/hooks.h"
#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/paint/format.h"
#include "viz/paint/paragraph.h"
#include "viz/views/diagram/contents.h"
#include "viz/views/drawings.h"
#include "viz/views/pointing.h"
#include "viz/views/view_table.h"

using namespace viz;

namespace {

std::vector<int> prompt_ids() {
    return model::encode_prompt(*tests::bundled(), "Tom gave the ball to Mia. Then Mia");
}

model::StepPtr run(const std::shared_ptr<const model::Model>& model, const std::vector<int>& ids,
                   int steps = 0, const model::Decoding& decoding = {}) {
    model::Session session(model);
    session.start(ids, decoding);
    for (int i = 0; i < steps; ++i) session.commit();
    return session.step();
}

Scene scene_of(const model::Step& step, Memo& memo) {
    return {*tests::bundled(), step, memo, light_theme(), {}, {}, {}};
}

tests::LayoutCanvas drawn(const char* id, Rect rect, const Scene& scene, float scale = 1) {
    tests::LayoutCanvas canvas;
    draw_enlarged(canvas, rect, scale,
                  [&](Canvas& page, Rect whole) { find_view(id)->draw(page, whole, scene); });
    return canvas;
}

bool shows(const tests::LayoutCanvas& canvas, const std::string& text) {
    return std::any_of(canvas.texts.begin(), canvas.texts.end(),
                       [&](const tests::TextBox& box) { return box.text == text; });
}

// Whether one of the texts has `part` in it.
bool mentions(const tests::LayoutCanvas& canvas, const std::string& part) {
    return std::any_of(canvas.texts.begin(), canvas.texts.end(), [&](const tests::TextBox& box) {
        return box.text.find(part) != std::string::npos;
    });
}

const tests::PlacedRegion* region(const tests::LayoutCanvas& canvas, const std::string& id) {
    const auto found = std::find_if(canvas.regions.begin(), canvas.regions.end(),
                                    [&](const auto& placed) { return placed.id == id; });
    return found == canvas.regions.end() ? nullptr : &*found;
}

// A text within a region's rows.
bool shows_in(const tests::LayoutCanvas& canvas, const std::string& id, const std::string& text) {
    const tests::PlacedRegion* placed = region(canvas, id);
    return placed && std::any_of(canvas.texts.begin(), canvas.texts.end(), [&](const auto& box) {
               return box.text == text && tests::outside(box, placed->rect) < 2;
           });
}

double length(const std::vector<float>& x) {
    double sum = 0;
    for (float value : x) sum += double{value} * value;
    return std::sqrt(sum);
}

std::vector<float> last_row(const model::HookTensor& tensor) {
    const auto width = tensor.values.size() / static_cast<size_t>(tensor.shape[0]);
    return {tensor.values.end() - static_cast<std::ptrdiff_t>(width), tensor.values.end()};
}

}  // namespace

TEST_CASE("these views fit on odd models, in every phase, at any size") {
    struct Odd {
        std::shared_ptr<const model::Model> model;
        int n;
    };
    const Odd odd[] = {{tests::random_model(1, 1, 2, 5, 4), 1},
                       {tests::random_model(1, 1, 2, 5, 4), 4},
                       {tests::random_model(48, 25, 50, 5, 1024), 30},
                       {tests::random_model(12, 12, 24, 50257, 1024), 200}};
    for (const Odd& o : odd) {
        std::vector<int> ids;
        for (int i = 0; i < o.n; ++i) ids.push_back(i * 31 % o.model->config.n_vocab);
        const model::StepPtr step = run(o.model, ids);
        Memo memo;
        Scene scene{*o.model, *step, memo, light_theme(), {}, {}, {}};
        scene.selection.layer = o.model->config.n_layer - 1;
        scene.selection.head = o.model->config.n_head - 1;
        for (int length = 1; length <= o.n; ++length) {
            scene.costs.push_back({length, 0.9, 0.8 * length});
        }
        for (int phase = 0; phase <= static_cast<int>(Phase::append); ++phase) {
            scene.selection.phase = static_cast<Phase>(phase);
            for (const char* id : {"diagram", "cost", "flow"}) {
                const bool tall = std::string(id) == "flow";
                for (Size size : {Size{420, 300}, Size{600, 500}, Size{1500, 300}, Size{420, 1100},
                                  Size{1500, 1100}, Size{800, 690}, Size{1760, 724}}) {
                    for (float scale : {0.8f, 1.0f, 1.75f, 2.0f}) {
                        Rect rect{3, 4, size.w, size.h};
                        // The path is drawn in a column of its own.
                        if (tall) rect = {3, 4, 250 * scale, std::max(size.h, 340 * scale)};
                        const tests::LayoutCanvas canvas = drawn(id, rect, scene, scale);
                        const std::string what =
                            std::string(id) + " " + std::to_string(static_cast<int>(size.w)) + "x" +
                            std::to_string(static_cast<int>(size.h)) + " scale " +
                            std::to_string(scale).substr(0, 4) + " layers " +
                            std::to_string(o.model->config.n_layer) + " phase " +
                            std::to_string(phase);
                        for (size_t i = 0; i < canvas.texts.size(); ++i) {
                            const tests::TextBox& text = canvas.texts[i];
                            CHECK_MESSAGE(tests::outside(text, rect) < 1.5f,
                                          what << ": “" << text.text << "” leaves");
                            CHECK(text.size > 10.4f * scale);
                            for (size_t j = 0; j < i; ++j) {
                                CHECK_MESSAGE(!tests::overlap(text, canvas.texts[j], 1.0f),
                                              what << ": “" << text.text << "” lies over “"
                                                   << canvas.texts[j].text << "”");
                            }
                        }
                        for (const tests::PlacedRegion& placed : canvas.regions) {
                            CHECK_MESSAGE(
                                (placed.rect.w > 0 && placed.rect.h > 0 &&
                                 placed.rect.x >= rect.x - 1.5f && placed.rect.y >= rect.y - 1.5f &&
                                 placed.rect.right() <= rect.right() + 1.5f &&
                                 placed.rect.bottom() <= rect.bottom() + 1.5f),
                                what << ": region " << placed.id);
                        }
                    }
                }
            }
        }
    }
}

TEST_CASE("cost draws the counted numbers and the measured ones") {
    const auto& m = *tests::bundled();
    const model::StepPtr step = run(tests::bundled(), prompt_ids(), 3);
    const int n = static_cast<int>(step->records.size());
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.costs = {{n - 1, 1.23, 8.1}, {n, 1.37, 9.49}};
    const auto naive = model::pass_cost(m.config, model::Precision::f32, n, 0);
    const auto cached = model::pass_cost(m.config, model::Precision::f32, 1, n - 1);
    const double ratio =
        static_cast<double>(naive.multiply_adds()) / static_cast<double>(cached.multiply_adds());
    tests::LayoutCanvas canvas = drawn("cost", {0, 0, 1000, 620}, scene);
    CHECK(shows(canvas, times(ratio)));
    for (const auto& cost : {naive, cached}) {
        for (int64_t part : {cost.multiply_adds(), cost.qkv, cost.scores, cost.attn_out, cost.mlp,
                             cost.unembedding}) {
            CHECK(shows(canvas, large(static_cast<double>(part))));
        }
        CHECK(shows(canvas, megabytes(static_cast<double>(cost.weight_bytes))));
    }
    CHECK(shows(canvas, megabytes(static_cast<double>(cached.cache_bytes))));
    CHECK(mentions(canvas,
                   count(n) + " of " + count(m.config.n_ctx) + " positions: " +
                       megabytes(static_cast<double>(model::kv_bytes(m.config, n))) + " of " +
                       megabytes(static_cast<double>(model::kv_bytes(m.config, m.config.n_ctx)))));
    CHECK(shows_in(canvas, "cost/naive", "9.5 ms"));
    CHECK(shows_in(canvas, "cost/cached", "1.4 ms"));
    const auto all = [&](model::Passes passes) {
        return model::run_cost(m.config, model::Precision::f32, n - 3, n, passes).multiply_adds();
    };
    CHECK(mentions(canvas, large(static_cast<double>(all(model::Passes::naive))) + " naive, " +
                               large(static_cast<double>(all(model::Passes::cached))) + " cached"));
    REQUIRE(region(canvas, "cost/curve"));
    const int cols = region(canvas, "cost/curve")->cols;  // of a long context not each position
    CHECK(cols == std::min(m.config.n_ctx, 256));
    const auto whole = model::pass_cost(m.config, model::Precision::f32, m.config.n_ctx, 0);
    CHECK(tooltip(scene, {"cost/curve", 0, cols - 1})[1] ==
          "naive " + count(whole.multiply_adds()) + " multiply-adds");
    CHECK(tooltip(scene, {"cost/curve", 0, 0})[0] == "at 1 token: 1.0× fewer with the cache");
    CHECK(tooltip(scene, {"cost/curve", 0, cols}).empty());
    CHECK(tooltip(scene, {"cost/naive", 0, 0})[1] ==
          count(naive.multiply_adds()) + " multiply-adds");
    CHECK(tooltip(scene, {"cost/time", 0, 1})[1] == "naive 9.5 ms   cached 1.4 ms");

    scene.costs.clear();  // as in files
    canvas = drawn("cost", {0, 0, 1000, 620}, scene);
    CHECK_FALSE(shows(canvas, "time measured"));
    CHECK_FALSE(region(canvas, "cost/time"));
}

TEST_CASE("the diagram's shapes are those of the tensors it names") {
    const auto& m = *tests::bundled();
    const model::StepPtr step = run(tests::bundled(), prompt_ids());
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.selection.layer = 2;
    scene.selection.head = 1;
    const DiagramBlock b = diagram_block(scene);
    const std::vector<DiagramBox> before = boxes_before(scene), after = boxes_after(scene);
    std::vector<const DiagramBox*> boxes{&b.ln1,      &b.q,       &b.k,        &b.v,   &b.scores,
                                         &b.pattern,  &b.z,       &b.attn_out, &b.ln2, &b.mlp_pre,
                                         &b.mlp_post, &b.mlp_out, &after[0]};
    for (const DiagramBox* box : boxes) {
        const model::HookTensor tensor = model::read_hook(m, step->records, box->hook);
        std::string shape;
        for (int64_t size : tensor.shape) shape += (shape.empty() ? "" : " × ") + count(size);
        CHECK_MESSAGE(box->shape == shape, box->hook);
    }
    auto norm_of = [&](const std::string& hook) {
        return number(length(last_row(model::read_hook(m, step->records, hook))));
    };
    for (const DiagramBox* box : {&b.ln1, &b.attn_out, &b.ln2, &b.mlp_out, &after[0]}) {
        CHECK_MESSAGE(box->number == norm_of(box->hook), box->hook);
    }
    CHECK(number(b.resid_mid) == norm_of("blocks.2.hook_resid_mid"));
    CHECK(number(b.resid_post) == norm_of("blocks.2.hook_resid_post"));
    const auto z = last_row(model::read_hook(m, step->records, "blocks.2.attn.hook_z"));
    CHECK(b.z.number == number(length({z.begin() + 32, z.begin() + 64})));
    const auto post = last_row(model::read_hook(m, step->records, "blocks.2.mlp.hook_post"));
    CHECK(b.mlp_post.number == number(*std::max_element(post.begin(), post.end())));
}

TEST_CASE("the diagram says what is read, with numbers of the step") {
    const auto& m = *tests::bundled();
    const model::StepPtr step = run(tests::bundled(), prompt_ids());
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.selection.layer = 2;
    scene.selection.head = 1;
    const auto row = model::attention_row(m.config, step->records, 2, 1, 8);
    const auto key = std::max_element(row.begin(), row.end()) - row.begin();
    const std::string sentence = "␣Mia compares its query with 9 keys (head 2); the strongest is " +
                                 scene.shown_at(static_cast<int>(key)) + ", weight " +
                                 weight(row[static_cast<size_t>(key)]) + ".";
    scene.selection.phase = Phase::attention;
    tests::LayoutCanvas canvas = drawn("diagram", {0, 0, 1000, 660}, scene);
    CHECK(shows(canvas, "Attention of block 3"));
    CHECK(mentions(canvas, sentence));
    CHECK(mentions(canvas, scene.shown_at(static_cast<int>(key)) + " " +
                               weight(row[static_cast<size_t>(key)])));
    const auto lens = model::logit_lens(m, *step->records[8], -1);
    for (int layer = 0; layer < 6; ++layer) {
        const std::string id = "layer/" + std::to_string(layer);
        CHECK(shows_in(canvas, id, percent(lens[static_cast<size_t>(layer)].probability)));
    }
    const auto& first = step->ranking.candidates[0];
    CHECK(shows_in(canvas, "phase/softmax", m.shown(first.id) + " " + percent(first.probability)));
    for (const char* id :
         {"phase/tokens", "phase/embedding", "phase/attention", "phase/mlp", "phase/final_norm",
          "phase/logits", "phase/softmax", "phase/pick", "phase/append", "phase/attention/scores",
          "phase/mlp/gelu", "layer/5", "head/2/3"}) {
        CHECK_MESSAGE(region(canvas, id), id);
    }
    CHECK(tooltip(scene, {"phase/attention/scores", 0, 0})[1] == "blocks.2.attn.hook_attn_scores");
    CHECK(tooltip(scene, {"phase/attention", 0, 0})[1] == sentence);
    CHECK(tooltip(scene, {"phase/attention/nothing", 0, 0}).empty());

    // Each matrix stands with its shape on the arrow whose vectors it multiplies.
    for (const char* words :
         {"W_E", "4,096×160", "W_Q", "W_K", "W_V", "5×160×32", "W_O", "5×32×160", "W_in", "160×640",
          "W_out", "640×160", "W_U", "160×4,096"}) {
        CHECK_MESSAGE(mentions(canvas, words), std::string(words));
    }
    CHECK(tooltip(scene, {"phase/attention/W_Q", 0, 0})[1] == "blocks.2.attn.W_Q");
    CHECK(tooltip(scene, {"phase/embedding", 0, 0})[1] == "hook_embed + hook_pos_embed");

    scene.selection.phase = Phase::pick;
    canvas = drawn("diagram", {0, 0, 1000, 660}, scene);
    CHECK(mentions(canvas, "Greedy decoding takes the highest: " + m.shown(first.id) + " with " +
                               percent(first.probability)));
    scene.selection.position = 3;  // what comes later is masked
    CHECK(diagram_block(scene).mask.number == "5 hidden");
    CHECK(diagram_block(scene).scores.values.size() == 4);
}

TEST_CASE("the probability of one token in the lens is that of reading all") {
    const auto& m = *tests::bundled();
    const model::StepPtr step = run(tests::bundled(), prompt_ids());
    const auto& record = *step->records[5];
    const auto readings = model::logit_lens(m, record, -1);
    for (int id : {3, 300, 1700, readings[2].id}) {
        const auto standings = model::token_ranks(m, record, id);
        for (int layer = 0; layer < m.config.n_layer; ++layer) {
            const auto i = static_cast<size_t>(layer);
            CHECK(model::lens_probability(m, record, layer, readings[i], id) ==
                  doctest::Approx(standings[i].probability).epsilon(1e-3));
        }
    }
}

TEST_CASE("where we are shows what the lens gained since the position before") {
    const auto& m = *tests::bundled();
    const model::StepPtr step = run(tests::bundled(), prompt_ids());
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.selection.layer = 3;
    scene.selection.phase = Phase::mlp;
    const tests::LayoutCanvas wide = drawn("flow", {0, 0, 300, 800}, scene);
    const auto now = model::logit_lens(m, *step->records[8], -1);
    int said = 0;
    for (size_t layer = 0; layer < now.size(); ++layer) {
        const double before =
            model::token_ranks(m, *step->records[7], now[layer].id)[layer].probability;
        const std::string gained = points(now[layer].probability - before).substr(1);
        if (gained.size() > 4) continue;  // too long for its column
        ++said;
        CHECK_MESSAGE(shows_in(wide, "layer/" + std::to_string(layer), gained), gained);
    }
    CHECK(said >= 3);
    // Without room, and at the first position, nothing is said.
    const std::string last =
        points(now[5].probability -
               model::token_ranks(m, *step->records[7], now[5].id)[5].probability)
            .substr(1);
    CHECK_FALSE(shows(drawn("flow", {0, 0, 240, 800}, scene), last));
    scene.selection.position = 0;
    CHECK(drawn("flow", {0, 0, 300, 800}, scene).texts.size() < wide.texts.size());
}

TEST_CASE("the ranking shows points and ranks gained, and keeps a row for what is followed") {
    const model::StepPtr step = run(tests::bundled(), prompt_ids());
    Memo memo;
    Scene scene = scene_of(*step, memo);
    const auto& candidates = step->ranking.candidates;
    const int followed = 700;
    scene.selection.token = candidates[followed].id;
    CHECK_FALSE(shows(drawn("ranking", {0, 0, 620, 500}, scene), "since last: points, rank"));
    scene.since = true;  // asked for
    const tests::LayoutCanvas canvas = drawn("ranking", {0, 0, 620, 500}, scene);
    for (int index : {0, 1, 2, followed}) {
        const auto& c = candidates[static_cast<size_t>(index)];
        const std::string id = "candidate/" + std::to_string(index);
        const auto i = static_cast<size_t>(c.id);
        CHECK(shows_in(canvas, id, points(c.probability - double{step->probability_before[i]})));
        const int gained = step->rank_before[i] - index;
        CHECK(shows_in(canvas, id, gained == 0 ? "=" : count(std::abs(gained))));
    }
    CHECK(shows_in(canvas, "candidate/700", "followed"));
    CHECK_FALSE(shows_in(canvas, "candidate/1", "followed"));
    CHECK(shows(canvas, "since last: points, rank"));
    // Narrow: the ranks alone. One token: nothing came before.
    CHECK(shows(drawn("ranking", {0, 0, 400, 500}, scene), "since last"));
    const model::StepPtr first = run(tests::bundled(), {prompt_ids()[0]});
    Memo other;
    const Scene one = scene_of(*first, other);
    CHECK_FALSE(mentions(drawn("ranking", {0, 0, 620, 500}, one), "since last"));

    // Followed and selected elsewhere, with hardly any rows: both stay.
    scene.selection.candidate = 300;
    const tests::LayoutCanvas low = drawn("ranking", {0, 0, 420, 150}, scene);
    CHECK(region(low, "candidate/300"));
    CHECK(region(low, "candidate/700"));
    CHECK(region(low, "candidate/0") == nullptr);
}

TEST_CASE("the ranking names what cuts, below the last token that is kept") {
    model::Decoding decoding;
    decoding.strategy = model::Strategy::top_k;
    decoding.top_k = 3;
    decoding.temperature = 1.5;
    model::StepPtr step = run(tests::bundled(), prompt_ids(), 0, decoding);
    Memo memo;
    Scene scene = scene_of(*step, memo);
    scene.decoding = decoding;
    tests::LayoutCanvas canvas = drawn("ranking", {0, 0, 620, 500}, scene);
    const auto words = std::find_if(canvas.texts.begin(), canvas.texts.end(),
                                    [](const auto& box) { return box.text == "cut by top-k 3"; });
    REQUIRE(words != canvas.texts.end());
    CHECK(words->corners[2].y > region(canvas, "candidate/2")->rect.bottom() - 1);
    CHECK(words->corners[0].y < region(canvas, "candidate/3")->rect.y + 1);
    CHECK(shows_in(canvas, "candidate/3", "cut"));
    CHECK_FALSE(shows_in(canvas, "candidate/2", "cut"));
    CHECK(shows_in(canvas, "candidate/2", percent(step->ranking.candidates[2].adjusted)));
    CHECK(shows_in(canvas, "candidate/2", percent(step->ranking.candidates[2].probability)));

    // A penalty can rule out a token in the middle: it is cut where it stands.
    decoding.top_k = 0;
    decoding.no_repeat_ngram = 1;
    step = run(tests::bundled(), prompt_ids(), 0, decoding);
    const Scene banned{*tests::bundled(), *step, memo, light_theme(), decoding, {}, {}};
    const auto& all = step->ranking.candidates;
    size_t cut = 0, kept = 0;
    for (size_t i = 0; i < all.size(); ++i) {
        if (all[i].adjusted > 0) kept = i;
        if (cut == 0 && all[i].adjusted == 0) cut = i;
    }
    REQUIRE(cut < kept);
    Scene at = banned;
    at.selection.token = all[cut].id;
    canvas = drawn("ranking", {0, 0, 620, 500}, at);
    CHECK(shows_in(canvas, "candidate/" + std::to_string(cut), "cut"));
    CHECK_FALSE(mentions(canvas, "cut by"));
}

TEST_CASE("a paragraph breaks at spaces and ends with dots where there is no room") {
    const TextStyle style{Face::sans, 13, {}};
    const std::string text = "no position looks at a later one";
    const auto lines = broken_lines(style, text, 90, 9);
    REQUIRE(lines.size() > 1);
    std::string joined;
    for (const std::string& line : lines) {
        CHECK(text_width(style.face, style.size, line) <= 90);
        joined += (joined.empty() ? "" : " ") + line;
    }
    CHECK(joined == text);
    const auto cut = broken_lines(style, text, 90, 2);
    REQUIRE(cut.size() == 2);
    CHECK(cut[0] == lines[0]);
    CHECK(cut[1].ends_with("…"));
    CHECK(broken_lines(style, "", 90, 2).empty());
    CHECK(broken_lines(style, "incomprehensibilities", 60, 3).size() == 1);
}

TEST_CASE("the norms of one position are those of reading all") {
    const model::StepPtr step = run(tests::bundled(), prompt_ids());
    NormMemo all, one;
    const std::vector<Norms> read = all.read(step->records);
    for (int position : {4, 4, 0, 8}) {
        const auto i = static_cast<size_t>(position);
        CHECK(one.at(step->records, position).resid == read[i].resid);
        CHECK(one.at(step->records, position).attn == read[i].attn);
        CHECK(one.at(step->records, position).mlp == read[i].mlp);
        CHECK(all.at(step->records, position).resid == read[i].resid);
    }
}
