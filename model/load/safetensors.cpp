#include "model/load/safetensors.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json.h"

namespace model {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

// The reference implementation's own limit; a real header is a few hundred kilobytes.
constexpr uint64_t largest_header = 100'000'000;

// Bytes of one element, 0 for a dtype that the format does not know.
size_t element_bytes(const std::string& dtype) {
    if (dtype == "F64" || dtype == "I64" || dtype == "U64") return 8;
    if (dtype == "F32" || dtype == "I32" || dtype == "U32") return 4;
    if (dtype == "F16" || dtype == "BF16" || dtype == "I16" || dtype == "U16") return 2;
    if (dtype == "I8" || dtype == "U8" || dtype == "BOOL") return 1;
    return dtype == "F8_E5M2" || dtype == "F8_E4M3" ? 1 : 0;
}

bool read_size(const json& value, uint64_t limit, uint64_t& out) {
    if (!value.is_number_unsigned()) return false;
    out = value.get<uint64_t>();
    return out <= limit;
}

Tensor read_entry(const std::string& name, const json& entry, uint64_t data_bytes,
                  const std::string& where, uint64_t& begin) {
    auto fail = [&](const std::string& why) -> void {
        throw Error(where + ": tensor " + shown(name) + ": " + why);
    };
    if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() ||
        !entry.contains("shape") || !entry["shape"].is_array() || !entry.contains("data_offsets") ||
        !entry["data_offsets"].is_array() || entry["data_offsets"].size() != 2) {
        fail("its header entry needs dtype, shape and data_offsets");
    }
    Tensor tensor;
    tensor.name = name;
    tensor.dtype_name = entry["dtype"].get<std::string>();
    if (tensor.dtype_name == "F64") tensor.dtype = Dtype::f64;
    if (tensor.dtype_name == "F32") tensor.dtype = Dtype::f32;
    if (tensor.dtype_name == "F16") tensor.dtype = Dtype::f16;
    if (tensor.dtype_name == "BF16") tensor.dtype = Dtype::bf16;
    if (tensor.dtype_name == "I8") tensor.dtype = Dtype::i8;
    const uint64_t element = element_bytes(tensor.dtype_name);
    if (element == 0) fail("unknown dtype " + shown(tensor.dtype_name));

    uint64_t end = 0;
    if (!read_size(entry["data_offsets"][0], data_bytes, begin) ||
        !read_size(entry["data_offsets"][1], data_bytes, end) || begin > end) {
        fail("data_offsets " + shown(entry["data_offsets"]) + " do not lie within the " +
             std::to_string(data_bytes) + " bytes of data; the file may be cut off");
    }
    uint64_t needed = element;
    for (const json& extent : entry["shape"]) {
        uint64_t size = 0;
        if (!read_size(extent, uint64_t{1} << 40, size) ||
            (size != 0 && needed > (uint64_t{1} << 48) / size)) {
            fail("impossible shape " + shown(entry["shape"]));
        }
        needed *= size;
        tensor.shape.push_back(static_cast<int64_t>(size));
    }
    if (needed != end - begin) {
        fail("shape " + shown(entry["shape"]) + " of " + tensor.dtype_name + " needs " +
             std::to_string(needed) + " bytes, data_offsets give " + std::to_string(end - begin));
    }
    tensor.bytes = static_cast<size_t>(needed);
    return tensor;
}

}  // namespace

Safetensors::Safetensors(const fs::path& path) : TensorFile(path) {
    const MappedFile file = map_file(path);
    file_ = file.file;
    const std::byte* const bytes = file.bytes.get();
    if (file.size < 8) {
        throw Error(path.string() + ": is not a safetensors file: only " +
                    std::to_string(file.size) + " bytes");
    }
    uint64_t header_bytes = 0;
    std::memcpy(&header_bytes, bytes, 8);
    if (header_bytes > file.size - 8 || header_bytes > largest_header) {
        throw Error(path.string() + ": its header claims " + std::to_string(header_bytes) +
                    " bytes, the file has " + std::to_string(file.size) +
                    "; it is cut off or not a safetensors file");
    }
    const char* text = reinterpret_cast<const char*>(bytes) + 8;
    const json header =
        parse_json({text, static_cast<size_t>(header_bytes)}, path.string() + ": its header");
    if (!header.is_object()) throw Error(path.string() + ": its header is not a JSON object");

    data_ = {bytes + 8 + header_bytes, file.size - 8 - static_cast<size_t>(header_bytes)};
    std::vector<std::pair<uint64_t, const Tensor*>> order;
    for (const auto& [name, entry] : header.items()) {
        if (name == "__metadata__") continue;
        uint64_t begin = 0;
        Tensor tensor = read_entry(name, entry, data_.size(), path.string(), begin);
        tensor.data = data_.data() + begin;
        const auto placed = tensors_.emplace(name, std::move(tensor)).first;
        if (placed->second.bytes > 0) order.emplace_back(begin, &placed->second);
    }
    std::sort(order.begin(), order.end());
    for (size_t i = 1; i < order.size(); ++i) {
        if (order[i - 1].first + order[i - 1].second->bytes > order[i].first) {
            throw Error(path.string() + ": tensors " + shown(order[i - 1].second->name) + " and " +
                        shown(order[i].second->name) + " overlap");
        }
    }
}

}  // namespace model
