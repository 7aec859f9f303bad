#define PCRE2_CODE_UNIT_WIDTH 8
#include "model/load/tokenizer.h"

#include <pcre2.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <queue>
#include <utility>

#include "model/base/error.h"
#include "model/load/tokenizer_parts.h"

namespace model {

namespace fs = std::filesystem;

namespace {

// GPT-2's pattern
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// with \s written out: PCRE2's own also holds U+180E, which is no white space in Unicode.
constexpr char split_pattern[] =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\t-\r\x{85}\p{Z}\p{L}\p{N}]+)"
    R"(|[\t-\r\x{85}\p{Z}]+(?![^\t-\r\x{85}\p{Z}])|[\t-\r\x{85}\p{Z}]+)";

}  // namespace

struct Tokenizer::Pattern {
    pcre2_code* code = nullptr;

    Pattern() {
        int error = 0;
        PCRE2_SIZE offset = 0;
        code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(split_pattern), PCRE2_ZERO_TERMINATED,
                             PCRE2_UTF | PCRE2_UCP, &error, &offset, nullptr);
        check(code != nullptr, "GPT-2's pattern compiles");
        // Without a JIT on this machine the interpreter matches the same.
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    }
    ~Pattern() { pcre2_code_free(code); }
    Pattern(const Pattern&) = delete;
    Pattern& operator=(const Pattern&) = delete;
};

Tokenizer Tokenizer::load(const fs::path& folder) {
    Tokenizer tokenizer;
    tokenizer.pattern_ = std::make_shared<const Pattern>();
    if (there(folder / "tokenizer.json")) {
        tokenizer.read_tokenizer_json(folder / "tokenizer.json");
    } else if (there(folder / "vocab.json")) {
        tokenizer.read_vocabulary(folder / "vocab.json");
        tokenizer.read_merges(folder / "merges.txt");
    } else if (there(folder / "encoder.json")) {
        tokenizer.read_vocabulary(folder / "encoder.json");
        tokenizer.read_merges(folder / "vocab.bpe");
    } else {
        throw Error(folder.string() +
                    ": no tokenizer here; put tokenizer.json, or vocab.json and merges.txt, or "
                    "encoder.json and vocab.bpe into the folder");
    }
    return tokenizer;
}

std::vector<int> Tokenizer::encode(std::string_view text) const {
    std::vector<int> ids;
    encode_words(text, ids, [](const Word&) {});
    return ids;
}

std::vector<Word> Tokenizer::words(std::string_view text) const {
    std::vector<int> ids;
    std::vector<Word> found;
    encode_words(text, ids, [&](const Word& word) { found.push_back(word); });
    return found;
}

std::vector<MergeStep> Tokenizer::merges(std::string_view word) const {
    std::vector<int> ids;
    std::vector<MergeStep> steps;
    encode_word(word, ids, &steps);
    return steps;
}

template <typename Visit>
void Tokenizer::encode_words(std::string_view text, std::vector<int>& ids,
                             const Visit& visit) const {
    // Words met before: where their ids stand in `ids`, and how many.
    std::unordered_map<std::string_view, std::pair<size_t, size_t>> seen;
    split(text, [&](Word word) {
        const std::string_view bytes = text.substr(word.begin, word.end - word.begin);
        word.first_token = ids.size();
        if (word.kind == Word::Kind::special) {
            ids.push_back(specials_.find(std::string(bytes))->second);
        } else if (word.kind == Word::Kind::byte) {
            ids.push_back(byte_id(bytes[0]));
        } else if (const auto known = seen.find(bytes); known != seen.end()) {
            const auto [begin, count] = known->second;
            for (size_t i = begin; i < begin + count; ++i) ids.push_back(ids[i]);
        } else {
            encode_word(bytes, ids);
            seen.emplace(bytes, std::pair{word.first_token, ids.size() - word.first_token});
        }
        word.last_token = ids.size();
        visit(word);
    });
}

template <typename Visit>
void Tokenizer::split(std::string_view text, const Visit& visit) const {
    std::array<bool, 256> begins_special{};
    for (const auto& [spelling, id] : specials_) {
        begins_special[static_cast<unsigned char>(spelling[0])] = true;
    }
    size_t done = 0;
    for (size_t at = 0; at < text.size();) {
        const auto here = text.substr(at);
        const auto found = !begins_special[static_cast<unsigned char>(here[0])]
                               ? specials_.end()
                               : std::find_if(specials_.begin(), specials_.end(), [&](auto& entry) {
                                     return here.starts_with(entry.first);
                                 });
        if (found == specials_.end()) {
            ++at;
            continue;
        }
        split_ordinary(text, done, at, visit);
        done = at + found->first.size();
        visit(Word{Word::Kind::special, at, done});
        at = done;
    }
    split_ordinary(text, done, text.size(), visit);
}

