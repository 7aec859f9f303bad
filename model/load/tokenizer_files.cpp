// Reads the files of a byte-level BPE: tokenizer.json, or a vocabulary and a list of merges.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json.h"
#include "model/load/tokenizer.h"
#include "model/load/tokenizer_parts.h"

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

// The two parts of "left right".
std::optional<std::pair<std::string_view, std::string_view>> split_pair(std::string_view line) {
    const size_t space = line.find(' ');
    if (space == std::string_view::npos || space == 0 || space + 1 == line.size() ||
        line.find(' ', space + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    return std::pair{line.substr(0, space), line.substr(space + 1)};
}

}  // namespace

bool Tokenizer::present(const fs::path& folder) {
    return there(folder / "tokenizer.json") || there(folder / "vocab.json") ||
           there(folder / "encoder.json");
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

}  // namespace model
