// How likely a text is: a product of conditional probabilities (the chain rule), from the second
// token on, since nothing predicted the first. A product of many probabilities is smaller than any
// double, so it is kept as a sum of logarithms.
#pragma once

#include <string>
#include <vector>

#include "model/run/session.h"

namespace viz {

// One factor and what the product has become with it.
struct ChainLink {
    int position = 0;        // of the token, from 1
    double probability = 0;  // that the model gave it after the text before
    int rank = 0;            // 0: it was the likeliest
    double bits = 0;         // its surprisal, -log2 of the probability
    double log_so_far = 0;   // ln of the product up to here
    double perplexity = 0;   // so far: exp(-log_so_far / factors)
};

// One link for every token from the second on.
std::vector<ChainLink> chain_of(const model::Step& step);

// "3.1e-9" of log10 of a number.
std::string power_of_ten(double log10);
// A probability given as its natural logarithm: "4.1 %", "3.1e-9".
std::string probability_of_log(double log);
// The same for people: "2.4 %", "1 in 7,143", "1 in 10³⁰".
std::string one_in(double log);
// "P(text) = 1 in 7,143 · perplexity 7.10"; empty when there is one token, or a factor is 0.
std::string likelihood(const model::Step& step);

}  // namespace viz
