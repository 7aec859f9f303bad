// Byte-level BPE: reads the vocabulary files, splits text with GPT-2's pattern, merges pairs.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "model/load/tokenizer.h"

#include <pcre2.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <queue>
#include <utility>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json.h"

namespace model {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

// Larger than any real vocabulary; keeps a hostile id from asking for much memory.
constexpr int id_limit = 1'000'000;

// GPT-2's pattern
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// with \s written out: PCRE2's own also holds U+180E, which is no white space in Unicode.
constexpr char split_pattern[] =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\t-\r\x{85}\p{Z}\p{L}\p{N}]+)"
    R"(|[\t-\r\x{85}\p{Z}]+(?![^\t-\r\x{85}\p{Z}])|[\t-\r\x{85}\p{Z}]+)";

struct Character {
    char32_t code = 0;
    size_t bytes = 0;  // 0 where no well-formed UTF-8 character begins
};

Character first_character(std::string_view text) {
    if (text.empty()) return {};
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) return {lead, 1};
    const size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
    char32_t code = lead & (0x7Fu >> bytes);
    for (size_t i = 1; i < bytes; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0) != 0x80) return {};
        code = code << 6 | (next & 0x3F);
    }
    const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
    if (overlong || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) return {};
    return {code, bytes};
}

// The vocabulary files spell every byte as a printable letter: itself where Latin-1 prints it,
// the others from U+0100 on, in order.
const std::array<char32_t, 256>& byte_letters() {
    static const auto letters = [] {
        std::array<char32_t, 256> table{};
        char32_t next = 256;
        for (char32_t b = 0; b < 256; ++b) {
            const bool prints = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
            table[b] = prints ? b : next++;
        }
        return table;
    }();
    return letters;
}

// Bytes of a spelling in byte letters; nothing if it holds another letter.
std::optional<std::string> spelled_bytes(std::string_view spelling) {
    static const auto byte_of = [] {
        std::unordered_map<char32_t, char> table;
        for (size_t b = 0; b < 256; ++b) table[byte_letters()[b]] = static_cast<char>(b);
        return table;
    }();
    std::string bytes;
    while (!spelling.empty()) {
        const Character letter = first_character(spelling);
        const auto found = byte_of.find(letter.code);
        if (letter.bytes == 0 || found == byte_of.end()) return std::nullopt;
        bytes += found->second;
        spelling.remove_prefix(letter.bytes);
    }
    return bytes;
}

std::string in_quotes(std::string_view text) {
    return "\"" + shown_text(text) + "\"";
}

bool looks_special(std::string_view spelling) {
    return spelling.size() > 4 && spelling.starts_with("<|") && spelling.ends_with("|>");
}

int read_id(const json& value, const std::string& where) {
    if (!value.is_number_integer() || value < 0 || value >= id_limit) {
        throw Error(where + ": the id must be a whole number from 0 to " +
                    std::to_string(id_limit - 1) + ", not " + model::shown(value));
    }
    return value.get<int>();
}

uint64_t pair_key(int left, int right) {
    return static_cast<uint64_t>(left) << 32 | static_cast<uint32_t>(right);
}

// The two parts of "left right".
std::optional<std::pair<std::string_view, std::string_view>> split_pair(std::string_view line) {
    const size_t space = line.find(' ');
    if (space == std::string_view::npos || space == 0 || space + 1 == line.size() ||
        line.find(' ', space + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    return std::pair{line.substr(0, space), line.substr(space + 1)};
}

bool there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

bool invisible(char32_t code) {
    constexpr std::pair<char32_t, char32_t> ranges[] = {
        {0x80, 0xA0},     {0xAD, 0xAD},     {0x1680, 0x1680}, {0x180B, 0x180E},
        {0x2000, 0x200F}, {0x2028, 0x202F}, {0x205F, 0x206F}, {0x3000, 0x3000},
        {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB}};
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [code](auto range) { return code >= range.first && code <= range.second; });
}

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

bool Tokenizer::present(const fs::path& folder) {
    return there(folder / "tokenizer.json") || there(folder / "vocab.json") ||
           there(folder / "encoder.json");
}

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

void Tokenizer::read_tokenizer_json(const fs::path& file) {
    const std::string name = file.string();
    const json root = read_json(file);
    const json* model = root.is_object() && root.contains("model") ? &root["model"] : nullptr;
    if (!model || !model->is_object()) throw Error(name + ": \"model\" is missing");
    // Files of the first years name no type; they are all BPE.
    const std::string type = model->contains("type") && (*model)["type"].is_string()
                                 ? (*model)["type"].get<std::string>()
                                 : "BPE";
    if (type != "BPE") {
        throw Error(name + ": the tokenizer is " + in_quotes(type) +
                    "; supported is GPT-2's \"BPE\"");
    }
    if (root.contains("pre_tokenizer") && root["pre_tokenizer"].is_object()) {
        const json kind = root["pre_tokenizer"].value("type", json());
        if (kind != "ByteLevel") {
            throw Error(name + ": the pre_tokenizer is " + model::shown(kind) +
                        "; supported is GPT-2's \"ByteLevel\"");
        }
    }
    // Added tokens first: the vocabulary may list them too, in letters that are no byte letters.
    if (root.contains("added_tokens")) {
        if (!root["added_tokens"].is_array()) throw Error(name + ": \"added_tokens\" is no list");
        for (const json& token : root["added_tokens"]) {
            if (!token.is_object() || !token.contains("content") || !token["content"].is_string() ||
                !token.contains("id")) {
                throw Error(name + ": an entry of \"added_tokens\" lacks its id or content");
            }
            const auto spelling = token["content"].get<std::string>();
            const std::string where = name + ": added token " + in_quotes(spelling);
            add(read_id(token["id"], where), spelling, true, where);
        }
    }
    for (const char* key : {"vocab", "merges"}) {
        if (!model->contains(key)) throw Error(name + ": \"model." + key + "\" is missing");
    }
    const json& vocabulary = (*model)["vocab"];
    if (!vocabulary.is_object()) throw Error(name + ": \"model.vocab\" is no object");
    for (const auto& [spelling, id] : vocabulary.items()) {
        const std::string where = name + ": token " + in_quotes(spelling);
        add(read_id(id, where), spelling, looks_special(spelling), where);
    }
    const json& merges = (*model)["merges"];
    if (!merges.is_array()) throw Error(name + ": \"model.merges\" is no list");
    for (size_t i = 0; i < merges.size(); ++i) {
        const json& merge = merges[i];
        const std::string where = name + ": merge " + std::to_string(i + 1);
        if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
            add_merge(merge[0].get_ref<const std::string&>(),
                      merge[1].get_ref<const std::string&>(), where);
            continue;
        }
        const auto parts =
            merge.is_string() ? split_pair(merge.get_ref<const std::string&>()) : std::nullopt;
        if (!parts) throw Error(where + ": must be two tokens, not " + model::shown(merge));
        add_merge(parts->first, parts->second, where);
    }
}

