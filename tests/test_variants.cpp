// GPT-2's variants: the activations' accuracy, biases that are missing, and that everything that
// follows from a pass follows from the pass that was made. The tensors themselves are judged by
// tests/reference/check_variants.py.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "model/interp/arithmetic.h"
#include "model/interp/attribution.h"
#include "model/interp/lens.h"
#include "model/interp/neurons.h"
#include "model/pass/attention.h"
#include "model/pass/attention_scale.h"
#include "model/pass/cost.h"
#include "model/pass/hooks.h"
#include "model/pass/transformer.h"
#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/views/drawings.h"
#include "viz/views/pointing.h"

namespace {

using tests::error_of;

std::vector<tests::StoredTensor> without(const std::string& ending) {
    auto tensors = tests::tiny_tensors();
    std::erase_if(tensors, [&](const auto& tensor) { return tensor.name.ends_with(ending); });
    return tensors;
}

std::shared_ptr<const model::Model> opened(const std::vector<tests::StoredTensor>& tensors,
                                           const std::string& keys = "") {
    const tests::TempFolder folder;
    tests::write_tiny_model(folder.path(), tensors);
    std::string config = tests::tiny_config;
    config.insert(config.rfind('}'), keys);
    tests::write(folder / "config.json", config);
    return model::load_model(folder.path());
}

// One of each kind of part, and all of them.
std::vector<std::shared_ptr<const model::Model>> variants() {
    const std::string silu = R"(, "activation_function": "silu")";
    const std::string relu = R"(, "activation_function": "relu")";
    const std::string whole = R"(, "scale_attn_weights": false)";
    const std::string by_layer = R"(, "scale_attn_by_inverse_layer_idx": true)";
    return {opened(tests::tiny_tensors()),          opened(tests::tiny_tensors(), silu),
            opened(tests::tiny_tensors(), whole),   opened(tests::tiny_tensors(), by_layer),
            opened(without(".bias"), relu + whole), opened(without(".bias"), silu + by_layer)};
}

double logistic(double x) {
    return 1 / (1 + std::exp(-x));
}

const std::map<std::string, std::function<double(double)>>& exact() {
    static const std::map<std::string, std::function<double(double)>> all = {
        {"gelu_new",
         [](double x) {
             return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
         }},
        {"gelu", [](double x) { return 0.5 * x * std::erfc(-x / std::sqrt(2.0)); }},
        {"relu", [](double x) { return x > 0 ? x : 0; }},
        {"silu", [](double x) { return x * logistic(x); }},
        {"quick_gelu", [](double x) { return x * logistic(1.702 * x); }},
        {"tanh", [](double x) { return std::tanh(x); }},
    };
    return all;
}

}  // namespace

TEST_CASE("every activation is that of double precision, in place too") {
    std::vector<float> x;
    for (int i = -20000; i <= 20000; ++i) x.push_back(static_cast<float>(i) / 1000);
    for (const auto& [name, f] : exact()) {
        const model::Activation* activation = model::find_activation(name);
        REQUIRE(activation);
        CHECK(activation->names[0] == name);
        std::vector<float> y = x;
        activation->apply(y.data(), static_cast<int>(y.size()), y.data());
        double worst = 0;
        for (size_t i = 0; i < x.size(); ++i) {
            worst = std::max(worst, std::abs(f(double{x[i]}) - double{y[i]}));
        }
        CHECK_MESSAGE(worst < 2e-6, name << " differs by " << worst);
        for (const float v : {1e-6f, 1e-3f, 0.3f, -0.62f, 0.63f, 2.0f, -3.0f}) {
            const double wanted = f(double{v});
            CHECK(model::apply(*activation, v) == doctest::Approx(wanted).epsilon(4e-6));
        }
        const float nan = std::numeric_limits<float>::quiet_NaN();
        CHECK(std::isnan(model::apply(*activation, nan)));
        CHECK(model::apply(*activation, 0.0f) == 0);
    }
    // The far end of the normal distribution is not lost.
    CHECK(model::apply(*model::find_activation("gelu"), -9.0f) ==
          doctest::Approx(exact().at("gelu")(-9)).epsilon(1e-5));
}

TEST_CASE("the table knows each name once") {
    std::string names = model::activation_names() + ", ";
    size_t known = 0;
    for (size_t at = 0, end = 0; (end = names.find(", ", at)) != std::string::npos; at = end + 2) {
        CHECK(model::find_activation(names.substr(at, end - at)));
        ++known;
    }
    CHECK(known > exact().size());  // some have several
    CHECK(model::find_activation("swish") == model::find_activation("silu"));
    CHECK(model::find_activation("gelu_pytorch_tanh") == &model::gpt2_activation());
    for (const char* none : {"", "mish", "GELU", "gelu_new "}) CHECK(!model::find_activation(none));
}

