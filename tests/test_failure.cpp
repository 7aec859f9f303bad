// What people read when something fails.
#include <doctest/doctest.h>

#include <filesystem>
#include <new>
#include <system_error>

#include "model/base/error.h"
#include "model/base/failure.h"

TEST_CASE("every exception has words that say whose fault it is") {
    using model::failure_words;
    CHECK(failure_words(model::Error("a.json: line 3")) == "a.json: line 3");
    CHECK(failure_words(std::bad_alloc()) == "there is not enough memory for this");
    CHECK(failure_words(std::logic_error("broken")) == "this is a bug in the program: broken");
    const auto loop = std::make_error_code(std::errc::too_many_symbolic_link_levels);
    CHECK(failure_words(std::filesystem::filesystem_error("status", "/a/link", loop)) ==
          "/a/link: " + loop.message());
    CHECK(failure_words(std::filesystem::filesystem_error("current_path", loop)) ==
          "the current folder: " + loop.message());
    CHECK(failure_words(std::system_error(loop)) == "the system refuses: " + loop.message());
}
