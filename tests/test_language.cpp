// The languages of pages: no sentence is missing in any, and what the code asks for is there.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/support.h"
#include "viz/slides/fill.h"
#include "viz/slides/language.h"
#include "viz/views/view_table.h"

namespace {

namespace fs = std::filesystem;

// Whatever stands in the sources of pages between quotes and is the name of a sentence, or a part
// of one.
std::set<std::string> words_in_sources() {
    std::set<std::string> words;
    for (const auto& entry : fs::directory_iterator(STEPSCOPE_ASSETS "/../viz/slides")) {
        if (entry.path().extension() != ".cpp") continue;
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        const std::string source = text.str();
        for (size_t at = source.find('"'); at != std::string::npos; at = source.find('"', at + 1)) {
            const size_t end = source.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.", at + 1);
            if (end != std::string::npos && source[end] == '"') {
                words.insert(source.substr(at + 1, end - at - 1));
            }
        }
    }
    return words;
}

std::string english_file() {
    return std::string(viz::export_files().at("language/en.json"));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::string error_of(const std::string& json) {
    return tests::error_of([&] { viz::read_language(json, "mine.json"); });
}

}  // namespace

TEST_CASE("every language that comes with the program has every sentence") {
    int languages = 0;
    for (const auto& file : viz::export_files()) {
        if (!file.first.starts_with("language/")) continue;
        ++languages;
        CAPTURE(file.first);
        const viz::Language language = viz::read_language(file.second, std::string(file.first));
        CHECK(language.sentences().size() == viz::english().sentences().size());
        CHECK(file.first == "language/" + language.code() + ".json");
    }
    CHECK(languages >= 2);
    CHECK(viz::find_language("de").say("title.asks", {{"step", "3"}}) ==
          "Schritt 3 — was kommt als Nächstes?");
    CHECK(viz::find_language("de").counted("blocks", 1) == "1 Block");
    CHECK(viz::english().counted("others", 4096) == "4,096 others");
    CHECK(viz::english().bits(1.5) == "1.50 bits");
}

TEST_CASE("each sentence is said somewhere, and views are called what they are") {
    const std::set<std::string> words = words_in_sources();
    for (const auto& [name, text] : viz::english().sentences()) {
        CAPTURE(name);
        if (name.starts_with("view.")) {
            const viz::View* view = viz::find_view(name.substr(5));
            REQUIRE(view);
            CHECK(text == view->title);
            continue;
        }
        const bool plural = name.ends_with(".one") || name.ends_with(".many");
        CHECK(
            (words.contains(name) || (plural && words.contains(name.substr(0, name.rfind('.'))))));
    }
    for (const viz::View* view : viz::views()) {
        CAPTURE(view->id);
        CHECK(viz::english().sentences().contains(std::string("view.") + view->id));
    }
}

TEST_CASE("a translation with a fault says which sentence") {
    const std::string english = english_file();
    CHECK_NOTHROW(viz::read_language(english, "mine.json"));
    CHECK(error_of(replaced(english, "\"bits\":", "\"bites\":")).find("bites") !=
          std::string::npos);
    CHECK(error_of(replaced(english, " \"bits\": \"{n} bits\",\n", ""))
              .find("\"bits\" is missing; in English it is \"{n} bits\"") != std::string::npos);
    CHECK(error_of(replaced(english, "{n} bits", "{x} bits"))
              .find("has other fields than the English sentence, which has {n}") !=
          std::string::npos);
    CHECK(error_of(replaced(english, "{n} bits", "{n bits")).find("has other fields") !=
          std::string::npos);
    CHECK(error_of(replaced(english, "\"language\": \"en\"", "\"language\": \"e n\""))
              .find("a code such as") != std::string::npos);
    CHECK(error_of("[]").starts_with("mine.json: "));
    CHECK(tests::error_of([] { viz::find_language("xx"); }) ==
          "\"xx\" is none of de, en, or a .json file with sentences");
}