// The pattern is for characters: what is none goes byte by byte between the stretches.
template <typename Visit>
void Tokenizer::split_ordinary(std::string_view text, size_t begin, size_t end,
                               const Visit& visit) const {
    for (size_t at = begin; at < end;) {
        const size_t bytes = first_character(text.substr(at, end - at)).bytes;
        if (bytes > 0) {
            at += bytes;
            continue;
        }
        split_valid(text, begin, at, visit);
        visit(Word{Word::Kind::byte, at, at + 1});
        begin = ++at;
    }
    split_valid(text, begin, end, visit);
}

template <typename Visit>
void Tokenizer::split_valid(std::string_view text, size_t begin, size_t end,
                            const Visit& visit) const {
    if (begin == end) return;
    const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> match(
        pcre2_match_data_create(1, nullptr), pcre2_match_data_free);
    check(match != nullptr, "memory for a match");
    // The stretch alone: the pattern looks ahead.
    const std::string_view stretch = text.substr(begin, end - begin);
    for (size_t at = 0; at < stretch.size();) {
        const int found = pcre2_match(pattern_->code, reinterpret_cast<PCRE2_SPTR>(stretch.data()),
                                      stretch.size(), at, PCRE2_NO_UTF_CHECK, match.get(), nullptr);
        const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(match.get());
        check(found > 0 && ends[0] == at && ends[1] > at, "GPT-2's pattern matches any text");
        visit(Word{Word::Kind::ordinary, begin + at, begin + ends[1]});
        at = ends[1];
    }
}

// Merges the pair of lowest rank, leftmost first, until none is left. The symbols are a linked
// list and the pairs a heap, so that a word of n bytes takes O(n log n).
void Tokenizer::encode_word(std::string_view word, std::vector<int>& ids,
                            std::vector<MergeStep>* steps) const {
    struct Symbol {
        int id;  // -1 once it has become part of its left neighbour
        size_t previous, next;
    };
    const size_t count = word.size();
    std::vector<Symbol> symbols(count);
    for (size_t i = 0; i < count; ++i) symbols[i] = {byte_id(word[i]), i - 1, i + 1};

    auto merge_at = [&](size_t i) -> const Merge* {
        if (i >= count || symbols[i].id < 0 || symbols[i].next >= count) return nullptr;
        const auto found = merges_.find(pair_key(symbols[i].id, symbols[symbols[i].next].id));
        return found == merges_.end() ? nullptr : &found->second;
    };
    using Candidate = std::pair<int, size_t>;  // rank, left symbol
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
    auto consider = [&](size_t i) {
        if (const Merge* merge = merge_at(i)) candidates.emplace(merge->rank, i);
    };
    auto note = [&](int rank, size_t made) {
        if (!steps) return;
        MergeStep step{{}, rank, 0};
        for (size_t i = 0; i < count; i = symbols[i].next) {
            if (i == made) step.made = step.ids.size();
            step.ids.push_back(symbols[i].id);
        }
        steps->push_back(std::move(step));
    };
    for (size_t i = 0; i < count; ++i) consider(i);
    note(-1, 0);
    while (!candidates.empty()) {
        const auto [rank, i] = candidates.top();
        candidates.pop();
        const Merge* merge = merge_at(i);
        if (!merge || merge->rank != rank) continue;  // a neighbour was merged since
        Symbol& left = symbols[i];
        Symbol& right = symbols[left.next];
        left.id = merge->id;
        left.next = right.next;
        right.id = -1;
        if (left.next < count) symbols[left.next].previous = i;
        consider(left.previous);
        consider(i);
        note(rank, i);
    }
    for (size_t i = 0; i < count; i = symbols[i].next) ids.push_back(symbols[i].id);
}

int Tokenizer::byte_id(char byte) const {
    const auto found = ids_.find(std::string(1, byte));
    if (found == ids_.end()) {
        char hex[8];
        std::snprintf(hex, sizeof hex, "0x%02X", static_cast<unsigned char>(byte));
        throw Error(std::string("the text cannot be encoded: the vocabulary has no token for the "
                                "byte ") +
                    hex);
    }
    return found->second;
}

bool Tokenizer::special(int id) const {
    const auto found = specials_.find(bytes(id));
    return found != specials_.end() && found->second == id;
}

const std::string& Tokenizer::bytes(int id) const {
    static const std::string none;
    return id >= 0 && id < size() ? bytes_[static_cast<size_t>(id)] : none;
}

std::string Tokenizer::decode(const std::vector<int>& ids) const {
    std::string text;
    for (const int id : ids) text += bytes(id);
    return text;
}

std::string Tokenizer::shown(int id) const {
    return shown_text(bytes(id));
}

std::string shown_text(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const Character c = first_character(text);
        const size_t bytes = std::max<size_t>(c.bytes, 1);
        const std::string escape = escape_of(c, text);
        if (c.code == ' ' && c.bytes > 0) {
            shown += "␣";
        } else if (c.code == '\n') {
            shown += "⏎";
        } else if (c.code == '\t') {
            shown += "⇥";
        } else {
            shown += escape.empty() ? text.substr(0, bytes) : escape;
        }
        text.remove_prefix(bytes);
    }
    return shown;
}

}  // namespace model
