// The one table of what decoding can be told. Command line, run files, lessons, rules of
// strategies, the window and descriptions are told from it.
//
// A new sampling rule: its member and its Strategy in model/decode/decoding.h, its row and what it
// cuts here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/decode/decoding.h"

namespace model {

// A token that can still be drawn.
struct Drawable {
    int candidate = 0;  // index in the ranking
    double mass = 0;    // > 0, proportional to its probability
};
// Removes what a rule rules out of `left`, which is likeliest first and not empty, and leaves at
// least one. Probabilities are those of what the rules before have left.
using Cut = void (*)(std::vector<Drawable>& left, double value);

// How the window offers a sampling rule.
struct OptionControl {
    const char* title;  // of its button: "Top-k"
    const char* label;  // before its value: "keep the top"
    enum class Unit { number, count, percent } unit;
    double start;            // with an effect that can be seen
    double low, high, step;  // of its slider
};

struct DecodingOption {
    const char* name;   // "top-k": after two dashes on the command line, elsewhere in words
    const char* key;    // "top_k": in files
    const char* word;   // "k": in rules of strategies
    Strategy strategy;  // that it is the control of; greedy: acts on the argmax, too
    std::variant<double Decoding::*, int Decoding::*> member;
    double least, most;   // what people may ask for; files may say `off`, too
    double off;           // without effect: what it is where nobody asks
    double example;       // in messages that say how it is written
    const char* help;     // on the command line
    const char* told;     // in descriptions: "top-k #"
    const char* heading;  // the same, short
    Cut cut;              // null: acts on logits
    OptionControl control;

    bool samples() const { return strategy != Strategy::greedy; }
    bool whole() const { return member.index() == 1; }
    std::string flag() const { return "--" + std::string(name); }
    double of(const Decoding& decoding) const;
    bool acts(const Decoding& decoding) const { return of(decoding) != off; }
    // The number alone; the strategy stays.
    void set(Decoding& decoding, double value) const;
    // The same of who asks for it: what samples becomes the strategy.
    void choose(Decoding& decoding, double value) const;
};

// Sampling rules first, in the order in which they act: that of Hugging Face's generate(), then
// top-a, which it does not have. Those that act on logits act before.
std::span<const DecodingOption> decoding_options();
// The option that a strategy is named after; null for greedy.
const DecodingOption* option_of(Strategy strategy);
// "greedy", or the key of the option: as files say it.
const char* strategy_key(Strategy strategy);

// "0.95": at most six digits.
std::string short_number(double value);
// A text of a row with the value in the place of its "#".
std::string filled(std::string_view words, double value);
// What rules out tokens: "top-k 40, top-p 0.9"; empty where nothing does.
std::string describe_cuts(const Decoding& decoding);

}  // namespace model
