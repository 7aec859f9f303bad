// Byte-level BPE: round trips, the pattern's splits, and vocabulary files that are wrong.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "model/base/error.h"
#include "model/load/tokenizer.h"
#include "tests/support.h"

namespace fs = std::filesystem;
using model::Tokenizer;

namespace {

const fs::path bundled_folder = fs::path(STEPSCOPE_ASSETS) / "model";

const Tokenizer& bundled() {
    static const Tokenizer tokenizer = Tokenizer::load(bundled_folder);
    return tokenizer;
}

// A folder to put tokenizer files into.
struct Folder : tests::TempFolder {
    void write(const std::string& name, const std::string& text) const {
        tests::write(path() / name, text);
    }
    // The message with which loading fails, "" if it does not.
    std::string failure() const {
        try {
            Tokenizer::load(path());
        } catch (const model::Error& e) {
            return e.what();
        }
        return "";
    }
};

// The tokens of a text as they are shown, with "|" between.
std::string pieces(const Tokenizer& tokenizer, const std::string& text) {
    std::string joined;
    for (const int id : tokenizer.encode(text)) {
        joined += (joined.empty() ? "" : "|") + tokenizer.shown(id);
    }
    return joined;
}

bool names(const std::string& message, const std::string& file, const std::string& why) {
    INFO(message);
    CHECK(message.find('\n') == std::string::npos);
    return message.find(file) != std::string::npos && message.find(why) != std::string::npos;
}

// a=0, b=1, c=2, space=3, ab=4, abc=5 as tokenizer.json; the parts of it that tests vary.
std::string tokenizer_json(const std::string& merges, const std::string& more = "") {
    return R"({"pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":0,"b":1,"c":2,"Ġ":3,"ab":4,"abc":5},"merges":)" +
           merges + "}" + more + "}";
}

}  // namespace

TEST_CASE("the bundled tokenizer gives back what it is given") {
    const std::vector<std::string> texts = {
        "",
        "The cat sat on the mat.",
        " leading and trailing ",
        "two  spaces,\n\nlines\r\nand\ttabs   \n",
        "don't we'll they're I'd 'tis",
        "1234 5,678.90 -- (x)",
        "Grüße, naïve café, привет, 漢字, 👩‍👩‍👧",
        std::string("nul\0inside", 10),
        "no-break\xC2\xA0space and U+180E \xE1\xA0\x8E.",
    };
    for (const std::string& text : texts) {
        CAPTURE(text);
        const std::vector<int> ids = bundled().encode(text);
        CHECK(bundled().decode(ids) == text);
        CHECK(bundled().encode(text) == ids);
        for (const int id : ids) CHECK((id >= 0 && id < bundled().size()));
    }
}

TEST_CASE("words cover a text, and their merges end in its tokens") {
    const Tokenizer& t = bundled();
    const std::vector<std::string> texts = {
        "",
        "Tom gave the ball to Mia. Then Mia thanked Tom, uncharacteristically.",
        "two  spaces,\n\nlines\r\nand\ttabs   \n",
        "don't we'll they're I'd 'tis aaaaaaaaaaaaaaaaaaaaaaaaaaa ----------",
        "Grüße, naïve café, привет, 漢字, 👩‍👩‍👧",
        "the \xE2\x80 cat\xFF<|endoftext|>\xC3",
    };
    int merged = 0;
    for (const std::string& text : texts) {
        CAPTURE(text);
        const std::vector<int> ids = t.encode(text);
        size_t byte = 0, token = 0;
        for (const model::Word& word : t.words(text)) {
            CHECK(word.begin == byte);
            CHECK(word.first_token == token);
            CHECK(word.end > word.begin);
            byte = word.end;
            token = word.last_token;
            const std::string bytes = text.substr(word.begin, word.end - word.begin);
            const std::vector<int> own(ids.begin() + static_cast<long>(word.first_token),
                                       ids.begin() + static_cast<long>(word.last_token));
            CHECK(t.decode(own) == bytes);
            if (word.kind != model::Word::Kind::ordinary) {
                CHECK(own.size() == 1);
                continue;
            }
            const std::vector<model::MergeStep> steps = t.merges(bytes);
            REQUIRE(!steps.empty());
            CHECK(steps[0].ids.size() == bytes.size());
            CHECK(steps[0].rank == -1);
            CHECK(steps.back().ids == own);
            for (size_t i = 1; i < steps.size(); ++i, ++merged) {
                // One pair became one piece; all else is as it was.
                std::vector<int> before = steps[i - 1].ids;
                const size_t made = steps[i].made;
                REQUIRE(made + 1 < before.size());
                CHECK(t.bytes(steps[i].ids[made]) ==
                      t.bytes(before[made]) + t.bytes(before[made + 1]));
                before.erase(before.begin() + static_cast<long>(made));
                before[made] = steps[i].ids[made];
                CHECK(steps[i].ids == before);
                CHECK((steps[i].rank >= 0 && steps[i].rank < t.merge_count()));
            }
        }
        CHECK(byte == text.size());
        CHECK(token == ids.size());
    }
    CHECK(merged > 50);
    CHECK(t.merges("").size() == 1);
}

