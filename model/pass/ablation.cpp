#include "model/pass/ablation.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include "model/base/error.h"

namespace model {

namespace {

// A number from `least` to `most` that `text` begins with, which is taken off.
std::optional<int> take_number(std::string_view& text, int least, int most) {
    int value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || value < least || value > most) return {};
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
    const auto layer = take_number(part, 1, config.n_layer);
    if (!layer) return false;
    if (part.empty()) {
        ablation.layers.insert(*layer - 1);
        return true;
    }
    if (part == "MLP") {
        ablation.mlps.insert(*layer - 1);
        return true;
    }
    if (!take(part, "H")) return false;
    const auto head = take_number(part, 1, config.n_head);
    if (!head) return false;
    if (part.empty()) {
        ablation.heads.insert({*layer - 1, *head - 1});
        return true;
    }
    int query = Ablation::every;
    if (take(part, "@")) {
        const auto position = take_number(part, 0, config.n_ctx - 1);
        if (!position) return false;
        query = *position;
    }
    if (part != "=uniform") return false;
    ablation.uniform.insert({*layer - 1, *head - 1, query});
    return true;
}

std::string layer_name(int layer) {
    return "L" + std::to_string(layer + 1);
}

std::string head_name(int layer, int head) {
    return layer_name(layer) + "H" + std::to_string(head + 1);
}

std::vector<std::string> off_names(const Ablation& ablation) {
    std::vector<std::string> names;
    for (const auto& [layer, head] : ablation.heads) names.push_back(head_name(layer, head));
    for (const int layer : ablation.mlps) names.push_back(layer_name(layer) + "MLP");
    for (const int layer : ablation.layers) names.push_back(layer_name(layer));
    return names;
}

std::vector<std::string> uniform_names(const Ablation& ablation) {
    std::vector<std::string> names;
    for (const auto& [layer, head, query] : ablation.uniform) {
        names.push_back(head_name(layer, head) +
                        (query == Ablation::every ? "" : "@" + std::to_string(query)));
    }
    return names;
}

std::string joined(const std::vector<std::string>& names, const std::string& between,
                   const std::string& after = {}) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : between) + name + after;
    return text;
}

}  // namespace

Ablation simplified(Ablation ablation) {
    std::erase_if(ablation.heads,
                  [&](const auto& head) { return ablation.layers.contains(head.first); });
    std::erase_if(ablation.mlps, [&](int layer) { return ablation.layers.contains(layer); });
    std::erase_if(ablation.uniform, [&](const auto& row) {
        const auto& [layer, head, query] = row;
        return ablation.head_off(layer, head) ||
               (query != Ablation::every &&
                ablation.uniform.contains({layer, head, Ablation::every}));
    });
    return ablation;
}

Ablation parse_ablation(const std::string& text, const Config& config, const std::string& flag) {
    Ablation ablation;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view part = rest.substr(0, rest.find(','));
        if (!add_part(part, config, ablation)) {
            throw Error(flag + ": \"" + std::string(part) +
                        "\" is not a head like L3H2, an MLP like L4MLP, a layer like L5 or uniform "
                        "attention like L3H2=uniform or L3H2@7=uniform of a model with " +
                        std::to_string(config.n_layer) + " layers, " +
                        std::to_string(config.n_head) + " heads and positions up to " +
                        std::to_string(config.n_ctx - 1));
        }
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    }
    return simplified(ablation);
}

std::string describe(const Ablation& ablation) {
    const std::string off = joined(off_names(ablation), ",");
    const std::string uniform = joined(uniform_names(ablation), ",", "=uniform");
    return off + (off.empty() || uniform.empty() ? "" : ",") + uniform;
}

std::string in_words(const Ablation& ablation) {
    std::string text;
    if (const auto off = off_names(ablation); !off.empty()) text = "without " + joined(off, ", ");
    if (const auto uniform = uniform_names(ablation); !uniform.empty()) {
        text += (text.empty() ? "uniform " : " · uniform ") + joined(uniform, ", ");
    }
    return text;
}

}  // namespace model
