// The table of decoding options and the sampling rules in it, against what each rule says of a
// single token.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "model/base/file.h"
#include "model/base/file_set.h"
#include "model/decode/options.h"
#include "model/decode/strategy_rule.h"
#include "tests/support.h"

using model::Decoding;
using model::DecodingOption;
using model::Strategy;

namespace {

constexpr double cut = -std::numeric_limits<double>::infinity();

std::vector<double> softmax(const std::vector<double>& scores) {
    std::vector<double> p;
    double sum = 0;
    for (const double score : scores) sum += std::exp(score);
    for (const double score : scores) p.push_back(std::exp(score) / sum);
    return p;
}

double surprise_distance(const std::vector<double>& p, size_t i) {
    double entropy = 0;
    for (const double each : p) entropy -= each > 0 ? each * std::log(each) : 0;
    return std::abs(-std::log(p[i]) - entropy);
}

// Probabilities by id. Every rule is asked of each token alone, by what stands before it, in the
// order of Hugging Face's generate().
std::vector<double> expected(const std::vector<float>& logits, const Decoding& d) {
    std::vector<double> scores;
    for (const float logit : logits) scores.push_back(logit / d.temperature);
    const size_t n = scores.size();
    // Cuts where `goes` says so of probabilities and an index.
    auto filter = [&](auto goes) {
        const std::vector<double> p = softmax(scores);
        for (size_t i = 0; i < n; ++i) {
            if (p[i] > 0 && goes(p, i)) scores[i] = cut;
        }
    };
    auto sum_where = [&](const std::vector<double>& p, auto counts) {
        double sum = 0;
        for (size_t j = 0; j < n; ++j) sum += p[j] > 0 && counts(j) ? p[j] : 0;
        return sum;
    };
    if (d.top_k > 0) {
        filter([&](const auto& p, size_t i) {
            return std::ranges::count_if(p, [&](double q) { return q > p[i]; }) >= d.top_k;
        });
    }
    if (d.top_p < 1) {
        filter([&](const auto& p, size_t i) {
            return sum_where(p, [&](size_t j) { return p[j] > p[i]; }) >= d.top_p;
        });
    }
    filter([&](const auto& p, size_t i) { return p[i] < d.min_p * std::ranges::max(p); });
    if (d.typical_p < 1) {
        filter([&](const auto& p, size_t i) {
            const double own = surprise_distance(p, i);
            return sum_where(p, [&](size_t j) { return surprise_distance(p, j) < own; }) >=
                   d.typical_p;
        });
    }
    filter([&](const auto& p, size_t i) {
        const double top = std::ranges::max(p);
        return p[i] < d.top_a * top * top;
    });
    return softmax(scores);
}

model::Ranking decided(const std::vector<float>& logits, const Decoding& d) {
    model::Ranking ranking = model::rank(logits);
    model::decide(ranking, d, {});
    return ranking;
}

void check_as_expected(const std::vector<float>& logits, const Decoding& d) {
    const model::Ranking ranking = decided(logits, d);
    const std::vector<double> p = expected(logits, d);
    int kept = 0;
    for (const model::Candidate& c : ranking.candidates) {
        const double wanted = p[static_cast<size_t>(c.id)];
        CHECK_MESSAGE((c.adjusted > 0) == (wanted > 0), model::describe(d));
        CHECK(c.adjusted == doctest::Approx(wanted).epsilon(1e-9));
        kept += wanted > 0;
    }
    CHECK(ranking.kept == kept);
    CHECK(kept >= 1);
    CHECK(ranking.proposed().adjusted > 0);
}

// 0.1, 0.4, 0.3, 0.2.
const std::vector<float> four = {0.0f, std::log(4.0f), std::log(3.0f), std::log(2.0f)};

std::set<int> kept_of_four(const char* name, double value) {
    Decoding d;
    for (const DecodingOption& option : model::decoding_options()) {
        if (std::string_view(name) == option.name) option.choose(d, value);
    }
    std::set<int> ids;
    for (const model::Candidate& c : decided(four, d).candidates) {
        if (c.adjusted > 0) ids.insert(c.id);
    }
    return ids;
}

std::string document(const char* name) {
    return model::read_file(std::filesystem::path(STEPSCOPE_TESTS) / ".." / name);
}

}  // namespace

