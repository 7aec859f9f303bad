// Strategies side by side, judged by sessions that run each of them alone, and the tree of a beam
// search, judged by all extensions of a tiny model.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "model/run/session.h"
#include "model/run/strategy_comparison.h"
#include "tests/support.h"

namespace {

std::shared_ptr<const model::Model> small() {
    static const auto model = tests::random_model(2, 2, 16, 50, 48);
    return model;
}

model::StepPtr prompt_step(const std::vector<int>& prompt, const model::Ablation& ablation = {}) {
    model::SessionOptions options;
    options.ablation = ablation;
    model::Session session(small(), options);
    session.start(prompt, {});
    return session.step();
}

std::vector<int> ids_of(const std::vector<model::ScoredToken>& tokens) {
    std::vector<int> ids;
    for (const auto& token : tokens) ids.push_back(token.id);
    return ids;
}

}  // namespace

TEST_CASE("rows of a comparison are what a session says alone, bit by bit") {
    const std::vector<int> prompt = {3, 1, 4, 1, 5};
    for (const bool ablated : {false, true}) {
        model::SessionOptions options;
        if (ablated) options.ablation.heads.insert({0, 1});
        model::StrategyComparison comparison(small(), *prompt_step(prompt, options.ablation),
                                             false);
        const auto rules = model::parse_rules(
            "greedy; t=0.9, p=0.8; k=7, t=1.4, seed=5; greedy, penalty=1.3, ngram=2", "test");
        comparison.set_rules(rules);
        CHECK(comparison.run(12));
        CHECK_FALSE(comparison.run(12));
        const auto all = comparison.strategies();
        REQUIRE(all->rows.size() == rules.size());
        CHECK(all->length() == 12);
        for (size_t row = 0; row < rules.size(); ++row) {
            model::Session session(small(), options);
            session.start(prompt, rules[row].decoding);
            for (const auto& token : all->rows[row]->after(12)) {
                const auto& ranking = session.step()->ranking;
                CHECK(token.id == ranking.proposed().id);
                CHECK(token.probability == ranking.proposed().probability);
                CHECK(token.rank == ranking.pick);
                CHECK(token.entropy_bits == ranking.entropy_bits);
                session.commit();
            }
        }
    }
}

TEST_CASE("a search in a comparison is beam_search, and comes along without a row of its own") {
    const std::vector<int> prompt = {7, 8, 9};
    model::StrategyComparison comparison(small(), *prompt_step(prompt), false);
    comparison.set_rules(model::parse_rules("greedy; beams=3", "test"));
    comparison.run(9);
    for (const int n : {1, 4, 9}) {
        auto best = model::beam_search(*small(), prompt, {.beams = 3, .steps = n}).front();
        best.ids.erase(best.ids.begin(), best.ids.begin() + 3);
        const auto told = comparison.strategies()->rows[1]->after(n);
        CHECK(ids_of(told) == best.ids);
        CHECK(model::measure(told).log_probability ==
              doctest::Approx(best.log_probability).epsilon(1e-9));
    }
    CHECK(comparison.strategies()->beam == comparison.strategies()->rows[1]);
    const auto before = comparison.strategies()->rows[0];
    comparison.set_rules(model::parse_rules("k=3; greedy", "test"));
    CHECK(comparison.strategies()->rows[1] == before);  // kept, in another place
    CHECK(comparison.strategies()->beam->rule.beams == 4);
    CHECK(comparison.strategies()->length() == 0);
}

TEST_CASE("a comparison goes on where it was stopped, and stops where the context is full") {
    const std::vector<int> prompt(34, 2);  // of 48
    const auto rules = model::parse_rules("greedy; k=9; beams=2", "test");
    model::StrategyComparison whole(small(), *prompt_step(prompt), false);
    whole.set_rules(rules);
    whole.run(20);
    model::StrategyComparison stopped(small(), *prompt_step(prompt), false);
    stopped.set_rules(rules);
    int asked = 0, stops = 0;
    for (bool done = false; !done;) {
        try {
            // Blocks ask: three of them, then no more; a pass has two.
            stopped.run(20, [&] { return ++asked % 4 == 0; });
            done = true;
        } catch (const model::Stopped&) {
            ++stops;
        }
    }
    CHECK(stops > 3);
    for (size_t row = 0; row < rules.size(); ++row) {
        const auto& run = *whole.strategies()->rows[row];
        CHECK(run.why == model::StopReason::context_full);
        CHECK(run.length() == 14);
        CHECK(ids_of(run.after(20)) == ids_of(stopped.strategies()->rows[row]->after(20)));
    }
}

