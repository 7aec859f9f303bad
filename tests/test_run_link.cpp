// Runs as links: what is packed is what is unpacked, and nothing else is taken for one.
#include <doctest/doctest.h>

#include "model/base/error.h"
#include "model/run/run_link.h"
#include "tests/support.h"

namespace {

model::RunFile saved() {
    return model::read_run_file(std::filesystem::path(STEPSCOPE_RUNS) / "v3.stepscope.json");
}

}  // namespace

TEST_CASE("a link holds the run, and not where its model lies") {
    model::RunFile run = saved();
    run.model_folder = "/home/somebody/models/gpt2";
    const std::string link = model::run_link(run);
    CHECK(link.starts_with("#1."));
    CHECK(link == model::run_link(run));
    const model::RunFile read = model::read_run_link(link);
    CHECK(read.model_folder.empty());
    run.model_folder.clear();
    CHECK(model::to_json(read) == model::to_json(run));
    // Behind the address of a page, as it is copied.
    const std::string address = "https://example.org/stepscope/?a=1";
    CHECK(model::is_run_link(address + link));
    CHECK(model::to_json(model::read_run_link(address + link)) == model::to_json(run));
    CHECK(link.size() * 3 < model::to_json(run).size() * 2);
}

TEST_CASE("what is no link is not taken for one") {
    for (const char* text : {"", "#", "#1", "1.abc", "#.abc", "#x.abc", "#0.abc", "#12345.abc",
                             "notes#.txt.json", "#-1.abc"}) {
        CAPTURE(text);
        CHECK_FALSE(model::is_run_link(text));
        CHECK_THROWS_AS(model::read_run_link(text), model::Error);
    }
    for (const char* text : {"#1.a/b", "#1.run.json", "#1.!!!!", "#1.", "x#1.abc&b=2"}) {
        CAPTURE(text);
        CHECK(tests::error_of([&] {
                  model::read_run_link(text);
              }).starts_with("link: is damaged or was cut"));
    }
}

TEST_CASE("a link that was broken over lines is whole") {
    model::RunFile run = saved();
    std::string link = model::run_link(run);
    for (size_t at = 60; at < link.size(); at += 61) link.insert(at, "\n");
    run.model_folder.clear();
    CHECK(model::to_json(model::read_run_link("  " + link + " \r\n")) == model::to_json(run));
}

TEST_CASE("a link that was cut, changed or made by a newer program says so") {
    const std::string link = model::run_link(saved());
    for (size_t length = 3; length < link.size(); ++length) {
        CAPTURE(length);
        const std::string error =
            tests::error_of([&] { model::read_run_link(link.substr(0, length)); });
        CHECK(error == "link: is damaged or was cut; copy the whole of it");
    }
    CHECK(tests::error_of([&] {
              model::read_run_link(link + "AA");
          }).starts_with("link: is damaged"));
    CHECK(tests::error_of([&] { model::read_run_link("#2." + link.substr(3)); }) ==
          "link: a newer Stepscope made it (version 2); this one reads version 1");
    // Every single letter changed: an Error or another run, never an accident.
    int refused = 0;
    for (size_t at = 3; at < link.size(); ++at) {
        std::string other = link;
        other[at] = other[at] == 'A' ? 'B' : 'A';
        try {
            model::read_run_link(other);
        } catch (const model::Error&) {
            ++refused;
        }
    }
    CHECK(refused > static_cast<int>(link.size()) / 2);
}

TEST_CASE("a run that is too large for a link is a file") {
    model::RunFile run = saved();
    run.view["x"] = std::string(size_t{20} << 20, 'x');
    CHECK(tests::error_of([&] { model::run_link(run); }) ==
          "link: this run is too large for one; save it as a file");
}