TEST_CASE("merges carry their place in the list") {
    const Folder folder;
    folder.write("tokenizer.json", tokenizer_json(R"(["a b", "ab c"])"));
    const Tokenizer t = Tokenizer::load(folder.path());
    const auto steps = t.merges("abcab");
    REQUIRE(steps.size() == 4);
    CHECK(steps[0].ids == std::vector<int>{0, 1, 2, 0, 1});
    CHECK((steps[1].rank == 0 && steps[1].made == 0));
    CHECK(steps[1].ids == std::vector<int>{4, 2, 0, 1});
    CHECK((steps[2].rank == 0 && steps[2].made == 2));
    CHECK((steps[3].rank == 1 && steps[3].made == 0));
    CHECK(steps[3].ids == std::vector<int>{5, 4});
    CHECK(t.merge_count() == 2);
}

TEST_CASE("every byte goes there and back") {
    std::string all;
    for (int b = 0; b < 256; ++b) all += static_cast<char>(b);
    CHECK(bundled().decode(bundled().encode(all)) == all);
    for (const char byte : all) {
        const std::string one(1, byte);
        const std::vector<int> ids = bundled().encode(one);
        REQUIRE(ids.size() == 1);
        CHECK(bundled().bytes(ids[0]) == one);
    }
}

TEST_CASE("invalid UTF-8 is encoded byte by byte") {
    const std::vector<std::string> broken = {
        "\xFF",
        "\x80",
        "caf\xC3",               // cut off
        "\xC0\xAF",              // overlong
        "\xE0\x80\xAF",          // overlong
        "\xED\xA0\x80",          // a surrogate
        "\xF4\x90\x80\x80",      // beyond U+10FFFF
        "\xF8\x88\x80\x80\x80",  // no such length
        "the \xE2\x80 cat",
    };
    for (const std::string& text : broken) {
        const std::vector<int> ids = bundled().encode(text);
        CHECK(bundled().decode(ids) == text);
    }
    CHECK(pieces(bundled(), "\xED\xA0\x80") == R"(\xED|\xA0|\x80)");
    // What is valid around it is still split as text.
    CHECK(pieces(bundled(), " the\xFF the") == R"(␣the|\xFF|␣the)");
}

TEST_CASE("specials are known by their spelling") {
    const Tokenizer& t = bundled();
    const std::vector<int> end = t.encode("<|endoftext|>");
    REQUIRE(end.size() == 1);
    CHECK(t.special(end[0]));
    CHECK(t.shown(end[0]) == "<|endoftext|>");
    CHECK(t.decode(end) == "<|endoftext|>");
    CHECK(pieces(t, " the<|endoftext|><|endoftext|> the") ==
          "␣the|<|endoftext|>|<|endoftext|>|␣the");
    for (const int id : t.encode("<|endoftext| >")) CHECK_FALSE(t.special(id));
    CHECK_FALSE(t.special(-1));
    CHECK_FALSE(t.special(t.size()));
}

TEST_CASE("ids outside the vocabulary stand for nothing") {
    CHECK(bundled().bytes(-1).empty());
    CHECK(bundled().bytes(bundled().size()).empty());
    CHECK(bundled().decode({-5, 1 << 30}).empty());
}