TEST_CASE("rules are read as they are written, and refused in one line") {
    for (const char* text : {"greedy", "t=0.9, p=0.95", "k=40", "beams=4", "t=1", "p=0.5, seed=3",
                             "greedy, penalty=1.2, ngram=3", "t=0.7, k=5, p=0.9, seed=12"}) {
        const auto rules = model::parse_rules(text, "test");
        REQUIRE(rules.size() == 1);
        CHECK(model::rules_text(rules) == text);
    }
    CHECK(model::rules_text(model::default_rules()) ==
          "greedy; t=0.8, p=0.95; t=1.3, k=40, seed=1; beams=4");
    CHECK(model::parse_rules(" k = 3 ;; greedy; ", "test").size() == 2);
    for (const char* text :
         {"", ";", "hot", "t=0", "t=", "k=1.5", "p=2", "beams=1", "beams=9", "k=4, beams=2",
          "greedy, t=1", "x=1", "seed=-1", "t=nan", "greedy;greedy;greedy;greedy;greedy"}) {
        const std::string error =
            tests::error_of([&] { model::parse_rules(text, "--strategies"); });
        CHECK(error.starts_with("--strategies: "));
    }
}

TEST_CASE("measures of a text, by hand") {
    // a b a b a b: 4-grams abab, baba, abab.
    std::vector<model::ScoredToken> tokens;
    for (int i = 0; i < 6; ++i) tokens.push_back({i % 2, i % 2 ? 0.5 : 0.25, 0, 1.0 + i});
    const auto m = model::measure(tokens);
    CHECK(m.log_probability == doctest::Approx(3 * std::log(0.5) + 3 * std::log(0.25)));
    CHECK(m.perplexity == doctest::Approx(std::exp2(1.5)));
    CHECK(m.mean_probability == doctest::Approx(0.375));
    CHECK(m.mean_entropy_bits == doctest::Approx(3.5));
    CHECK(m.distinct_1 == doctest::Approx(2.0 / 6));
    CHECK(m.distinct_2 == doctest::Approx(2.0 / 5));
    CHECK(m.repeated_4 == doctest::Approx(1.0 / 3));
    CHECK(std::isnan(model::measure({}).perplexity));
    CHECK(std::isnan(model::measure(std::span(tokens).first(3)).repeated_4));
}

TEST_CASE("a search tells of each step the B best extensions and the next B") {
    const auto model = tests::tiny();
    const std::vector<int> prompt = {3, 1};
    for (const int width : {2, 3, 8}) {
        model::Session session(model);
        session.start(prompt, {});
        model::BeamSearch search(*model, session.step()->records, {.beams = width});
        const model::SharedPrefix prefix(*model, session.step()->records, {});
        while (search.step(prefix.run(search.pending()))) {
        }
        const model::BeamTrace& trace = search.trace();
        REQUIRE(trace.steps() == 4);  // the context holds 6
        std::vector<int> live = {-1};
        for (int step = 1; step <= trace.steps(); ++step) {
            struct Extension {
                int parent, id;
                double sum, p;
            };
            std::vector<Extension> all;
            for (const int parent : live) {
                std::vector<int> ids = prompt;
                for (const int at : trace.path_to(parent)) ids.push_back(trace.nodes[at].id);
                model::Session alone(model);
                alone.start(ids, {});
                const double so_far = parent < 0 ? 0 : trace.nodes[parent].log_probability;
                for (const auto& c : alone.step()->ranking.candidates) {
                    all.push_back({parent, c.id, so_far + std::log(c.probability), c.probability});
                }
            }
            std::ranges::sort(all, std::greater{}, &Extension::sum);
            const auto told = trace.looked_at(step);
            const size_t kept = std::min<size_t>(width, all.size());
            REQUIRE(told.size() == std::min<size_t>(2 * width, all.size()));
            std::set<std::pair<int, int>> expected, found, pruned, left;
            for (size_t i = 0; i < told.size(); ++i) {
                const model::BeamNode& node = trace.nodes[told[i]];
                CHECK(node.kept == (i < kept));
                CHECK(node.log_probability == doctest::Approx(all[i].sum).epsilon(1e-4));
                CHECK(node.probability == doctest::Approx(all[i].p).epsilon(1e-4));
                (i < kept ? found : pruned).insert({node.parent, node.id});
                (i < kept ? expected : left).insert({all[i].parent, all[i].id});
            }
            CHECK(found == expected);
            CHECK(pruned == left);
            live = trace.live[static_cast<size_t>(step - 1)];
            CHECK(live == std::vector<int>(told.begin(), told.begin() + static_cast<int>(kept)));
        }
    }
}
