// The shape of a model from config.json, and what is refused.
#include <doctest/doctest.h>

#include "model/pass/config.h"
#include "tests/support.h"

using tests::error_of;

namespace {

model::Config read(const std::string& json) {
    tests::TempFolder folder;
    tests::write(folder / "config.json", json);
    return model::read_config(folder.path());
}

void refuses(const std::string& json, const std::string& naming) {
    const auto message = error_of([&] { read(json); });
    CHECK_MESSAGE(message.find(naming) != std::string::npos, message);
    CHECK_MESSAGE(message.find("config.json") != std::string::npos, message);
}

}  // namespace

TEST_CASE("the shape is read") {
    const auto c = read(R"({"model_type":"gpt2","n_layer":12,"n_head":12,"n_embd":768,
        "vocab_size":50257,"n_ctx":1024,"eos_token_id":50256,"name":"small"})");
    CHECK(c.n_layer == 12);
    CHECK(c.d_head() == 64);
    CHECK(c.d_mlp == 3072);
    CHECK(c.n_ctx == 1024);
    CHECK(c.end_tokens == std::vector{50256});
    CHECK(c.tied);
    CHECK(c.name == "small");
}

TEST_CASE("what of a pass differs from GPT-2's is read") {
    const std::string shape = R"("n_layer":2,"n_head":2,"n_embd":8,"vocab_size":9,"n_ctx":8)";
    const auto plain = read("{" + shape + R"(,"reorder_and_upcast_attn":true})");
    CHECK(plain.activation == &model::gpt2_activation());
    CHECK(plain.scale_by_width);
    CHECK(!plain.scale_by_layer);
    CHECK(plain.biases);
    CHECK(model::variant(plain).empty());
    const auto other = read("{" + shape + R"(,"activation_function":"swish",
        "scale_attn_weights":false,"scale_attn_by_inverse_layer_idx":true})");
    CHECK(other.activation == model::find_activation("silu"));
    CHECK(!other.scale_by_width);
    CHECK(other.scale_by_layer);
    CHECK(model::variant(other) ==
          "activation silu, scores not divided by √d_head, "
          "scores divided by the block's number");
}

TEST_CASE("an end token outside the vocabulary is none") {
    CHECK(read(R"({"n_layer":1,"n_head":1,"n_embd":4,"vocab_size":9,"n_ctx":8,
        "eos_token_id":50256})")
              .end_tokens.empty());
}

TEST_CASE("bad configurations are refused by name") {
    refuses(R"({"model_type":"llama"})", "llama");
    refuses(R"({"n_layer":1})", "n_head");
    refuses(R"({"n_layer":-1})", "n_layer");
    refuses(R"({"n_layer":1.5})", "n_layer");
    refuses(R"({"n_layer":99999999999})", "n_layer");
    refuses(R"({"n_layer":1,"n_head":3,"n_embd":8,"vocab_size":5,"n_ctx":6})", "divided");
    refuses(R"({"model_type":"gpt2","activation_function":"mish"})", "mish");
    refuses(R"({"model_type":"gpt2","activation_function":"mish"})", model::activation_names());
    refuses(R"({"activation_function":3})", "\"activation_function\" 3");
    refuses(R"({"activation_function":null})", "\"activation_function\" null");
    refuses(R"({"activation_function":""})", "activation_function");
    refuses(R"({"scale_attn_weights":"no"})", "\"scale_attn_weights\" must be true or false");
    refuses(R"({"scale_attn_by_inverse_layer_idx":1})", "\"scale_attn_by_inverse_layer_idx\"");
    refuses(R"({"reorder_and_upcast_attn":[]})", "\"reorder_and_upcast_attn\"");
    refuses(R"({"add_cross_attention":true})", "add_cross_attention");
    refuses(R"({"n_layer":1,"n_head":1,"n_embd":8,"vocab_size":5,"n_ctx":6,
        "layer_norm_epsilon":"x"})",
            "layer_norm_epsilon");
    refuses(R"({"n_layer":1,"n_head":1,"n_embd":8,"vocab_size":5,"n_ctx":6,
        "layer_norm_epsilon":1e300})",
            "layer_norm_epsilon");
    refuses(R"({"layer_norm_epsilon":1e999})", "1e999");
    refuses("{\"n_layer\":" + std::string(1'000'000, '['), "too deep");
    refuses(R"({"model_type":"two\nlines"})", R"("two\nlines")");
    refuses("[1]", "object");
    refuses("{", "line 1");
}

TEST_CASE("a missing folder is named") {
    CHECK(error_of([] { model::read_config("/no/such/model"); }).find("/no/such/model") !=
          std::string::npos);
}
