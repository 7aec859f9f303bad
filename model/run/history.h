// The tree of records: every continuation that was tried, each position once.
//
// A branch is a different continuation of a shared prefix, so two branches hold the same records up
// to where they part. Passes that leave something out (model/pass/ablation.h), or that begin with
// another prompt, give other records from the first token on: each is a run of its own, with a root
// of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "model/decode/decoding.h"
#include "model/pass/ablation.h"
#include "model/pass/record.h"

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

// Names one position of one branch for as long as the prompt stays; never given to another.
using NodeId = int;
inline constexpr NodeId no_node = -1;

struct HistoryNode {
    NodeId parent = no_node;
    int run = 0;  // index of its ablation and prompt
    RecordPtr record;
    Choice choice;
    std::vector<float> logits;  // empty until asked for
    std::vector<NodeId> children;
    NodeId visited = no_node;  // the child gone to last; one of them wherever there are any
};

// A branch that was taken out of the tree, to be put back by restore().
struct Removed {
    struct Part {
        NodeId id = no_node;
        HistoryNode node;
    };
    std::vector<Part> parts;  // parents before their children
    NodeId tip = no_node;     // the current step's, where that was among them
    bool visited = false;     // its parent went on along it
    uint64_t history = 0;     // which it belongs to
};

// What a drawing of the tree needs, immutable.
struct Tree {
    struct Node {
        NodeId id = no_node;
        int parent = -1;  // index in `nodes`; -1: the first token of a run
        int run = 0;      // index in `runs`
        int token = 0;
        int position = 0;
        double probability = 1.0;
        int rank = 0;
        ChosenBy by = ChosenBy::prompt;
        bool on_path = false;  // in the selected path, those ahead of the step too
    };
    std::vector<Node> nodes;     // each branch follows its parent, siblings by age
    std::vector<Ablation> runs;  // what the passes of each run leave out; some may have no node
    std::vector<std::vector<int>>
        prompts;        // ids that each run begins with; the session's own first
    int current = -1;   // index in `nodes`: last token of the current step
    int path_end = -1;  // index in `nodes`: last token of the selected path

    int prompt_length(int run) const {
        return static_cast<int>(prompts[static_cast<size_t>(run)].size());
    }
    bool in_prompt(const Node& node) const { return node.position < prompt_length(node.run); }
};
using TreePtr = std::shared_ptr<const Tree>;

class History {
  public:
    History();

    // The run of this ablation and this prompt, new where there is none.
    int run(const Ablation& ablation, const std::vector<int>& prompt);
    // The same, or -1.
    int find_run(const Ablation& ablation, const std::vector<int>& prompt) const;
    const Ablation& ablation(int run) const { return runs_[static_cast<size_t>(run)].ablation; }
    const std::vector<int>& prompt(int run) const { return runs_[static_cast<size_t>(run)].prompt; }
    int runs() const { return static_cast<int>(runs_.size()); }
    NodeId root(int run) const { return runs_[static_cast<size_t>(run)].root; }

    // A position after `parent`, or the first of `run`.
    NodeId add(NodeId parent, int run, RecordPtr record, const Choice& choice);
    bool contains(NodeId id) const;
    // Throws std::logic_error for what the tree does not contain.
    HistoryNode& at(NodeId id);
    const HistoryNode& at(NodeId id) const;
    // The child with this token, or no_node: siblings always differ.
    NodeId child(NodeId parent, int token) const;
    // From the first token to this one.
    std::vector<NodeId> path_to(NodeId id) const;
    // Goes there: the path to it and on along the children visited last, to the end of a branch.
    std::vector<NodeId> visit(NodeId id);
    // The node with the same tokens after the prompt in another run; no_node where it lacks them.
    NodeId counterpart(NodeId id, int run) const;
    // All of `id` and what follows it, parents first, siblings by age.
    std::vector<NodeId> subtree(NodeId id) const;

    // Takes out a node and all that follows it.
    Removed remove(NodeId id);
    // Puts it back, under the same names; what was computed anew meanwhile is kept in its place.
    // Returns where the branch, or the `wanted` node of it, is now: no_node when its parent is gone
    // or the history is another.
    NodeId restore(const Removed& removed, NodeId wanted = no_node);
    // What stands in the place of a node that was removed and came again; the node itself where it
    // is there, or nothing came.
    NodeId now(NodeId id) const;
    // What a drawing needs: `path` is selected, its first `length` tokens are the current step.
    TreePtr tree(const std::vector<NodeId>& path, int length) const;
    // Nodes made from now on have this number or a higher one.
    NodeId next() const { return static_cast<NodeId>(nodes_.size()); }

  private:
    struct Run {
        Ablation ablation;
        std::vector<int> prompt;
        NodeId root = no_node;
    };
    void attach(NodeId id);

    std::vector<HistoryNode> nodes_;            // without a record: removed
    std::unordered_map<NodeId, NodeId> moved_;  // removed, and what stands in its place
    std::vector<Run> runs_;
    uint64_t number_;  // of this history, among all
};

}  // namespace model
