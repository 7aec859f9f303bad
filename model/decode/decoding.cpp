#include "model/decode/decoding.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <unordered_set>

#include "model/base/error.h"
#include "model/decode/options.h"
#include "model/pass/kernels.h"

namespace model {

namespace {

// Ids that would complete an n-gram which already occurred.
std::unordered_set<int> banned_by_ngrams(std::span<const int> ids, int n) {
    std::unordered_set<int> banned;
    const auto size = static_cast<int>(ids.size());
    if (n <= 0 || size < n) return banned;
    const auto tail = ids.last(static_cast<size_t>(n - 1));
    for (int begin = 0; begin + n <= size; ++begin) {
        if (std::equal(tail.begin(), tail.end(), ids.begin() + begin)) {
            banned.insert(ids[begin + n - 1]);
        }
    }
    return banned;
}

}  // namespace

std::vector<double> processed_logits(const Ranking& ranking, const Decoding& decoding,
                                     std::span<const int> ids) {
    std::vector<double> logits;
    for (const Candidate& c : ranking.candidates) logits.push_back(c.logit);
    if (!decoding.penalised()) return logits;
    const std::unordered_set<int> seen(ids.begin(), ids.end());
    const auto banned = banned_by_ngrams(ids, decoding.no_repeat_ngram);
    const bool all_banned = banned.size() >= logits.size();
    for (size_t i = 0; i < logits.size(); ++i) {
        const int id = ranking.candidates[i].id;
        if (seen.contains(id)) {
            logits[i] = logits[i] > 0 ? logits[i] / decoding.repetition_penalty
                                      : logits[i] * decoding.repetition_penalty;
        }
        if (!all_banned && banned.contains(id)) {
            logits[i] = -std::numeric_limits<double>::infinity();
        }
    }
    return logits;
}

std::string describe(const Decoding& decoding) {
    std::string text = decoding.sampled() ? "" : "greedy";
    for (const DecodingOption& option : decoding_options()) {
        // The temperature is said of all that is sampled, the rest where it acts.
        const bool always = option.strategy == Strategy::temperature;
        const bool said = always || option.acts(decoding);
        if (!said || (option.samples() && !decoding.sampled())) continue;
        text += (text.empty() ? "" : ", ") + filled(option.told, option.of(decoding));
    }
    if (decoding.sampled()) text += ", seed " + std::to_string(decoding.seed);
    return text;
}

std::vector<int> by_logit(std::span<const float> logits) {
    // Eleven bits at a time from the last on, each time in the order that was there (radix sort): a
    // vocabulary takes a tenth of the time that comparisons take.
    constexpr int digit_bits = 11, digits = 3;
    constexpr uint32_t digit_mask = (1u << digit_bits) - 1;
    std::vector<uint32_t> keys;
    keys.reserve(logits.size());
    for (const float logit : logits) {
        const auto bits = std::bit_cast<uint32_t>(logit + 0.0f);  // -0 is 0
        // As unsigned numbers, the highest logit is the lowest key.
        keys.push_back(bits >> 31 ? bits : bits ^ 0x7fffffffu);
    }
    std::vector<int> ids(logits.size()), sorted(logits.size());
    std::iota(ids.begin(), ids.end(), 0);
    for (int digit = 0; digit < digits; ++digit) {
        const auto digit_of = [&](int id) {
            return keys[static_cast<size_t>(id)] >> (digit * digit_bits) & digit_mask;
        };
        std::vector<size_t> place(size_t{digit_mask} + 2);
        for (const int id : ids) ++place[digit_of(id) + 1];
        std::partial_sum(place.begin(), place.end(), place.begin());
        for (const int id : ids) sorted[place[digit_of(id)]++] = id;
        ids.swap(sorted);
    }
    return ids;
}

Masses::Masses(std::span<const float> logits) : of_(logits.begin(), logits.end()) {
    check(!logits.empty(), "Masses: a vocabulary");
    for (const float logit : logits) check(!std::isnan(logit), "Masses: logits are numbers");
    const double top = double{*std::ranges::max_element(logits)};
    exponentials(of_.data(), static_cast<int>(of_.size()), 1);
    // In four parts that do not wait for each other.
    double sum[4] = {}, below[4] = {};
    for (size_t i = 0; i < of_.size(); ++i) {
        const double mass{of_[i]};
        sum[i % 4] += mass;
        if (mass > 0) below[i % 4] += mass * (double{logits[i]} - top);
    }
    sum_ = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    log_sum_ = std::log(sum_) + top;
    const double mean = ((below[0] + below[1]) + (below[2] + below[3])) / sum_;
    // -sum p log2 p, with ln p = logit - top - ln sum.
    entropy_bits_ = std::max(0.0, (std::log(sum_) - mean) / std::numbers::ln2);
}

Ranking rank(std::span<const float> logits) {
    const Masses masses(logits);
    Ranking ranking;
    ranking.candidates.reserve(logits.size());
    for (const int id : by_logit(logits)) {
        const float logit = logits[static_cast<size_t>(id)];
        ranking.candidates.push_back({id, logit, masses.probability(id), 0});
    }
    ranking.entropy_bits = masses.entropy_bits();
    const float top = ranking.candidates.front().logit;
    ranking.tied =
        static_cast<int>(std::count_if(ranking.candidates.begin(), ranking.candidates.end(),
                                       [&](const Candidate& c) { return c.logit == top; }));
    decide(ranking, Decoding{}, {});
    return ranking;
}

std::vector<Standing> standings(std::span<const float> logits, std::span<const int> ids) {
    const Masses masses(logits);
    std::vector<Standing> all;
    for (const int id : ids) {
        check(id >= 0 && static_cast<size_t>(id) < logits.size(),
              "standings: within the vocabulary");
        const float own = logits[static_cast<size_t>(id)];
        const auto before = logits.first(static_cast<size_t>(id)),
                   after = logits.subspan(before.size());
        int rank = 0;
        for (const float logit : before) rank += logit >= own;
        for (const float logit : after) rank += logit > own;
        all.push_back({rank, masses.probability(id)});
    }
    return all;
}

Standing standing(std::span<const float> logits, int id) {
    return standings(logits, {&id, 1}).front();
}

void decide(Ranking& ranking, const Decoding& decoding, std::span<const int> ids) {
    auto& all = ranking.candidates;
    const std::vector<double> logits = processed_logits(ranking, decoding, ids);
    // Candidates in the order of their processed logits; without penalties the order they have.
    std::vector<int> order(all.size());
    std::iota(order.begin(), order.end(), 0);
    if (decoding.penalised()) {
        std::stable_sort(order.begin(), order.end(),
                         [&](int a, int b) { return logits[a] > logits[b]; });
    }
    const double top = logits[order[0]];
    for (Candidate& c : all) c.adjusted = 0;
    ranking.pick = order[0];
    ranking.kept = 1;
    if (!decoding.sampled()) {
        all[order[0]].adjusted = 1;
        return;
    }
    std::vector<Drawable> left;
    for (const int i : order) {
        const double mass = std::exp((logits[i] - top) / decoding.temperature);
        if (mass == 0) break;  // banned, or too small to be drawn
        left.push_back({i, mass});
    }
    for (const DecodingOption& option : decoding_options()) {
        if (option.cut && option.acts(decoding)) option.cut(left, option.of(decoding));
    }
    ranking.kept = static_cast<int>(left.size());
    double sum = 0;
    for (const Drawable& token : left) sum += token.mass;
    const double drawn = uniform(decoding.seed, static_cast<int>(ids.size())) * sum;
    double below = 0;
    bool found = false;
    for (const Drawable& token : left) {
        all[token.candidate].adjusted = token.mass / sum;
        below += token.mass;
        if (!found) ranking.pick = token.candidate;
        found = found || drawn < below;
    }
}

double uniform(uint64_t seed, int position) {
    constexpr uint64_t golden = 0x9e3779b97f4a7c15;
    auto mix = [](uint64_t z) {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    };
    // The seed is mixed first, so that neighbouring seeds do not give shifted sequences.
    const uint64_t bits = mix(mix(seed + golden) + golden * (static_cast<uint64_t>(position) + 1));
    return static_cast<double>(bits >> 11) * 0x1p-53;
}

int loop_length(std::span<const int> ids, int times) {
    const size_t n = ids.size();
    for (size_t length = 1; length * static_cast<size_t>(times) <= n; ++length) {
        const size_t whole = length * static_cast<size_t>(times);
        bool repeats = true;
        for (size_t i = n - whole; repeats && i + length < n; ++i)
            repeats = ids[i] == ids[i + length];
        if (repeats) return static_cast<int>(length);
    }
    return 0;
}

}  // namespace model
