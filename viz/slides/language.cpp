#include "viz/slides/language.h"

#include <algorithm>
#include <set>

#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/json_value.h"
#include "viz/paint/format.h"
#include "viz/slides/fields.h"
#include "viz/slides/fill.h"

namespace viz {

namespace {

constexpr std::string_view folder = "language/", ending = ".json";
constexpr size_t longest_code = 35;  // RFC 5646, section 4.4.1

// The names of a sentence's fields. A brace that stands alone is one, too: it is none of any.
std::set<std::string> fields_of(const std::string& sentence) {
    std::set<std::string> names;
    std::string ignored;
    const bool whole = fill_fields(sentence, ignored, [&](std::string_view name) {
        names.emplace(name);
        return std::string();
    });
    if (!whole) names.insert("}");
    return names;
}

std::string in_braces(const std::set<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "{" : ", {") + name + "}";
    return text.empty() ? "none" : text;
}

bool is_code(const std::string& text) {
    return !text.empty() && text.size() <= longest_code && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    });
}

}  // namespace

std::string Language::say(std::string_view name, std::initializer_list<Field> fields) const {
    const auto sentence = sentences_.find(name);
    model::check(sentence != sentences_.end(), "a sentence has a name that is in en.json");
    std::string said;
    fill_fields(sentence->second, said, [&](std::string_view wanted) {
        const auto* field = std::ranges::find(fields, wanted, &Field::name);
        model::check(field != fields.end(), "a field of a sentence has a value");
        return field->value;
    });
    return said;
}

std::string Language::view_title(const std::string& id, const std::string& title) const {
    const std::string name = "view." + id;
    return sentences_.contains(name) ? say(name) : title;
}

std::string Language::counted(std::string_view name, long long n) const {
    return say(std::string(name) + (n == 1 ? ".one" : ".many"), {{"n", count(n)}});
}

std::string Language::bits(double value) const {
    const std::string text = viz::bits(value);
    return say("bits", {{"n", text.substr(0, text.find(' '))}});
}

// `like`: has the sentences that there must be; null: any.
Language parsed(std::string_view json, const std::string& file, const Language* like) {
    const model::JsonDocument document(json, file, model::JsonDocument::Told::line);
    const model::JsonValue root = document.root();
    root.only({"language", "name", "sentences"});
    Language language;
    language.code_ = root["language"].name();
    if (!is_code(language.code_)) root["language"].fail("a code such as \"de\" or \"pt-BR\"");
    const model::JsonValue sentences = root["sentences"];
    if (!sentences.is_object()) sentences.fail("an object of sentences");
    for (const auto& [name, value] : sentences.value().items()) {
        language.sentences_.emplace(name, sentences[name].name());
    }
    if (!like) return language;
    for (const auto& [name, text] : language.sentences_) {
        const auto same = like->sentences_.find(name);
        if (same == like->sentences_.end()) {
            sentences[name].refuse("is no sentence of this program");
        }
        if (fields_of(text) != fields_of(same->second)) {
            sentences[name].refuse("has other fields than the English sentence, which has " +
                                   in_braces(fields_of(same->second)));
        }
    }
    for (const auto& [name, text] : like->sentences_) {
        if (language.sentences_.contains(name)) continue;
        sentences.refuse("\"" + name + "\" is missing; in English it is \"" + text + "\"");
    }
    return language;
}

const Language& english() {
    static const Language language =
        parsed(export_files().at("language/en.json"), "en.json", nullptr);
    return language;
}

Language read_language(std::string_view json, const std::string& file) {
    return parsed(json, file, &english());
}

Language find_language(const std::string& name) {
    if (name.ends_with(ending)) return read_language(model::read_file(name), name);
    const auto brought = export_files().find(std::string(folder) + name + std::string(ending));
    if (brought != export_files().end()) return read_language(brought->second, name);
    std::string known;
    for (const auto& [file, text] : export_files()) {
        if (!file.starts_with(folder)) continue;
        const auto code = file.substr(folder.size());
        known += std::string(code.substr(0, code.size() - ending.size())) + ", ";
    }
    throw model::Error("\"" + name + "\" is none of " + known + "or a .json file with sentences");
}

}  // namespace viz
