// A weight that is no number is named, whichever tensor holds it.
#include <doctest/doctest.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

#include "model/pass/finite.h"
#include "model/pass/transformer.h"
#include "tests/support.h"

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// What a prompt, then the logits, say of the tiny model whose tensor begins with this value.
std::string said(const std::string& tensor, float value, model::Precision precision) {
    const tests::TempFolder folder;
    tests::write_tiny_model(folder.path());
    const auto path = folder / "model.safetensors";
    std::string bytes = read(path);
    uint64_t header = 0;
    std::memcpy(&header, bytes.data(), sizeof header);
    const auto tensors = nlohmann::json::parse(bytes.substr(8, header));
    const size_t at = 8 + header + tensors[tensor]["data_offsets"][0].get<size_t>();
    std::memcpy(bytes.data() + at, &value, sizeof value);
    tests::write(path, bytes);
    const auto m = model::load_model(folder.path(), precision);
    return tests::error_of([&] {
        model::KvCache cache(m->config);
        const std::vector<int> ids{0, 1, 2};
        const auto records = model::forward(m->config, m->weights, cache, ids);
        model::logits(m->weights, *records.back());
    });
}

}  // namespace

TEST_CASE("NaN and infinity are named by their tensor") {
    for (const tests::StoredTensor& tensor : tests::tiny_tensors()) {
        for (const auto precision : {model::Precision::f32, model::Precision::f16}) {
            const std::string nan =
                said(tensor.name, std::numeric_limits<float>::quiet_NaN(), precision);
            CHECK_MESSAGE(nan.find(tensor.name + " holds NaN") != std::string::npos, nan);
            const std::string inf =
                said(tensor.name, std::numeric_limits<float>::infinity(), precision);
            CHECK_MESSAGE(inf.find(tensor.name + " holds infinity") != std::string::npos, inf);
        }
    }
    const std::string large = said("h.0.mlp.c_proj.weight", 1e6f, model::Precision::f16);
    CHECK_MESSAGE(large.find("--precision f32") != std::string::npos, large);
    CHECK_MESSAGE(large.find("h.0.mlp.c_proj.weight") != std::string::npos, large);
}

TEST_CASE("finite numbers pass, and what overflows on the way is said") {
    const auto& weights = tests::tiny()->weights;
    const float most = std::numeric_limits<float>::max();
    model::check_finite(std::vector<float>{0, -1, most, -most}, weights);
    model::check_finite({}, weights);
    const std::vector<float> bad{1, std::numeric_limits<float>::infinity()};
    const std::string words = tests::error_of([&] { model::check_finite(bad, weights); });
    CHECK(words.find("overflow") != std::string::npos);
}
