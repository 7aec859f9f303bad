// Beam search: keep the B most probable continuations instead of one.
//
// Each step extends every beam by all tokens and keeps the B best sums of log probabilities
// (Sutskever et al. 2014, section 3.2). No length penalty: the sum is what is shown.
#pragma once

#include <span>
#include <vector>

#include "model/pass/model.h"
#include "model/pass/transformer.h"

namespace model {

struct Beam {
    std::vector<int> ids;        // prompt and continuation
    double log_probability = 0;  // of the continuation, natural logarithm
    bool ended = false;          // by the end-of-text token
};

struct BeamOptions {
    int beams = 4;  // >= 1
    int steps = 20;
    bool stop_at_end = false;  // a beam that ends is kept as it is
    bool use_cache = true;     // false: the naive passes
    Ablation ablation = {};    // of every pass
};

// One extension that the search looked at: a token behind another one, or behind the prompt.
struct BeamNode {
    int parent = -1;  // index in BeamTrace::nodes; -1: the prompt
    int id = 0;
    int step = 1;                // in which it was looked at, from 1
    double probability = 0;      // of the token after its parent, raw
    int rank = 0;                // among all tokens there, 0: the argmax
    double entropy_bits = 0;     // of the distribution that it is from
    double log_probability = 0;  // sum over the continuation up to here
    bool kept = false;           // among the B best of its step
    bool ended = false;          // by the end-of-text token
};

// What a search did. Of each step it holds the B that were kept and the best that were not, as many
// again: the rest of B times the vocabulary scored less.
struct BeamTrace {
    int beams = 0;
    std::vector<BeamNode> nodes;  // by step, in each best first
    // After each step, best first: indices in `nodes`. An ended beam stays as an older node.
    std::vector<std::vector<int>> live;

    int steps() const { return static_cast<int>(live.size()); }
    // From the first token of the continuation to this node.
    std::vector<int> path_to(int node) const;
    // Nodes that a step looked at, kept and pruned, best first; from 1.
    std::vector<int> looked_at(int step) const;
};

// The search, a step at a time. The model must outlive it.
class BeamSearch {
  public:
    // `prompt`: records of passes with the options' ablation; options.steps does not count.
    BeamSearch(const Model& model, Records prompt, const BeamOptions& options);

    // What has to be run behind the prompt before the next step: the last token of each beam that
    // goes on; none before the first. Valid until then.
    std::vector<Branch> pending();
    // Extends all beams by a token; `ran`: the records of pending(). False: the context is full or
    // all beams ended, nothing changed.
    bool step(std::span<const RecordPtr> ran);
    // The same in three parts, for many searches at a time: the records whose logits decide (none:
    // as step() says false), each one's logits, from any thread, and the extension itself. It may
    // be begun again before that.
    Records begin(std::span<const RecordPtr> ran);
    void read(size_t i, std::span<const float> logits);
    void finish();
    const BeamTrace& trace() const { return trace_; }
    // The beams now, most probable first.
    std::vector<Beam> beams() const;

  private:
    // A beam's most probable next tokens.
    struct Extension {
        int parent;   // index in nodes; -1: the prompt
        size_t beam;  // that it extends
        int id;       // -1: the parent as it is, because it ended
        int rank;
        double probability;
        double entropy_bits;  // of the distribution that it is from
        double log_probability;
    };
    bool extendable(int node) const;
    std::vector<int> beams_now() const;
    std::vector<Extension> extensions_of(size_t beam, int node,
                                         std::span<const float> logits) const;
    void keep(const std::vector<Extension>& best);
    void forget_dead();

    const Model& model_;
    BeamOptions options_;
    Records prompt_;
    BeamTrace trace_;
    Records records_;             // of each node, once it was run
    std::vector<Records> paths_;  // of pending()
    // Of the step that has begun: of each beam, and which of them go on.
    std::vector<std::vector<Extension>> extensions_;
    std::vector<size_t> goes_on_;
};

// The beams after `steps` tokens, most probable first; fewer steps where the context is full or
// all beams ended. Throws Error for a bad prompt, Stopped when asked to stop.
std::vector<Beam> beam_search(const Model& model, const std::vector<int>& prompt,
                              const BeamOptions& options, const StopAsked& stop = {});

}  // namespace model
