// The tree of a session: branches, what they share, removal, other ablations, and many commands in
// any order.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <set>

#include "model/base/error.h"
#include "model/run/run_file.h"
#include "model/run/session.h"
#include "tests/support.h"

using model::NodeId;
using model::Session;
using tests::bundled;

namespace {

const model::Decoding sampling{model::Strategy::temperature, 1.3, 0, 1.0, 11};

std::vector<int> prompt() {
    return model::encode_prompt(*bundled(), "Tom gave the ball to");
}

// A fresh run that chooses these tokens one after another.
Session fresh_run(const std::shared_ptr<const model::Model>& model, const std::vector<int>& ids,
                  int prompt_length, model::SessionOptions options = {}) {
    Session session(model, options);
    session.start({ids.begin(), ids.begin() + prompt_length}, {});
    for (size_t i = static_cast<size_t>(prompt_length); i < ids.size(); ++i) session.commit(ids[i]);
    return session;
}

// To the bit: the ranking, and what every record keeps.
void check_same(const model::Step& a, const model::Step& b) {
    REQUIRE(a.ids() == b.ids());
    CHECK(a.ablation == b.ablation);
    CHECK(a.rank_before == b.rank_before);
    for (size_t i = 0; i < a.ranking.candidates.size(); ++i) {
        REQUIRE(a.ranking.candidates[i].id == b.ranking.candidates[i].id);
        REQUIRE(a.ranking.candidates[i].logit == b.ranking.candidates[i].logit);
        REQUIRE(a.ranking.candidates[i].probability == b.ranking.candidates[i].probability);
    }
    for (size_t i = 0; i < a.records.size(); ++i) {
        const int last = a.records[i]->n_layer() - 1;
        REQUIRE(std::ranges::equal(a.records[i]->ln_final(), b.records[i]->ln_final()));
        REQUIRE(std::ranges::equal(a.records[i]->k(last), b.records[i]->k(last)));
        REQUIRE(a.choices[i].probability == b.choices[i].probability);
        REQUIRE(a.choices[i].rank == b.choices[i].rank);
    }
}

std::set<const model::TokenRecord*> all_records(const Session& session) {
    std::set<const model::TokenRecord*> all;
    const model::TreePtr tree = session.tree();
    for (const auto& node : tree->nodes) {
        all.insert(session.history().at(node.id).record.get());
    }
    return all;
}

// What must hold whatever was done.
void check_invariants(const Session& session) {
    const model::TreePtr tree = session.tree();
    const auto ids = session.path_ids();
    std::vector<int> on_path;
    std::set<std::pair<int, int>> siblings;
    std::set<NodeId> names;
    for (size_t i = 0; i < tree->nodes.size(); ++i) {
        const auto& node = tree->nodes[i];
        REQUIRE(node.parent < static_cast<int>(i));
        REQUIRE(names.insert(node.id).second);
        REQUIRE(session.history().contains(node.id));
        if (node.on_path) on_path.push_back(node.token);
        if (node.parent < 0) {
            REQUIRE(node.position == 0);
            continue;
        }
        const auto& parent = tree->nodes[static_cast<size_t>(node.parent)];
        REQUIRE(node.position == parent.position + 1);
        REQUIRE(node.run == parent.run);
        REQUIRE(siblings.insert({node.parent, node.token}).second);
        REQUIRE((node.by == model::ChosenBy::prompt) == tree->in_prompt(node));
        REQUIRE(node.probability >= 0);
        REQUIRE(node.probability <= 1);
    }
    REQUIRE(on_path == ids);
    const auto step_ids = session.step()->ids();
    REQUIRE(step_ids.size() <= ids.size());
    REQUIRE(std::equal(step_ids.begin(), step_ids.end(), ids.begin()));
    const auto& current = tree->nodes[static_cast<size_t>(tree->current)];
    REQUIRE(current.id == session.step()->node);
    REQUIRE(current.position + 1 == static_cast<int>(step_ids.size()));
    REQUIRE(tree->nodes[static_cast<size_t>(tree->path_end)].position + 1 ==
            static_cast<int>(ids.size()));
    REQUIRE(session.step()->ablation == tree->runs[static_cast<size_t>(current.run)]);
}

// `commands` of them, drawn from a seed; now and then the step is compared with a fresh run.
void live(const std::shared_ptr<const model::Model>& model, int commands, int most_nodes,
          model::SessionOptions options) {
    std::mt19937 random(5);
    auto below = [&](size_t n) { return static_cast<int>(random() % n); };
    const int vocabulary = model->config.n_vocab;
    Session session(model, options);
    std::vector<model::Removed> removed;
    int restored = 0, compared = 0;
    std::vector<model::Ablation> ablations(3);
    ablations[1].heads = {{0, 1}};
    ablations[2].heads = {{1, 0}};
    ablations[2].mlps = {1};
    auto start = [&] {
        std::vector<int> ids;
        for (int i = 1 + below(2); i >= 0; --i) ids.push_back(below(vocabulary));
        session.start(ids, {});
    };
    start();
    for (int i = 0; i < commands; ++i) {
        CAPTURE(i);
        const model::TreePtr tree = session.tree();
        const NodeId any = tree->nodes[below(tree->nodes.size())].id;
        const bool full = static_cast<int>(tree->nodes.size()) > most_nodes;
        switch (below(full ? 20 : 12)) {
            case 0:
            case 1:
            case 2:
                if (session.stage() == model::Stage::proposed) session.commit();
                break;
            case 3:
            case 4:
                if (session.stage() == model::Stage::proposed) session.commit(below(vocabulary));
                break;
            case 5:
                session.rewind(below(session.path_length() + 2));
                break;
            case 6:
            case 7:
                session.select(any);
                break;
            case 8:
                session.set_decoding(below(2) ? sampling : model::Decoding{});
                break;
            case 9:
                if (below(4) == 0) session.branch_with(ablations[below(3)]);
                break;
            case 10: {  // a pass that is given up leaves everything as it was
                const auto before = session.step();
                if (session.stage() != model::Stage::proposed) break;
                try {
                    session.branch_with(ablations[below(3)],
                                        [&, n = below(6)]() mutable { return n-- == 0; });
                } catch (const model::Stopped&) {
                    REQUIRE(session.step() == before);
                    REQUIRE(session.tree()->nodes.size() == tree->nodes.size());
                }
                break;
            }
            case 11:
                if (removed.empty()) break;
                restored += session.restore(removed.back()) ? 1 : 0;
                removed.pop_back();
                break;
            case 12:
                if (below(10) == 0) start();
                break;
            default:
                if (session.can_remove(any)) removed.push_back(session.remove(any));
        }
        check_invariants(session);
        if (below(50) == 0) {
            const model::Step& step = *session.step();
            model::SessionOptions same = options;
            same.ablation = step.ablation;
            check_same(step, *fresh_run(model, step.ids(), step.prompt_length, same).step());
            ++compared;
        }
    }
    CHECK(restored > commands / 200);
    CHECK(compared > commands / 100);
}

}  // namespace

