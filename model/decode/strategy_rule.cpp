#include "model/decode/strategy_rule.h"

#include <algorithm>
#include <limits>

#include "model/base/error.h"
#include "model/base/parse_number.h"
#include "model/decode/options.h"

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

void append(std::string& text, const std::string& part) {
    text += (text.empty() ? "" : ", ") + part;
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
        if (greedy_ && sampled_) {
            std::string words;
            for (const DecodingOption& option : decoding_options()) {
                if (option.samples()) append(words, option.word);
            }
            refuse("greedy does not sample: leave out " + words);
        }
        return rule_;
    }

  private:
    [[noreturn]] void refuse(const std::string& why) const {
        throw Error(what_ + ": \"" + std::string(row_) + "\": " + why);
    }

    template <typename Number>
    Number number(std::string_view name, std::string_view text, Number low, Number high) const {
        Number value{};
        const char* const end = parse_number(text, value);
        const bool whole = end && end == text.data() + text.size();
        if (!whole || !(value >= low && value <= high)) {
            const bool all = high == std::numeric_limits<Number>::max();
            refuse(std::string(name) + " is " +
                   (all ? "a whole number below 2^64"
                        : "between " + short_number(static_cast<double>(low)) + " and " +
                              short_number(static_cast<double>(high))) +
                   ", not \"" + std::string(text) + "\"");
        }
        return value;
    }

    void take(std::string_view word) {
        Decoding& d = rule_.decoding;
        if (word == "greedy") {
            greedy_ = true;
            return;
        }
        const size_t equals = word.find('=');
        const std::string_view name = trimmed(word.substr(0, equals));
        if (equals == std::string_view::npos) refuse("not one of " + rule_examples());
        const std::string_view value = trimmed(word.substr(equals + 1));
        if (std::ranges::find(said_, name) != said_.end()) {
            refuse(std::string(name) + " is said twice");
        }
        said_.push_back(name);
        if (name == "beams") {
            rule_.beams = number(name, value, 2, most_beams);
            return;
        }
        if (name == "seed") {
            d.seed = number<uint64_t>(name, value, 0, UINT64_MAX);
            return;
        }
        for (const DecodingOption& option : decoding_options()) {
            if (name != option.word) continue;
            option.choose(d, option.whole() ? number(name, value, static_cast<int>(option.least),
                                                     static_cast<int>(option.most))
                                            : number(name, value, option.least, option.most));
            sampled_ = sampled_ || option.samples();
            return;
        }
        refuse("there is no setting \"" + std::string(name) + "\"");
    }

    std::string_view row_;
    const std::string& what_;
    StrategyRule rule_;
    std::vector<std::string_view> said_;
    bool greedy_ = false, sampled_ = false;
};

// Whether a rule says this option: what samples where it acts, and the temperature where nothing
// else says that there is sampling.
bool says(const DecodingOption& option, const Decoding& d) {
    if (!option.samples()) return option.acts(d);
    if (!d.sampled()) return false;
    const bool alone = option.strategy == Strategy::temperature && describe_cuts(d).empty();
    return alone || option.acts(d);
}

}  // namespace

std::string rule_examples() {
    std::string text = "greedy";
    for (const DecodingOption& option : decoding_options()) {
        append(text, std::string(option.word) + "=" + short_number(option.example));
    }
    return text + ", beams=4, seed=1";
}

std::vector<StrategyRule> default_rules() {
    return parse_rules("greedy; t=0.8, p=0.95; t=1.3, k=40, seed=1; beams=4", "strategies");
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
    std::string text = d.sampled() ? "" : "greedy";
    for (const DecodingOption& option : decoding_options()) {
        if (says(option, d)) append(text, option.word + ("=" + short_number(option.of(d))));
    }
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
    std::string name = d.sampled() ? "" : "greedy";
    for (const DecodingOption& option : decoding_options()) {
        if (says(option, d)) append(name, filled(option.heading, option.of(d)));
    }
    return name;
}

}  // namespace model
