// The step machine: a small synchronous object with no window, no thread and no clock.
//
//     Empty --start(prompt)--> Proposed --commit(choice)--> Proposed ... --> Done(why)
//
// History is a tree of records: going back keeps what was computed, choosing otherwise branches. A
// record's bits depend on its tokens and on the ablation alone, never on the way there: a prompt, a
// step, the naive pass and a replayed stretch give the same (model/pass/kernels.h).
//
// The untouched run is the one that leaves out nothing and begins with the session's own prompt:
// what an intervention, or an edit of the prompt, is compared with.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/decode/decoding.h"
#include "model/pass/ablation.h"
#include "model/pass/detail_store.h"
#include "model/pass/kv_cache.h"
#include "model/pass/model.h"
#include "model/pass/record.h"
#include "model/pass/transformer.h"
#include "model/run/history.h"

namespace model {

enum class Stage { empty, proposed, done };
enum class StopReason { none, length, end_of_text, context_full };
const char* stop_reason_text(StopReason why);

struct SessionOptions {
    bool use_cache = true;     // false: the naive pass, whole sequence each step
    bool stop_at_end = false;  // stop once the end-of-text token was appended
    int max_steps = 0;         // stop after so many appended tokens; 0: no limit
    Ablation ablation = {};    // of the passes that start() makes
    // Bytes that the details of all records may take (model/pass/detail_store.h); 0: no limit.
    size_t detail_budget = 0;
};

// The state at one length of the path, immutable and shared with whoever shows it: the records
// of every position and the ranking at the last one, before its successor is appended.
struct Step {
    Records records;              // n = prompt + steps so far
    std::vector<Choice> choices;  // of each record
    int prompt_length = 0;
    Ranking ranking;  // at the last position, with the proposal
    // One position earlier, by token id; empty at the first token.
    std::vector<int> rank_before;
    std::vector<float> probability_before;
    StopReason why = StopReason::none;  // set: nothing can be appended
    Ablation ablation;                  // of the passes that made the records
    // The session's own prompt, where this run began with an edited one; else empty.
    std::vector<int> edited_from;
    NodeId node = no_node;  // of the last position, in the session's tree

    int number() const { return static_cast<int>(records.size()) - prompt_length + 1; }
    bool untouched() const { return ablation.empty() && edited_from.empty(); }
    std::vector<int> ids() const;
};
using StepPtr = std::shared_ptr<const Step>;

class Session {
  public:
    Session(std::shared_ptr<const Model> model, SessionOptions options = {});

    // Runs the prompt. Throws Error for a bad prompt; the session is then as before.
    void start(const std::vector<int>& prompt, const Decoding& decoding,
               const StopAsked& stop = {});
    // Appends the proposed token, or `forced`, and runs it. Where a branch already goes on with
    // this token, its record is taken again: no computing. Throws std::logic_error unless proposed.
    void commit(std::optional<int> forced = {}, const StopAsked& stop = {});
    // Past a token that ended the text: the step proposes again. Nothing else where none did.
    void go_on();
    // Goes to the step with `length` tokens, back or forth along the path. Clamped to what exists.
    void rewind(int length);
    // Reshapes the proposal; the model does not run.
    void set_decoding(const Decoding& decoding);

    // Goes to a node; one within the prompt means the prompt's last. The path goes on behind it
    // along the continuation that was visited last, or the oldest. The model does not run.
    void select(NodeId node);
    // Computes the whole path with other parts left out, as a run beside those that are there, and
    // goes to the same step of it. What was computed before is not computed again. After Stopped
    // everything is as before. The prompt stays what it is, or is the one that is given.
    void branch_with(const Ablation& ablation, const StopAsked& stop = {});
    void branch_with(const Ablation& ablation, const std::vector<int>& prompt,
                     const StopAsked& stop = {});
    // A run beside those that are there, with another prompt: goes to the end of it. What is left
    // out stays left out. Throws Error for a bad prompt; everything is then as before.
    void edit_prompt(const std::vector<int>& prompt, const StopAsked& stop = {});
    // The untouched run's step with the same tokens after the prompt; null where it was not
    // computed, and for an untouched step itself. compute_untouched() makes it, without going
    // there.
    StepPtr untouched();
    StepPtr compute_untouched(const StopAsked& stop = {});
    // Takes out a node and what follows it; within a prompt, that whole run. The step, if it is
    // among it, goes back to the parent, or to another run. The tree must keep one run.
    bool can_remove(NodeId node) const;
    Removed remove(NodeId node);
    // Puts it back, and goes to the step if it was in it. False when it has no place any more.
    bool restore(const Removed& removed);

