#include "tests/tf_release.h"

#include <algorithm>
#include <cstring>

#include "model/load/sstable.h"
#include "model/load/tf_checkpoint.h"
#include "tests/support.h"

namespace tests {

namespace {

std::string fixed32_bytes(uint32_t value) {
    std::string bytes(4, '\0');
    std::memcpy(bytes.data(), &value, 4);
    return bytes;
}

std::string number(int field, uint64_t value) {
    return varint(static_cast<uint64_t>(field) << 3) + varint(value);
}

std::string message(int field, const std::string& bytes) {
    return varint(static_cast<uint64_t>(field) << 3 | 2) + varint(bytes.size()) + bytes;
}

}  // namespace

const char* const tiny_hparams =
    R"({"n_layer": 2, "n_head": 2, "n_embd": 8, "n_vocab": 5, "n_ctx": 6})";

std::string varint(uint64_t value) {
    std::string bytes;
    for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
    return bytes + static_cast<char>(value);
}

std::string table_block(const TableEntries& entries) {
    std::string block, before;
    for (const auto& [key, value] : entries) {
        const auto differ = std::mismatch(key.begin(), key.end(), before.begin(), before.end());
        const auto shared = static_cast<size_t>(differ.first - key.begin());
        block += varint(shared) + varint(key.size() - shared) + varint(value.size());
        block += key.substr(shared) + value;
        before = key;
    }
    return block + fixed32_bytes(0) + fixed32_bytes(1);  // one restart point, at the beginning
}

std::string table_file(const std::vector<std::string>& blocks, char compression) {
    std::string file;
    auto append = [&](const std::string& block) {
        const std::string handle = varint(file.size()) + varint(block.size());
        const std::string checked = block + compression;
        file += checked + fixed32_bytes(model::masked_crc32c(checked));
        return handle;
    };
    TableEntries index;
    for (size_t i = 0; i < blocks.size(); ++i) {
        // Any keys in the right order do.
        index[std::string(1, static_cast<char>('A' + i))] = append(blocks[i]);
    }
    const std::string meta = append(table_block({}));
    std::string footer = meta + append(table_block(index));
    footer.resize(40);
    return file + footer + "\x57\xfb\x80\x8b\x24\x75\x47\xdb";
}

std::string tf_header(int shards, int endianness) {
    return number(1, static_cast<uint64_t>(shards)) + number(2, static_cast<uint64_t>(endianness)) +
           message(3, number(1, 1));
}

std::string tf_entry(int dtype, const std::vector<int64_t>& shape, uint64_t offset, uint64_t size) {
    std::string dims;
    for (const int64_t extent : shape) {
        dims += message(2, number(1, static_cast<uint64_t>(extent)));
    }
    return number(1, static_cast<uint64_t>(dtype)) + message(2, dims) + number(4, offset) +
           number(5, size);
}

TableEntries tiny_tf_index() {
    TableEntries entries = {{"", tf_header()}};
    uint64_t offset = 0;
    for (const StoredTensor& tensor : tiny_tensors()) {
        uint64_t bytes = 4;
        for (const int64_t extent : tensor.shape) bytes *= static_cast<uint64_t>(extent);
        const std::string name = model::TfCheckpoint::spelled(tensor.name);
        auto shape = tensor.shape;
        if (name.ends_with("/w")) shape.insert(shape.begin(), 1);
        entries[name] = tf_entry(1, shape, offset, bytes);
        offset += bytes;
    }
    return entries;
}

void write_tiny_release(const std::filesystem::path& folder) {
    write(folder / "hparams.json", tiny_hparams);
    write(folder / "checkpoint", "model_checkpoint_path: \"model.ckpt\"\n");
    write(folder / "model.ckpt.index", table_file({table_block(tiny_tf_index())}));
    const std::string bytes = safetensors_bytes(tiny_tensors());
    uint64_t header_bytes = 0;
    std::memcpy(&header_bytes, bytes.data(), 8);
    write(folder / "model.ckpt.data-00000-of-00001", bytes.substr(8 + header_bytes));
}

}  // namespace tests
