#include "model/run/prompt_edit.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "model/base/error.h"
#include "model/run/session.h"

namespace model {

PromptEdit prompt_edit(const std::vector<int>& from, const std::vector<int>& to) {
    const auto [a, b] = std::ranges::mismatch(from, to);
    const auto start = a - from.begin();
    auto from_end = from.end(), to_end = to.end();
    while (from_end != a && to_end != b && *(from_end - 1) == *(to_end - 1)) {
        --from_end;
        --to_end;
    }
    return {static_cast<int>(start), {a, from_end}, {b, to_end}};
}

std::vector<int> typed_tokens(const Model& model, const std::string& text) {
    std::vector<int> ids;
    std::istringstream words(text);
    std::string word;
    bool numbers = true;
    while (numbers && words >> word) {
        int id = 0;
        const char* end = word.data() + word.size();
        const auto read = std::from_chars(word.data() + 1, end, id);
        numbers = word.front() == '#' && read.ec == std::errc{} && read.ptr == end;
        ids.push_back(id);
    }
    if (!numbers || ids.empty()) {
        if (!model.tokenizer) {
            throw Error("tokens: " + model.config.name + " has no tokenizer; type ids like #17 #4");
        }
        ids = encode_part(model, text);
    }
    if (ids.empty()) throw Error("tokens: the text is empty");
    for (const int id : ids) {
        if (id >= 0 && id < model.config.n_vocab) continue;
        throw Error("tokens: #" + std::to_string(id) + " is outside the vocabulary (0 to " +
                    std::to_string(model.config.n_vocab - 1) + ")");
    }
    return ids;
}

std::string prompt_edit_words(const Model& model, const std::vector<int>& from,
                              const std::vector<int>& to) {
    const PromptEdit edit = prompt_edit(from, to);
    if (edit.removed.empty() && edit.added.empty()) return "";
    const auto quoted = [&](const std::vector<int>& ids) {
        if (ids.empty()) return std::string("nothing");
        std::string text;
        for (const int id : ids) text += model.shown(id);
        return "“" + text + "”";
    };
    return "prompt: " + quoted(edit.removed) + " → " + quoted(edit.added);
}

std::string run_words(const Model& model, const Ablation& ablation, const std::vector<int>& from,
                      const std::vector<int>& to) {
    const std::string parts = in_words(ablation), prompt = prompt_edit_words(model, from, to);
    return parts + (parts.empty() || prompt.empty() ? "" : " · ") + prompt;
}

std::string run_words(const Model& model, const Step& step) {
    std::vector<int> prompt = step.ids();
    prompt.resize(static_cast<size_t>(step.prompt_length));
    return run_words(model, step.ablation, step.edited_from.empty() ? prompt : step.edited_from,
                     prompt);
}

}  // namespace model