TEST_CASE("biases may all be missing, not some") {
    const auto m = opened(without(".bias"));
    CHECK(!m->config.biases);
    CHECK(opened(tests::tiny_tensors())->config.biases);
    const model::LayerWeights& w = m->weights.layers[1];
    for (const float* bias : {w.ln1.bias, w.qkv_bias, w.attn_out_bias, w.ln2.bias, w.mlp_in_bias,
                              w.mlp_out_bias, m->weights.ln_final.bias}) {
        for (int i = 0; i < 8; ++i) CHECK(bias[i] == 0);
    }
    for (const char* one :
         {"ln_f.bias", "h.0.ln_1.bias", "h.1.attn.c_attn.bias", "h.1.attn.c_proj.bias",
          "h.0.ln_2.bias", "h.1.mlp.c_fc.bias", "h.0.mlp.c_proj.bias"}) {
        const std::string message = error_of([&] { opened(without(one)); });
        CHECK_MESSAGE(message.find(one) != std::string::npos, message);
        CHECK_MESSAGE(message.find("damaged") != std::string::npos, message);
        CHECK_MESSAGE(message.find("model.safetensors") != std::string::npos, message);
    }
    // One alone is as damaged as all but one.
    auto tensors = without(".bias");
    tensors.push_back({"h.1.mlp.c_fc.bias", {32}});
    CHECK(error_of([&] { opened(tensors); }).find("h.0.ln_1.bias") != std::string::npos);
}

TEST_CASE("a model without biases has fewer parameters, and a pass reads them all") {
    const auto m = opened(without(".bias")), whole = opened(tests::tiny_tensors());
    const model::Config& c = m->config;
    const int64_t biases = 2 * (8 + 24 + 8 + 8 + 32 + 8) + 8;
    CHECK(whole->weights.n_parameters - m->weights.n_parameters == biases);
    const int64_t positions = int64_t{c.n_ctx} * c.d_model, rows = int64_t{3} * 2 * c.d_model;
    const auto cost = model::pass_cost(c, model::Precision::f32, 3, 0);
    CHECK(cost.weight_bytes == (m->weights.n_parameters - positions + rows) * 4);
}

TEST_CASE("the same parameters in another kind of pass have another hash") {
    const auto all = variants();
    for (size_t i = 0; i < all.size(); ++i) {
        for (size_t j = 0; j < i; ++j) CHECK(all[i]->hash() != all[j]->hash());
    }
    CHECK(all[0]->hash() == tests::tiny()->hash());
}

TEST_CASE("the score's divisors are the scale, in words") {
    model::Config c = tests::tiny()->config;  // heads of 4
    CHECK(model::attention_scale(c, 1) == 0.5f);
    CHECK(model::attention_divisors(c, 1, "√d", "/") == "/√d");
    c.scale_by_layer = true;
    CHECK(model::attention_scale(c, 1) == 0.25f);
    CHECK(model::attention_divisors(c, 1, "√d", "/") == "/√d/2");
    c.scale_by_width = false;
    CHECK(model::attention_scale(c, 0) == 1);
    CHECK(model::attention_divisors(c, 0, "√d", " / ") == " / 1");
    c.scale_by_layer = false;
    CHECK(model::attention_scale(c, 1) == 1);
    CHECK(model::attention_divisors(c, 1, "√d", "/").empty());
}

