// Reads the files of a byte-level BPE: tokenizer.json, or a vocabulary and a list of merges.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json.h"
#include "model/load/tokenizer_parts.h"
#include "model/load/tokenizer_reader.h"

namespace model {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

// Larger than any real vocabulary; keeps a hostile id from asking for much memory.
constexpr int id_limit = 1'000'000;

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
        std::array<int, 512> table;
        table.fill(-1);
        for (int b = 0; b < 256; ++b) table[byte_letters()[static_cast<size_t>(b)]] = b;
        return table;
    }();
    std::string bytes;
    bytes.reserve(spelling.size());
    while (!spelling.empty()) {
        const Character letter = first_character(spelling);
        if (letter.bytes == 0 || letter.code >= byte_of.size() || byte_of[letter.code] < 0) {
            return std::nullopt;
        }
        bytes += static_cast<char>(byte_of[letter.code]);
        spelling.remove_prefix(letter.bytes);
    }
    return bytes;
}

std::string in_quotes(std::string_view text) {
    return "\"" + shown_text(text) + "\"";
}

int read_id(const json& value, const std::string& where) {
    if (!value.is_number_integer() || value < 0 || value >= id_limit) {
        throw Error(where + ": the id must be a whole number from 0 to " +
                    std::to_string(id_limit - 1) + ", not " + model::shown(value));
    }
    return value.get<int>();
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

// Files that stand for another kind of tokenizer, and which one.
constexpr std::pair<const char*, const char*> other_kinds[] = {
    {"vocab.txt", "a WordPiece vocabulary, as BERT's"},
    {"spiece.model", "a SentencePiece model"},
    {"sentencepiece.bpe.model", "a SentencePiece model"},
    {"tokenizer.model", "a SentencePiece model"}};

}  // namespace

bool Tokenizer::present(const fs::path& folder) {
    return there(folder / "tokenizer.json") || there(folder / "vocab.json") ||
           there(folder / "encoder.json") ||
           std::ranges::any_of(other_kinds,
                               [&](const auto& kind) { return there(folder / kind.first); });
}

Tokenizer Tokenizer::load(const fs::path& folder) {
    TokenizerReader reader(folder);
    if (there(folder / "tokenizer.json")) {
        reader.read_tokenizer_json(folder / "tokenizer.json");
    } else if (there(folder / "vocab.json")) {
        reader.read_vocabulary(folder / "vocab.json");
        reader.read_merges(folder / "merges.txt");
    } else if (there(folder / "encoder.json")) {
        reader.read_vocabulary(folder / "encoder.json");
        reader.read_merges(folder / "vocab.bpe");
    } else {
        for (const auto& [name, kind] : other_kinds) {
            if (!there(folder / name)) continue;
            throw Error((folder / name).string() + ": is " + kind +
                        "; supported is GPT-2's byte-level BPE. Token ids work all the same "
                        "(--ids 1,2,3)");
        }
        throw Error(folder.string() +
                    ": no tokenizer here; put tokenizer.json, or vocab.json and merges.txt, or "
                    "encoder.json and vocab.bpe into the folder");
    }
    return reader.finish();
}

void TokenizerReader::read_tokenizer_json(const fs::path& file) {
    const std::string name = file.string();
    const json root = read_json(file);
    const json* model = root.is_object() && root.contains("model") ? &root["model"] : nullptr;
    if (!model || !model->is_object()) throw Error(name + ": \"model\" is missing");
    const auto part = [&](const char* key) { return root.contains(key) ? root[key] : json(); };
    read_kind(*model, name);
    steps_.normalizers = read_normalizers(part("normalizer"), name + ": the normalizer");
    steps_.pre = read_pre_tokenizer(part("pre_tokenizer"), name + ": the pre_tokenizer");
    check_decoder(part("decoder"), name + ": the decoder");
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
            add_token(read_id(token["id"], where), token, where);
        }
    }
    for (const char* key : {"vocab", "merges"}) {
        if (!model->contains(key)) throw Error(name + ": \"model." + key + "\" is missing");
    }
    const json& vocabulary = (*model)["vocab"];
    if (!vocabulary.is_object()) throw Error(name + ": \"model.vocab\" is no object");
    for (const auto& [spelling, id] : vocabulary.items()) {
        const std::string where = name + ": token " + in_quotes(spelling);
        add(read_id(id, where), spelling, where, false);
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
    read_settings();
    read_template(part("post_processor"), name + ": the post_processor");
}

void TokenizerReader::read_vocabulary(const fs::path& file) {
    const auto read = [](const fs::path& path, const auto& take) {
        const json entries = read_json(path);
        if (!entries.is_object()) {
            throw Error(path.string() + ": must hold a JSON object of token ids");
        }
        for (const auto& [spelling, id] : entries.items()) {
            const std::string where = path.string() + ": token " + in_quotes(spelling);
            take(read_id(id, where), spelling, where);
        }
    };
    // Fine-tunes keep the tokens they added beside the vocabulary.
    const fs::path added = file.parent_path() / "added_tokens.json";
    if (there(added)) {
        read(added, [&](int id, const std::string& spelling, const std::string& where) {
            add_token(id, {{"content", spelling}}, where);
        });
    }
    read_added_tokens_decoder();
    read(file, [&](int id, const std::string& spelling, const std::string& where) {
        add(id, spelling, where, true);
    });
}

