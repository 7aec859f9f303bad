// A user who does anything in any order: seeded random commands against the step machine, its tree,
// undo and files, with what must always hold checked after each. STEPSCOPE_RANDOM_COMMANDS sets how
// many, STEPSCOPE_RANDOM_SEED the seed.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "app/run/undo_stack.h"
#include "model/base/thread_pool.h"
#include "model/pass/kernels.h"
#include "model/run/run_file.h"
#include "model/run/session.h"
#include "tests/support.h"

namespace {

constexpr int layers = 2, heads = 2, vocabulary = 13, context = 20;
constexpr size_t most_nodes = 400;

int number_of(const char* name, int otherwise) {
    const char* text = std::getenv(name);
    return text ? std::atoi(text) : otherwise;
}

const std::shared_ptr<const model::Model>& small() {
    static const auto model = tests::random_model(layers, heads, 8, vocabulary, context);
    return model;
}

class RandomUser {
  public:
    explicit RandomUser(uint64_t seed) : seed_(seed) { begin(); }

    std::string act() {
        const std::string did = command();
        look();
        return did;
    }
    int commands_that_did_something() const { return did_; }

  private:
    using Key = std::tuple<std::string, std::vector<int>>;

    // 0 .. n - 1.
    int any(int n) { return static_cast<int>(model::uniform(seed_, drawn_++) * n); }

    void begin() {
        // What the old run held is free once nobody holds it: neither tree nor undo leak.
        undo_ = {};
        session_.reset();
        for (const auto& record : seen_) CHECK(record.expired());
        seen_.clear();
        logits_.clear();
        model::SessionOptions options;
        options.use_cache = any(4) > 0;
        options.stop_at_end = any(4) == 0;
        options.ablation = any(4) == 0 ? some_ablation() : model::Ablation{};
        if (any(3) == 0) options.detail_budget = 3000;
        session_ = std::make_unique<model::Session>(small(), options);
        prompt_.clear();
        for (int n = 1 + any(any(10) == 0 ? context : 6); n > 0; --n) {
            prompt_.push_back(any(vocabulary));
        }
        session_->start(prompt_, some_decoding());
    }

    model::Ablation some_ablation() {
        model::Ablation ablation;
        for (int n = any(3); n > 0; --n) ablation.heads.insert({any(layers), any(heads)});
        if (any(3) == 0) ablation.mlps.insert(any(layers));
        return ablation;
    }

    model::Decoding some_decoding() {
        model::Decoding d;
        d.strategy = static_cast<model::Strategy>(any(4));
        d.temperature = 0.3 + any(20) / 10.0;
        d.top_k = any(2) ? 1 + any(vocabulary + 3) : 0;
        d.top_p = any(2) ? (1 + any(100)) / 100.0 : 1;
        d.seed = static_cast<uint64_t>(any(5));
        if (any(4) == 0) d.repetition_penalty = 1.5;
        if (any(4) == 0) d.no_repeat_ngram = 1 + any(3);
        return d;
    }

    model::NodeId some_node() {
        const auto tree = session_->tree();
        return tree->nodes[static_cast<size_t>(any(static_cast<int>(tree->nodes.size())))].id;
    }

    void moved_from(model::NodeId before) {
        const model::NodeId after = session_->step()->node;
        if (before == after) return;
        undo_.add({[this, before] { session_->select(before); },
                   [this, after] { session_->select(after); }});
    }

    // As the window's worker does it.
    std::string command() {
        const int what = any(100);
        ++did_;
        if (session_->tree()->nodes.size() > most_nodes || what < 1) {
            begin();
            return "start";
        }
        const model::StepPtr step = session_->step();
        const model::NodeId before = step->node;
        if (what < 30) {
            if (session_->stage() != model::Stage::proposed) return --did_, "nothing to append";
            session_->commit(any(3) == 0 ? std::optional<int>(any(vocabulary)) : std::nullopt);
            CHECK(session_->step()->records.size() == step->records.size() + 1);
            moved_from(before);
            return "commit";
        }
        if (what < 42) {
            session_->rewind(any(context + 4) - 2);
            return "rewind";
        }
        if (what < 52) {
            session_->select(some_node());
            moved_from(before);
            return "select";
        }
        if (what < 60) {
            const model::NodeId node = some_node();
            if (!session_->can_remove(node)) return --did_, "the only run";
            const auto removed = std::make_shared<model::Removed>(session_->remove(node));
            undo_.add({[this, removed] { session_->restore(*removed); },
                       [this, removed, node] { *removed = session_->remove(node); }});
            return "remove";
        }
        if (what < 68) {
            session_->branch_with(some_ablation());
            moved_from(before);
            return "ablate";
        }
        if (what < 80) return undo_.undo(), "undo";
        if (what < 88) return undo_.redo(), "redo";
        if (what < 94) return session_->set_decoding(some_decoding()), "decoding";
        if (what < 97) return give_up(), "stop";
        return reopen(), "reopen";
    }

    // A pass that is stopped leaves no trace.
    void give_up() {
        if (session_->stage() != model::Stage::proposed) return;
        const model::StepPtr step = session_->step();
        const size_t nodes = session_->tree()->nodes.size();
        int asked = 0;
        const int at = any(layers);
        const auto stop = [&] { return asked++ == at; };
        try {
            if (any(2)) {
                session_->commit(any(vocabulary), stop);
            } else {
                session_->branch_with(some_ablation(), stop);
            }
            return;  // it was known already
        } catch (const model::Stopped&) {
        }
        CHECK(session_->step()->records == step->records);
        CHECK(session_->tree()->nodes.size() == nodes);
    }

