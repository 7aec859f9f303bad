// What tokenizer_config.json and the smaller parts of tokenizer.json say, as Hugging Face's classes
// for GPT-2 take it.
#include <algorithm>

#include "model/base/error.h"
#include "model/base/json.h"
#include "model/load/tokenizer_parts.h"
#include "model/load/tokenizer_reader.h"

namespace model {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

// The names that a class of tokenizers knows.
constexpr const char* special_keys[] = {"bos_token", "eos_token", "unk_token", "pad_token",
                                        "sep_token", "cls_token", "mask_token"};
constexpr const char* end_of_text = "<|endoftext|>";

json object_of(const fs::path& file) {
    if (!there(file)) return json::object();
    json read = read_json(file);
    if (!read.is_object()) throw Error(file.string() + ": must hold a JSON object");
    return read;
}

// "<s>", or {"content": "<s>", ...}; "" for anything else.
std::string content_of(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_object() || !value.contains("content") || !value["content"].is_string())
        return "";
    return value["content"].get<std::string>();
}

std::string text_of(const json& from, const char* key) {
    return from.contains(key) && from[key].is_string() ? from[key].get<std::string>() : "";
}

// Of a class's name: "GPT2TokenizerFast" is one in another language.
std::string family(const std::string& name) {
    const size_t end = name.find("Tokenizer");
    return end == std::string::npos ? name : name.substr(0, end);
}

bool is_gpt2_class(const std::string& name) {
    return family(name) == "GPT2";
}

// Classes that split as GPT-2 does, where there is no tokenizer.json that says how.
bool splits_as_gpt2(const std::string& name) {
    const std::string f = family(name);
    return f.empty() || f == "GPT2" || f == "PreTrained" || f == "CodeGen";
}
bool puts_roberta_around(const std::string& name) {
    const std::string f = family(name);
    return f == "Roberta" || f == "Bart" || f == "Longformer" || f == "LED";
}

}  // namespace

TokenizerReader::TokenizerReader(const fs::path& folder)
    : settings_file_(folder / "tokenizer_config.json"),
      settings_(object_of(settings_file_)),
      special_map_(object_of(folder / "special_tokens_map.json")) {}

void TokenizerReader::read_kind(const json& model, const std::string& name) {
    // Files of the first years name no type; they are all BPE.
    const std::string type = model.contains("type") ? text_of(model, "type") : "BPE";
    const auto refuse = [&](const std::string& what) {
        throw Error(name + ": the tokenizer " + what +
                    "; supported is GPT-2's byte-level BPE. Token ids work all the same "
                    "(--ids 1,2,3)");
    };
    if (type != "BPE") refuse("is " + model::shown(model["type"]));
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        if (!text_of(model, key).empty()) refuse(std::string("has a ") + key);
    }
    if (model.contains("dropout") && model["dropout"].is_number() && model["dropout"] != 0) {
        refuse("drops merges by chance (dropout " + model::shown(model["dropout"]) + ")");
    }
    made_.ignore_merges_ = model.value("ignore_merges", json()) == true;
    made_.fuse_unknown_ = model.value("fuse_unk", json()) == true;
    if (const std::string unknown = text_of(model, "unk_token"); !unknown.empty()) {
        const json vocabulary = model.value("vocab", json::object());
        if (vocabulary.is_object() && vocabulary.contains(unknown) &&
            vocabulary[unknown].is_number_integer()) {
            made_.unknown_ = vocabulary[unknown].get<int>();
        }
    }
}

void TokenizerReader::check_decoder(const json& described, const std::string& where) {
    if (described.is_null()) return;
    const std::string type = described.is_object() ? text_of(described, "type") : "";
    if (type == "ByteLevel" || type == "Fuse") return;
    if (type == "Sequence" && described.contains("decoders") && described["decoders"].is_array()) {
        for (const json& each : described["decoders"]) check_decoder(each, where);
        return;
    }
    throw Error(where + ": is " +
                model::shown(described.is_object() ? described.value("type", json()) : described) +
                "; supported is GPT-2's ByteLevel");
}

int TokenizerReader::id_of(const std::string& spelling, const std::string& where) const {
    if (const auto found = added_.find(spelling); found != added_.end()) return found->second;
    if (const auto found = spellings_.find(spelling); found != spellings_.end()) {
        return found->second;
    }
    throw Error(where + ": the token \"" + shown_text(spelling) + "\" is not in the vocabulary");
}