TEST_CASE("what follows from a pass follows from the pass that was made") {
    for (const auto& m : variants()) {
        const model::Config& c = m->config;
        const std::string what = "GPT-2 with: " + model::variant(c);
        CAPTURE(what);
        const std::vector<int> ids{1, 4, 0, 2};
        model::KvCache cache(c);
        const model::Records records = model::forward(c, m->weights, cache, ids);
        // A step on the cache makes the same record as the pass over all.
        model::KvCache stepped(c);
        model::forward(c, m->weights, stepped, std::span(ids).first(3));
        const auto step = model::forward(c, m->weights, stepped, std::span(ids).last(1));
        const model::TokenRecord& record = *records.back();
        const auto logits = model::logits(m->weights, record);
        const auto again = model::logits(m->weights, *step.back());
        for (size_t i = 0; i < logits.size(); ++i) {
            CHECK(logits[i] == doctest::Approx(again[i]).epsilon(1e-4));
        }
        const int layer = 1, head = 1, query = 3, key = 2;
        const auto score = model::score_arithmetic(c, records, layer, head, query, key);
        CHECK(score.score == score.sum * score.scale);
        CHECK(score.scale == model::attention_scale(c, layer));
        const auto tensor = model::read_hook(*m, records, "blocks.1.attn.hook_attn_scores");
        CHECK(tensor.values[(head * 4 + query) * 4 + key] == score.score);
        model::visit_heads(c, records, 0, [&](int l, int h, int q, std::vector<float>& row) {
            if (row != model::attention_row(c, records, l, h, q)) throw std::runtime_error(what);
        });
        const auto z = model::value_arithmetic(c, records, layer, head, query, 1);
        double sum = 0;
        for (const model::Term& term : z.terms) sum += term.product;
        CHECK(sum == doctest::Approx(z.z).epsilon(1e-4));

        const auto post = model::neuron_values(*m, record, layer);
        const auto hook = model::read_hook(*m, records, "blocks.1.mlp.hook_post");
        CHECK(std::equal(post.begin(), post.end(), hook.values.end() - c.d_mlp));
        const int neuron = model::strongest_neuron(*m, record, layer);
        CHECK(post[neuron] == *std::ranges::max_element(post));
        const auto a = model::neuron_arithmetic(*m, record, layer, neuron);
        sum = a.bias;
        for (const model::Term& term : a.terms) sum += term.product;
        CHECK(sum == doctest::Approx(a.pre).epsilon(1e-4));
        CHECK(a.post == post[neuron]);
        CHECK((c.biases || a.bias == 0));

        for (int id = 0; id < c.n_vocab; ++id) {
            const auto parts = model::attribute_logit(*m, record, id);
            CHECK(parts.sum() == doctest::Approx(logits[id]).epsilon(1e-4));
            if (!c.biases) CHECK(parts.norm_bias + parts.layers[1].attn_bias == 0);
        }
        const auto lens = model::logit_lens(*m, record, -1);
        CHECK(lens.back().logit == *std::ranges::max_element(logits));
    }
}

TEST_CASE("views of a model without biases name none, and name its activation") {
    const auto m = opened(without(".bias"), R"(, "activation_function": "relu")");
    model::Session session(m, {});
    session.start({1, 4, 0, 2}, {});
    viz::Memo memo;
    viz::Scene scene{*m, *session.step(), memo, viz::light_theme(), {}, {}, {}};
    scene.selection.phase = viz::Phase::final_norm;
    tests::LayoutCanvas canvas;
    viz::find_view("arithmetic")->draw(canvas, {0, 0, 1100, 800}, scene);
    bool gain = false;
    for (const tests::TextBox& box : canvas.texts) {
        CHECK_MESSAGE(box.text.find("bias") == std::string::npos, box.text);
        gain = gain || box.text == "gain";
    }
    CHECK(gain);
    const auto lines = viz::tooltip(scene, {"gelu/1/3", 0, 0});
    REQUIRE(lines.size() == 3);
    CHECK(lines[1].starts_with("before ReLU "));
    CHECK(lines[2] == "ReLU keeps what is positive and silences the rest");
}

TEST_CASE("an MLP that adds nothing is called ablated only where it is") {
    const tests::TempFolder folder;
    std::string bytes = tests::safetensors_bytes(without(".bias"));
    const size_t w_out = 32 * 8 * 4;  // the last tensor: that of the second block
    bytes.replace(bytes.size() - w_out, w_out, w_out, '\0');
    tests::write(folder / "config.json", tests::tiny_config);
    tests::write(folder / "model.safetensors", bytes);
    const auto m = model::load_model(folder.path());
    for (const bool off : {false, true}) {
        model::SessionOptions options;
        if (off) options.ablation.mlps = {1};
        model::Session session(m, options);
        session.start({1, 4, 0, 2}, {});
        for (const float x : session.step()->records.back()->mlp_out(1)) REQUIRE(x == 0);
        viz::Memo memo;
        viz::Scene scene{*m, *session.step(), memo, viz::light_theme(), {}, {}, {}};
        scene.selection.layer = 1;
        scene.selection.phase = viz::Phase::mlp;
        const auto says = [&](const char* view, const char* words) {
            tests::LayoutCanvas canvas;
            viz::find_view(view)->draw(canvas, {0, 0, 1100, 800}, scene);
            return std::ranges::any_of(canvas.texts, [&](const tests::TextBox& box) {
                return box.text.find(words) != std::string::npos;
            });
        };
        CHECK(says("neurons", "left out of this pass") == off);
        CHECK(says("arithmetic", "this MLP is ablated") == off);
    }
}
