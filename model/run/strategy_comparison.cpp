#include "model/run/strategy_comparison.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "model/base/error.h"

namespace model {

std::vector<ScoredToken> StrategyRun::after(int n) const {
    n = std::min(n, length());
    if (n <= 0) return {};
    if (!beam) return {tokens.begin(), tokens.begin() + n};
    std::vector<ScoredToken> told;
    for (const int at : beam->path_to(beam->live[static_cast<size_t>(n - 1)].front())) {
        const BeamNode& node = beam->nodes[static_cast<size_t>(at)];
        told.push_back({node.id, node.probability, node.rank, node.entropy_bits});
    }
    return told;
}

int Strategies::length() const {
    int least = std::numeric_limits<int>::max(), most = 0;
    auto count = [&](const StrategyRunPtr& row) {
        if (row->why == StopReason::none) least = std::min(least, row->length());
        most = std::max(most, row->length());
    };
    for (const StrategyRunPtr& row : rows) count(row);
    if (beam) count(beam);
    return std::min(least, most);
}

int first_difference(const std::vector<ScoredToken>& text, const std::vector<ScoredToken>& other) {
    const size_t both = std::min(text.size(), other.size());
    for (size_t i = 0; i < both; ++i) {
        if (text[i].id != other[i].id) return static_cast<int>(i);
    }
    return -1;
}

// One strategy while it goes on.
class StrategyComparison::Row {
  public:
    explicit Row(const StrategyRule& rule) : rule_(rule) {}

    const StrategyRule& rule() const { return rule_; }
    bool done() const { return why_ != StopReason::none; }
    int length() const {
        return search_ ? search_->trace().steps() : static_cast<int>(tokens_.size());
    }

    void advance(StrategyComparison& all, const StopAsked& stop) {
        if (rule_.searches()) {
            search(all, stop);
        } else {
            decode(all, stop);
        }
        run_ = nullptr;
    }

    const StrategyRunPtr& run() {
        if (run_) return run_;
        auto run = std::make_shared<StrategyRun>();
        run->rule = rule_;
        run->tokens = tokens_;
        if (rule_.searches()) {
            run->beam = std::make_unique<BeamTrace>(search_ ? search_->trace() : BeamTrace{});
            run->beam->beams = rule_.beams;
        }
        run->why = why_;
        run_ = std::move(run);
        return run_;
    }

  private:
    void search(StrategyComparison& all, const StopAsked& stop) {
        if (!search_) {
            BeamOptions options;
            options.beams = rule_.beams;
            options.stop_at_end = all.stop_at_end_;
            options.ablation = all.ablation_;
            search_ = std::make_unique<BeamSearch>(*all.model_, all.prompt_, options);
        }
        if (search_->step(stop)) return;
        const auto beams = search_->beams();
        why_ = std::ranges::all_of(beams, &Beam::ended) ? StopReason::end_of_text
                                                        : StopReason::context_full;
    }

    void decode(StrategyComparison& all, const StopAsked& stop) {
        const Model& model = *all.model_;
        if (static_cast<int>(all.prompt_.size() + tokens_.size()) >= model.config.n_ctx) {
            why_ = StopReason::context_full;
            return;
        }
        RecordPtr last = all.prompt_.back();
        if (!tokens_.empty()) {
            if (!all.prefix_) {
                all.prefix_ = std::make_unique<SharedPrefix>(model, all.prompt_, all.ablation_);
            }
            last = all.prefix_->run(records_, tokens_.back().id, stop);
            records_.push_back(last);
        }
        std::vector<int> ids;
        for (const RecordPtr& record : all.prompt_) ids.push_back(record->id());
        for (const ScoredToken& token : tokens_) ids.push_back(token.id);
        Ranking ranking = rank(logits(model.weights, *last));
        decide(ranking, rule_.decoding, ids);
        const Candidate& chosen = ranking.proposed();
        tokens_.push_back({chosen.id, chosen.probability, ranking.pick, ranking.entropy_bits});
        if (all.stop_at_end_ && chosen.id == model.config.end_token) why_ = StopReason::end_of_text;
    }

    StrategyRule rule_;
    std::vector<ScoredToken> tokens_;
    Records records_;  // of all tokens but the last
    std::unique_ptr<BeamSearch> search_;
    StopReason why_ = StopReason::none;
    StrategyRunPtr run_;
};

StrategyComparison::StrategyComparison(std::shared_ptr<const Model> model, const Step& step,
                                       bool stop_at_end)
    : model_(std::move(model)),
      prompt_(step.records.begin(), step.records.begin() + step.prompt_length),
      ablation_(step.ablation),
      stop_at_end_(stop_at_end) {}

StrategyComparison::~StrategyComparison() = default;

bool StrategyComparison::is_of(const Step& step) const {
    return static_cast<int>(prompt_.size()) == step.prompt_length &&
           step.records[prompt_.size() - 1] == prompt_.back();
}

void StrategyComparison::set_rules(const std::vector<StrategyRule>& rules) {
    std::vector<std::shared_ptr<Row>> before = std::move(rows_);
    if (beam_) before.push_back(std::move(beam_));
    auto row_of = [&](const StrategyRule& rule) {
        // Two rows with the same rule are the same row.
        for (const auto* known : {&rows_, &before}) {
            for (const auto& row : *known) {
                if (row->rule() == rule) return row;
            }
        }
        return std::make_shared<Row>(rule);
    };
    rows_ = {};
    beam_ = nullptr;
    for (const StrategyRule& rule : rules) {
        rows_.push_back(row_of(rule));
        if (rule.searches() && !beam_) beam_ = rows_.back();
    }
    if (!beam_) beam_ = row_of(own_search);
}

bool StrategyComparison::run(int tokens, const StopAsked& stop) {
    bool moved = false;
    while (true) {
        Row* shortest = nullptr;
        auto look = [&](const std::shared_ptr<Row>& row) {
            if (row->done() || row->length() >= tokens) return;
            if (!shortest || row->length() < shortest->length()) shortest = row.get();
        };
        for (const auto& row : rows_) look(row);
        if (beam_) look(beam_);
        if (!shortest) return moved;
        shortest->advance(*this, stop);
        moved = true;
    }
}

StrategiesPtr StrategyComparison::strategies() {
    auto all = std::make_shared<Strategies>();
    all->prompt_end = prompt_.back();
    for (const auto& row : rows_) all->rows.push_back(row->run());
    if (beam_) all->beam = beam_->run();
    if (!told_ || told_->rows != all->rows || told_->beam != all->beam) told_ = std::move(all);
    return told_;
}

}  // namespace model
