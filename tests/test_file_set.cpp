// Files are written whole or not at all, and errors name them.
#include <doctest/doctest.h>

#include <ostream>
#include <sstream>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/file_set.h"
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

TEST_CASE("a link is written through") {
    tests::TempFolder folder;
    fs::create_directory(folder / "inside");
    fs::create_symlink("inside/there.txt", folder / "link");
    fs::create_symlink("link", folder / "link-to-link");
    model::write_file(folder / "link-to-link", "new");  // what it leads to is not there yet
    CHECK(model::read_file(folder / "inside/there.txt") == "new");
    model::write_file(folder / "link", "newer");
    CHECK(model::read_file(folder / "inside/there.txt") == "newer");
    CHECK(fs::is_symlink(folder / "link"));
    CHECK(fs::is_symlink(folder / "link-to-link"));

    fs::create_symlink("b", folder / "a");
    fs::create_symlink("a", folder / "b");
    const auto message = error_of([&] { model::write_file(folder / "a", "x"); });
    CHECK(message.find("links lead in a circle") != std::string::npos);
}

TEST_CASE("a file may have the longest name there is, and keeps its permissions") {
    tests::TempFolder folder;
    const std::string longest(255, 'n');
    model::write_file(folder / longest, "first");
    fs::permissions(folder / longest, fs::perms::owner_read | fs::perms::owner_write);
    model::write_file(folder / longest, "second");
    CHECK(model::read_file(folder / longest) == "second");
    CHECK(fs::status(folder / longest).permissions() ==
          (fs::perms::owner_read | fs::perms::owner_write));
    bool filled = false;
    const auto message = error_of(
        [&] { model::write_file(folder / (longest + "n"), [&](auto&) { filled = true; }); });
    CHECK(message.find("name too long") != std::string::npos);
    CHECK_FALSE(filled);  // found before the work
}

TEST_CASE("a set for one file writes it to a stream") {
    std::ostringstream out;
    model::FileSet files(out);
    files.write("anything", "bytes");
    CHECK(files.commit().empty());
    CHECK(out.str() == "bytes");
    CHECK(files.holds_one());
}
