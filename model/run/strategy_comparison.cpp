#include "model/run/strategy_comparison.h"

#include <algorithm>
#include <iterator>
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

    // What has to be run before the next token; valid until it is taken.
    std::vector<Branch> pending() {
        if (search_) return search_->pending();
        if (tokens_.empty()) return {};
        return {{records_, tokens_.back().id}};
    }
    // Goes on by a token in three parts: `ran`, the records of pending(), in; out come those whose
    // logits decide, none where it ends here; each one's logits, from any thread; the token itself.
    Records begin(const StrategyComparison& all, std::span<const RecordPtr> ran) {
        Records last = rule_.searches() ? begin_search(all, ran) : begin_decoding(all, ran);
        if (done()) run_ = nullptr;
        return last;
    }
    void read(size_t i, std::span<const float> logits) {
        if (search_) return search_->read(i, logits);
        ranking_ = rank(logits);
        decide(ranking_, rule_.decoding, ids_);
    }
    void finish(const StrategyComparison& all) {
        run_ = nullptr;
        if (search_) return search_->finish();
        records_.insert(records_.end(), ran_.begin(), ran_.end());
        const Candidate& chosen = ranking_.proposed();
        tokens_.push_back({chosen.id, chosen.probability, ranking_.pick, ranking_.entropy_bits});
        const bool ended = all.model_->config.ends(chosen.id);
        if (all.stop_at_end_ && ended) why_ = StopReason::end_of_text;
        ranking_ = {};  // of a whole vocabulary
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
    Records begin_search(const StrategyComparison& all, std::span<const RecordPtr> ran) {
        if (!search_) {
            BeamOptions options;
            options.beams = rule_.beams;
            options.stop_at_end = all.stop_at_end_;
            options.ablation = all.ablation_;
            search_ = std::make_unique<BeamSearch>(*all.model_, all.prefix_.prompt(), options);
        }
        Records last = search_->begin(ran);
        if (!last.empty()) return last;
        const auto beams = search_->beams();
        why_ = std::ranges::all_of(beams, &Beam::ended) ? StopReason::end_of_text
                                                        : StopReason::context_full;
        return {};
    }

    Records begin_decoding(const StrategyComparison& all, std::span<const RecordPtr> ran) {
        const Records& prompt = all.prefix_.prompt();
        if (static_cast<int>(prompt.size() + tokens_.size()) >= all.model_->config.n_ctx) {
            why_ = StopReason::context_full;
            return {};
        }
        ids_.clear();
        for (const RecordPtr& record : prompt) ids_.push_back(record->id());
        for (const ScoredToken& token : tokens_) ids_.push_back(token.id);
        ran_ = {ran.begin(), ran.end()};
        return {ran.empty() ? prompt.back() : ran.back()};
    }

    StrategyRule rule_;
    std::vector<ScoredToken> tokens_;
    Records records_;  // of all tokens but the last
    // Of the token that has begun.
    std::vector<int> ids_;
    Records ran_;
    Ranking ranking_;
    std::unique_ptr<BeamSearch> search_;
    StopReason why_ = StopReason::none;
    StrategyRunPtr run_;
};

StrategyComparison::StrategyComparison(std::shared_ptr<const Model> model, const Step& step,
                                       bool stop_at_end)
    : model_(std::move(model)),
      ablation_(step.ablation),
      prefix_(*model_, {step.records.begin(), step.records.begin() + step.prompt_length},
              ablation_),
      stop_at_end_(stop_at_end) {}

StrategyComparison::~StrategyComparison() = default;

bool StrategyComparison::is_of(const Step& step) const {
    const Records& prompt = prefix_.prompt();
    return static_cast<int>(prompt.size()) == step.prompt_length &&
           step.records[prompt.size() - 1] == prompt.back();
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
        // The shortest rows go on together: all their passes are one.
        std::vector<Row*> shortest;
        const auto look = [&](const std::shared_ptr<Row>& row) {
            if (row->done() || row->length() >= tokens) return;
            if (!shortest.empty() && row->length() < shortest.front()->length()) shortest.clear();
            const bool as_short = shortest.empty() || row->length() == shortest.front()->length();
            if (as_short && std::ranges::find(shortest, row.get()) == shortest.end()) {
                shortest.push_back(row.get());
            }
        };
        for (const auto& row : rows_) look(row);
        if (beam_) look(beam_);
        if (shortest.empty()) return moved;
        std::vector<Branch> branches;
        std::vector<size_t> ends;  // of each row's among them
        for (Row* row : shortest) {
            std::ranges::copy(row->pending(), std::back_inserter(branches));
            ends.push_back(branches.size());
        }
        const Records ran = prefix_.run(branches, stop);
        // The logits of all rows are one product.
        Records last;
        std::vector<std::pair<Row*, size_t>> whose;
        std::vector<Row*> begun;
        for (size_t i = 0, begin = 0; i < shortest.size(); begin = ends[i++]) {
            const Records some =
                shortest[i]->begin(*this, std::span(ran).subspan(begin, ends[i] - begin));
            if (!some.empty()) begun.push_back(shortest[i]);
            for (size_t k = 0; k < some.size(); ++k) {
                whose.emplace_back(shortest[i], k);
                last.push_back(some[k]);
            }
        }
        visit_logits(
            model_->weights, last,
            [&](size_t i, std::span<const float> logits) {
                whose[i].first->read(whose[i].second, logits);
            },
            stop);
        for (Row* row : begun) row->finish(*this);
        moved = true;
    }
}

StrategiesPtr StrategyComparison::strategies() {
    auto all = std::make_shared<Strategies>();
    all->prompt_end = prefix_.prompt().back();
    for (const auto& row : rows_) all->rows.push_back(row->run());
    if (beam_) all->beam = beam_->run();
    if (!told_ || told_->rows != all->rows || told_->beam != all->beam) told_ = std::move(all);
    return told_;
}

}  // namespace model
