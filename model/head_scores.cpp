#include "model/head_scores.h"

#include "model/error.h"

namespace model {

namespace {

// Sums up; divided at the end.
void count(HeadHabit& habit, double weight) {
    habit.mean += weight;
    ++habit.rows;
}

}  // namespace

HeadScores head_scores(const AttentionPattern& pattern, const Records& records) {
    check(pattern.size() == records.size(), "head_scores: a row for each record");
    HeadScores scores;
    for (size_t query = 2; query < pattern.size(); ++query) {
        const std::vector<float>& row = pattern[query];
        count(scores.previous, row[query - 1]);
        count(scores.first, row[0]);
        count(scores.self, row[query]);
        double followed = 0;
        bool seen = false;
        for (size_t key = 1; key < query; ++key) {
            if (records[key - 1]->id() != records[query]->id()) continue;
            followed += row[key];
            seen = true;
        }
        if (seen) count(scores.induction, followed);
    }
    for (HeadHabit* habit : {&scores.previous, &scores.first, &scores.self, &scores.induction}) {
        if (habit->rows > 0) habit->mean /= habit->rows;
    }
    return scores;
}

std::vector<HeadScores> head_scores(const Config& config, const Records& records) {
    std::vector<HeadScores> all;
    for (int layer = 0; layer < config.n_layer; ++layer) {
        for (int head = 0; head < config.n_head; ++head) {
            all.push_back(
                head_scores(AttentionMemo().pattern(config, records, layer, head), records));
        }
    }
    return all;
}

}  // namespace model
