// Files that cannot be read are named.
#include <doctest/doctest.h>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json.h"
#include "tests/support.h"

namespace fs = std::filesystem;
using tests::error_of;

TEST_CASE("a Git LFS pointer is told from a file") {
    tests::TempFolder folder;
    tests::write(folder / "model.safetensors",
                 "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 497774208\n");
    const std::string read = error_of([&] { model::read_file(folder / "model.safetensors"); });
    CHECK(read.find("model.safetensors: is a Git LFS pointer") != std::string::npos);
    CHECK(error_of([&] { model::map_file(folder / "model.safetensors"); }) == read);
}

TEST_CASE("malformed JSON is named with its line") {
    tests::TempFolder folder;
    tests::write(folder / "bad.json", "{\n\"a\": 1,\n\"b\" 2}\n");
    const auto message = error_of([&] { model::read_json(folder / "bad.json"); });
    CHECK(message.find("bad.json: line 3") != std::string::npos);
    CHECK(error_of([&] { model::read_json(folder / "gone.json"); }).find("gone.json") !=
          std::string::npos);
}
