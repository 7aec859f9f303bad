// What exported decks are made of: places that are filled in, strictly, and the layout of XML.
#include <doctest/doctest.h>

#include <functional>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "model/base/file.h"
#include "model/base/file_set.h"
#include "viz/slides/fill.h"

using namespace viz;

namespace {

std::string fill_text(std::string_view text, const Values& values) {
    std::ostringstream out;
    fill(out, "words.txt", text, values);
    return out.str();
}

std::string bug_of(const std::function<void()>& act) {
    try {
        act();
    } catch (const std::logic_error& bug) {
        return bug.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("places are filled in, as often as they stand there") {
    CHECK(fill_text("{{a}} and {{b_2}}, {{a}}!", {{"b_2", "{{a}}"}, {"a", "x"}}) ==
          "x and {{a}}, x!");
    CHECK(fill_text("no { place }} here", {}) == "no { place }} here");
    CHECK(fill_text("[{{a}}]", {{"a", [](std::ostream& out) { out << "written"; }}}) ==
          "[written]");
}

TEST_CASE("a place without a value and a value without a place are bugs") {
    const std::string file = "assets/export/words.txt: ";
    CHECK(bug_of([] { fill_text("a {{b}}", {}); }) == file + "{{b}} has no value");
    CHECK(bug_of([] {
              fill_text("a {{b}}", {{"b", ""}, {"c", ""}});
          }) == file + "no place for the value c");
    CHECK(bug_of([] {
              fill_text("a {{b}}", {{"b", ""}, {"b", ""}});
          }) == file + "no place for the value b");
    for (const char* odd : {"{{", "{{}}", "{{ b }}", "{{B}}", "{{b}", "{{b", "{{{b}}"}) {
        CHECK(bug_of([&] { fill_text(odd, {{"b", ""}}); }) == file + "\"{{\" opens no place");
    }
    CHECK(bug_of([] { filled("none.css"); }) == "assets/export/none.css: there is no such file");
    // Nothing is written then.
    std::ostringstream out;
    CHECK_THROWS_AS(fill(out, "", "{{a}} {{b}}", {{"a", "x"}}), std::logic_error);
    CHECK(out.str().empty());
}

TEST_CASE("line breaks of XML are layout") {
    CHECK(
        without_layout("<?xml?>\n<a\n  b=\"{{c}}\"\n  d=\"\">\n\n  {{e}}\n  <f/> {{g}}\n</a>\n") ==
        "<?xml?>\n<a b=\"{{c}}\" d=\"\">{{e}}<f/> {{g}}</a>");
}

TEST_CASE("the program holds the files of assets/export as they are") {
    CHECK(export_files().size() > 30);
    for (const auto& file : export_files()) {
        CHECK_MESSAGE(file.second == model::read_file(std::string(STEPSCOPE_ASSETS "/export/") +
                                                      std::string(file.first)),
                      file.first);
    }
}
