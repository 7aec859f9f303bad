#include "model/load/tf_checkpoint.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json.h"
#include "model/load/sstable.h"

namespace model {

namespace fs = std::filesystem;

namespace {

// GPT-2's largest is 50 kilobytes, with an optimiser's moments three times that.
constexpr size_t largest_index = 1 << 20;

// One field of a protocol buffer message.
struct Field {
    int number = 0;
    uint64_t value = 0;      // of a number
    std::string_view bytes;  // of a text or an inner message
};

// Takes the next field off a message. Throws Error when it is damaged.
Field take_field(std::string_view& message, const std::string& where) {
    const auto tag = take_varint(message);
    Field field;
    bool whole = tag && *tag >> 3 > 0 && *tag >> 3 < 1u << 29;
    if (whole) {
        field.number = static_cast<int>(*tag >> 3);
        const uint64_t kind = *tag & 7;
        if (kind == 0) {
            const auto value = take_varint(message);
            whole = value.has_value();
            field.value = value.value_or(0);
        } else {
            std::optional<uint64_t> size;
            if (kind == 1) size = 8;
            if (kind == 2) size = take_varint(message);
            if (kind == 5) size = 4;
            const auto bytes = size ? take_bytes(message, *size) : std::nullopt;
            whole = bytes.has_value();
            field.bytes = bytes.value_or(std::string_view());
        }
    }
    if (!whole) throw Error(where + ": its entry in the index is damaged");
    return field;
}

struct Type {
    uint64_t number;  // in TensorFlow's list
    const char* name;
    Dtype dtype = Dtype::other;
    uint64_t bytes = 0;  // of an element; only for those that can be read
};
constexpr std::array types = {Type{1, "F32", Dtype::f32, 4},
                              Type{2, "F64", Dtype::f64, 8},
                              Type{14, "BF16", Dtype::bf16, 2},
                              Type{19, "F16", Dtype::f16, 2},
                              Type{3, "DT_INT32"},
                              Type{4, "DT_UINT8"},
                              Type{5, "DT_INT16"},
                              Type{6, "DT_INT8"},
                              Type{7, "DT_STRING"},
                              Type{9, "DT_INT64"},
                              Type{10, "DT_BOOL"}};

// BundleHeaderProto, which the empty key stands for.
void check_header(std::string_view message, const std::string& where) {
    uint64_t shards = 0;
    while (!message.empty()) {
        const Field field = take_field(message, where + ": its header");
        if (field.number == 1) shards = field.value;
        if (field.number == 2 && field.value != 0) {
            throw Error(where +
                        ": was written on a big-endian machine; supported is little-endian");
        }
    }
    if (shards != 1) {
        throw Error(where + ": its data is spread over " + std::to_string(shards) +
                    " files; supported is one");
    }
}

// TensorShapeProto.
std::vector<int64_t> read_shape(std::string_view message, const std::string& where) {
    std::vector<int64_t> shape;
    while (!message.empty()) {
        const Field field = take_field(message, where);
        if (field.number != 2) continue;
        uint64_t size = 0;
        for (std::string_view extent = field.bytes; !extent.empty();) {
            const Field part = take_field(extent, where);
            if (part.number == 1) size = part.value;
        }
        if (size > uint64_t{1} << 40) throw Error(where + ": has an impossible shape");
        shape.push_back(static_cast<int64_t>(size));
    }
    // Convolutions of width one are stored [1, in, out].
    if (shape.size() == 3 && shape[0] == 1) shape.erase(shape.begin());
    return shape;
}

// BundleEntryProto: one tensor, which must lie within `data`.
Tensor read_entry(const std::string& name, std::string_view message,
                  std::span<const std::byte> data, const std::string& file) {
    const std::string where = file + ": tensor " + shown(name);
    Tensor tensor;
    tensor.name = name;
    uint64_t type = 0, offset = 0, size = 0;
    while (!message.empty()) {
        const Field field = take_field(message, where);
        if (field.number == 1) type = field.value;
        if (field.number == 2) tensor.shape = read_shape(field.bytes, where);
        if (field.number == 4) offset = field.value;
        if (field.number == 5) size = field.value;
        if (field.number == 7) throw Error(where + ": is stored in slices; save it whole");
    }
    if (offset > data.size() || size > data.size() - offset) {
        throw Error(where + ": " + std::to_string(size) + " bytes at byte " +
                    std::to_string(offset) + " do not lie within the " +
                    std::to_string(data.size()) + " bytes of data; the file may be cut off");
    }
    tensor.data = data.data() + offset;
    tensor.bytes = static_cast<size_t>(size);

    const auto known = std::find_if(types.begin(), types.end(),
                                    [type](const Type& one) { return one.number == type; });
    tensor.dtype_name = known != types.end() ? known->name : "DT_" + std::to_string(type);
    if (known == types.end() || known->bytes == 0) return tensor;
    tensor.dtype = known->dtype;
    uint64_t needed = known->bytes;
    for (const int64_t extent : tensor.shape) {
        const auto n = static_cast<uint64_t>(extent);
        if (n != 0 && needed > (uint64_t{1} << 48) / n) {
            throw Error(where + ": has an impossible shape");
        }
        needed *= n;
    }
    if (needed != size) {
        throw Error(where + ": a shape of " + std::to_string(needed) + " bytes is stored in " +
                    std::to_string(size));
    }
    return tensor;
}

// The checkpoint's path without ".index", as the file `checkpoint` has it:
//   model_checkpoint_path: "model.ckpt"
fs::path prefix(const fs::path& folder) {
    const fs::path file = folder / "checkpoint";
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) return folder / "model.ckpt";
    const std::string text = read_file(file);
    constexpr std::string_view key = "model_checkpoint_path:";
    size_t at = text.starts_with(key) ? 0 : text.find("\n" + std::string(key));
    const size_t begin = at == std::string::npos ? at : text.find('"', at);
    const size_t end = begin == std::string::npos ? begin : text.find_first_of("\"\n", begin + 1);
    // Written on another machine it may be a whole path: what it names lies here now.
    const fs::path name = end == std::string::npos || text[end] != '"'
                              ? fs::path()
                              : fs::path(text.substr(begin + 1, end - begin - 1)).filename();
    if (name.empty()) {
        throw Error(file.string() + ": \"model_checkpoint_path\" is missing");
    }
    return folder / name;
}

}  // namespace

