// Weights on disk: what is read, and files that are damaged or lie.
#include <doctest/doctest.h>

#include <cstring>

#include "model/base/error.h"
#include "model/load/safetensors.h"
#include "model/pass/weights.h"
#include "tests/support.h"

using tests::error_of;
using tests::StoredTensor;

namespace {

std::string open_error(const std::string& bytes) {
    tests::TempFolder folder;
    tests::write(folder / "m.safetensors", bytes);
    const auto message = error_of([&] { model::Safetensors file(folder / "m.safetensors"); });
    CHECK_MESSAGE(message.find("m.safetensors") != std::string::npos, message);
    return message;
}

bool mentions(const std::string& message, const std::string& part) {
    INFO(message);
    return message.find(part) != std::string::npos;
}

std::string load_error(const std::vector<StoredTensor>& tensors) {
    tests::TempFolder folder;
    tests::write_tiny_model(folder.path(), tensors);
    return error_of([&] { model::load_model(folder.path()); });
}

std::string entry(const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return R"({"a":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" +
           offsets + "}}";
}

}  // namespace

TEST_CASE("tensors are found where the header says") {
    tests::TempFolder folder;
    tests::write(folder / "m.safetensors", tests::safetensors_bytes({{"a", {2, 3}}, {"b", {4}}}));
    const model::Safetensors file(folder / "m.safetensors");
    REQUIRE(file.find("a"));
    CHECK(file.find("a")->shape == std::vector<int64_t>{2, 3});
    CHECK(file.find("b")->data - file.find("a")->data == 24);
    CHECK(file.find("c") == nullptr);
}

TEST_CASE("untrusted headers are refused") {
    CHECK(mentions(open_error("abc"), "3 bytes"));
    CHECK(mentions(open_error(std::string(8, '\xff') + "{}"), "header claims"));
    CHECK(mentions(open_error(tests::safetensors_bytes("[]", 0)), "object"));
    CHECK(mentions(open_error(tests::safetensors_bytes("{not json", 0)), "not JSON"));
    CHECK(mentions(open_error(tests::safetensors_bytes(R"({"a":1})", 0)), "\"a\""));
    CHECK(mentions(open_error(tests::safetensors_bytes(entry("F32", "[2]", "[0,16]"), 8)),
                   "cut off"));
    CHECK(mentions(open_error(tests::safetensors_bytes(entry("F32", "[2]", "[8,0]"), 8)), "\"a\""));
    CHECK(
        mentions(open_error(tests::safetensors_bytes(entry("F32", "[2]", "[-8,0]"), 8)), "\"a\""));
    CHECK(mentions(open_error(tests::safetensors_bytes(entry("F32", "[3]", "[0,8]"), 8)),
                   "12 bytes"));
    CHECK(mentions(open_error(tests::safetensors_bytes(entry("Q7", "[2]", "[0,8]"), 8)), "Q7"));
    CHECK(mentions(
        open_error(tests::safetensors_bytes(entry("F32", "[4294967296,4294967296,4]", "[0,8]"), 8)),
        "impossible shape"));
    const std::string two = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                            R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})";
    CHECK(mentions(open_error(tests::safetensors_bytes(two, 12)), "overlap"));
}

TEST_CASE("no prefix of a real file opens, and none crashes") {
    tests::TempFolder folder;
    const std::string whole = tests::safetensors_bytes(tests::tiny_tensors());
    for (size_t n = 0; n < whole.size(); n += 7) {
        tests::write(folder / "cut.safetensors", whole.substr(0, n));
        CHECK_THROWS_AS(model::Safetensors(folder / "cut.safetensors"), model::Error);
    }
}

TEST_CASE("a tensor that is missing, misshapen or of another kind is named") {
    auto tensors = tests::tiny_tensors();
    tensors.erase(tensors.begin() + 6);
    CHECK(mentions(load_error(tensors), "\"" + tests::tiny_tensors()[6].name + "\" is missing"));

    tensors = tests::tiny_tensors();
    tensors[6].shape = {24, 8};
    CHECK(mentions(load_error(tensors), "[24, 8]"));
    CHECK(mentions(load_error(tensors), "[8, 24]"));
    CHECK(mentions(load_error(tensors), tensors[6].name));

    tensors = tests::tiny_tensors();
    tensors[3].dtype = "I64";
    CHECK(mentions(load_error(tensors), "I64"));
    CHECK(mentions(load_error(tensors), "ln_f.bias"));
}