    // Tokens one behind the other after `after`, without going there: run in one pass, with the
    // cache, where they are new; known ones stay as they were chosen. Returns the node of each.
    struct Told {
        int id = 0;
        Decoding decoding;  // it was chosen by
    };
    std::vector<NodeId> grow(NodeId after, std::span<const Told> tokens,
                             const StopAsked& stop = {});
    // Runs the last token of each branch behind the current step, all in one pass (transformer.h):
    // the records that commits would make. Neither step nor tree change. With the cache, what was
    // run right behind the step is kept until another step is asked about, beside the detail
    // budget, and a commit takes it.
    Records run_behind(std::span<const Branch> branches, const StopAsked& stop = {});
    // Brings the cache to the current step, which it left for another: the next commit is short.
    void make_ready();
    // Whether the text ends with this token.
    bool ends_with(int id) const { return options_.stop_at_end && model_->config.ends(id); }
    // The last token of the prompt in the run with this ablation and this prompt, computed where
    // there is none.
    NodeId begin(const Ablation& ablation, const std::vector<int>& prompt,
                 const StopAsked& stop = {});

    Stage stage() const;
    const StepPtr& step() const { return step_; }  // null while empty
    // The step at any node, without going there.
    StepPtr step_at(NodeId node);
    TreePtr tree() const;  // of this moment; empty while the session is
    const History& history() const { return history_; }
    const Decoding& decoding() const { return decoding_; }
    const SessionOptions& options() const { return options_; }
    // The prompt that start() was given.
    const std::vector<int>& own_prompt() const { return history_.prompt(0); }
    int prompt_length() const { return prompt_length_; }  // of the path
    // Number of tokens of the path, including those ahead of the current step.
    int path_length() const { return static_cast<int>(path_.size()); }
    // The whole path: the records ahead of the current step included.
    std::vector<int> path_ids() const;
    const std::vector<NodeId>& path() const { return path_; }
    const Model& model() const { return *model_; }
    // About what it takes: records, with as many details as may be kept, logits, and the cache.
    size_t bytes() const;

  private:
    NodeId tip() const { return path_[static_cast<size_t>(length_ - 1)]; }
    int prompt_length_of(NodeId node) const;
    NodeId prompt_end(NodeId node) const;
    void go(NodeId node);
    const std::vector<float>& logits_of(NodeId node);
    NodeId append(NodeId after, int id, const Choice& choice, const StopAsked& stop);
    std::vector<NodeId> replayed(const Ablation& ablation, const std::vector<int>& prompt,
                                 int length, const StopAsked& stop);
    RecordPtr take_ahead(NodeId after, int id);
    void fill_cache(const std::vector<NodeId>& path);

    std::shared_ptr<const Model> model_;
    SessionOptions options_;
    Decoding decoding_;
    History history_;
    std::vector<NodeId> path_;
    int prompt_length_ = 0;  // of the path
    int length_ = 0;         // tokens of the current step
    KvCache cache_;
    std::shared_ptr<DetailStore> store_;  // of all runs; null: no limit
    std::vector<NodeId> cached_;          // node whose keys and values each cache row holds
    struct {
        NodeId after = no_node;
        Records records;
    } ahead_;                  // that run_behind() made
    std::set<NodeId> passed_;  // ends of the text that go_on() went past
    StepPtr step_;
    StepPtr untouched_;  // the last that was asked for
};

}  // namespace model
