#include "model/decoding.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "model/error.h"

namespace model {

namespace {

std::string short_number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

}  // namespace

std::string describe(const Decoding& decoding) {
    if (!decoding.sampled()) return "greedy";
    std::string text = "temperature " + short_number(decoding.temperature);
    if (decoding.top_k > 0) text += ", top-k " + std::to_string(decoding.top_k);
    if (decoding.top_p < 1) text += ", top-p " + short_number(decoding.top_p);
    return text + ", seed " + std::to_string(decoding.seed);
}

Ranking rank(std::span<const float> logits) {
    check(!logits.empty(), "rank: a vocabulary");
    Ranking ranking;
    ranking.candidates.reserve(logits.size());
    for (size_t id = 0; id < logits.size(); ++id) {
        check(!std::isnan(logits[id]), "rank: logits are numbers");
        ranking.candidates.push_back({static_cast<int>(id), logits[id], 0, 0});
    }
    std::sort(ranking.candidates.begin(), ranking.candidates.end(),
              [](const Candidate& a, const Candidate& b) {
                  return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
              });
    const double top = ranking.candidates.front().logit;
    double sum = 0;
    for (const Candidate& c : ranking.candidates) sum += std::exp(c.logit - top);
    for (Candidate& c : ranking.candidates) {
        c.probability = std::exp(c.logit - top) / sum;
        if (c.probability > 0) ranking.entropy_bits -= c.probability * std::log2(c.probability);
    }
    ranking.tied = static_cast<int>(
        std::count_if(ranking.candidates.begin(), ranking.candidates.end(),
                      [&](const Candidate& c) { return c.logit == ranking.candidates[0].logit; }));
    decide(ranking, Decoding{}, 0);
    return ranking;
}

void decide(Ranking& ranking, const Decoding& decoding, int position) {
    auto& all = ranking.candidates;
    ranking.pick = 0;
    if (!decoding.sampled()) {
        for (Candidate& c : all) c.adjusted = 0;
        all.front().adjusted = 1;
        ranking.kept = 1;
        return;
    }
    // Temperature first; candidates are sorted, so what top-k and top-p keep is a prefix.
    double sum = 0;
    for (Candidate& c : all) {
        c.adjusted = std::exp((double{c.logit} - all.front().logit) / decoding.temperature);
        sum += c.adjusted;
    }
    size_t kept = all.size();
    if (decoding.top_k > 0) kept = std::min(kept, static_cast<size_t>(decoding.top_k));
    if (decoding.top_p < 1) {
        double within = 0;
        for (size_t i = 0; i < kept; ++i) within += all[i].adjusted;
        double mass = 0;
        for (size_t i = 0; i < kept; ++i) {
            mass += all[i].adjusted / within;
            if (mass >= decoding.top_p) kept = i + 1;
        }
    }
    sum = 0;
    for (size_t i = 0; i < kept; ++i) sum += all[i].adjusted;
    for (size_t i = 0; i < all.size(); ++i) all[i].adjusted = i < kept ? all[i].adjusted / sum : 0;
    ranking.kept = static_cast<int>(kept);

    const double drawn = uniform(decoding.seed, position);
    double below = 0;
    for (size_t i = 0; i < kept; ++i) {
        if (all[i].adjusted > 0) ranking.pick = static_cast<int>(i);
        below += all[i].adjusted;
        if (drawn < below) break;
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