TEST_CASE("names may carry the prefix, and BF16 is widened exactly") {
    tests::TempFolder plain, prefixed;
    auto tensors = tests::tiny_tensors();
    for (auto& tensor : tensors) tensor.dtype = "BF16";
    tests::write_tiny_model(plain.path(), tensors);
    for (auto& tensor : tensors) tensor.name = "transformer." + tensor.name;
    tests::write_tiny_model(prefixed.path(), tensors);
    const auto a = model::load_model(plain.path());
    const auto b = model::load_model(prefixed.path());
    CHECK(a->weights.stored_as == "BF16");
    CHECK(a->weights.n_parameters == b->weights.n_parameters);
    bool exact = true;
    for (int i = 0; i < 40; ++i) {
        uint32_t bits = 0;
        std::memcpy(&bits, a->weights.wte.f32 + i, 4);
        exact = exact && (bits & 0xffff) == 0;
    }
    CHECK(exact);
}

TEST_CASE("8-bit numbers are read with the scales of their rows or columns") {
    auto tensors = tests::tiny_tensors();
    const std::string name = tensors[6].name;
    REQUIRE(tensors[6].shape == std::vector<int64_t>{8, 24});
    tensors[6].dtype = "I8";
    CHECK(mentions(load_error(tensors), "\"" + name + "_scale\" are missing"));
    tensors.push_back({name + "_scale", {24, 1}});
    CHECK(mentions(load_error(tensors), "[24, 1]"));
    for (const std::vector<int64_t>& shape : {std::vector<int64_t>{8, 1}, {1, 24}}) {
        tensors.back().shape = shape;
        tests::TempFolder folder;
        tests::write_tiny_model(folder.path(), tensors);
        const auto model = model::load_model(folder.path());
        CHECK(model->weights.unused.empty());
        const model::Safetensors file(folder / "model.safetensors");
        const auto* whole = reinterpret_cast<const int8_t*>(file.find(name)->data);
        const std::byte* scales = file.find(name + "_scale")->data;
        bool exact = true;
        for (size_t i = 0; i < 8 * 24; ++i) {
            float scale = 0;
            std::memcpy(&scale, scales + 4 * (shape[0] == 8 ? i / 24 : i % 24), 4);
            exact = exact && model->weights.layers[0].qkv.f32[i] == scale * whole[i];
        }
        CHECK(exact);
    }
}

TEST_CASE("an untied model reads its own lm_head") {
    tests::TempFolder folder;
    auto tensors = tests::tiny_tensors();
    tensors.push_back({"lm_head.weight", {5, 8}});
    tests::write(folder / "model.safetensors", tests::safetensors_bytes(tensors));
    std::string config = tests::tiny_config;
    tests::write(folder / "config.json", config);
    CHECK(model::load_model(folder.path())->config.tied);
    config.insert(1, R"("tie_word_embeddings": false, )");
    tests::write(folder / "config.json", config);
    const auto model = model::load_model(folder.path());
    CHECK_FALSE(model->config.tied);
    CHECK(model->weights.unembed.f32 != model->weights.wte.f32);
}

TEST_CASE("shards are read through their index, which cannot point elsewhere") {
    tests::TempFolder folder;
    auto tensors = tests::tiny_tensors();
    const std::vector<StoredTensor> first(tensors.begin(), tensors.begin() + 9);
    const std::vector<StoredTensor> second(tensors.begin() + 9, tensors.end());
    tests::write(folder / "config.json", tests::tiny_config);
    tests::write(folder / "one.safetensors", tests::safetensors_bytes(first));
    tests::write(folder / "two.safetensors", tests::safetensors_bytes(second));
    std::string map;
    for (const auto& t : first) map += "\"" + t.name + "\": \"one.safetensors\", ";
    for (const auto& t : second) map += "\"" + t.name + "\": \"two.safetensors\", ";
    map.resize(map.size() - 2);
    tests::write(folder / "model.safetensors.index.json", "{\"weight_map\": {" + map + "}}");
    CHECK(model::load_model(folder.path())->weights.files.size() == 2);
    tests::write(folder / "model.safetensors.index.json",
                 R"({"weight_map": {"wte.weight": "../../etc/passwd"}})");
    CHECK(mentions(error_of([&] { model::load_model(folder.path()); }), "wte.weight"));
}

TEST_CASE("a pickle checkpoint is refused with the line that converts it") {
    tests::TempFolder folder;
    tests::write(folder / "config.json", tests::tiny_config);
    tests::write(folder / "pytorch_model.bin", "not opened");
    const auto message = error_of([&] { model::load_model(folder.path()); });
    CHECK(mentions(message, "pytorch_model.bin"));
    CHECK(mentions(message, "save_pretrained"));
}
