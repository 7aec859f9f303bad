// A run in steps: propose, commit, go back, branch, stop.
#include <doctest/doctest.h>

#include "model/base/error.h"
#include "model/run/session.h"
#include "tests/support.h"

using model::Session;
using model::Stage;
using tests::bundled;

namespace {

std::vector<int> prompt() {
    return model::encode_prompt(*bundled(), "Tom gave the ball to");
}

bool same_ranking(const model::Ranking& a, const model::Ranking& b) {
    for (size_t i = 0; i < a.candidates.size(); ++i) {
        if (a.candidates[i].id != b.candidates[i].id) return false;
        if (a.candidates[i].logit != b.candidates[i].logit) return false;
    }
    return a.pick == b.pick;
}

}  // namespace

TEST_CASE("nothing is appended before it is committed, then exactly the proposed token") {
    Session session(bundled());
    CHECK(session.stage() == Stage::empty);
    session.start(prompt(), {});
    CHECK(session.stage() == Stage::proposed);
    CHECK(session.step()->ids() == prompt());
    const int proposed = session.step()->ranking.proposed().id;
    session.commit();
    CHECK(session.step()->ids().size() == prompt().size() + 1);
    CHECK(session.step()->ids().back() == proposed);
    CHECK(session.step()->choices.back().by == model::ChosenBy::argmax);
    CHECK(session.step()->choices.back().rank == 0);
}

TEST_CASE("going back gives the same records and the same ranking") {
    Session session(bundled());
    session.start(prompt(), {});
    session.commit();
    const model::StepPtr before = session.step();
    for (int i = 0; i < 3; ++i) session.commit();
    session.rewind(static_cast<int>(before->records.size()));
    CHECK(session.step()->records == before->records);
    CHECK(same_ranking(session.step()->ranking, before->ranking));
    CHECK(session.path_length() == static_cast<int>(before->records.size()) + 3);
}

TEST_CASE("going forth along the path again computes nothing new") {
    Session session(bundled());
    session.start(prompt(), {});
    for (int i = 0; i < 3; ++i) session.commit();
    const auto records = session.step()->records;
    session.rewind(0);
    for (int i = 0; i < 3; ++i) session.commit();
    CHECK(session.step()->records == records);
}

TEST_CASE("another token makes a branch whose numbers are those of a fresh run") {
    Session session(bundled());
    session.start(prompt(), {});
    for (int i = 0; i < 4; ++i) session.commit();
    session.rewind(static_cast<int>(prompt().size()) + 1);
    const int other = session.step()->ranking.candidates[5].id;
    session.commit(other);
    session.commit();
    CHECK(session.step()->choices[prompt().size() + 1].by == model::ChosenBy::forced);
    CHECK(session.step()->choices[prompt().size() + 1].rank == 5);

    Session fresh(bundled());
    fresh.start(prompt(), {});
    fresh.commit();
    fresh.commit(other);
    fresh.commit();
    CHECK(session.step()->ids() == fresh.step()->ids());
    CHECK(same_ranking(session.step()->ranking, fresh.step()->ranking));
}

TEST_CASE("returning to an earlier branch restores its keys and values") {
    Session session(bundled());
    session.start(prompt(), {});
    const int other = session.step()->ranking.candidates[3].id;
    session.commit();
    session.commit();
    session.rewind(0);
    session.commit(other);
    session.rewind(0);
    session.commit();
    session.commit();
    session.commit();
    Session fresh(bundled());
    fresh.start(prompt(), {});
    for (int i = 0; i < 3; ++i) fresh.commit();
    CHECK(same_ranking(session.step()->ranking, fresh.step()->ranking));
}

TEST_CASE("cached and naive give the same tokens") {
    Session cached(bundled()), naive(bundled(), {.use_cache = false});
    cached.start(prompt(), {});
    naive.start(prompt(), {});
    for (int i = 0; i < 20; ++i) {
        cached.commit();
        naive.commit();
    }
    CHECK(cached.step()->ids() == naive.step()->ids());
    const auto& a = cached.step()->ranking.candidates.front();
    const auto& b = naive.step()->ranking.candidates.front();
    CHECK(a.logit == doctest::Approx(b.logit).epsilon(1e-4));
}

TEST_CASE("the same seed samples the same tokens, whatever was done in between") {
    const model::Decoding decoding{model::Strategy::temperature, 1.5, 0, 1.0, 11};
    Session a(bundled()), b(bundled());
    a.start(prompt(), decoding);
    b.start(prompt(), decoding);
    for (int i = 0; i < 10; ++i) a.commit();
    for (int i = 0; i < 10; ++i) {
        b.commit();
        if (i == 4) b.rewind(0);
        while (i == 4 && b.step()->records.size() < prompt().size() + 5) b.commit();
    }
    CHECK(a.step()->ids() == b.step()->ids());
}

TEST_CASE("a full context, an end and an asked-for length say why nothing follows") {
    Session session(tests::tiny());
    session.start({0, 1, 2, 3}, {});
    session.commit();
    session.commit();
    CHECK(session.stage() == Stage::done);
    CHECK(session.step()->why == model::StopReason::context_full);
    CHECK_THROWS_AS(session.commit(), std::logic_error);

    Session limited(tests::tiny(), {.max_steps = 1});
    limited.start({0}, {});
    limited.commit();
    CHECK(limited.step()->why == model::StopReason::length);

    Session ended(bundled(), {.stop_at_end = true});
    ended.start(prompt(), {});
    ended.commit(bundled()->config.end_tokens.front());
    CHECK(ended.step()->why == model::StopReason::end_of_text);
    // Going on is a deed of its own, for this place alone.
    const auto at_end = static_cast<int>(ended.step()->records.size());
    ended.rewind(at_end - 1);
    ended.go_on();
    CHECK(ended.stage() == Stage::proposed);
    ended.rewind(at_end);
    CHECK(ended.step()->why == model::StopReason::end_of_text);
    ended.go_on();
    CHECK(ended.stage() == Stage::proposed);
    ended.commit();
    ended.rewind(at_end);
    CHECK(ended.stage() == Stage::proposed);
    ended.commit(bundled()->config.end_tokens.front());
    CHECK(ended.step()->why == model::StopReason::end_of_text);
}

TEST_CASE("a bad prompt is refused and the run goes on as it was") {
    Session session(tests::tiny());
    session.start({0, 1}, {});
    const auto step = session.step();
    CHECK_THROWS_AS(session.start({}, {}), model::Error);
    CHECK_THROWS_AS(session.start({0, 1, 2, 3, 4, 0, 1}, {}), model::Error);
    CHECK_THROWS_AS(session.start({5}, {}), model::Error);
    CHECK_THROWS_AS(session.start({-1}, {}), model::Error);
    CHECK(session.step() == step);
    session.commit();
    CHECK(session.step()->records.size() == 3);
}

TEST_CASE("a stopped pass changes nothing and can be made again") {
    Session session(bundled());
    session.start(prompt(), {});
    const auto step = session.step();
    int asked = 0;
    CHECK_THROWS_AS(session.commit({}, [&] { return ++asked == 3; }), model::Stopped);
    CHECK(session.step() == step);
    session.commit();
    Session fresh(bundled());
    fresh.start(prompt(), {});
    fresh.commit();
    CHECK(same_ranking(session.step()->ranking, fresh.step()->ranking));
}
