// Text from outside cannot do anything to a terminal.
#include <doctest/doctest.h>

#include <random>

#include "model/load/plain_text.h"

TEST_CASE("text for a terminal shows what cannot be seen") {
    using model::plain_text;
    CHECK(plain_text("a path/with spaces, é and 日本") == "a path/with spaces, é and 日本");
    CHECK(plain_text("\x1B[31mred\x07") == "\\x1B[31mred\\x07");
    CHECK(plain_text("two\nlines\ttab\rback") == "two\\nlines\\x09tab\\x0Dback");
    CHECK(plain_text("\xC2\x9B"
                     "31m") == "\\u009B31m");
    CHECK(plain_text("abc\xE2\x80\xAE"
                     "txt") == "abc\\u202Etxt");
    CHECK(plain_text("bad \xFF byte") == "bad \\xFF byte");
    CHECK(plain_text(std::string("nul\0!", 5)) == "nul\\x00!");
    CHECK(plain_text("") == "");
}

TEST_CASE("a long text loses its middle, never half a character") {
    for (const size_t n : {600, 601, 1200, 1201, 1202, 1203, 100000}) {
        std::string text = "begin";
        while (text.size() < n) text += "日";
        text += "end";
        const std::string plain = model::plain_text(text);
        CHECK(plain.size() < 1300);
        CHECK(plain.starts_with("begin日"));
        CHECK(plain.ends_with("日end"));
        CHECK(plain.find("\\x") == std::string::npos);
    }
    std::mt19937 random(1);
    for (int round = 0; round < 500; ++round) {
        std::string text(random() % 3000, ' ');
        for (char& c : text) c = static_cast<char>(random() % 256);
        for (const char c : model::plain_text(text)) {
            const auto byte = static_cast<unsigned char>(c);
            REQUIRE((byte >= 0x20 && byte != 0x7F));
        }
    }
}
