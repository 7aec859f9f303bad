#include "model/run/trace_file.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "model/base/file_set.h"
#include "model/base/json.h"

namespace model {

namespace {

using Json = nlohmann::ordered_json;

size_t element_count(const std::vector<int64_t>& shape) {
    size_t n = 1;
    for (int64_t extent : shape) n *= static_cast<size_t>(extent);
    return n;
}

}  // namespace

void write_trace(const std::filesystem::path& path, const Model& model, const Records& records,
                 const std::map<std::string, std::string>& metadata) {
    write_file(path, [&](std::ostream& out) { write_trace(out, model, records, metadata, {}); });
}

void write_trace(std::ostream& out, const Model& model, const Records& records,
                 const std::map<std::string, std::string>& metadata, const Progress& progress) {
    // The header needs all shapes before the first byte of data; they are asked of a single
    // record, whose n is then put in, so that no more than one tensor is held at a time.
    const auto n = static_cast<int64_t>(records.size());
    const Records one(records.begin(), records.begin() + 1);
    const auto names = hook_names(model.config);
    Json header;
    header["__metadata__"] = metadata;
    size_t offset = 0;
    auto entry = [&](const std::string& name, const char* dtype, std::vector<int64_t> shape) {
        const size_t bytes = 4 * element_count(shape);
        header[name] = {{"dtype", dtype},
                        {"shape", std::move(shape)},
                        {"data_offsets", {offset, offset + bytes}}};
        offset += bytes;
    };
    entry("tokens", "I32", {n});
    for (const std::string& name : names) {
        std::vector<int64_t> shape = read_hook(model, one, name).shape;
        const bool attention = name.ends_with("hook_attn_scores") || name.ends_with("hook_pattern");
        if (attention) {
            shape = {shape[0], n, n};
        } else {
            shape[0] = n;
        }
        entry(name, "F32", shape);
    }
    std::string text = json_text(header);
    text.append((8 - text.size() % 8) % 8, ' ');

    const uint64_t size = text.size();
    out.write(reinterpret_cast<const char*>(&size), 8);
    out << text;
    for (const RecordPtr& record : records) {
        const int32_t id = record->id();
        out.write(reinterpret_cast<const char*>(&id), 4);
    }
    const int all = static_cast<int>(names.size());
    for (int i = 0; i < all && out; ++i) {
        const HookTensor tensor = read_hook(model, records, names[static_cast<size_t>(i)]);
        out.write(reinterpret_cast<const char*>(tensor.values.data()),
                  static_cast<std::streamsize>(tensor.values.size() * 4));
        tell(progress, i + 1, all);
    }
}

}  // namespace model
