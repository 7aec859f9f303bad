// Files are written whole or not at all, and errors name them.
#include <doctest/doctest.h>

#include <ostream>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json.h"
#include "tests/support.h"

namespace fs = std::filesystem;
using tests::error_of;

TEST_CASE("a file is written whole") {
    tests::TempFolder folder;
    model::write_file(folder / "a.txt", "first");
    model::write_file(folder / "a.txt", "second");
    CHECK(model::read_file(folder / "a.txt") == "second");
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a Git LFS pointer is told from a file") {
    tests::TempFolder folder;
    tests::write(folder / "model.safetensors",
                 "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 497774208\n");
    const std::string read = error_of([&] { model::read_file(folder / "model.safetensors"); });
    CHECK(read.find("model.safetensors: is a Git LFS pointer") != std::string::npos);
    CHECK(error_of([&] { model::map_file(folder / "model.safetensors"); }) == read);
}

TEST_CASE("a failure while writing leaves the old file and nothing beside it") {
    tests::TempFolder folder;
    model::write_file(folder / "a.txt", "kept");
    CHECK_THROWS_AS(model::write_file(folder / "a.txt",
                                      [](std::ostream& out) {
                                          out << "half";
                                          throw std::runtime_error("stop");
                                      }),
                    std::runtime_error);
    CHECK(model::read_file(folder / "a.txt") == "kept");
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a set of files appears together or not at all") {
    tests::TempFolder folder;
    model::write_file(folder / "old.txt", "kept");
    {
        model::FileSet files;
        files.make_folder(folder / "made/inside/");
        files.write(folder / "made/inside/a.txt", "new");
        files.write(folder / "old.txt", "new");
        CHECK(!fs::exists(folder / "made/inside/a.txt"));
        CHECK(model::read_file(folder / "old.txt") == "kept");
    }
    CHECK(model::read_file(folder / "old.txt") == "kept");
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);

    model::FileSet files;
    files.make_folder(folder / "made");
    files.make_folder(folder / "made");
    files.write(folder / "made/a.txt", "new");
    files.write(folder / "old.txt", "new");
    CHECK(files.commit() == std::vector<fs::path>{folder / "old.txt"});
    CHECK(model::read_file(folder / "old.txt") == "new");
    CHECK(model::read_file(folder / "made/a.txt") == "new");
    CHECK(std::distance(fs::directory_iterator(folder / "made"), {}) == 1);

    const auto message = error_of([&] { files.make_folder(folder / "old.txt/pages"); });
    CHECK(message.find("old.txt/pages") != std::string::npos);
}

TEST_CASE("an unwritable place is named") {
    tests::TempFolder folder;
    const auto message = error_of([&] { model::write_file(folder / "no/such/a.txt", "x"); });
    CHECK(message.find("no/such/a.txt") != std::string::npos);
    CHECK(error_of([&] { model::write_file(folder.path(), "x"); }).find("folder") !=
          std::string::npos);
    CHECK(error_of([] { model::write_file("/dev/full", "x"); }).find("/dev/full") !=
          std::string::npos);
}

TEST_CASE("malformed JSON is named with its line") {
    tests::TempFolder folder;
    tests::write(folder / "bad.json", "{\n\"a\": 1,\n\"b\" 2}\n");
    const auto message = error_of([&] { model::read_json(folder / "bad.json"); });
    CHECK(message.find("bad.json: line 3") != std::string::npos);
    CHECK(error_of([&] { model::read_json(folder / "gone.json"); }).find("gone.json") !=
          std::string::npos);
}
