#include "model/load/sstable.h"

#include <array>
#include <cstring>

#include "model/base/error.h"

namespace model {

namespace {

// At the end of the file: where the index block lies, and how the file is recognised.
constexpr size_t footer_bytes = 48;
constexpr char magic[] = "\x57\xfb\x80\x8b\x24\x75\x47\xdb";  // 0xdb4775248b80fb57, little endian
// After each block: how it is compressed, and the checksum.
constexpr size_t trailer_bytes = 5;

// Names of tensors are short. The limit keeps shared beginnings from unfolding to gigabytes.
constexpr size_t longest_key = 512;

struct Handle {
    uint64_t offset = 0, size = 0;
};

std::optional<Handle> take_handle(std::string_view& bytes) {
    const auto offset = take_varint(bytes);
    const auto size = take_varint(bytes);
    if (!offset || !size) return std::nullopt;
    return Handle{*offset, *size};
}

class Reader {
  public:
    Reader(std::string_view file, const std::string& where) : file_(file), where_(where) {}

    Handle index() const {
        if (file_.size() < footer_bytes || !file_.ends_with(std::string_view(magic, 8))) {
            fail("is not the index of a TensorFlow checkpoint, or is cut off");
        }
        std::string_view footer = file_.substr(file_.size() - footer_bytes);
        take_handle(footer);  // of the block about the table itself, which holds nothing for us
        const auto handle = take_handle(footer);
        if (!handle) fail("its footer is damaged");
        return *handle;
    }

    // The entries of one block. A key is stored as what it does not share with the one before.
    template <typename Visit>
    void block(Handle handle, Visit visit) const {
        std::string_view rest = contents(handle);
        std::string key;
        for (bool first = true; !rest.empty(); first = false) {
            const auto shared = take_varint(rest);
            const auto unshared = take_varint(rest);
            const auto value_bytes = take_varint(rest);
            if (!value_bytes || !unshared || !shared || *shared > key.size()) damaged(handle);
            const auto tail = take_bytes(rest, *unshared);
            const auto value = take_bytes(rest, *value_bytes);
            if (!tail || !value || *shared + tail->size() > longest_key) damaged(handle);
            std::string next = key.substr(0, static_cast<size_t>(*shared));
            next += *tail;
            if (!first && next <= key) damaged(handle);
            key = std::move(next);
            visit(key, *value);
        }
    }

    [[noreturn]] void fail(const std::string& why) const { throw Error(where_ + ": " + why); }
    [[noreturn]] void damaged(Handle handle) const {
        fail("the block at byte " + std::to_string(handle.offset) + " is damaged");
    }

  private:
    // A block without its list of restart points, which only a search needs.
    std::string_view contents(Handle handle) const {
        const size_t room = file_.size() - footer_bytes;
        if (room < trailer_bytes || handle.offset > room - trailer_bytes ||
            handle.size > room - trailer_bytes - handle.offset) {
            fail("a block of " + std::to_string(handle.size) + " bytes at byte " +
                 std::to_string(handle.offset) + " does not lie within the file");
        }
        const auto begin = static_cast<size_t>(handle.offset);
        const auto size = static_cast<size_t>(handle.size);
        const std::string_view checked = file_.substr(begin, size + 1);
        if (masked_crc32c(checked) != fixed32(file_.substr(begin + size + 1))) damaged(handle);
        const int compression = static_cast<unsigned char>(checked.back());
        if (compression != 0) {
            fail("the block at byte " + std::to_string(handle.offset) + " is compressed (" +
                 (compression == 1 ? "Snappy" : "kind " + std::to_string(compression)) +
                 "); TensorFlow writes checkpoints uncompressed");
        }
        const std::string_view block = checked.substr(0, size);
        if (size < 4) damaged(handle);
        const uint64_t restarts = 4 * (uint64_t{fixed32(block.substr(size - 4))} + 1);
        if (restarts > size) damaged(handle);
        return block.substr(0, size - static_cast<size_t>(restarts));
    }

    std::string_view file_;
    const std::string& where_;
};

}  // namespace

std::vector<std::pair<std::string, std::string_view>> read_sstable(std::string_view file,
                                                                   const std::string& where) {
    const Reader reader(file, where);
    std::vector<std::pair<std::string, std::string_view>> entries;
    uint64_t end = 0;
    reader.block(reader.index(), [&](const std::string&, std::string_view value) {
        const auto handle = take_handle(value);
        // Blocks lie one after another, so that no file can have one read many times.
        if (!handle || handle->offset < end) reader.fail("its list of blocks is damaged");
        reader.block(*handle, [&](const std::string& key, std::string_view data) {
            if (!entries.empty() && key <= entries.back().first) reader.damaged(*handle);
            entries.emplace_back(key, data);
        });
        end = handle->offset + handle->size + trailer_bytes;
    });
    return entries;
}

std::optional<uint64_t> take_varint(std::string_view& bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size() && i < 10; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (i == 9 && byte > 1) return std::nullopt;  // more than 64 bits
        value |= uint64_t{byte & 0x7Fu} << (7 * i);
        if (byte < 0x80) {
            bytes.remove_prefix(i + 1);
            return value;
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> take_bytes(std::string_view& bytes, uint64_t size) {
    if (size > bytes.size()) return std::nullopt;
    const std::string_view taken = bytes.substr(0, static_cast<size_t>(size));
    bytes.remove_prefix(taken.size());
    return taken;
}

uint32_t fixed32(std::string_view bytes) {
    uint32_t value = 0;
    std::memcpy(&value, bytes.data(), 4);
    return value;
}

uint32_t crc32c(std::string_view bytes) {
    static const auto table = [] {
        std::array<uint32_t, 256> remainders{};
        for (uint32_t i = 0; i < 256; ++i) {
            uint32_t r = i;
            for (int bit = 0; bit < 8; ++bit) r = r >> 1 ^ (r & 1 ? 0x82F63B78 : 0);
            remainders[i] = r;
        }
        return remainders;
    }();
    uint32_t crc = ~uint32_t{0};
    for (const char byte : bytes) {
        crc = crc >> 8 ^ table[(crc ^ static_cast<unsigned char>(byte)) & 0xFF];
    }
    return ~crc;
}

uint32_t masked_crc32c(std::string_view bytes) {
    const uint32_t crc = crc32c(bytes);
    return (crc >> 15 | crc << 17) + 0xA282EAD8;
}

}  // namespace model
