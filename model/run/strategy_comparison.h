// Decoding strategies side by side: the same prompt continued under several settings, a token at a
// time. The prompt ran once; each continuation keeps what later passes need, keys and values, and
// numbers of its tokens.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/decode/beam.h"
#include "model/decode/shared_prefix.h"
#include "model/decode/strategy_rule.h"
#include "model/decode/text_measures.h"
#include "model/run/session.h"

namespace model {

// What one strategy made of the prompt so far, immutable.
struct StrategyRun {
    StrategyRule rule;
    std::vector<ScoredToken> tokens;    // of one that does not search
    std::unique_ptr<BeamTrace> beam;    // of one that does
    StopReason why = StopReason::none;  // set: nothing more comes

    // Tokens that are known.
    int length() const { return beam ? beam->steps() : static_cast<int>(tokens.size()); }
    // The continuation after `n` tokens, or as many as there are: of a search its best beam then,
    // which may be another text than after n - 1, and shorter where it ended.
    std::vector<ScoredToken> after(int n) const;
};
using StrategyRunPtr = std::shared_ptr<const StrategyRun>;

struct Strategies {
    RecordPtr prompt_end;              // the record that all of them go on from
    std::vector<StrategyRunPtr> rows;  // as the rules say
    StrategyRunPtr beam;               // a search: the first among the rows, or one of its own

    // Known tokens of the row that has fewest; those that ended do not count.
    int length() const;
};
using StrategiesPtr = std::shared_ptr<const Strategies>;

// The first token, from 0, at which a text leaves another one; -1: it does not as far as both go.
int first_difference(const std::vector<ScoredToken>& text, const std::vector<ScoredToken>& other);

class StrategyComparison {
  public:
    // `step` gives prompt and ablation. `stop_at_end`: a continuation ends with the end-of-text
    // token.
    StrategyComparison(std::shared_ptr<const Model> model, const Step& step, bool stop_at_end);
    ~StrategyComparison();

    // Whether this is about the prompt of that step.
    bool is_of(const Step& step) const;
    // What is known of rules that stay is kept.
    void set_rules(const std::vector<StrategyRule>& rules);
    // Continues every row to `tokens` tokens, the shortest first. After Stopped, what was computed
    // is kept. False: there was nothing to do.
    bool run(int tokens, const StopAsked& stop = {});
    // As far as it is; the same object until there is more.
    StrategiesPtr strategies();

  private:
    class Row;

    std::shared_ptr<const Model> model_;
    Ablation ablation_;
    SharedPrefix prefix_;  // of all rows
    bool stop_at_end_;
    std::vector<std::shared_ptr<Row>> rows_;
    std::shared_ptr<Row> beam_;
    StrategiesPtr told_;
};

}  // namespace model
