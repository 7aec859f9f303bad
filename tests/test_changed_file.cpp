// A model's file that is cut short or written into while it is open: a word, no end of the program
// and no numbers of another model.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "model/base/file.h"
#include "model/run/session.h"
#include "tests/support.h"

namespace fs = std::filesystem;

namespace {

// A model whose matrices are read where the file is mapped: several pages of them.
struct Opened {
    tests::TempFolder folder;
    std::shared_ptr<const model::Model> model;
    std::unique_ptr<model::Session> session;

    explicit Opened(model::Precision precision = model::Precision::f32) {
        auto tensors = tests::tiny_tensors();
        tensors.insert(tensors.begin(), {"filler", {20'000}, "F32"});
        tests::write_tiny_model(folder.path(), tensors);
        model = model::load_model(folder.path(), precision);
        session = std::make_unique<model::Session>(model);
        session->start({0, 1}, {});
    }
    fs::path file() const { return folder / "model.safetensors"; }
    std::string said() const {
        return tests::error_of([&] { session->commit(); });
    }
};

void set_time(const fs::path& path, int seconds) {
    const timespec times[2] = {{seconds, 0}, {seconds, 0}};
    REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
}

}  // namespace

TEST_CASE("a file cut short under a model that is open is said, in either precision") {
    for (const auto precision : {model::Precision::f32, model::Precision::f16}) {
        for (const uintmax_t size : {uintmax_t{0}, uintmax_t{4096}, uintmax_t{70'000}}) {
            const Opened opened(precision);
            const auto before = opened.session->step();
            fs::resize_file(opened.file(), size);
            const std::string said = opened.said();
            CHECK(said.find("model.safetensors: was changed while it was open") !=
                  std::string::npos);
            CHECK(opened.session->step() == before);  // the run is as before
            CHECK(tests::error_of([&] { (void)opened.model->hash(); }).find("was changed") !=
                  std::string::npos);
        }
    }
}

TEST_CASE("a file that somebody wrote into is said") {
    const Opened opened;
    set_time(opened.file(), 1'000'000);
    const model::Session fresh(model::load_model(opened.folder.path()));
    CHECK(opened.said().find("was changed while it was open") != std::string::npos);
    // Opened again it is what it is now.
    model::Session again(model::load_model(opened.folder.path()));
    again.start({0, 1}, {});
    again.commit();
    CHECK(again.step()->number() == 2);
}

TEST_CASE("another file under its name, or none, changes nothing") {
    for (const bool removed : {true, false}) {
        const Opened opened;
        if (removed) {
            fs::remove_all(opened.folder.path());
        } else {
            tests::write(opened.folder / "other", "another");
            fs::rename(opened.folder / "other", opened.file());
        }
        opened.session->commit();
        CHECK(opened.session->step()->number() == 2);
        CHECK(opened.model->hash().size() == 16);
    }
}

TEST_CASE("what is read of a map that lost its file are zeros, and it says so") {
    const tests::TempFolder folder;
    tests::write(folder / "a", std::string(20'000, 'x'));
    const model::MappedFile map = model::map_file(folder / "a");
    fs::resize_file(folder / "a", 5'000);
    CHECK(static_cast<char>(map.bytes.get()[4'000]) == 'x');
    CHECK(static_cast<char>(map.bytes.get()[19'999]) == '\0');
    CHECK(tests::error_of([&] { map.file->check_unchanged(); }).find("was changed") !=
          std::string::npos);
}
