#include "model/ablation.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "model/error.h"

namespace model {

namespace {

// A number from 1 to `most` that `text` begins with, which is taken off.
std::optional<int> take_number(std::string_view& text, int most) {
    int value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || value < 1 || value > most) return {};
    text.remove_prefix(static_cast<size_t>(read.ptr - text.data()));
    return value;
}

bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

bool add_part(std::string_view part, const Config& config, Ablation& ablation) {
    if (!take(part, "L")) return false;
    const auto layer = take_number(part, config.n_layer);
    if (!layer) return false;
    if (part == "MLP") {
        ablation.mlps.insert(*layer - 1);
        return true;
    }
    if (!take(part, "H")) return false;
    const auto head = take_number(part, config.n_head);
    if (!head || !part.empty()) return false;
    ablation.heads.insert({*layer - 1, *head - 1});
    return true;
}

}  // namespace

Ablation parse_ablation(const std::string& text, const Config& config, const std::string& flag) {
    Ablation ablation;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view part = rest.substr(0, rest.find(','));
        if (!add_part(part, config, ablation)) {
            throw Error(flag + ": \"" + std::string(part) +
                        "\" is not a head like L3H2 or an MLP like " + "L4MLP of a model with " +
                        std::to_string(config.n_layer) + " layers and " +
                        std::to_string(config.n_head) + " heads");
        }
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    }
    return ablation;
}

std::string describe(const Ablation& ablation) {
    std::string text;
    auto add = [&](const std::string& part) { text += (text.empty() ? "" : ",") + part; };
    for (const auto& [layer, head] : ablation.heads) {
        add("L" + std::to_string(layer + 1) + "H" + std::to_string(head + 1));
    }
    for (const int layer : ablation.mlps) add("L" + std::to_string(layer + 1) + "MLP");
    return text;
}

}  // namespace model