TEST_CASE("min-p, typical-p and top-a of four tokens, by hand") {
    CHECK(kept_of_four("min-p", 0.45) == std::set{1, 2, 3});  // at least 0.18
    CHECK(kept_of_four("min-p", 0.7) == std::set{1, 2});      // at least 0.28
    CHECK(kept_of_four("min-p", 1) == std::set{1});
    // The entropy is 1.280 nats; surprises are 2.303, 0.916, 1.204 and 1.609.
    CHECK(kept_of_four("typical-p", 0.29) == std::set{2});  // not the likeliest
    CHECK(kept_of_four("typical-p", 0.31) == std::set{2, 3});
    CHECK(kept_of_four("typical-p", 0.51) == std::set{1, 2, 3});
    CHECK(kept_of_four("typical-p", 0.91) == std::set{0, 1, 2, 3});
    CHECK(kept_of_four("top-a", 0.5) == std::set{0, 1, 2, 3});  // at least 0.08
    CHECK(kept_of_four("top-a", 0.7) == std::set{1, 2, 3});     // at least 0.112
    CHECK(kept_of_four("top-a", 1) == std::set{1, 2, 3});       // at least 0.16
}

TEST_CASE("every rule alone and all of them together keep what their definitions say") {
    std::mt19937 random(5);
    std::normal_distribution<float> normal(0, 2);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (int round = 0; round < 400; ++round) {
        std::vector<float> logits(40);
        for (float& logit : logits) logit = normal(random);
        Decoding d;
        for (const DecodingOption& option : model::decoding_options()) {
            // Each alone in turn, then any of them.
            const auto* alone = &model::decoding_options()[static_cast<size_t>(round) % 6];
            const bool acts = round < 120 ? &option == alone : random() % 2 == 0;
            if (!option.samples() || !acts) continue;
            const double high = option.whole() ? 40 : option.cut ? 1 : 3;
            const double value = 0.01 + uniform(random) * (high - 0.01);
            option.choose(d, option.whole() ? std::ceil(value) : value);
        }
        if (d.sampled()) check_as_expected(logits, d);
    }
}

TEST_CASE("a rule that is off changes no bit") {
    std::mt19937 random(6);
    std::normal_distribution<float> normal(0, 2);
    std::vector<float> logits(40);
    for (float& logit : logits) logit = normal(random);
    Decoding plain{Strategy::temperature, 0.8, 0, 1.0, 3};
    const model::Ranking without = decided(logits, plain);
    for (const DecodingOption& option : model::decoding_options()) {
        CHECK(option.of(Decoding{}) == option.off);
        CHECK_FALSE(option.acts(Decoding{}));
        if (option.strategy == Strategy::temperature) continue;
        Decoding d = plain;
        option.set(d, option.off);
        const model::Ranking with = decided(logits, d);
        CHECK(with.kept == 40);
        for (size_t i = 0; i < 40; ++i) {
            CHECK(with.candidates[i].adjusted == without.candidates[i].adjusted);
        }
        CHECK(with.pick == without.pick);
    }
}

TEST_CASE("at least one token is kept, and ties are cut the same way every time") {
    const std::vector<std::vector<float>> hard = {
        {7}, {1, 1, 1, 1}, {1e30f, -1e30f, 0}, {-1e30f, -1e30f}, {0, 700, -700}};
    for (const auto& logits : hard) {
        for (const DecodingOption& option : model::decoding_options()) {
            if (!option.cut) continue;
            for (const double value : {option.least, option.most, option.example}) {
                Decoding d{Strategy::temperature, 1e-3, 0, 1.0, 1};
                option.choose(d, value);
                const model::Ranking ranking = decided(logits, d);
                CHECK(ranking.kept >= 1);
                double sum = 0;
                for (const auto& c : ranking.candidates) sum += c.adjusted;
                CHECK(sum == doctest::Approx(1));
            }
        }
    }
    Decoding d{Strategy::top_k, 1, 2};
    CHECK(decided({1, 1, 1, 1}, d).candidates[1].adjusted == 0.5);  // the lower ids
    CHECK(decided({1, 1, 1, 1}, d).candidates[2].adjusted == 0);
    d = {};
    d.strategy = Strategy::typical_p;
    d.typical_p = 0.1;
    CHECK(decided({1, 1, 1, 1}, d).kept == 4);  // all are as typical as the first
    d.min_p = 1;
    CHECK(decided({1, 1, 0, 0}, d).kept == 2);
}