void Tokenizer::read_vocabulary(const fs::path& file) {
    auto read = [this](const fs::path& path, bool all_special) {
        const json entries = read_json(path);
        if (!entries.is_object()) {
            throw Error(path.string() + ": must hold a JSON object of token ids");
        }
        for (const auto& [spelling, id] : entries.items()) {
            const std::string where = path.string() + ": token " + in_quotes(spelling);
            add(read_id(id, where), spelling, all_special || looks_special(spelling), where);
        }
    };
    // Fine-tunes keep the tokens they added beside the vocabulary.
    const fs::path added = file.parent_path() / "added_tokens.json";
    if (there(added)) read(added, true);
    read(file, false);
}

void Tokenizer::read_merges(const fs::path& file) {
    if (!there(file)) {
        throw Error(file.string() + ": is missing; it belongs to the vocabulary beside it");
    }
    const std::string text = read_file(file);
    std::string_view rest = text;
    for (int number = 1; !rest.empty(); ++number) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (line.ends_with('\r')) line.remove_suffix(1);
        // Only the first line is a comment: GPT-2 has merges of "#" too.
        if (line.empty() || (number == 1 && line.starts_with("#version"))) continue;
        const std::string where = file.string() + ": line " + std::to_string(number);
        const auto parts = split_pair(line);
        if (!parts) throw Error(where + ": must be two tokens, not " + in_quotes(line));
        add_merge(parts->first, parts->second, where);
    }
}

void Tokenizer::add(int id, const std::string& spelling, bool special, const std::string& where) {
    if (spelling.empty()) throw Error(where + ": is empty");
    if (const auto known = specials_.find(spelling); known != specials_.end()) {
        if (known->second == id) {
            // An added token that the vocabulary lists too: merges may lead to it.
            if (const auto bytes = spelled_bytes(spelling)) ids_.emplace(*bytes, id);
            return;
        }
        throw Error(where + ": has the ids " + std::to_string(known->second) + " and " +
                    std::to_string(id));
    }
    const std::optional<std::string> bytes = special ? spelling : spelled_bytes(spelling);
    if (!bytes) {
        throw Error(where + ": is not spelled in GPT-2's byte letters; this is no byte-level BPE");
    }
    const auto index = static_cast<size_t>(id);
    if (index >= bytes_.size()) bytes_.resize(index + 1);
    if (!bytes_[index].empty()) {
        throw Error(where + ": id " + std::to_string(id) + " is " + in_quotes(bytes_[index]) +
                    " already");
    }
    bytes_[index] = *bytes;
    if (special) {
        specials_.emplace(spelling, id);
    } else {
        ids_.emplace(*bytes, id);
    }
}

void Tokenizer::add_merge(std::string_view left, std::string_view right, const std::string& where) {
    auto id_of = [&](const std::string& spelling) {
        const std::optional<std::string> bytes = spelled_bytes(spelling);
        const auto found = bytes ? ids_.find(*bytes) : ids_.end();
        if (found == ids_.end()) {
            throw Error(where + ": " + in_quotes(spelling) + " is not in the vocabulary");
        }
        return found->second;
    };
    const std::string first(left), second(right);
    const int left_id = id_of(first), right_id = id_of(second);
    const int rank = static_cast<int>(merges_.size());
    merges_.emplace(pair_key(left_id, right_id), Merge{rank, id_of(first + second)});
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
    char escape[16];
    while (!text.empty()) {
        const Character c = first_character(text);
        const size_t bytes = std::max<size_t>(c.bytes, 1);
        if (c.bytes == 0 ||
            ((c.code < 0x20 || c.code == 0x7F) && c.code != '\n' && c.code != '\t')) {
            std::snprintf(escape, sizeof escape, "\\x%02X", static_cast<unsigned char>(text[0]));
            shown += escape;
        } else if (c.code == ' ') {
            shown += "␣";
        } else if (c.code == '\n') {
            shown += "⏎";
        } else if (c.code == '\t') {
            shown += "⇥";
        } else if (invisible(c.code)) {
            std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned>(c.code));
            shown += escape;
        } else {
            shown += text.substr(0, bytes);
        }
        text.remove_prefix(bytes);
    }
    return shown;
}

}  // namespace model
