// A sorted table of keys and values as LevelDB stores it, which is how TensorFlow writes the index
// of a checkpoint.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace model {

// All entries of a table in their order, which is that of the keys' bytes. The values point into
// `file`. Every length and every block's checksum is verified. Throws Error that begins with
// `where`; compressed blocks are refused by name.
std::vector<std::pair<std::string, std::string_view>> read_sstable(std::string_view file,
                                                                   const std::string& where);

// Takes a base-128 number of at most 64 bits off the front of `bytes`; nothing if none is there.
std::optional<uint64_t> take_varint(std::string_view& bytes);
// Takes `size` bytes off the front; nothing if there are fewer.
std::optional<std::string_view> take_bytes(std::string_view& bytes, uint64_t size);
// The little-endian number in the first 4 bytes, which must be there.
uint32_t fixed32(std::string_view bytes);

// The checksum of Castagnoli's polynomial, and the form in which a table stores it.
uint32_t crc32c(std::string_view bytes);
uint32_t masked_crc32c(std::string_view bytes);

}  // namespace model