TEST_CASE("text that cannot be seen is shown") {
    CHECK(model::shown_text(" a\n\tb") == "␣a⏎⇥b");
    CHECK(model::shown_text("\xE2") == R"(\xE2)");
    CHECK(model::shown_text(std::string("\0\r\x1B\x7F", 4)) == R"(\x00\x0D\x1B\x7F)");
    CHECK(model::shown_text("é漢👍") == "é漢👍");
    CHECK(model::shown_text("\xC2\xA0\xE2\x80\x8B\xE2\x80\xAE") == R"(\u00A0\u200B\u202E)");
}

TEST_CASE("long words take no long time") {
    // Quadratic merging would take minutes here.
    std::string text(200'000, 'a');
    for (int i = 0; i < 100'000; ++i) text += "th";
    text += std::string(200'000, ' ');
    text += std::string(200'000, '\xFF');
    CHECK(bundled().decode(bundled().encode(text)) == text);
}

TEST_CASE("merges are done by rank, then from the left") {
    const Folder folder;
    folder.write("tokenizer.json", tokenizer_json(R"(["a b", ["ab", "c"]])"));
    const Tokenizer t = Tokenizer::load(folder.path());
    CHECK(t.size() == 6);
    CHECK(t.encode("abc") == std::vector<int>{5});
    CHECK(t.encode("abab") == std::vector<int>{4, 4});
    CHECK(t.encode("aabcb") == std::vector<int>{0, 5, 1});
    CHECK(t.encode("ab abc") == std::vector<int>{4, 3, 5});
    CHECK_THROWS_WITH_AS(t.encode("abd"), doctest::Contains("0x64"), model::Error);
}

TEST_CASE("added tokens of a tokenizer.json") {
    const Folder folder;
    folder.write("tokenizer.json",
                 tokenizer_json(R"(["a b"])", R"(,"added_tokens":[{"id":7,"content":"<pad>"},)"
                                              R"({"id":9,"content":"<pad> x","special":true}])"));
    const Tokenizer t = Tokenizer::load(folder.path());
    CHECK(t.size() == 10);
    CHECK(t.encode("ab<pad>a") == std::vector<int>{4, 7, 0});
    CHECK(t.encode("<pad> x<pad>") == std::vector<int>{9, 7});  // the longer one first
    CHECK(t.special(7));
    CHECK(t.bytes(8).empty());  // a hole
    CHECK_FALSE(t.special(8));
}

TEST_CASE("the three layouts of a folder hold the same") {
    auto copy = [](const Folder& folder, const char* from, const char* to) {
        fs::copy_file(bundled_folder / from, folder.path() / to);
    };
    const std::string text = "The old king said hello.";
    const Folder original, empty;
    copy(original, "vocab.json", "encoder.json");
    copy(original, "merges.txt", "vocab.bpe");
    CHECK(Tokenizer::load(original.path()).encode(text) == bundled().encode(text));
    CHECK(Tokenizer::present(original.path()));
    CHECK(Tokenizer::present(bundled_folder));
    CHECK_FALSE(Tokenizer::present(empty.path()));
    CHECK(names(empty.failure(), empty.path().string(), "no tokenizer"));
}

TEST_CASE("tokens added beside a vocabulary") {
    const Folder folder;
    folder.write("vocab.json", R"({"a":0,"b":1,"ab":2})");
    folder.write("merges.txt", "#version: 0.2\r\na b\r\n\r\n");
    folder.write("added_tokens.json", R"({"<pad>":3})");
    const Tokenizer t = Tokenizer::load(folder.path());
    CHECK(t.encode("ab<pad>b") == std::vector<int>{2, 3, 1});
}

TEST_CASE("wrong vocabularies are refused by file and token") {
    struct Case {
        const char* vocabulary;
        const char* why;
    };
    for (const auto& [vocabulary, why] : {
             Case{"{\"a\":0,\n\"b\"", "line 2"},
             Case{"[]", "JSON object"},
             Case{R"({"a":-1})", "\"a\""},
             Case{R"({"a":"0"})", "whole number"},
             Case{R"({"a":1.5})", "whole number"},
             Case{R"({"a":1000000})", "999999"},
             Case{R"({"a":18446744073709551615})", "999999"},
             Case{R"({"a":0,"b":0})", "id 0 is \"a\" already"},
             Case{R"({"":0})", "empty"},
             Case{R"({"a b":0})", "byte letters"},
             Case{R"({"▁the":0})", "byte letters"},
         }) {
        CAPTURE(vocabulary);
        const Folder folder;
        folder.write("vocab.json", vocabulary);
        folder.write("merges.txt", "");
        CHECK(names(folder.failure(), "vocab.json", why));
    }
}

TEST_CASE("wrong merges are refused by file and line") {
    const Folder folder;
    folder.write("vocab.json", R"({"a":0,"b":1,"ab":2})");
    CHECK(names(folder.failure(), "merges.txt", "missing"));
    for (const char* line : {"a", "a b c", " a", "a ", "a  b"}) {
        CAPTURE(line);
        folder.write("merges.txt", std::string("#version: 0.2\na b\n") + line + "\n");
        CHECK(names(folder.failure(), "merges.txt: line 3", "two tokens"));
    }
    for (const char* line : {"a x", "x b", "b a", "ab \xFF"}) {
        CAPTURE(line);
        folder.write("merges.txt", std::string("a b\n") + line);
        CHECK(names(folder.failure(), "merges.txt: line 2", "not in the vocabulary"));
    }
}

TEST_CASE("wrong tokenizer.json files are refused") {
    struct Case {
        std::string text;
        const char* why;
    };
    const std::string start = R"({"pre_tokenizer":{"type":"ByteLevel"},)";
    const std::vector<Case> cases = {
        {"{", "line 1"},
        {"[]", "\"model\" is missing"},
        {R"({"model":{"type":"WordPiece","vocab":{}}})", "WordPiece"},
        {R"({"model":{"type":"Unigram","vocab":[]}})", "Unigram"},
        {start + R"("model":{"type":"BPE","merges":[]}})", "model.vocab"},
        {start + R"("model":{"type":"BPE","vocab":{}}})", "model.merges"},
        {start + R"("model":{"vocab":[],"merges":[]}})", "no object"},
        {R"({"model":{"vocab":{},"merges":[]}})", "the pre_tokenizer: is missing"},
        {tokenizer_json("{}"), "no list"},
        {tokenizer_json(R"(["a b", 7])"), "merge 2"},
        {tokenizer_json(R"([["a", "b", "c"]])"), "merge 1"},
        {tokenizer_json(R"(["a b", "b a"])"), "\"ba\" is not in the vocabulary"},
        {tokenizer_json("[]", R"(,"added_tokens":[{"id":7}])"), "added_tokens"},
        {tokenizer_json("[]", R"(,"added_tokens":[{"id":-7,"content":"x"}])"), "\"x\""},
        {tokenizer_json("[]", R"(,"added_tokens":[{"id":7,"content":"a"}])"), "0"},
        {R"({"pre_tokenizer":{"type":"Metaspace"},"model":{"vocab":{},"merges":[]}})", "Metaspace"},
    };
    for (const auto& [text, why] : cases) {
        CAPTURE(text);
        const Folder folder;
        folder.write("tokenizer.json", text);
        CHECK(names(folder.failure(), "tokenizer.json", why));
    }
}

// Real GPT-2 files are not part of the repository: name a folder that has them to check them too.
TEST_CASE("GPT-2's own vocabulary" * doctest::skip(std::getenv("STEPSCOPE_GPT2") == nullptr)) {
    const Tokenizer t = Tokenizer::load(std::getenv("STEPSCOPE_GPT2"));
    using Ids = std::vector<int>;
    CHECK(t.size() == 50257);
    CHECK(t.encode("Hello world") == Ids{15496, 995});
    CHECK(t.encode("Alan Turing theorized that computers would one day become the most powerful "
                   "machines") ==
          Ids{36235, 39141, 18765, 1143, 326, 9061, 561, 530, 1110, 1716, 262, 749, 3665, 8217});
    CHECK(t.encode("<|endoftext|>") == Ids{50256});
    CHECK(pieces(t, "two  spaces\n\n") == "two|␣|␣spaces|⏎⏎");
}