void TokenizerReader::read_merges(const fs::path& file) {
    if (!there(file)) {
        throw Error(file.string() + ": is missing; it belongs to the vocabulary beside it");
    }
    const std::string text = read_file(file);
    std::string_view rest = text;
    for (int number = 1; !rest.empty(); ++number) {
        std::string_view line = rest.substr(0, rest.find_first_of("\r\n"));
        rest.remove_prefix(line.size());
        rest.remove_prefix(rest.starts_with("\r\n") ? 2 : std::min<size_t>(1, rest.size()));
        // Only the first line is a comment: GPT-2 has merges of "#" too.
        if (line.empty() || (number == 1 && line.starts_with("#version"))) continue;
        const std::string where = file.string() + ": line " + std::to_string(number);
        const auto parts = split_pair(line);
        if (!parts) throw Error(where + ": must be two tokens, not " + in_quotes(line));
        add_merge(parts->first, parts->second, where);
    }
    merges_file_ = file;
    check_merges();
    read_settings();
}

void TokenizerReader::place(int id, const std::string& bytes, const std::string& where) {
    const auto index = static_cast<size_t>(id);
    if (index >= made_.bytes_.size()) made_.bytes_.resize(index + 1);
    if (!made_.bytes_[index].empty()) {
        throw Error(where + ": id " + std::to_string(id) + " is " + in_quotes(made_.bytes_[index]) +
                    " already");
    }
    made_.bytes_[index] = bytes;
}

void TokenizerReader::add(int id, const std::string& spelling, const std::string& where,
                          bool strict) {
    if (spelling.empty()) throw Error(where + ": is empty");
    const std::optional<std::string> bytes = spelled_bytes(spelling);
    spellings_.emplace(spelling, id);
    if (const auto known = added_.find(spelling); known != added_.end()) {
        if (known->second != id) {
            throw Error(where + ": has the ids " + std::to_string(known->second) + " and " +
                        std::to_string(id));
        }
        // An added token that the vocabulary lists too: merges may lead to it.
        if (bytes) made_.ids_.emplace(*bytes, id);
        return;
    }
    if (!bytes && strict) {
        throw Error(where + ": is not spelled in GPT-2's byte letters; this is no byte-level BPE");
    }
    place(id, bytes.value_or(spelling), where);
    if (bytes) made_.ids_.emplace(*bytes, id);
}

void TokenizerReader::add_token(int id, const json& described, const std::string& where) {
    const auto spelling = described.value("content", std::string());
    if (spelling.empty()) throw Error(where + ": is empty");
    const auto flag = [&](const char* key, bool otherwise) {
        if (!described.contains(key)) return otherwise;
        if (!described[key].is_boolean()) {
            throw Error(where + ": \"" + key + "\" is neither true nor false");
        }
        return described[key].get<bool>();
    };
    if (const auto known = added_.find(spelling); known != added_.end()) {
        if (known->second == id) return;
        throw Error(where + ": has the ids " + std::to_string(known->second) + " and " +
                    std::to_string(id));
    }
    if (const auto known = spellings_.find(spelling);
        known == spellings_.end() || known->second != id) {
        place(id, spelling, where);
    }
    added_.emplace(spelling, id);
    AddedToken token{id,
                     spelling,
                     flag("lstrip", false),
                     flag("rstrip", false),
                     flag("single_word", false),
                     flag("normalized", !flag("special", false))};
    if (static_cast<size_t>(id) >= made_.added_.size()) {
        made_.added_.resize(static_cast<size_t>(id) + 1);
    }
    made_.added_[static_cast<size_t>(id)] = true;
    if (!token.normalized || steps_.normalizers.empty()) {
        steps_.added.add(std::move(token));
        return;
    }
    for (const Normalizer& normalizer : steps_.normalizers) {
        if (is_utf8(token.spelling)) token.spelling = normalizer(token.spelling);
    }
    if (!token.spelling.empty()) steps_.added_normalized.add(std::move(token));
}

void TokenizerReader::add_merge(std::string_view left, std::string_view right,
                                const std::string& where) {
    const auto token = [&](std::string_view spelling, const std::optional<std::string>& bytes) {
        const auto found = bytes ? made_.ids_.find(*bytes) : made_.ids_.end();
        if (found == made_.ids_.end()) {
            throw Error(where + ": " + in_quotes(spelling) + " is not in the vocabulary");
        }
        return found->second;
    };
    const std::optional<std::string> first = spelled_bytes(left), second = spelled_bytes(right);
    const int left_id = token(left, first), right_id = token(right, second);
    const int rank = static_cast<int>(made_.merges_.size());
    made_.merges_.emplace(
        pair_key(left_id, right_id),
        Tokenizer::Merge{rank, token(std::string(left) + std::string(right), *first + *second)});
}

// A file of merges that was cut short gives other ids without a word: then a token is left that two
// others make, and no merge does. Tokens that nothing makes were added by hand.
void TokenizerReader::check_merges() const {
    std::vector<bool> reached(made_.bytes_.size());
    for (const auto& [pair, merge] : made_.merges_) reached[static_cast<size_t>(merge.id)] = true;
    for (const auto& [bytes, id] : made_.ids_) {
        if (bytes.size() == 1 || reached[static_cast<size_t>(id)] || made_.special(id)) continue;
        const bool bracketed = (bytes.starts_with('<') && bytes.ends_with('>')) ||
                               (bytes.starts_with('[') && bytes.ends_with(']'));
        if (bracketed) continue;  // a special token, which the settings name or not
        for (size_t cut = 1; cut < bytes.size(); ++cut) {
            if (!made_.ids_.contains(bytes.substr(0, cut)) ||
                !made_.ids_.contains(bytes.substr(cut)))
                continue;
            throw Error(merges_file_.string() + ": no merge leads to the token " +
                        in_quotes(bytes) + " (id " + std::to_string(id) +
                        ") of the vocabulary; the list is cut short or another one's");
        }
    }
}

Tokenizer TokenizerReader::finish() {
    made_.steps_ = std::make_shared<const Tokenizer::Steps>(std::move(steps_));
    return std::move(made_);
}

}  // namespace model
