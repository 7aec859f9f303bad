// Writes checkpoints of OpenAI's original releases for tests, whole ones and ones that are wrong in
// one place but have valid checksums.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tests {

using TableEntries = std::map<std::string, std::string>;

std::string varint(uint64_t value);
// A block of a table: keys share their beginning with the one before.
std::string table_block(const TableEntries& entries);
// A table of these blocks, with valid checksums. The kind of compression is only claimed.
std::string table_file(const std::vector<std::string>& blocks, char compression = 0);

// The messages of a checkpoint's index.
std::string tf_header(int shards = 1, int endianness = 0);
std::string tf_entry(int dtype, const std::vector<int64_t>& shape, uint64_t offset, uint64_t size);

// The index of a checkpoint with the tensors of tests::tiny_tensors() in order, F32.
TableEntries tiny_tf_index();

extern const char* const tiny_hparams;

// Writes hparams.json, checkpoint, index and data: the same weights as tests::write_tiny_model.
void write_tiny_release(const std::filesystem::path& folder);

}  // namespace tests