    // Saved and opened again, it is the same tree, the same step, the same bits.
    void reopen() {
        const std::string text = model::to_json(model::run_file(*session_));
        const auto opened = model::replay(model::parse_run_file(text, "test"), small());
        CHECK(model::to_json(model::run_file(*opened)) == text);
        CHECK(opened->path_ids() == session_->path_ids());
        const model::StepPtr a = session_->step(), b = opened->step();
        REQUIRE(a->records.size() == b->records.size());
        for (size_t i = 0; i < a->ranking.candidates.size(); ++i) {
            CHECK(a->ranking.candidates[i].id == b->ranking.candidates[i].id);
            CHECK(a->ranking.candidates[i].logit == b->ranking.candidates[i].logit);
        }
        CHECK(a->ranking.pick == b->ranking.pick);
    }

    // What holds after whatever was done.
    void look() {
        const model::StepPtr step = session_->step();
        REQUIRE(step);
        const std::vector<int> ids = step->ids(), path = session_->path_ids();
        REQUIRE(ids.size() >= prompt_.size());
        REQUIRE(ids.size() <= path.size());
        CHECK(path.size() <= static_cast<size_t>(context));
        CHECK(std::equal(prompt_.begin(), prompt_.end(), ids.begin()));
        CHECK(std::equal(ids.begin(), ids.end(), path.begin()));
        seen_.insert(step->records.begin(), step->records.end());
        look_at_tree(*step, path);
        look_at_ranking(*step, ids);
        if (any(25) == 0) look_at_naive(*step, ids);
    }

    void look_at_tree(const model::Step& step, const std::vector<int>& path) {
        const auto tree = session_->tree();
        REQUIRE(tree->current >= 0);
        std::set<std::tuple<int, int, int>> siblings;
        size_t on_path = 0;
        for (const auto& node : tree->nodes) {
            CHECK(session_->history().contains(node.id));
            CHECK(siblings.insert({node.run, node.parent, node.token}).second);
            on_path += node.on_path;
            // A path goes on to the end of a branch.
            if (node.id == tree->nodes[static_cast<size_t>(tree->path_end)].id) {
                CHECK(session_->history().at(node.id).children.empty());
            }
        }
        CHECK(on_path == path.size());
        int at = tree->current;
        CHECK(tree->nodes[static_cast<size_t>(at)].id == step.node);
        for (size_t i = step.records.size(); i-- > 0;) {
            REQUIRE(at >= 0);
            const auto& node = tree->nodes[static_cast<size_t>(at)];
            CHECK(node.on_path);
            CHECK(node.position == static_cast<int>(i));
            // The step holds the tree's own records, not copies.
            CHECK(session_->history().at(node.id).record == step.records[i]);
            at = node.parent;
        }
        CHECK(at == -1);
    }

    void look_at_ranking(const model::Step& step, const std::vector<int>& ids) {
        double sum = 0, adjusted = 0;
        std::vector<float> logits(vocabulary);
        for (const auto& c : step.ranking.candidates) {
            sum += c.probability;
            adjusted += c.adjusted;
            logits[static_cast<size_t>(c.id)] = c.logit;
        }
        CHECK(sum == doctest::Approx(1).epsilon(1e-9));
        CHECK(adjusted == doctest::Approx(1).epsilon(1e-9));
        CHECK(step.ranking.proposed().adjusted > 0);
        // The bits depend on the tokens and on what is left out, not on the way there.
        const auto [known, fresh] =
            logits_.try_emplace(Key{model::describe(step.ablation), ids}, logits);
        if (!fresh) CHECK(known->second == logits);
    }

    void look_at_naive(const model::Step& step, const std::vector<int>& ids) {
        model::KvCache cache(small()->config);
        const auto records =
            model::forward(small()->config, small()->weights, cache, ids, {}, step.ablation);
        const auto naive = model::logits(small()->weights, *records.back());
        for (const auto& c : step.ranking.candidates) {
            CHECK(c.logit == doctest::Approx(naive[static_cast<size_t>(c.id)]).epsilon(1e-3));
        }
        for (size_t i = 0; i < records.size(); ++i) {  // details that were dropped come back
            CHECK(step.records[i]->mlp_out(1)[0] ==
                  doctest::Approx(records[i]->mlp_out(1)[0]).epsilon(1e-3));
        }
    }

    uint64_t seed_;
    int drawn_ = 0, did_ = 0;
    std::vector<int> prompt_;
    std::unique_ptr<model::Session> session_;
    app::UndoStack undo_;
    std::set<std::weak_ptr<const model::TokenRecord>, std::owner_less<>> seen_;
    std::map<Key, std::vector<float>> logits_;
};

}  // namespace

TEST_CASE("whatever is done in whatever order, what is shown is true") {
    const int commands = number_of("STEPSCOPE_RANDOM_COMMANDS", 5000);
    // Passes of so small a model are too short to be shared out.
    struct OneThread {
        const int before = model::set_threads(0);
        OneThread() { model::set_threads(1); }
        ~OneThread() { model::set_threads(before); }
    } one_thread;
    RandomUser user(static_cast<uint64_t>(number_of("STEPSCOPE_RANDOM_SEED", 1)));
    std::map<std::string, int> done;
    for (int i = 0; i < commands; ++i) {
        std::string did;
        REQUIRE_NOTHROW(did = user.act());
        ++done[did];
    }
    MESSAGE(commands << " commands, " << user.commands_that_did_something() << " did something");
    for (const char* command : {"start", "commit", "rewind", "select", "remove", "ablate", "undo",
                                "redo", "decoding", "stop", "reopen"}) {
        CHECK_MESSAGE(done[command] > 0, command);
    }
}
