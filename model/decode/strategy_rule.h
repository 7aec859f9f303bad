// A row of a comparison as people write it: "greedy", "t=0.9, p=0.95", "k=40", "beams=4".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/decode/decoding.h"

namespace model {

inline constexpr int most_rules = 4;
inline constexpr int most_beams = 8;

struct StrategyRule {
    Decoding decoding = {};  // does not count in a beam search
    int beams = 1;           // 2 to most_beams: a beam search

    bool searches() const { return beams > 1; }
    bool greedy() const { return !searches() && !decoding.sampled() && !decoding.penalised(); }
    bool operator==(const StrategyRule&) const = default;
};

// What a comparison searches with where none of its rules does.
inline const StrategyRule own_search{.decoding = {}, .beams = 4};

// Greedy; temperature 0.9 with a nucleus of 0.95; the 40 likeliest; 4 beams.
std::vector<StrategyRule> default_rules();

// One to most_rules of them, between semicolons. Words: greedy, beams, seed, and those of
// model/decode/options.h: t, k, p, penalty, ... Throws Error that begins with `what` and says what
// is wrong with which row.
std::vector<StrategyRule> parse_rules(std::string_view text, const std::string& what);
// How everything is written: "greedy, t=0.9, k=40, ..., beams=4, seed=1".
std::string rule_examples();
// The text that gives these rules again.
std::string rules_text(const std::vector<StrategyRule>& rules);
std::string rule_text(const StrategyRule& rule);
// The same for a heading: "greedy", "T 0.9, top-p 0.95", "top-k 40", "4 beams".
std::string rule_name(const StrategyRule& rule);

}  // namespace model