void TokenizerReader::read_template(const json& described, const std::string& where) {
    if (described.is_null()) return;
    const std::string type = described.is_object() ? text_of(described, "type") : "";
    if (type == "ByteLevel") return;  // offsets alone
    if (type == "Sequence" && described.contains("processors") &&
        described["processors"].is_array()) {
        for (const json& each : described["processors"]) read_template(each, where);
        return;
    }
    if (type == "RobertaProcessing" || type == "BertProcessing") {
        const auto token = [&](const char* key) {
            const json pair = described.value(key, json());
            if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) {
                throw Error(where + ": \"" + key + "\" is no token and its id");
            }
            return id_of(pair[0].get<std::string>(), where);
        };
        made_.front_ = {token("cls")};
        made_.tail_ = {token("sep")};
        return;
    }
    if (type != "TemplateProcessing" || !described.contains("single") ||
        !described["single"].is_array()) {
        throw Error(
            where + ": is " +
            model::shown(described.is_object() ? described.value("type", json()) : described) +
            "; supported are ByteLevel, TemplateProcessing, RobertaProcessing and a "
            "Sequence of them");
    }
    std::vector<int> front, tail;
    bool text = false;
    for (const json& piece : described["single"]) {
        if (piece.is_object() && piece.contains("Sequence") && !text) {
            text = true;
            continue;
        }
        const json token = piece.is_object() ? piece.value("SpecialToken", json()) : json();
        const std::string name = token.is_object() ? text_of(token, "id") : "";
        if (name.empty()) throw Error(where + ": its template cannot be " + model::shown(piece));
        // It may stand for several.
        std::vector<int>& side = text ? tail : front;
        const json known = described.value("special_tokens", json::object());
        const json one = known.is_object() ? known.value(name, json()) : json();
        const json ids = one.is_object() ? one.value("ids", json()) : json();
        if (!ids.is_array()) {
            side.push_back(id_of(name, where));
            continue;
        }
        for (const json& id : ids) {
            const bool there = id.is_number_integer() && id >= 0 && id < made_.size();
            if (!there) throw Error(where + ": there is no token " + model::shown(id));
            side.push_back(id.get<int>());
        }
    }
    if (!text) throw Error(where + ": its template leaves the text out");
    made_.front_ = std::move(front);
    made_.tail_ = std::move(tail);
}

void TokenizerReader::read_added_tokens_decoder() {
    const json added = settings_.value("added_tokens_decoder", json());
    if (added.is_null()) return;
    const std::string name = settings_file_.string() + ": added_tokens_decoder";
    if (!added.is_object()) throw Error(name + ": is no object");
    for (const auto& [text, token] : added.items()) {
        const std::string where = name + ": \"" + shown_text(text) + "\"";
        const bool digits = !text.empty() && text.size() < 7 &&
                            std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
        if (!digits || content_of(token).empty() || !token.is_object()) {
            throw Error(where + ": is no id and its token");
        }
        if (!added_.contains(content_of(token))) add_token(std::stoi(text), token, where);
    }
}

std::string TokenizerReader::special_name(const char* key) const {
    for (const json* from : {&settings_, &special_map_}) {
        if (!from->contains(key)) continue;
        return content_of((*from)[key]);
    }
    const std::string named = text_of(settings_, "tokenizer_class");
    const std::string_view wanted = key;
    if (puts_roberta_around(named)) {
        return wanted == "bos_token" || wanted == "cls_token"   ? "<s>"
               : wanted == "eos_token" || wanted == "sep_token" ? "</s>"
               : wanted == "unk_token"                          ? "<unk>"
               : wanted == "pad_token"                          ? "<pad>"
                                                                : "<mask>";
    }
    const bool usual = wanted == "bos_token" || wanted == "eos_token" || wanted == "unk_token";
    return usual && (named.empty() || is_gpt2_class(named)) ? end_of_text : "";
}

// After the vocabulary: its special tokens are found by their spelling, too.
void TokenizerReader::read_settings() {
    read_added_tokens_decoder();
    const auto make_special = [&](const std::string& spelling) {
        const auto known = spellings_.find(spelling);
        if (known == spellings_.end() || added_.contains(spelling)) return;
        add_token(known->second, {{"content", spelling}, {"special", true}},
                  settings_file_.string() + ": \"" + shown_text(spelling) + "\"");
    };
    for (const char* key : special_keys) make_special(special_name(key));
    for (const json* from : {&settings_, &special_map_}) {
        const json more = from->value("additional_special_tokens", json());
        if (!more.is_array()) continue;
        for (const json& each : more) make_special(content_of(each));
    }
    const json prefix = settings_.value("add_prefix_space", json());
    const std::string named = text_of(settings_, "tokenizer_class");
    const bool from_json = merges_file_.empty();
    if (!from_json && puts_roberta_around(named)) {
        const std::string where = settings_file_.string() + ": " + named;
        made_.front_ = {id_of(special_name("cls_token"), where)};
        made_.tail_ = {id_of(special_name("sep_token"), where)};
    } else if (!from_json && !splits_as_gpt2(named)) {
        throw Error(settings_file_.string() + ": the tokenizer is of the class \"" +
                    shown_text(named) +
                    "\", which splits in another way than GPT-2; a tokenizer.json would say how");
    }
    if (prefix.is_boolean()) {
        steps_.pre.prefix_space = prefix.get<bool>();
    } else if (!from_json || (is_gpt2_class(named) && !steps_.pre.sequence)) {
        steps_.pre.prefix_space = false;
    }
    if (settings_.value("add_bos_token", json()) == true) {
        const std::string begin = special_name("bos_token");
        made_.front_ = {id_of(begin.empty() ? end_of_text : begin,
                              settings_file_.string() + ": add_bos_token")};
    }
}

}  // namespace model
