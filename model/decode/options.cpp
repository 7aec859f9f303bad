#include "model/decode/options.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace model {

namespace {

double total(const std::vector<Drawable>& left) {
    return std::accumulate(left.begin(), left.end(), 0.0,
                           [](double sum, const Drawable& token) { return sum + token.mass; });
}

// The K most likely; of a tie the lower ids.
void keep_top_k(std::vector<Drawable>& left, double k) {
    if (k < static_cast<double>(left.size())) left.resize(static_cast<size_t>(k));
}

// The smallest set with this probability, the nucleus (Holtzman et al. 2020, section 3.1).
void keep_top_p(std::vector<Drawable>& left, double p) {
    const double wanted = p * total(left);
    double nucleus = 0;
    size_t within = 0;
    while (within < left.size() && nucleus < wanted) nucleus += left[within++].mass;
    left.resize(std::max<size_t>(within, 1));
}

// What has at least this part of the likeliest token's probability (Nguyen et al. 2024).
void keep_min_p(std::vector<Drawable>& left, double p) {
    const double least = p * left.front().mass;
    std::erase_if(left, [&](const Drawable& token) { return token.mass < least; });
}

// The smallest set with this probability of the tokens whose surprise is closest to the entropy,
// and what is as close as its last one (Meister et al. 2022, locally typical sampling, equation
// 10).
void keep_typical_p(std::vector<Drawable>& left, double p) {
    const double sum = total(left);
    double entropy = 0;  // nats
    for (const Drawable& token : left) entropy -= token.mass / sum * std::log(token.mass / sum);
    struct Typical {
        Drawable token;
        double distance;
    };
    std::vector<Typical> all;
    all.reserve(left.size());
    for (const Drawable& token : left) {
        all.push_back({token, std::abs(-std::log(token.mass / sum) - entropy)});
    }
    std::vector<Typical> closest = all;
    std::ranges::stable_sort(closest, {}, &Typical::distance);
    double farthest = 0, within = 0;
    for (size_t i = 0; i < closest.size() && within < p * sum; ++i) {
        within += closest[i].token.mass;
        farthest = closest[i].distance;
    }
    left.clear();
    for (const Typical& t : all) {
        if (t.distance <= farthest) left.push_back(t.token);
    }
}

// What has at least A times the square of the likeliest token's probability (BlinkDL, 2021).
void keep_top_a(std::vector<Drawable>& left, double a) {
    const double sum = total(left);
    const double least = a * (left.front().mass / sum) * left.front().mass;
    std::erase_if(left, [&](const Drawable& token) { return token.mass < least; });
}

using Unit = OptionControl::Unit;
constexpr double most_tokens = 1 << 24;

constexpr DecodingOption table[] = {
    {.name = "temperature",
     .key = "temperature",
     .word = "t",
     .strategy = Strategy::temperature,
     .member = &Decoding::temperature,
     .least = 1e-3,
     .most = 1e3,
     .off = 1,
     .example = 0.9,
     .help = "sample with the logits divided by T",
     .told = "temperature #",
     .heading = "T #",
     .cut = nullptr,
     .control = {"Temp.", "temperature", Unit::number, 0.7, 0.1, 2, 0.05}},
    {.name = "top-k",
     .key = "top_k",
     .word = "k",
     .strategy = Strategy::top_k,
     .member = &Decoding::top_k,
     .least = 1,
     .most = most_tokens,
     .off = 0,
     .example = 40,
     .help = "sample among the K most likely",
     .told = "top-k #",
     .heading = "top-k #",
     .cut = keep_top_k,
     .control = {"Top-k", "keep the top", Unit::count, 5, 1, 50, 1}},
    {.name = "top-p",
     .key = "top_p",
     .word = "p",
     .strategy = Strategy::top_p,
     .member = &Decoding::top_p,
     .least = 1e-6,
     .most = 1,
     .off = 1,
     .example = 0.95,
     .help = "sample from the nucleus of probability P",
     .told = "top-p #",
     .heading = "top-p #",
     .cut = keep_top_p,
     .control = {"Top-p", "keep the nucleus of", Unit::percent, 0.9, 0.05, 1, 0.01}},
    {.name = "min-p",
     .key = "min_p",
     .word = "min-p",
     .strategy = Strategy::min_p,
     .member = &Decoding::min_p,
     .least = 0,
     .most = 1,
     .off = 0,
     .example = 0.1,
     .help = "sample among tokens with at least P times the probability of the likeliest",
     .told = "min-p #",
     .heading = "min-p #",
     .cut = keep_min_p,
     .control = {"Min-p", "least of the top", Unit::percent, 0.1, 0, 1, 0.01}},
    {.name = "typical-p",
     .key = "typical_p",
     .word = "typical-p",
     .strategy = Strategy::typical_p,
     .member = &Decoding::typical_p,
     .least = 1e-6,
     .most = 1,
     .off = 1,
     .example = 0.9,
     .help = "sample from the tokens of probability P whose surprise is closest to the entropy",
     .told = "typical-p #",
     .heading = "typical-p #",
     .cut = keep_typical_p,
     .control = {"Typical", "keep the typical", Unit::percent, 0.9, 0.05, 1, 0.01}},
    {.name = "top-a",
     .key = "top_a",
     .word = "top-a",
     .strategy = Strategy::top_a,
     .member = &Decoding::top_a,
     .least = 0,
     .most = 1,
     .off = 0,
     .example = 0.2,
     .help = "sample among tokens with at least A times the square of the likeliest's probability",
     .told = "top-a #",
     .heading = "top-a #",
     .cut = keep_top_a,
     .control = {"Top-a", "least of the top²", Unit::number, 0.2, 0, 1, 0.01}},
    {.name = "repetition-penalty",
     .key = "repetition_penalty",
     .word = "penalty",
     .strategy = Strategy::greedy,
     .member = &Decoding::repetition_penalty,
     .least = 0.01,
     .most = 100,
     .off = 1,
     .example = 1.2,
     .help = "divide the positive logits of tokens that occurred by R, multiply negative ones",
     .told = "repetition penalty #",
     .heading = "penalty #",
     .cut = nullptr,
     .control = {}},
    {.name = "no-repeat-ngram",
     .key = "no_repeat_ngram",
     .word = "ngram",
     .strategy = Strategy::greedy,
     .member = &Decoding::no_repeat_ngram,
     .least = 0,
     .most = 1 << 20,
     .off = 0,
     .example = 3,
     .help = "never say the same N tokens twice",
     .told = "no repeated #-gram",
     .heading = "no #-gram twice",
     .cut = nullptr,
     .control = {}},
};

}  // namespace

