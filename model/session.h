// The step machine: a small synchronous object with no window, no thread and no clock.
//
//     Empty --start(prompt)--> Proposed --commit(choice)--> Proposed ... --> Done(why)
//
// History is a tree of records: going back keeps what was computed, choosing otherwise branches.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/ablation.h"
#include "model/decoding.h"
#include "model/detail_store.h"
#include "model/kv_cache.h"
#include "model/model.h"
#include "model/record.h"
#include "model/transformer.h"

namespace model {

enum class ChosenBy { prompt, argmax, sampled, forced };
const char* chosen_by_name(ChosenBy by);  // "argmax"

// How a position's token came to be there.
struct Choice {
    ChosenBy by = ChosenBy::prompt;
    Decoding decoding;         // in force when it was chosen
    double probability = 1.0;  // raw, that the model gave it
    int rank = 0;              // 0: the argmax
};

enum class Stage { empty, proposed, done };
enum class Why { none, length, end_of_text, context_full };
const char* why_text(Why why);

struct SessionOptions {
    bool use_cache = true;     // false: the naive pass, whole sequence each step
    bool stop_at_end = false;  // stop once the end-of-text token was appended
    int max_steps = 0;         // stop after so many appended tokens; 0: no limit
    Ablation ablation = {};    // of every pass
    // Bytes that the details of all records may take (model/detail_store.h); 0: no limit.
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
    Why why = Why::none;  // set: nothing can be appended
    Ablation ablation;    // of the passes that made the records

    int number() const { return static_cast<int>(records.size()) - prompt_length + 1; }
    std::vector<int> ids() const;
};
using StepPtr = std::shared_ptr<const Step>;

class Session {
  public:
    Session(std::shared_ptr<const Model> model, SessionOptions options = {});

    // Runs the prompt. Throws Error for a bad prompt; the session is then as before.
    void start(const std::vector<int>& prompt, const Decoding& decoding,
               const StopAsked& stop = {});
    // Appends the proposed token, or `forced`, and runs it. Where the path already went on with
    // this token, its record is taken again: no computing. Throws std::logic_error unless proposed.
    void commit(std::optional<int> forced = {}, const StopAsked& stop = {});
    // Goes to the step with `length` tokens, back or forth along the path. Clamped to what exists.
    void rewind(int length);
    // Reshapes the proposal; the model does not run.
    void set_decoding(const Decoding& decoding);

    Stage stage() const;
    const StepPtr& step() const { return step_; }  // null while empty
    const Decoding& decoding() const { return decoding_; }
    // Number of tokens of the path, including those ahead of the current step.
    int path_length() const { return static_cast<int>(path_.size()); }
    // The whole path: the records ahead of the current step included.
    std::vector<int> path_ids() const;
    const Model& model() const { return *model_; }

  private:
    struct Node {
        RecordPtr record;
        Choice choice;
        std::vector<float> logits;  // of the last position of a step; empty until asked for
        std::vector<int> children;
    };

    void fill_cache(int length);
    void admit(const RecordPtr& record, const RecordPtr& before);
    void make_step();
    Node& tip() { return nodes_[static_cast<size_t>(path_[static_cast<size_t>(length_ - 1)])]; }

    std::shared_ptr<const Model> model_;
    SessionOptions options_;
    Decoding decoding_;
    std::vector<Node> nodes_;
    std::vector<int> path_;  // node of each position
    int prompt_length_ = 0;
    int length_ = 0;  // tokens of the current step
    KvCache cache_;
    std::shared_ptr<DetailStore> store_;  // of the run; null: no limit
    std::vector<int> cached_;             // node whose keys and values each cache row holds
    StepPtr step_;
};

}  // namespace model
