// What tokenizer.json and tokenizer_config.json say beside vocabulary and merges, as Hugging Face's
// tokenizers and its classes for GPT-2 take it.
#include <doctest/doctest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "model/base/error.h"
#include "model/load/tokenizer.h"
#include "tests/support.h"

namespace {

using Ids = std::vector<int>;
using nlohmann::json;

constexpr int end = 256;

// A token for every byte, its value the id, and <|endoftext|>; no merges.
json vocabulary() {
    json tokens;
    int next = 256;
    for (int b = 0; b < 256; ++b) {
        const bool prints = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
        const int code = prints ? b : next++;
        std::string letter;
        if (code < 0x80) {
            letter = static_cast<char>(code);
        } else {
            letter = {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 63))};
        }
        tokens[letter] = b;
    }
    tokens["<|endoftext|>"] = end;
    return tokens;
}

json tokenizer_json(const json& other = json::object()) {
    json whole = {
        {"added_tokens", {{{"id", end}, {"content", "<|endoftext|>"}, {"special", true}}}},
        {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}}},
        {"model", {{"type", "BPE"}, {"vocab", vocabulary()}, {"merges", json::array()}}}};
    whole.update(other, true);
    return whole;
}

struct Folder {
    std::shared_ptr<tests::TempFolder> made = std::make_shared<tests::TempFolder>();
    const std::filesystem::path& path() const { return made->path(); }
    Folder& with(const std::string& name, const json& content) {
        tests::write(path() / name, content.dump());
        return *this;
    }
    Folder& with_merges(const std::string& text = "#version: 0.2\n") {
        with("vocab.json", vocabulary());
        tests::write(path() / "merges.txt", text);
        return *this;
    }
    model::Tokenizer load() const { return model::Tokenizer::load(path()); }
    Ids encode(std::string_view text) const { return load().encode(text); }
    std::string failure() const {
        return tests::error_of([&] { model::Tokenizer::load(path()); });
    }
};

Ids bytes(std::string_view text) {
    Ids ids;
    for (const char c : text) ids.push_back(static_cast<unsigned char>(c));
    return ids;
}

Folder normalizing(const json& normalizer) {
    Folder folder;
    folder.with("tokenizer.json", tokenizer_json({{"normalizer", normalizer}}));
    return folder;
}

json added(int id, const std::string& content, const char* flag = "special", bool value = false) {
    return {{"id", id}, {"content", content}, {flag, value}};
}

}  // namespace

TEST_CASE("a space before the text: who decides") {
    const json spaced = {{"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", true}}}};
    const auto config = [](const json& settings) { return settings; };
    Folder json_alone, other_class, gpt2_class, decided, merges;
    json_alone.with("tokenizer.json", tokenizer_json(spaced));
    other_class.with("tokenizer.json", tokenizer_json(spaced))
        .with("tokenizer_config.json", config({{"tokenizer_class", "PreTrainedTokenizerFast"}}));
    gpt2_class.with("tokenizer.json", tokenizer_json(spaced))
        .with("tokenizer_config.json", config({{"tokenizer_class", "GPT2Tokenizer"}}));
    decided.with("tokenizer.json", tokenizer_json())
        .with("tokenizer_config.json", config({{"add_prefix_space", true}}));
    merges.with_merges().with("tokenizer_config.json", config({{"add_prefix_space", true}}));
    CHECK(json_alone.encode("Hi") == bytes(" Hi"));
    CHECK(other_class.encode("Hi") == bytes(" Hi"));
    CHECK(gpt2_class.encode("Hi") == bytes("Hi"));
    CHECK(decided.encode("Hi") == bytes(" Hi"));
    CHECK(merges.encode("Hi") == bytes(" Hi"));
    CHECK(merges.encode(" Hi") == bytes(" Hi"));
    CHECK(merges.encode("\nHi") == bytes(" \nHi"));  // as ByteLevel has it: only a space is one
    CHECK(merges.encode("a<|endoftext|>b") == Ids{' ', 'a', end, ' ', 'b'});
    // A part of a text, and what is a prompt already.
    CHECK(merges.load().encode_part("Hi") == bytes("Hi"));
    CHECK(merges.load().words(" Hi").size() == 1);
    CHECK(merges.load().changes_prompts());
    CHECK_FALSE(gpt2_class.load().changes_prompts());
}

