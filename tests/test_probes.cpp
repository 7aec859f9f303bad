// What the bundled model is shipped to show, measured on the shipped files. The prompts of
// probes.json are written by assets/training/probes.py, from other seeds than the training text.
// With STEPSCOPE_PROBE_TABLE=FILE the table that the model card holds is written there.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "model/decode/decoding.h"
#include "model/interp/head_scores.h"
#include "model/interp/lens.h"
#include "model/run/session.h"
#include "tests/support.h"

using nlohmann::json;
using tests::bundled;

namespace {

const json& prompts() {
    static const json read =
        json::parse(std::ifstream(std::string(STEPSCOPE_TESTS) + "/probes.json"));
    return read;
}

// One line of the table, checked as it is written. Values are shares of 1 unless `unit` says other.
enum class Must { at_least, at_most };
void measured(const std::string& what, double value, Must must, double bound,
              const std::string& unit = "%") {
    const double shown = unit == "%" ? 100 * value : value;
    const double limit = unit == "%" ? 100 * bound : bound;
    std::ostringstream line;
    line.precision(unit == "%" ? 0 : 2);
    line << std::fixed << "| " << what << " | " << shown << (unit.empty() ? "" : " ") << unit
         << " | " << (must == Must::at_least ? "at least " : "at most ");
    line.precision(limit == std::floor(limit) ? 0 : 2);
    line << limit << (unit.empty() ? "" : " ") << unit << " |";
    MESSAGE(line.str());
    if (const char* file = std::getenv("STEPSCOPE_PROBE_TABLE"))
        std::ofstream(file, std::ios::app) << line.str() << "\n";
    INFO(what);
    if (must == Must::at_least)
        CHECK(value >= bound);
    else
        CHECK(value <= bound);
}

std::vector<int> ids_of(const std::string& text) {
    return model::encode_prompt(*bundled(), text);
}

model::Records run(const std::vector<int>& ids) {
    model::KvCache cache(bundled()->config);
    return model::forward(bundled()->config, bundled()->weights, cache, ids);
}

int likeliest(const model::TokenRecord& record) {
    const auto logits = model::logits(bundled()->weights, record);
    return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

// Whether what follows greedily begins with one of the words: "]" may come as "],". With
// [prompt, word, "not", other]: whether the word is likelier than the other one.
bool follows(const json& item) {
    if (item.size() == 4 && item[2] == "not") {
        const auto logits = model::logits(bundled()->weights, *run(ids_of(item[0])).back());
        const auto logit = [&](const json& word) {
            return logits[static_cast<size_t>(ids_of(word).at(0))];
        };
        return logit(item[1]) > logit(item[3]);
    }
    // A word may be several tokens.
    model::Session session(bundled());
    session.start(ids_of(item[0]), {});
    std::string next;
    for (int i = 0; i < 4 && session.stage() == model::Stage::proposed; ++i) {
        next += bundled()->tokenizer->bytes(session.step()->ranking.proposed().id);
        session.commit();
    }
    return std::any_of(item.begin() + 1, item.end(), [&](const json& word) {
        return next.rfind(word.get<std::string>(), 0) == 0;
    });
}

double share_followed(const std::string& name) {
    const json& items = prompts().at("following").at(name);
    int right = 0;
    for (const json& item : items) {
        const bool ok = follows(item);
        right += ok;
        if (!ok) INFO(item.dump());
    }
    return static_cast<double>(right) / static_cast<double>(items.size());
}

std::vector<int> random_ids(std::mt19937& random, int n) {
    std::vector<int> ids(static_cast<size_t>(n));
    for (int& id : ids)
        id = static_cast<int>(random() % static_cast<unsigned>(bundled()->config.n_vocab - 1));
    return ids;
}

std::vector<int> twice(std::vector<int> ids) {
    const size_t n = ids.size();
    ids.resize(2 * n);
    std::copy_n(ids.begin(), n, ids.begin() + static_cast<long>(n));
    return ids;
}

// The highest of all heads, of the mean over runs of one habit.
double best_head(const std::vector<model::Records>& runs,
                 model::HeadHabit model::HeadScores::*habit) {
    std::vector<double> mean;
    for (const model::Records& records : runs) {
        const auto scores = model::head_scores(bundled()->config, records);
        mean.resize(scores.size());
        for (size_t h = 0; h < scores.size(); ++h)
            mean[h] += (scores[h].*habit).mean / static_cast<double>(runs.size());
    }
    return *std::max_element(mean.begin(), mean.end());
}

bool loops(const std::string& opening, const model::Decoding& decoding) {
    model::Session session(bundled());
    session.start(ids_of(opening), decoding);
    for (int i = 0; i < 150 && session.stage() == model::Stage::proposed; ++i) session.commit();
    return model::loop_length(session.step()->ids()) > 0;
}

double entropy_after(const std::string& text) {
    return model::rank(model::logits(bundled()->weights, *run(ids_of(text)).back())).entropy_bits;
}

}  // namespace

TEST_CASE("probe: random sequences are copied") {
    std::mt19937 random(11);
    int right = 0, all = 0;
    for (int i = 0; i < 20; ++i) {
        const int n = 10 + i * 90 / 19;
        const std::vector<int> ids = twice(random_ids(random, n));
        const model::Records records = run(ids);
        for (size_t p = static_cast<size_t>(n); p + 1 < ids.size(); ++p, ++all)
            right += likeliest(*records[p]) == ids[p + 1];
    }
    measured("copying random sequences of 10 to 100 tokens", static_cast<double>(right) / all,
             Must::at_least, 0.98);
}

TEST_CASE("probe: heads have the habits that lessons name") {
    std::mt19937 random(12);
    std::vector<model::Records> repeated, texts;
    for (size_t i = 0; i < 20; ++i) {
        repeated.push_back(run(twice(random_ids(random, 40))));
        texts.push_back(run(ids_of(prompts().at("prompts")[i])));
    }
    using Scores = model::HeadScores;
    measured("induction score of one head, on repeats", best_head(repeated, &Scores::induction),
             Must::at_least, 0.8, "");
    measured("previous-token score of one head, on prompts", best_head(texts, &Scores::previous),
             Must::at_least, 0.8, "");
    measured("first-token score of one head, on prompts", best_head(texts, &Scores::first),
             Must::at_least, 0.4, "");
}

TEST_CASE("probe: the word that the text before it decides") {
    const std::pair<const char*, double> bounds[] = {{"receiver, giver named first", 0.9},
                                                     {"receiver, receiver named first", 0.9},
                                                     {"receiver, other wordings", 0.65},
                                                     {"three people", 0.8},
                                                     {"negated giving", 0.8},
                                                     {"who has it", 0.8},
                                                     {"questions, paraphrased", 0.45},
                                                     {"where is it", 0.8},
                                                     {"he or she", 0.9},
                                                     {"his or her", 0.9},
                                                     {"one or many, with an attractor", 0.95},
                                                     {"brackets and quotes closed", 0.9},
                                                     {"nested brackets and quotes", 0.8},
                                                     {"the day before", 0.8},
                                                     {"counting", 0.95},
                                                     {"counting downward", 0.8},
                                                     {"counting by twos", 0.8},
                                                     {"days", 0.95},
                                                     {"days backward", 0.8},
                                                     {"months", 0.95},
                                                     {"months backward", 0.8},
                                                     {"capitals", 0.95},
                                                     {"capitals, new frame", 0.6},
                                                     {"opposites", 0.95},
                                                     {"opposites, new frame", 0.6},
                                                     {"young animals", 0.95},
                                                     {"young animals, new frame", 0.6},
                                                     {"colours", 0.95},
                                                     {"colours, new frame", 0.6},
                                                     {"second list of facts, new frame", 0.25}};
    REQUIRE(std::size(bounds) == prompts().at("following").size());
    for (const auto& [name, bound] : bounds)
        measured(name, share_followed(name), Must::at_least, bound);
}

TEST_CASE("probe: the capital rises through the layers") {
    const json& items = prompts().at("rising");
    double first = 0, last = 0;
    for (const json& item : items) {
        const auto ranks =
            model::token_ranks(*bundled(), *run(ids_of(item[0])).back(), ids_of(item[1]).at(0));
        first += ranks.front().probability / static_cast<double>(items.size());
        last += ranks.back().probability / static_cast<double>(items.size());
    }
    measured("lens probability of the capital after the first block", first, Must::at_most, 0.1);
    measured("lens probability of the capital after the last block", last, Must::at_least, 0.8);
}

TEST_CASE("probe: greedy decoding falls into loops, sampling does not") {
    model::Decoding sampling;
    sampling.strategy = model::Strategy::top_p;
    sampling.temperature = 0.9;
    sampling.top_p = 0.95;
    double greedy = 0, sampled = 0;
    const json& openings = prompts().at("openings");
    for (const json& opening : openings) {
        sampling.seed++;
        greedy += loops(opening, {}) / static_cast<double>(openings.size());
        sampled += loops(opening, sampling) / static_cast<double>(openings.size());
    }
    measured("greedy in an exact loop within 150 tokens", greedy, Must::at_least, 0.1);
    measured("sampling (0.9, top-p 0.95) in one", sampled, Must::at_most, 1 / 6.0);
}

TEST_CASE("probe: the model is sure where it can be, and open where it cannot") {
    measured("entropy after \"The capital of France is\"",
             entropy_after("The capital of France is"), Must::at_most, 0.1, "bit");
    measured("entropy after \"The\"", entropy_after("The"), Must::at_least, 4, "bit");
}

TEST_CASE("probe: fresh text leaves something to choose, and the model knows how much") {
    const int end = ids_of("<|endoftext|>").at(0);
    std::vector<int> flat;
    for (const json& text : prompts().at("held_out")) {
        const std::vector<int> ids = ids_of(text);
        flat.insert(flat.end(), ids.begin(), ids.end());
        flat.push_back(end);
    }
    struct Bin {
        double said = 0, right = 0;
    };
    std::array<Bin, 10> bins;
    std::vector<double> bits;
    double nats = 0, sure = 0, open = 0;
    constexpr size_t window = 255;
    for (size_t at = 0; at + window <= flat.size(); at += window) {
        std::vector<int> ids = {end};
        ids.insert(ids.end(), flat.begin() + static_cast<long>(at),
                   flat.begin() + static_cast<long>(at + window));
        const model::Records records = run(ids);
        for (size_t p = 0; p + 1 < ids.size(); ++p) {
            const auto logits = model::logits(bundled()->weights, *records[p]);
            const model::Masses masses(logits);
            const int top = static_cast<int>(std::ranges::max_element(logits) - logits.begin());
            const double said = masses.probability(top);
            Bin& bin = bins[static_cast<size_t>(std::min(said * 10, 9.0))];
            bin.said += said;
            bin.right += top == ids[p + 1];
            nats -= std::log(masses.probability(ids[p + 1]));
            bits.push_back(masses.entropy_bits());
            sure += said > 0.999;
            open += bits.back() >= 1 && bits.back() <= 3;
        }
    }
    const auto n = static_cast<double>(bits.size());
    CHECK(n >= 12000);
    double off = 0;
    for (const Bin& bin : bins) off += std::abs(bin.said - bin.right) / n;
    std::ranges::nth_element(bits, bits.begin() + static_cast<long>(bits.size() / 2));
    measured("positions of fresh text with more than 99.9 %", sure / n, Must::at_most, 0.2);
    measured("positions with 1 to 3 bits", open / n, Must::at_least, 0.25);
    measured("median entropy", bits[bits.size() / 2], Must::at_least, 0.8, "bit");
    measured("calibration error of the likeliest token", off, Must::at_most, 0.03);
    measured("perplexity of fresh text", std::exp(nats / n), Must::at_most, 4.5, "");
}