TEST_CASE("two branches share their records, and memory grows by the new positions only") {
    Session session(bundled());
    session.start(prompt(), {});
    for (int i = 0; i < 4; ++i) session.commit();
    const model::StepPtr first = session.step();
    const size_t fork = prompt().size() + 2;
    session.rewind(static_cast<int>(fork));
    session.commit(session.step()->ranking.candidates[5].id);
    session.commit();
    const model::StepPtr second = session.step();
    for (size_t i = 0; i < second->records.size(); ++i) {
        CHECK((second->records[i] == first->records[i]) == (i < fork));
    }
    CHECK(all_records(session).size() == prompt().size() + 4 + 2);
}

TEST_CASE("selecting goes anywhere, and on along what was visited last, without computing") {
    Session session(bundled());
    session.start(prompt(), {});
    session.commit();
    const NodeId fork = session.step()->node;
    session.commit();
    session.commit();
    const model::StepPtr first = session.step();
    session.select(fork);
    CHECK(session.path_ids() == first->ids());
    session.commit(session.step()->ranking.candidates[7].id);
    const model::StepPtr second = session.step();
    session.select(fork);
    CHECK(session.path_ids() == second->ids());
    const auto records = all_records(session);
    session.select(first->node);
    check_same(*session.step(), *first);
    CHECK(session.step()->records == first->records);
    session.select(session.tree()->nodes[1].id);  // within the prompt
    CHECK(session.step()->ids() == prompt());
    CHECK(session.path_ids() == first->ids());
    CHECK(all_records(session) == records);
    CHECK(session.step_at(second->node)->records == second->records);
    CHECK(session.step()->ids() == prompt());
}