TEST_CASE("normalizers come before the splits, and leave added tokens alone") {
    CHECK(normalizing({{"type", "NFC"}}).encode("e\u0301") == bytes("\u00e9"));
    CHECK(normalizing({{"type", "NFD"}}).encode("\u00e9") == bytes("e\u0301"));
    CHECK(normalizing({{"type", "NFKC"}}).encode("\ufb01n") == bytes("fin"));
    CHECK(normalizing({{"type", "NFKD"}}).encode("\u00bd") == bytes("1\u20442"));
    CHECK(normalizing({{"type", "Lowercase"}}).encode("H\u0130\u03a3") == bytes("hi\u0307\u03c3"));
    CHECK(normalizing({{"type", "StripAccents"}}).encode("e\u0301a") == bytes("ea"));
    CHECK(normalizing({{"type", "Strip"}, {"strip_right", false}}).encode(" a ") == bytes("a "));
    CHECK(normalizing({{"type", "Prepend"}, {"prepend", "_"}}).encode("a") == bytes("_a"));
    CHECK(normalizing({{"type", "Prepend"}, {"prepend", "_"}}).encode("").empty());
    CHECK(normalizing({{"type", "Replace"}, {"pattern", {{"String", "."}}}, {"content", "!"}})
              .encode("a.b") == bytes("a!b"));
    CHECK(normalizing({{"type", "Replace"}, {"pattern", {{"Regex", "\\s+"}}}, {"content", " "}})
              .encode("a \t\n\u3000b") == bytes("a b"));
    const Folder all =
        normalizing({{"type", "Sequence"},
                     {"normalizers",
                      {{{"type", "NFD"}}, {{"type", "StripAccents"}}, {{"type", "Lowercase"}}}}});
    CHECK(all.encode("\u00c9A<|endoftext|>B") == Ids{'e', 'a', end, 'b'});
    // What is no character is left as it is.
    CHECK(all.encode("A\xff"
                     "B") == Ids{'a', 0xff, 'b'});
    CHECK(normalizing({{"type", "BertNormalizer"}}).failure().find("\"BertNormalizer\"") !=
          std::string::npos);
    CHECK(normalizing({{"type", "Replace"}, {"pattern", {{"Regex", "("}}}, {"content", ""}})
              .failure()
              .find("cannot be read") != std::string::npos);
}

