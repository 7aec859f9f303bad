#include "model/decode/text_measures.h"

#include <cmath>
#include <limits>
#include <set>
#include <vector>

namespace model {

namespace {

double distinct(std::span<const ScoredToken> tokens, size_t n) {
    if (tokens.size() < n) return std::numeric_limits<double>::quiet_NaN();
    std::set<std::vector<int>> seen;
    const size_t all = tokens.size() - n + 1;
    for (size_t i = 0; i < all; ++i) {
        std::vector<int> gram;
        for (const ScoredToken& token : tokens.subspan(i, n)) gram.push_back(token.id);
        seen.insert(std::move(gram));
    }
    return static_cast<double>(seen.size()) / static_cast<double>(all);
}

}  // namespace

TextMeasures measure(std::span<const ScoredToken> tokens) {
    TextMeasures m;
    m.tokens = static_cast<int>(tokens.size());
    for (const ScoredToken& token : tokens) {
        m.log_probability += std::log(token.probability);
        m.mean_probability += token.probability;
        m.mean_entropy_bits += token.entropy_bits;
    }
    const auto n = static_cast<double>(tokens.size());
    m.perplexity = std::exp(-m.log_probability / n);  // 0 / 0 is not a number
    m.mean_probability /= n;
    m.mean_entropy_bits /= n;
    m.distinct_1 = distinct(tokens, 1);
    m.distinct_2 = distinct(tokens, 2);
    m.repeated_4 = 1 - distinct(tokens, 4);
    return m;
}

}  // namespace model
