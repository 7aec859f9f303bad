#include "model/decode/strategy_rule.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "model/base/error.h"

namespace model {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    while (true) {
        const size_t end = text.find(at);
        parts.push_back(trimmed(text.substr(0, end)));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string short_number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

// Reads one row.
class Reader {
  public:
    Reader(std::string_view row, const std::string& what) : row_(row), what_(what) {}

    StrategyRule read() {
        for (const std::string_view word : split(row_, ',')) take(word);
        if (rule_.searches() && (sampled_ || rule_.decoding.penalised())) {
            refuse("beams stand alone: a beam search neither samples nor penalises");
        }
        if (greedy_ && sampled_) refuse("greedy does not sample: leave out t, k and p");
        return rule_;
    }

  private:
    [[noreturn]] void refuse(const std::string& why) const {
        throw Error(what_ + ": \"" + std::string(row_) + "\": " + why);
    }

    template <typename Number>
    Number number(std::string_view name, std::string_view text, Number low, Number high) const {
        Number value{};
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool whole = failed == std::errc() && end == text.data() + text.size();
        if (!whole || !(value >= low && value <= high)) {
            refuse(std::string(name) + " is between " + short_number(static_cast<double>(low)) +
                   " and " + short_number(static_cast<double>(high)) + ", not \"" +
                   std::string(text) + "\"");
        }
        return value;
    }

    void sampled(Strategy strategy) {
        sampled_ = true;
        rule_.decoding.strategy = strategy;
    }

    void take(std::string_view word) {
        Decoding& d = rule_.decoding;
        if (word == "greedy") {
            greedy_ = true;
            return;
        }
        const size_t equals = word.find('=');
        const std::string_view name = trimmed(word.substr(0, equals));
        if (equals == std::string_view::npos) {
            refuse("not one of greedy, t=0.9, k=40, p=0.95, beams=4, seed=1, penalty=1.2, ngram=3");
        }
        const std::string_view value = trimmed(word.substr(equals + 1));
        if (name == "t") {
            d.temperature = number(name, value, 1e-3, 1e3);
            sampled(Strategy::temperature);
        } else if (name == "k") {
            d.top_k = number(name, value, 1, 1 << 24);
            sampled(Strategy::top_k);
        } else if (name == "p") {
            d.top_p = number(name, value, 1e-6, 1.0);
            sampled(Strategy::top_p);
        } else if (name == "beams") {
            rule_.beams = number(name, value, 2, most_beams);
        } else if (name == "seed") {
            d.seed = number<uint64_t>(name, value, 0, UINT64_MAX);
        } else if (name == "penalty") {
            d.repetition_penalty = number(name, value, 0.01, 100.0);
        } else if (name == "ngram") {
            d.no_repeat_ngram = number(name, value, 0, 1 << 20);
        } else {
            refuse("there is no setting \"" + std::string(name) + "\"");
        }
    }

    std::string_view row_;
    const std::string& what_;
    StrategyRule rule_;
    bool greedy_ = false, sampled_ = false;
};

void append(std::string& text, const std::string& part) {
    text += (text.empty() ? "" : ", ") + part;
}

}  // namespace

std::vector<StrategyRule> default_rules() {
    return parse_rules("greedy; t=0.9, p=0.95; k=40; beams=4", "strategies");
}

std::vector<StrategyRule> parse_rules(std::string_view text, const std::string& what) {
    std::vector<StrategyRule> rules;
    for (const std::string_view row : split(text, ';')) {
        if (!row.empty()) rules.push_back(Reader(row, what).read());
    }
    if (rules.empty()) throw Error(what + ": say one strategy or more, like greedy; t=0.9; k=40");
    if (rules.size() > most_rules) {
        throw Error(what + ": " + std::to_string(rules.size()) + " strategies are too many; " +
                    std::to_string(most_rules) + " can be compared");
    }
    return rules;
}

std::string rule_text(const StrategyRule& rule) {
    if (rule.searches()) return "beams=" + std::to_string(rule.beams);
    const Decoding& d = rule.decoding;
    std::string text;
    if (!d.sampled()) text = "greedy";
    const bool alone = d.top_k == 0 && d.top_p == 1;
    if (d.sampled() && (alone || d.temperature != 1)) {
        append(text, "t=" + short_number(d.temperature));
    }
    if (d.sampled() && d.top_k > 0) append(text, "k=" + std::to_string(d.top_k));
    if (d.sampled() && d.top_p < 1) append(text, "p=" + short_number(d.top_p));
    if (d.repetition_penalty != 1) append(text, "penalty=" + short_number(d.repetition_penalty));
    if (d.no_repeat_ngram > 0) append(text, "ngram=" + std::to_string(d.no_repeat_ngram));
    if (d.sampled() && d.seed != 0) append(text, "seed=" + std::to_string(d.seed));
    return text;
}

std::string rules_text(const std::vector<StrategyRule>& rules) {
    std::string text;
    for (const StrategyRule& rule : rules) text += (text.empty() ? "" : "; ") + rule_text(rule);
    return text;
}

std::string rule_name(const StrategyRule& rule) {
    if (rule.searches()) return std::to_string(rule.beams) + " beams";
    const Decoding& d = rule.decoding;
    std::string name;
    const bool alone = d.top_k == 0 && d.top_p == 1;
    if (d.sampled() && (alone || d.temperature != 1)) {
        append(name, "T " + short_number(d.temperature));
    }
    if (d.sampled() && d.top_k > 0) append(name, "top-k " + std::to_string(d.top_k));
    if (d.sampled() && d.top_p < 1) append(name, "top-p " + short_number(d.top_p));
    if (name.empty()) name = "greedy";
    if (d.repetition_penalty != 1) append(name, "penalty " + short_number(d.repetition_penalty));
    if (d.no_repeat_ngram > 0) {
        append(name, "no " + std::to_string(d.no_repeat_ngram) + "-gram twice");
    }
    return name;
}

}  // namespace model
