#include "tests/support.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "model/base/error.h"

namespace tests {

namespace fs = std::filesystem;

TempFolder::TempFolder() {
    static std::atomic<int> made{0};
    path_ = fs::temp_directory_path() /
            ("stepscope-test-" + std::to_string(getpid()) + "-" + std::to_string(made++));
    fs::create_directories(path_);
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void write(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

const char* const tiny_config = R"({"model_type": "gpt2", "n_layer": 2, "n_head": 2, "n_embd": 8,
    "vocab_size": 5, "n_positions": 6, "layer_norm_epsilon": 1e-5})";

std::vector<StoredTensor> tiny_tensors() {
    std::vector<StoredTensor> all = {
        {"wte.weight", {5, 8}}, {"wpe.weight", {6, 8}}, {"ln_f.weight", {8}}, {"ln_f.bias", {8}}};
    for (const std::string h : {"h.0.", "h.1."}) {
        for (const StoredTensor& tensor : std::vector<StoredTensor>{{"ln_1.weight", {8}},
                                                                    {"ln_1.bias", {8}},
                                                                    {"attn.c_attn.weight", {8, 24}},
                                                                    {"attn.c_attn.bias", {24}},
                                                                    {"attn.c_proj.weight", {8, 8}},
                                                                    {"attn.c_proj.bias", {8}},
                                                                    {"ln_2.weight", {8}},
                                                                    {"ln_2.bias", {8}},
                                                                    {"mlp.c_fc.weight", {8, 32}},
                                                                    {"mlp.c_fc.bias", {32}},
                                                                    {"mlp.c_proj.weight", {32, 8}},
                                                                    {"mlp.c_proj.bias", {8}}}) {
            all.push_back({h + tensor.name, tensor.shape, tensor.dtype});
        }
    }
    return all;
}

std::string safetensors_bytes(const std::string& header, size_t data_bytes) {
    const uint64_t size = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &size, 8);
    return bytes + header + std::string(data_bytes, '\0');
}

std::string safetensors_bytes(const std::vector<StoredTensor>& tensors) {
    nlohmann::json header;
    std::string data;
    int drawn = 0;
    for (const StoredTensor& tensor : tensors) {
        size_t n = 1;
        for (int64_t extent : tensor.shape) n *= static_cast<size_t>(extent);
        const size_t begin = data.size();
        const size_t element = tensor.dtype == "F32"   ? 4
                               : tensor.dtype == "I64" ? 8
                               : tensor.dtype == "I8"  ? 1
                                                       : 2;
        for (size_t i = 0; i < n; ++i) {
            // Irrational steps: no two values alike, no generator to seed.
            const float value = static_cast<float>(std::fmod(++drawn * 0.61803398875, 1.0) - 0.5);
            uint32_t bits = 0;
            std::memcpy(&bits, &value, 4);
            if (tensor.dtype == "BF16") bits >>= 16;
            const uint64_t wide = bits;
            data.append(reinterpret_cast<const char*>(&wide), element);
        }
        header[tensor.name] = {{"dtype", tensor.dtype},
                               {"shape", tensor.shape},
                               {"data_offsets", {begin, data.size()}}};
    }
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    return safetensors_bytes(text, 0) + data;
}

void write_tiny_model(const fs::path& folder, const std::vector<StoredTensor>& tensors) {
    write(folder / "config.json", tiny_config);
    write(folder / "model.safetensors", safetensors_bytes(tensors));
}

std::shared_ptr<const model::Model> bundled() {
    static const auto model = model::load_model(fs::path(STEPSCOPE_ASSETS) / "model");
    return model;
}

std::shared_ptr<const model::Model> tiny() {
    static TempFolder folder;
    static const auto model = [] {
        write_tiny_model(folder.path());
        return model::load_model(folder.path());
    }();
    return model;
}

std::shared_ptr<const model::Model> random_model(int layers, int heads, int d, int vocabulary,
                                                 int context) {
    const TempFolder folder;
    const std::string config =
        R"({"model_type": "gpt2", "n_layer": )" + std::to_string(layers) + R"(, "n_head": )" +
        std::to_string(heads) + R"(, "n_embd": )" + std::to_string(d) + R"(, "vocab_size": )" +
        std::to_string(vocabulary) + R"(, "n_positions": )" + std::to_string(context) +
        R"(, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5})";
    std::vector<StoredTensor> tensors{{"wte.weight", {vocabulary, d}},
                                      {"wpe.weight", {context, d}}};
    for (int layer = 0; layer < layers; ++layer) {
        const std::string h = "h." + std::to_string(layer) + ".";
        for (const auto& [name, shape] : std::vector<std::pair<std::string, std::vector<int64_t>>>{
                 {"ln_1.weight", {d}},
                 {"ln_1.bias", {d}},
                 {"attn.c_attn.weight", {d, 3 * d}},
                 {"attn.c_attn.bias", {3 * d}},
                 {"attn.c_proj.weight", {d, d}},
                 {"attn.c_proj.bias", {d}},
                 {"ln_2.weight", {d}},
                 {"ln_2.bias", {d}},
                 {"mlp.c_fc.weight", {d, 4 * d}},
                 {"mlp.c_fc.bias", {4 * d}},
                 {"mlp.c_proj.weight", {4 * d, d}},
                 {"mlp.c_proj.bias", {d}}}) {
            tensors.push_back({h + name, shape});
        }
    }
    tensors.push_back({"ln_f.weight", {d}});
    tensors.push_back({"ln_f.bias", {d}});
    write(folder / "config.json", config);
    write(folder / "model.safetensors", safetensors_bytes(tensors));
    return model::load_model(folder.path());
}

std::string error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const model::Error& e) {
        const std::string message = e.what();
        CHECK_MESSAGE(message.find('\n') == std::string::npos, "one line: ", message);
        return message;
    }
    FAIL("no error was thrown");
    return "";
}

bool well_formed(const std::string& xml) {
    std::vector<std::string> open;
    for (size_t at = 0; at < xml.size(); ++at) {
        if (xml[at] == '&') {
            const std::string escape = xml.substr(at, xml.find(';', at) + 1 - at);
            if (escape != "&amp;" && escape != "&lt;" && escape != "&gt;" && escape != "&quot;") {
                return false;
            }
        }
        if (xml[at] != '<') continue;
        const size_t end = xml.find('>', at);
        if (end == std::string::npos) return false;
        const std::string tag = xml.substr(at + 1, end - at - 1);
        if (tag.empty() || tag.find('<') != std::string::npos) return false;
        if (tag.front() == '/') {
            if (open.empty() || open.back() != tag.substr(1)) return false;
            open.pop_back();
        } else if (tag.front() == '?') {
            if (at != 0 || tag.back() != '?') return false;
        } else if (tag.back() != '/') {
            open.push_back(tag.substr(0, tag.find(' ')));
        }
        at = end;
    }
    return open.empty();
}

}  // namespace tests
