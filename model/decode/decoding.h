// From logits to a choice: the ranking of all tokens, what a decoding strategy makes of it, and
// the token it picks.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace model {

enum class Strategy { greedy, temperature, top_k, top_p, min_p, typical_p, top_a };

// What the decoding flags set; model/decode/options.h has a row for each number. They act in this
// order, as in Hugging Face's generate(): repetition penalty, no-repeat n-grams, temperature,
// top-k, top-p, min-p, typical-p; then top-a. The first two act on greedy decoding too, the others
// on what those before them have left.
struct Decoding {
    Strategy strategy = Strategy::greedy;  // the control that was used last; greedy: take argmax
    double temperature = 1.0;              // > 0; divides the logits
    int top_k = 0;                         // keep the K most likely; 0: all
    double top_p = 1.0;                    // keep the smallest set with this probability (nucleus,
                                           // Holtzman et al. 2020)
    uint64_t seed = 0;
    // Logits of tokens that occurred are divided by this if positive, else multiplied (Keskar et
    // al. 2019, CTRL); 1: off.
    double repetition_penalty = 1.0;
    int no_repeat_ngram = 0;  // never say the same N tokens in a row twice; 0: off
    double min_p = 0;         // least part of the top's probability (Nguyen et al. 2024); 0: off
    double typical_p = 1;     // locally typical sampling (Meister et al. 2022); 1: off
    double top_a = 0;         // least part of the top's probability squared (BlinkDL); 0: off

    bool sampled() const { return strategy != Strategy::greedy; }
    bool penalised() const { return repetition_penalty != 1.0 || no_repeat_ngram > 0; }
    bool operator==(const Decoding&) const = default;
};

std::string describe(const Decoding& decoding);  // "temperature 0.8, top-k 40, seed 7"

struct Candidate {
    int id = 0;
    float logit = 0;
    double probability = 0;  // softmax of the logits
    double adjusted = 0;     // after the strategy; 0 when it was cut
};

struct Ranking {
    std::vector<Candidate> candidates;  // whole vocabulary, highest logit first, ties by lower id
    double entropy_bits = 0;            // of the raw distribution
    int tied = 1;                       // how many tokens share the highest logit exactly
    int pick = 0;                       // index of the proposed candidate
    int kept = 0;                       // candidates that the strategy can choose

    const Candidate& proposed() const { return candidates[static_cast<size_t>(pick)]; }
};

// All ids, the highest logit first, ties by lower id. None may be NaN.
std::vector<int> by_logit(std::span<const float> logits);

// The softmax of logits: e^(logit - the highest) of every token, over the sum of them. Throws
// std::logic_error if a logit is not a number.
class Masses {
  public:
    explicit Masses(std::span<const float> logits);
    double probability(int id) const { return double{of_[static_cast<size_t>(id)]} / sum_; }
    // ln of the sum of e^logit: a token's ln probability is its logit less this.
    double log_sum() const { return log_sum_; }
    double entropy_bits() const { return entropy_bits_; }

  private:
    std::vector<float> of_;
    double sum_ = 0, log_sum_ = 0, entropy_bits_ = 0;
};

// Ranks all tokens; throws std::logic_error if a logit is not a number.
Ranking rank(std::span<const float> logits);

// Where one token stands among all.
struct Standing {
    int rank = 0;            // 0: the highest logit; ties by lower id
    double probability = 0;  // softmax of the logits
};
std::vector<Standing> standings(std::span<const float> logits, std::span<const int> ids);
Standing standing(std::span<const float> logits, int id);

// Fills `adjusted`, `kept` and `pick` for the token after `ids`. The random number is a function of
// seed and position (ids.size()) alone, so that going back and forth, or branching, never changes
// what is drawn at a position. Where every token is ruled out, the bans are ignored.
void decide(Ranking& ranking, const Decoding& decoding, std::span<const int> ids);

// The logits of all candidates after repetition penalty and bans; a banned one is -inf.
std::vector<double> processed_logits(const Ranking& ranking, const Decoding& decoding,
                                     std::span<const int> ids);

// Uniform in [0, 1): SplitMix64 of seed and position (Steele, Lea, Flood 2014).
double uniform(uint64_t seed, int position);

// Length of the shortest block of ids that the sequence now repeats at its end at least
// `times` times; 0 when it does not. Greedy decoding falls into such loops.
int loop_length(std::span<const int> ids, int times = 3);

}  // namespace model