TEST_CASE("what a post-processor or the settings put around a prompt") {
    Folder folder;
    const json name = {{"SpecialToken", {{"id", "<|endoftext|>"}, {"type_id", 0}}}};
    const json text = {{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
    const auto with = [&](const json& processor) {
        return folder.with("tokenizer.json", tokenizer_json({{"post_processor", processor}}))
            .load();
    };
    const json known = {{"<|endoftext|>", {{"id", "<|endoftext|>"}, {"ids", {end}}}}};
    CHECK(
        with({{"type", "TemplateProcessing"}, {"single", {name, text}}, {"special_tokens", known}})
            .encode("a") == Ids{end, 'a'});
    CHECK(with({{"type", "TemplateProcessing"}, {"single", {name, text, name}}}).encode("a") ==
          Ids{end, 'a', end});
    const json roberta = {
        {"type", "RobertaProcessing"}, {"cls", {"<|endoftext|>", end}}, {"sep", {"a", 97}}};
    CHECK(with(roberta).encode("b") == Ids{end, 'b', 'a'});
    const json sequence = {{"type", "Sequence"},
                           {"processors", {{{"type", "ByteLevel"}}, roberta}}};
    CHECK(with(sequence).encode("b") == Ids{end, 'b', 'a'});
    CHECK(with(sequence).encode_part("b") == Ids{'b'});
    for (const json& wrong :
         {json{{"type", "Other"}}, json{{"type", "TemplateProcessing"}, {"single", {name}}},
          json{{"type", "TemplateProcessing"},
               {"single", {{{"SpecialToken", {{"id", "<no>"}}}}, text}}},
          json{{"type", "TemplateProcessing"},
               {"single", {name, text}},
               {"special_tokens", {{"<|endoftext|>", {{"ids", {257}}}}}}}}) {
        folder.with("tokenizer.json", tokenizer_json({{"post_processor", wrong}}));
        CHECK(folder.failure().find("the post_processor") != std::string::npos);
    }
    Folder begins;
    begins.with_merges().with("tokenizer_config.json", {{"add_bos_token", true}});
    CHECK(begins.encode("a") == Ids{end, 'a'});
    begins.with("tokenizer_config.json", {{"add_bos_token", true}, {"bos_token", "<s>"}});
    CHECK(begins.failure().find("\"<s>\" is not in the vocabulary") != std::string::npos);
}

TEST_CASE("added tokens: flags, the longest, and their neighbours") {
    const auto with = [](const json& tokens, const json& normalizer = nullptr) {
        Folder folder;
        folder.with("tokenizer.json",
                    tokenizer_json({{"added_tokens", tokens}, {"normalizer", normalizer}}));
        return folder.load();
    };
    CHECK(with(json::array({added(300, "<a>", "lstrip", true)})).encode("x  <a> y") ==
          Ids{'x', 300, ' ', 'y'});
    CHECK(with(json::array({added(300, "<a>", "rstrip", true)})).encode("x <a> \n y") ==
          Ids{'x', ' ', 300, 'y'});
    const auto word = with(json::array({added(300, "ab", "single_word", true)}));
    CHECK(word.encode("ab") == Ids{300});
    CHECK(word.encode("ab.") == Ids{300, '.'});
    CHECK(word.encode("abc") == bytes("abc"));
    CHECK(word.encode("\u00e9ab") == bytes("\u00e9ab"));
    CHECK(with(json::array({added(300, "ab"), added(301, "abc")})).encode("abcab") ==
          Ids{301, 300});
    const json lower = {{"type", "Lowercase"}};
    CHECK(with(json::array({added(300, "AB", "normalized", true)}), lower).encode("xAb") ==
          Ids{'x', 300});
    CHECK(with(json::array({added(300, "AB", "normalized", false)}), lower).encode("abAB") ==
          Ids{'a', 'b', 300});
    // As many letters as there are tokens that begin with them.
    json many = json::array();
    std::string spelling = "a";
    for (int i = 0; i < 400; ++i) many.push_back(added(300 + i, spelling += 'a'));
    const std::string text(100'000, 'a');
    CHECK(with(many).encode(text).size() == 250);
    CHECK(with(json::array({added(300, std::string(2000, 'a') + "b")})).encode(text).size() ==
          text.size());
}

TEST_CASE("added tokens of the settings, beside vocab.json") {
    Folder folder;
    folder.with_merges().with(
        "tokenizer_config.json",
        {{"added_tokens_decoder",
          {{"257", {{"content", "<pad>"}, {"rstrip", true}, {"special", true}}},
           {"256", {{"content", "<|endoftext|>"}, {"special", true}}}}}});
    CHECK(folder.encode("a<pad> b<|endoftext|>") == Ids{'a', 257, 'b', end});
    CHECK(folder.load().special(257));
    folder.with("tokenizer_config.json",
                {{"added_tokens_decoder", {{"x", {{"content", "<pad>"}}}}}});
    CHECK(folder.failure().find("added_tokens_decoder: \"x\"") != std::string::npos);
    // Only what the settings, or the class, call special is found by its spelling.
    json more = vocabulary();
    more["<|other|>"] = 257;
    Folder spelled;
    spelled.with_merges().with("vocab.json", more);
    CHECK(spelled.encode("<|other|>") == bytes("<|other|>"));
    CHECK(spelled.encode("<|endoftext|>") == Ids{end});
    spelled.with("special_tokens_map.json", {{"pad_token", {{"content", "<|other|>"}}}});
    CHECK(spelled.encode("<|other|>") == Ids{257});
}

TEST_CASE("splits before the byte level") {
    const json byte_level = {
        {"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
    const auto words = [&](const json& first, std::string_view text) {
        Folder folder;
        const json sequence = {{"type", "Sequence"}, {"pretokenizers", {first, byte_level}}};
        folder.with("tokenizer.json", tokenizer_json({{"pre_tokenizer", sequence}}));
        std::string joined;
        for (const model::Word& word : folder.load().words(text)) {
            joined += (joined.empty() ? "" : "|") +
                      std::string(text.substr(word.begin, word.end - word.begin));
        }
        return joined;
    };
    const auto split = [](const char* behavior, bool invert = false) {
        return json{{"type", "Split"},
                    {"pattern", {{"String", "-"}}},
                    {"behavior", behavior},
                    {"invert", invert}};
    };
    // The example of Hugging Face's own documentation of these behaviours.
    const char* text = "the-final--countdown";
    CHECK(words(split("Removed"), text) == "the|final|countdown");
    CHECK(words(split("Isolated"), text) == "the|-|final|-|-|countdown");
    CHECK(words(split("MergedWithPrevious"), text) == "the-|final-|-|countdown");
    CHECK(words(split("MergedWithNext"), text) == "the|-final|-|-countdown");
    CHECK(words(split("Contiguous"), text) == "the|-|final|--|countdown");
    CHECK(words(split("Removed", true), text) == "-|-|-");
    CHECK(words({{"type", "Digits"}, {"individual_digits", true}}, "a12 \u0663\u00bd") ==
          "a|1|2| |\u0663|\u00bd");
    CHECK(words({{"type", "Digits"}}, "a12b3") == "a|12|b|3");
    CHECK(words({{"type", "Split"},
                 {"pattern", {{"Regex", " ?\\p{L}+|\\p{N}{1,3}|\\s+"}}},
                 {"behavior", "Isolated"}},
                "ab 12345\u00a0x") == "ab| |123|45|\u00a0|x");
    // As Oniguruma reads it: marks are of words, \h is a hexadecimal digit, ^ begins a line.
    const auto regex = [](const char* pattern) {
        return json{{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}};
    };
    CHECK(words(regex("\\w+"), "e\u0301a!b") == "e\u0301a|!|b");
    CHECK(words(regex("\\h+"), "xfa0g") == "x|fa0|g");
    CHECK(words(regex("^a"), "aa\naa") == "a|a\n|a|a");
    Folder folder;
    for (const json& wrong :
         {json{{"type", "Metaspace"}}, json{{"type", "Digits"}},
          json{{"type", "Sequence"}, {"pretokenizers", {{{"type", "Digits"}}}}},
          json{{"type", "Sequence"}, {"pretokenizers", {byte_level, {{"type", "Digits"}}}}},
          json{{"type", "Sequence"}, {"pretokenizers", {split("Other"), byte_level}}}}) {
        folder.with("tokenizer.json", tokenizer_json({{"pre_tokenizer", wrong}}));
        CHECK(folder.failure().find("the pre_tokenizer") != std::string::npos);
    }
    // A pattern that takes for ever ends in a word.
    const json slow = {
        {"type", "Split"}, {"pattern", {{"Regex", "^(a+)+$"}}}, {"behavior", "Isolated"}};
    folder.with("tokenizer.json",
                tokenizer_json({{"pre_tokenizer",
                                 {{"type", "Sequence"}, {"pretokenizers", {slow, byte_level}}}}}));
    CHECK(tests::error_of([&] { folder.encode(std::string(40, 'a') + "b"); }).find("too long") !=
          std::string::npos);
}

TEST_CASE("merges: every kind of line end, whole words, and a list that was cut short") {
    json tokens = vocabulary();
    tokens["ab"] = 257;
    tokens["abc"] = 258;
    tokens["madeupword0000"] = 259;  // no two tokens make it: it was added by hand
    for (const char* ends : {"\n", "\r\n", "\r"}) {
        Folder folder;
        const std::string e = ends;
        folder.with_merges("#version: 0.2" + e + "a b" + e + "ab c" + e).with("vocab.json", tokens);
        CHECK(folder.encode("abcab") == Ids{258, 257});
    }
    Folder cut;
    cut.with_merges("#version: 0.2\na b\n").with("vocab.json", tokens);
    CHECK(cut.failure().find("merges.txt: no merge leads to the token \"abc\" (id 258)") !=
          std::string::npos);
    cut.with_merges("").with("vocab.json", tokens);
    CHECK(cut.failure().find("no merge leads to") != std::string::npos);

    Folder whole;
    json part = tokenizer_json();
    part["model"]["vocab"] = tokens;
    CHECK(whole.with("tokenizer.json", part).encode("abc") == bytes("abc"));
    part["model"]["ignore_merges"] = true;
    CHECK(whole.with("tokenizer.json", part).encode("abc") == Ids{258});
    CHECK(whole.load().merges("abc").back().ids == Ids{258});
}

TEST_CASE("what else a model of byte pairs may say") {
    Folder folder;
    json part = tokenizer_json();
    part["model"]["vocab"].erase("x");
    part["model"]["unk_token"] = "?";
    CHECK(folder.with("tokenizer.json", part).encode("axxb") == Ids{'a', '?', '?', 'b'});
    part["model"]["fuse_unk"] = true;
    CHECK(folder.with("tokenizer.json", part).encode("axxb") == Ids{'a', '?', 'b'});
    for (const auto& [key, value] :
         std::vector<std::pair<std::string, json>>{{"dropout", 0.1},
                                                   {"continuing_subword_prefix", "##"},
                                                   {"end_of_word_suffix", "</w>"}}) {
        json wrong = tokenizer_json();
        wrong["model"][key] = value;
        CHECK(folder.with("tokenizer.json", wrong).failure().find(key) != std::string::npos);
    }
    folder.with("tokenizer.json", tokenizer_json({{"decoder", {{"type", "WordPiece"}}}}));
    CHECK(folder.failure().find("the decoder: is \"WordPiece\"") != std::string::npos);
}

TEST_CASE(
    "without a tokenizer.json the class says what stands around, or that it splits otherwise") {
    json tokens = vocabulary();
    tokens["<s>"] = 257;
    tokens["</s>"] = 258;
    Folder folder;
    folder.with_merges().with("vocab.json", tokens);
    folder.with("tokenizer_config.json", {{"tokenizer_class", "RobertaTokenizer"}});
    CHECK(folder.encode("a") == Ids{257, 'a', 258});
    folder.with("tokenizer_config.json", {{"tokenizer_class", "GPT2TokenizerFast"}});
    CHECK(folder.encode("a") == Ids{'a'});
    folder.with("tokenizer_config.json", {{"tokenizer_class", "Qwen2Tokenizer"}});
    CHECK(folder.failure().find("\"Qwen2Tokenizer\"") != std::string::npos);
}

TEST_CASE("other kinds of tokenizers are named by file and kind") {
    for (const auto& [name, kind] : {std::pair{"vocab.txt", "WordPiece"},
                                     {"spiece.model", "SentencePiece"},
                                     {"tokenizer.model", "SentencePiece"}}) {
        Folder folder;
        tests::write(folder.path() / name, "x");
        CHECK(model::Tokenizer::present(folder.path()));
        CHECK(folder.failure().find(name) != std::string::npos);
        CHECK(folder.failure().find(kind) != std::string::npos);
        CHECK(folder.failure().find("--ids") != std::string::npos);
    }
}