TEST_CASE("a token that was ruled out before is not what a rule looks at") {
    Decoding d{Strategy::typical_p, 1};
    d.no_repeat_ngram = 1;
    d.typical_p = 0.5;
    model::Ranking ranking = model::rank(four);
    model::decide(ranking, d, std::vector<int>{1});
    CHECK(ranking.candidates[0].adjusted == 0);
    CHECK(ranking.kept >= 1);
    d.typical_p = 1;
    d.min_p = 0.7;  // of 0.3, which is the likeliest now
    model::decide(ranking, d, std::vector<int>{1});
    CHECK(ranking.kept == 1);
    CHECK(ranking.proposed().id == 2);
}

TEST_CASE("the rows of the table do not contradict each other") {
    std::set<std::string> names, keys, words;
    std::set<Strategy> strategies;
    for (const DecodingOption& option : model::decoding_options()) {
        CHECK(names.insert(option.name).second);
        CHECK(keys.insert(option.key).second);
        CHECK(words.insert(option.word).second);
        CHECK(option.least < option.most);
        CHECK(option.off <= option.most);
        for (const double value : {option.least, option.most, option.example}) {
            Decoding d;
            option.choose(d, value);
            CHECK(option.of(d) == value);
            CHECK(d.strategy == option.strategy);
        }
        Decoding d;
        option.choose(d, option.example);
        CHECK(option.acts(d));
        const std::string number = model::short_number(option.example);
        CHECK(model::describe(d).find(number) != std::string::npos);
        CHECK((model::describe_cuts(d).find(number) != std::string::npos) ==
              (option.cut != nullptr));
        if (!option.samples()) continue;
        CHECK(strategies.insert(option.strategy).second);
        CHECK(model::option_of(option.strategy) == &option);
        CHECK(model::strategy_key(option.strategy) == std::string(option.key));
        const model::OptionControl& control = option.control;
        CHECK(control.low >= std::min(option.least, option.off));
        CHECK(control.high <= option.most);
        CHECK(control.start > control.low);
        CHECK(control.start < control.high);
    }
    CHECK(model::option_of(Strategy::greedy) == nullptr);
}

TEST_CASE("every option is a word of the rules and comes back as it was") {
    for (const DecodingOption& option : model::decoding_options()) {
        const std::string word = option.word + ("=" + model::short_number(option.example));
        const std::string text = (option.samples() ? "" : "greedy, ") + word;
        const auto rules = model::parse_rules(text, "test");
        REQUIRE(rules.size() == 1);
        CHECK(option.of(rules[0].decoding) == option.example);
        CHECK(rules[0].decoding.strategy == option.strategy);
        CHECK(model::rules_text(rules) == text);
        CHECK(model::rule_name(rules[0]).find(model::short_number(option.example)) !=
              std::string::npos);
        const std::string beyond = option.word + ("=" + std::to_string(option.most * 2));
        CHECK_FALSE(tests::error_of([&] { model::parse_rules(beyond, "test"); }).empty());
    }
    CHECK(model::rule_text(model::parse_rules("min-p=0.1, t=1.2", "test")[0]) ==
          "t=1.2, min-p=0.1");
    CHECK(model::rule_name(model::parse_rules("typical-p=0.9", "test")[0]) == "typical-p 0.9");
}

TEST_CASE("the documentation knows every option") {
    const std::string readme = document("README.md"), files = document("docs/files.md"),
                      lessons = document("docs/lessons.md"), maths = document("docs/maths.md"),
                      views = document("docs/views.md");
    for (const DecodingOption& option : model::decoding_options()) {
        CHECK_MESSAGE(readme.find("`" + option.flag()) != std::string::npos, option.name);
        CHECK_MESSAGE(files.find("`" + std::string(option.key) + "`") != std::string::npos,
                      option.name);
        CHECK_MESSAGE(lessons.find("\"" + std::string(option.key) + "\"") != std::string::npos,
                      option.name);
        CHECK_MESSAGE(views.find("`" + std::string(option.word) + "`") != std::string::npos,
                      option.name);
        if (option.cut) CHECK_MESSAGE(maths.find(option.name) != std::string::npos, option.name);
    }
}