TEST_CASE("going n steps back and forth gives the same bits") {
    for (const bool use_cache : {true, false}) {
        Session session(bundled(), {.use_cache = use_cache});
        session.start(prompt(), sampling);
        for (int i = 0; i < 6; ++i) session.commit();
        const model::StepPtr end = session.step();
        for (int n = 1; n <= 6; ++n) {
            session.rewind(static_cast<int>(end->records.size()) - n);
            for (int i = 0; i < n; ++i) session.commit();
            check_same(*session.step(), *end);
            // Computed anew: the same again.
            session.rewind(static_cast<int>(end->records.size()) - n);
            session.remove(end->records.size() - n == prompt().size()
                               ? session.path()[prompt().size()]
                               : session.path()[end->records.size() - n]);
            for (int i = 0; i < n; ++i) session.commit();
            check_same(*session.step(), *end);
        }
    }
}

TEST_CASE("a removed branch frees its records, and comes back as it was") {
    Session session(bundled());
    session.start(prompt(), {});
    session.commit();
    const NodeId parent = session.step()->node;
    session.commit();
    const NodeId branch = session.step()->node;
    session.commit();
    const model::TreePtr tree = session.tree();
    const std::vector<int> ids = session.step()->ids();
    const std::weak_ptr<const model::TokenRecord> record = session.step()->records.back();

    CHECK(session.can_remove(branch));
    CHECK_FALSE(session.can_remove(session.tree()->nodes[0].id));  // the only run
    CHECK_FALSE(session.can_remove(1000));
    model::Removed removed = session.remove(branch);
    CHECK(removed.parts.size() == 2);
    CHECK(session.step()->node == parent);
    CHECK(session.path_length() == static_cast<int>(prompt().size()) + 1);
    CHECK_THROWS_AS(session.select(branch), std::logic_error);
    CHECK(session.restore(removed));
    CHECK(session.step()->ids() == ids);
    CHECK(session.step()->records.back() == record.lock());
    for (size_t i = 0; i < tree->nodes.size(); ++i) {
        CHECK(session.tree()->nodes[i].id == tree->nodes[i].id);
        CHECK(session.tree()->nodes[i].by == tree->nodes[i].by);
    }

    // Computed anew in the meantime: it comes back in the place of that.
    removed = session.remove(branch);
    session.commit(ids[ids.size() - 2]);
    CHECK(session.step()->node != branch);
    CHECK(session.restore(removed));
    CHECK(session.step()->ids() == ids);
    CHECK(session.tree()->nodes.size() == tree->nodes.size());

    removed = session.remove(session.path()[prompt().size()]);
    CHECK_FALSE(record.expired());
    removed = {};
    CHECK(record.expired());
    CHECK_FALSE(session.restore(removed));

    session.commit();
    removed = session.remove(session.step()->node);
    session.start(prompt(), {});
    CHECK_FALSE(session.restore(removed));
}

TEST_CASE("what is removed ahead of the step leaves the step alone") {
    Session session(bundled());
    session.start(prompt(), {});
    for (int i = 0; i < 3; ++i) session.commit();
    const std::vector<int> ids = session.path_ids();
    const NodeId last = session.step()->node;
    session.rewind(0);
    const model::StepPtr step = session.step();
    const model::Removed removed = session.remove(last);
    CHECK(session.step() == step);
    CHECK(session.path_length() == static_cast<int>(ids.size()) - 1);
    CHECK(session.restore(removed));
    CHECK(session.step() == step);
    CHECK(session.path_ids() == ids);
}