double DecodingOption::of(const Decoding& decoding) const {
    return std::visit([&](auto at) { return static_cast<double>(decoding.*at); }, member);
}

void DecodingOption::set(Decoding& decoding, double value) const {
    std::visit(
        [&](auto at) {
            using Number = std::remove_reference_t<decltype(decoding.*at)>;
            decoding.*at = static_cast<Number>(value);
        },
        member);
}

void DecodingOption::choose(Decoding& decoding, double value) const {
    set(decoding, value);
    if (samples()) decoding.strategy = strategy;
}

std::span<const DecodingOption> decoding_options() {
    return table;
}

const DecodingOption* option_of(Strategy strategy) {
    if (strategy == Strategy::greedy) return nullptr;
    return std::ranges::find(table, strategy, &DecodingOption::strategy);
}

const char* strategy_key(Strategy strategy) {
    const DecodingOption* option = option_of(strategy);
    return option ? option->key : "greedy";
}

std::string short_number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

std::string filled(std::string_view words, double value) {
    std::string text(words);
    if (const size_t at = text.find('#'); at != text.npos) text.replace(at, 1, short_number(value));
    return text;
}

std::string describe_cuts(const Decoding& decoding) {
    std::string text;
    for (const DecodingOption& option : table) {
        if (!option.cut || !option.acts(decoding)) continue;
        text += (text.empty() ? "" : ", ") + filled(option.told, option.of(decoding));
    }
    return text;
}

}  // namespace model
