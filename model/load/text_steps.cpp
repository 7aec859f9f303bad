#include "model/load/text_steps.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/base/error.h"
#include "model/base/json.h"
#include "model/load/tokenizer_parts.h"
#include "model/load/unicode.h"

namespace model {

using nlohmann::json;

namespace {

// A field of a step, of the type that `otherwise` has.
template <typename Value>
Value field(const json& step, const char* key, Value otherwise, const std::string& where) {
    if (!step.contains(key) || step[key].is_null()) return otherwise;
    try {
        return step[key].get<Value>();
    } catch (const json::exception&) {
        throw Error(where + ": \"" + key + "\" cannot be " + model::shown(step[key]));
    }
}

std::string type_of(const json& step, const std::string& where) {
    if (!step.is_object()) throw Error(where + ": must be an object, not " + model::shown(step));
    return field<std::string>(step, "type", "", where);
}

const json& list_of(const json& step, const char* key, const std::string& where) {
    if (!step.contains(key) || !step[key].is_array()) {
        throw Error(where + ": \"" + key + "\" is no list");
    }
    return step[key];
}

// {"String": "x"} or {"Regex": "x+"}.
TextPattern read_pattern(const json& step, const std::string& where) {
    if (step.contains("pattern") && step["pattern"].is_object()) {
        const json& pattern = step["pattern"];
        const std::string text = field<std::string>(pattern, "String", "", where);
        if (!text.empty()) return TextPattern::literal(text, where);
        const std::string regex = field<std::string>(pattern, "Regex", "", where);
        if (!regex.empty()) return TextPattern::regex(regex, where);
    }
    throw Error(where + ": its \"pattern\" must be a String or a Regex");
}

Normalizer of_form(NormalForm form) {
    return [form](std::string_view text) { return normal_form(text, form); };
}

Normalizer read_normalizer(const json& step, const std::string& where) {
    const std::string type = type_of(step, where), here = where + " " + type;
    if (type == "NFC") return of_form(NormalForm::nfc);
    if (type == "NFD") return of_form(NormalForm::nfd);
    if (type == "NFKC") return of_form(NormalForm::nfkc);
    if (type == "NFKD") return of_form(NormalForm::nfkd);
    if (type == "Lowercase") return lower_case;
    if (type == "StripAccents") return without_marks;
    if (type == "Strip") {
        const bool left = field(step, "strip_left", true, here);
        const bool right = field(step, "strip_right", true, here);
        return [=](std::string_view text) { return std::string(without_space(text, left, right)); };
    }
    if (type == "Prepend") {
        const auto what = field<std::string>(step, "prepend", "", here);
        return [what](std::string_view text) {
            return text.empty() ? std::string() : what + std::string(text);
        };
    }
    if (type == "Replace") {
        const TextPattern pattern = read_pattern(step, here);
        const auto content = field<std::string>(step, "content", "", here);
        return [=](std::string_view text) {
            std::string out;
            size_t done = 0;
            pattern.each_match(text, [&](size_t begin, size_t end) {
                out.append(text.substr(done, begin - done)).append(content);
                done = end;
            });
            return out.append(text.substr(done));
        };
    }
    throw Error(where + ": is " + model::shown(step.value("type", json())) +
                "; supported are NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, "
                "Replace and a Sequence of them");
}

// A piece of a text, and whether the pattern found it.
struct Piece {
    std::string_view text;
    bool found;
};

std::vector<Piece> pieces(std::string_view text, const TextPattern& pattern) {
    std::vector<Piece> all;
    size_t done = 0;
    pattern.each_match(text, [&](size_t begin, size_t end) {
        if (begin > done) all.push_back({text.substr(done, begin - done), false});
        all.push_back({text.substr(begin, end - begin), true});
        done = end;
    });
    if (done < text.size()) all.push_back({text.substr(done), false});
    return all;
}

std::string_view joined(std::string_view first, std::string_view second) {
    return {first.data(), first.size() + second.size()};  // neighbours in one text
}

enum class Behavior { removed, isolated, with_previous, with_next, contiguous };

std::vector<std::string_view> arranged(std::vector<Piece> pieces, Behavior behavior) {
    std::vector<std::string_view> out;
    const bool backward = behavior == Behavior::with_next;
    if (backward) std::ranges::reverse(pieces);
    bool before = false;
    for (const Piece& piece : pieces) {
        const bool first = out.empty();
        bool joins = false;
        switch (behavior) {
            case Behavior::removed:
                if (!piece.found) out.push_back(piece.text);
                continue;
            case Behavior::isolated:
                break;
            case Behavior::contiguous:
                joins = !first && piece.found == before;
                break;
            case Behavior::with_previous:
            case Behavior::with_next:
                joins = !first && piece.found && !before;
                break;
        }
        before = piece.found;
        if (!joins) {
            out.push_back(piece.text);
        } else {
            out.back() = backward ? joined(piece.text, out.back()) : joined(out.back(), piece.text);
        }
    }
    if (backward) std::ranges::reverse(out);
    return out;
}

Splitter read_split(const json& step, const std::string& where) {
    static const std::pair<const char*, Behavior> behaviors[] = {
        {"Removed", Behavior::removed},
        {"Isolated", Behavior::isolated},
        {"MergedWithPrevious", Behavior::with_previous},
        {"MergedWithNext", Behavior::with_next},
        {"Contiguous", Behavior::contiguous}};
    const TextPattern pattern = read_pattern(step, where);
    const bool invert = field(step, "invert", false, where);
    const auto name = field<std::string>(step, "behavior", "", where);
    for (const auto& known : behaviors) {
        if (name != known.first) continue;
        const Behavior behavior = known.second;
        return [=](std::string_view text) {
            std::vector<Piece> all = pieces(text, pattern);
            for (Piece& piece : all) piece.found = piece.found != invert;
            return arranged(std::move(all), behavior);
        };
    }
    throw Error(where + ": there is no behavior " + model::shown(json(name)));
}

Splitter read_digits(const json& step, const std::string& where) {
    const Behavior behavior =
        field(step, "individual_digits", false, where) ? Behavior::isolated : Behavior::contiguous;
    return [behavior](std::string_view text) {
        std::vector<Piece> all;
        for (std::string_view rest = text; !rest.empty();) {
            const Character c = first_character(rest);
            const size_t bytes = std::max<size_t>(c.bytes, 1);
            const bool digit = is_number(c.code);
            if (!digit && !all.empty() && !all.back().found) {
                all.back().text = joined(all.back().text, rest.substr(0, bytes));
            } else {
                all.push_back({rest.substr(0, bytes), digit});
            }
            rest.remove_prefix(bytes);
        }
        return arranged(std::move(all), behavior);
    };
}

void add_step(PreTokenizer& steps, const json& step, const std::string& where) {
    const std::string type = type_of(step, where), here = where + " " + type;
    if (type == "Split") {
        steps.splitters.push_back(read_split(step, here));
    } else if (type == "Digits") {
        steps.splitters.push_back(read_digits(step, here));
    } else if (type == "ByteLevel") {
        steps.gpt2_pattern = field(step, "use_regex", true, here);
        steps.prefix_space = field(step, "add_prefix_space", false, here);
    } else {
        throw Error(where + ": is " + model::shown(step.value("type", json())) +
                    "; supported are GPT-2's ByteLevel, and Split and Digits before it");
    }
}

}  // namespace

std::vector<Normalizer> read_normalizers(const json& described, const std::string& where) {
    if (described.is_null()) return {};
    if (type_of(described, where) != "Sequence") return {read_normalizer(described, where)};
    std::vector<Normalizer> all;
    for (const json& step : list_of(described, "normalizers", where)) {
        for (Normalizer& each : read_normalizers(step, where)) all.push_back(std::move(each));
    }
    return all;
}

PreTokenizer read_pre_tokenizer(const json& described, const std::string& where) {
    PreTokenizer steps;
    if (described.is_null()) throw Error(where + ": is missing; supported is GPT-2's ByteLevel");
    if (type_of(described, where) != "Sequence") {
        add_step(steps, described, where);
        if (!steps.splitters.empty())
            throw Error(where + ": is no byte-level BPE without ByteLevel");
        return steps;
    }
    steps.sequence = true;
    const json& list = list_of(described, "pretokenizers", where);
    for (size_t i = 0; i < list.size(); ++i) {
        const bool last = i + 1 == list.size();
        if ((type_of(list[i], where) == "ByteLevel") != last) {
            throw Error(where + ": is a Sequence; supported are those that end in ByteLevel");
        }
        add_step(steps, list[i], where);
    }
    if (list.empty()) throw Error(where + ": is empty; supported is GPT-2's ByteLevel");
    return steps;
}

std::vector<std::string_view> pieces_of(const PreTokenizer& steps, std::string_view text) {
    std::vector<std::string_view> all = {text};
    for (const Splitter& splitter : steps.splitters) {
        std::vector<std::string_view> next;
        for (const std::string_view piece : all) {
            for (const std::string_view part : splitter(piece)) {
                if (!part.empty()) next.push_back(part);
            }
        }
        all = std::move(next);
    }
    return all;
}

}  // namespace model
