#include "model/decode/ranking_change.h"

#include <algorithm>
#include <cmath>

#include "model/base/error.h"

namespace model {

namespace {

Standing standing_in(const Ranking& ranking, int id) {
    const auto found = std::ranges::find(ranking.candidates, id, &Candidate::id);
    check(found != ranking.candidates.end(), "change_of: id within the vocabulary");
    return {static_cast<int>(found - ranking.candidates.begin()), found->probability};
}

// Natural logarithms of the probabilities, by id. From the logits: a probability may be too small
// for its number.
std::vector<double> log_probabilities(const Ranking& ranking) {
    const auto& all = ranking.candidates;
    const double largest = all.front().logit;
    double total = 0;
    for (const Candidate& c : all) total += std::exp(c.logit - largest);
    const double log_total = std::log(total);
    std::vector<double> logs(all.size());
    for (const Candidate& c : all) {
        logs[static_cast<size_t>(c.id)] = c.logit - largest - log_total;
    }
    return logs;
}

}  // namespace

Standings standings(const Ranking& ranking) {
    Standings standings;
    standings.of.resize(ranking.candidates.size());
    int rank = 0;
    for (const Candidate& c : ranking.candidates) {
        standings.of[static_cast<size_t>(c.id)] = {rank++, c.probability};
    }
    return standings;
}

Change change_of(const Ranking& here, const Ranking& other, int id) {
    const Standing a = standing_in(here, id), b = standing_in(other, id);
    return {a.probability, b.probability, a.rank, b.rank};
}

double kl_bits(const Ranking& p, const Ranking& q) {
    check(p.candidates.size() == q.candidates.size(), "kl_bits: of one vocabulary");
    const std::vector<double> log_p = log_probabilities(p), log_q = log_probabilities(q);
    double nats = 0;
    for (size_t id = 0; id < log_p.size(); ++id) {
        nats += std::exp(log_p[id]) * (log_p[id] - log_q[id]);
    }
    return std::max(nats, 0.0) / std::log(2.0);
}

}  // namespace model
