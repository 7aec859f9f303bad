// What look_ahead() says is what runs that go there find, to the bit; and looking changes nothing.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "model/base/progress.h"
#include "model/pass/hooks.h"
#include "model/run/look_ahead.h"
#include "tests/support.h"

namespace {

constexpr int candidates = model::ahead_candidates, depth = model::ahead_depth;

std::vector<int> some_ids(const model::Model& m, int n) {
    std::vector<int> ids;
    for (int i = 0; i < n; ++i) ids.push_back((i * 37 + 5) % m.config.n_vocab);
    return ids;
}

// Every continuation beside a session that appends it.
void check_against_runs(const std::shared_ptr<const model::Model>& m, model::Session& session,
                        const model::SessionOptions& options) {
    const model::StepPtr step = session.step();
    const model::LookAheadPtr ahead = model::look_ahead(session, candidates, depth);
    CHECK(session.step() == step);
    CHECK(ahead->after == step->records.back());
    REQUIRE(ahead->of.size() == std::min<size_t>(candidates, step->ranking.candidates.size()));
    for (size_t i = 0; i < ahead->of.size(); ++i) {
        const model::LookAhead::Continuation& continuation = ahead->of[i];
        CHECK(continuation.id == step->ranking.candidates[i].id);
        CHECK(ahead->find(continuation.id) == &continuation);
        model::Session other(m, options);
        other.start(step->ids(), {});
        other.commit(continuation.id);
        for (const auto& token : continuation.then) {
            REQUIRE(other.stage() == model::Stage::proposed);
            CHECK(other.step()->ranking.proposed().id == token.id);
            CHECK(other.step()->ranking.candidates[0].probability == token.probability);
            other.commit();
        }
        CHECK((continuation.then.size() == depth || other.stage() == model::Stage::done));
    }
    CHECK(ahead->find(-1) == nullptr);
}

}  // namespace

TEST_CASE("what would follow the likeliest candidates is what follows them") {
    for (const auto& m : {tests::bundled(), tests::random_model(2, 3, 33, 50, 64)}) {
        for (const bool use_cache : {true, false}) {
            model::SessionOptions options;
            options.use_cache = use_cache;
            options.ablation.heads = {{0, 1}};
            model::Session session(m, options);
            session.start(some_ids(*m, 9), {});
            check_against_runs(m, session, options);
            session.commit();
            session.commit(7);
            session.rewind(10);
            check_against_runs(m, session, options);
        }
    }
}

TEST_CASE("looking ahead ends where the context or the text ends") {
    const auto m = tests::random_model(2, 3, 33, 50, 12);
    for (int n = 8; n < 12; ++n) {
        model::Session session(m);
        session.start(some_ids(*m, n), {});
        check_against_runs(m, session, {});
        const auto ahead = model::look_ahead(session, candidates, depth);
        for (const auto& of : ahead->of) {
            CHECK(static_cast<int>(of.then.size()) == std::min(depth, 12 - n - 1));
        }
    }
    // The bundled model ends a text after its last full stop.
    model::SessionOptions options;
    options.stop_at_end = true;
    const auto bundled = tests::bundled();
    model::Session session(bundled, options);
    session.start(model::encode_prompt(*bundled, "Tom gave the ball to Mia. Then Mia thanked Tom"),
                  {});
    check_against_runs(bundled, session, options);
    const auto ahead = model::look_ahead(session, candidates, depth);
    CHECK(std::ranges::any_of(ahead->of, [](const auto& of) { return of.then.size() < depth; }));
}

TEST_CASE("a commit takes the record that looking ahead made, and it is the same") {
    const auto m = tests::random_model(2, 3, 33, 50, 64);
    model::Session looked(m), plain(m);
    for (model::Session* session : {&looked, &plain}) session->start(some_ids(*m, 6), {});
    for (int i = 0; i < 8; ++i) {
        if (i % 3 != 2) model::look_ahead(looked, candidates, depth);
        const int id = looked.step()->ranking.candidates[static_cast<size_t>(i % 5)].id;
        looked.commit(id);
        plain.commit(id);
        for (const std::string& name : model::hook_names(m->config)) {
            const auto a = model::read_hook(*m, looked.step()->records, name).values,
                       b = model::read_hook(*m, plain.step()->records, name).values;
            REQUIRE(a.size() == b.size());
            CHECK_MESSAGE(std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0, name);
        }
        CHECK(looked.step()->ranking.proposed().logit == plain.step()->ranking.proposed().logit);
        if (i == 4) {
            looked.rewind(7);
            plain.rewind(7);
        }
    }
}

TEST_CASE("looking ahead tells what it knows, and can be given up at any moment") {
    const auto m = tests::bundled();
    model::Session session(m);
    session.start(some_ids(*m, 9), {});
    std::vector<model::LookAheadPtr> told;
    int questions = 0;
    const auto all = model::look_ahead(
        session, candidates, depth,
        [&](const model::LookAheadPtr& so_far) { told.push_back(so_far); },
        [&] { return ++questions < 0; });
    REQUIRE(told.size() == 2);
    for (size_t i = 0; i < told.size(); ++i) {
        for (const auto& of : told[i]->of) CHECK(of.then.size() == i + 1);
    }
    CHECK(questions > 3 * m->config.n_layer);
    for (int given_up = 1; given_up <= questions; given_up += 4) {
        int asked = 0;
        session.start(some_ids(*m, 9), {});  // so that nothing is known
        const model::StepPtr step = session.step();
        CHECK_THROWS_AS(
            model::look_ahead(session, candidates, depth, {}, [&] { return ++asked == given_up; }),
            model::Stopped);
        CHECK(session.step() == step);
    }
    const auto again = model::look_ahead(session, candidates, depth);
    for (size_t i = 0; i < all->of.size(); ++i) {
        CHECK(again->of[i].then.back().probability == all->of[i].then.back().probability);
    }
}