TfCheckpoint::TfCheckpoint(const fs::path& folder) : TensorFile(prefix(folder)), index_(path_) {
    index_ += ".index";
    path_ += ".data-00000-of-00001";
    const std::string where = index_.string();
    const MappedFile index = map_file(index_);
    if (index.size > largest_index) {
        throw Error(where + ": has " + std::to_string(index.size) +
                    " bytes; the index of a checkpoint has less than a million");
    }
    const auto entries =
        read_sstable({reinterpret_cast<const char*>(index.bytes.get()), index.size}, where);
    // The empty key comes first.
    if (entries.empty() || !entries[0].first.empty()) throw Error(where + ": has no header");
    check_header(entries[0].second, where);

    const MappedFile data = map_file(path_);
    file_ = data.file;
    data_ = {data.bytes.get(), data.size};
    for (size_t i = 1; i < entries.size(); ++i) {
        const auto& [name, message] = entries[i];
        tensors_.emplace(name, read_entry(name, message, data_, where));
    }
}

bool TfCheckpoint::present(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_regular_file(folder / "checkpoint", ignored) ||
           fs::is_regular_file(folder / "model.ckpt.index", ignored);
}

std::string TfCheckpoint::spelled(const std::string& name) {
    const size_t dot = name.rfind('.');
    std::string part = name.substr(0, dot);
    if (part.starts_with("h.")) part.erase(1, 1);
    std::replace(part.begin(), part.end(), '.', '/');
    const bool bias = name.ends_with(".bias");
    const bool norm = part.find("ln_") != std::string::npos;
    const bool embedding = part == "wte" || part == "wpe";
    return "model/" + part + (embedding ? "" : bias ? "/b" : norm ? "/g" : "/w");
}

}  // namespace model