TEST_CASE("an ablated run stands beside the untouched one") {
    model::Ablation without;
    without.heads = {{1, 2}};
    without.mlps = {3};
    for (const size_t budget : {size_t{0}, size_t{100'000}}) {
        Session session(bundled(), {.detail_budget = budget});
        session.start(prompt(), {});
        session.commit();
        session.commit(session.step()->ranking.candidates[4].id);
        session.commit();
        session.rewind(session.path_length() - 1);
        const model::StepPtr whole = session.step();
        session.branch_with(without);
        const model::StepPtr ablated = session.step();
        CHECK(ablated->ids() == whole->ids());
        CHECK(ablated->ablation == without);
        CHECK(whole->ablation.empty());
        CHECK(session.path_length() == static_cast<int>(whole->records.size()) + 1);
        check_same(*ablated,
                   *fresh_run(bundled(), whole->ids(), whole->prompt_length, {.ablation = without})
                        .step());
        CHECK(ablated->ranking.candidates[0].logit != whole->ranking.candidates[0].logit);
        // Details that were dropped come back from the right passes.
        for (const float z : ablated->records[0]->mlp_out(3)) CHECK(z == 0);
        CHECK(whole->records[0]->mlp_out(3)[0] != 0);

        session.commit();
        CHECK(session.step()->ablation == without);
        const int run = session.history().at(whole->node).run;
        CHECK(session.history().counterpart(ablated->node, run) == whole->node);
        const auto records = all_records(session);
        session.rewind(static_cast<int>(whole->records.size()));
        session.branch_with({});
        CHECK(session.step()->node == whole->node);
        session.branch_with(without);
        CHECK(session.step()->node == ablated->node);
        CHECK(all_records(session).size() - records.size() <= 1);

        // Either run can go, not both.
        const NodeId root = session.history().root(run);
        const model::Removed removed = session.remove(root);
        CHECK(session.step()->node == ablated->node);
        CHECK_FALSE(session.can_remove(session.path()[0]));
        CHECK(session.restore(removed));
        CHECK(session.can_remove(session.path()[0]));
        session.remove(session.path()[0]);
        CHECK(session.step()->ablation.empty());
        check_same(*session.step_at(whole->node), *whole);
    }
}

TEST_CASE("growing elsewhere does what committing there would, without going there") {
    Session session(bundled()), other(bundled());
    session.start(prompt(), {});
    other.start(prompt(), sampling);
    NodeId node = session.step()->node;
    for (int i = 0; i < 5; ++i) {
        const int id = i == 2 ? 7 : other.step()->ranking.proposed().id;
        other.commit(id);
        const Session::Told told{id, sampling};
        node = session.grow(node, {&told, 1}).back();
    }
    CHECK(session.step()->ids() == prompt());
    const auto grown = session.step_at(node);
    check_same(*grown, *other.step());
    for (size_t i = prompt().size(); i < grown->choices.size(); ++i) {
        CHECK(grown->choices[i].by == other.step()->choices[i].by);
        CHECK(grown->choices[i].decoding == sampling);
    }
    CHECK(grown->choices[prompt().size() + 2].by == model::ChosenBy::forced);
}

TEST_CASE("many commands in any order, on a small model") {
    live(tests::tiny(), 20'000, 60, {});
}

TEST_CASE("many commands in any order, without cache") {
    live(tests::tiny(), 2'000, 60, {.use_cache = false});
}

TEST_CASE("many commands in any order, on the bundled model") {
    live(bundled(), 1'500, 60, {});
}

TEST_CASE("a path goes on to the end of a branch after a removal, and as before after its undo") {
    Session session(tests::tiny());
    session.start({3, 1}, {});
    const model::NodeId prompt_end = session.step()->node;
    for (const int id : {0, 2, 4}) {
        session.select(prompt_end);
        session.commit(id);
    }
    session.rewind(0);
    const std::vector<int> before = session.path_ids();
    CHECK(before == std::vector<int>{3, 1, 4});
    const auto removed = session.remove(session.history().child(prompt_end, 4));
    CHECK(session.path_ids() == std::vector<int>{3, 1, 0});
    const auto opened = model::replay(model::run_file(session), tests::tiny());
    CHECK(opened->path_ids() == session.path_ids());
    CHECK(session.restore(removed));
    CHECK(session.path_ids() == before);
}
