#include "model/interp/head_scores.h"

#include "model/base/error.h"

namespace model {

namespace {

// Sums up; divided at the end.
void count(HeadHabit& habit, double weight) {
    habit.mean += weight;
    ++habit.rows;
}

}  // namespace

std::vector<int> followers(const Records& records, int query) {
    std::vector<int> keys;
    for (int key = 1; key < query; ++key) {
        if (records[key - 1]->id() == records[query]->id()) keys.push_back(key);
    }
    return keys;
}

RowHabits row_habits(std::span<const float> row, std::span<const int> followers) {
    RowHabits habits{row.size() > 1 ? row[row.size() - 2] : 0, row.front(), row.back()};
    if (followers.empty()) return habits;
    habits.induction = 0;
    for (int key : followers) habits.induction += row[key];
    return habits;
}

HeadScores mean_habits(std::span<const RowHabits> rows) {
    HeadScores scores;
    for (size_t query = 2; query < rows.size(); ++query) {
        const RowHabits& row = rows[query];
        count(scores.previous, row.previous);
        count(scores.first, row.first);
        count(scores.self, row.self);
        if (row.induction >= 0) count(scores.induction, row.induction);
    }
    for (HeadHabit* habit : {&scores.previous, &scores.first, &scores.self, &scores.induction}) {
        if (habit->rows > 0) habit->mean /= habit->rows;
    }
    return scores;
}

HeadScores head_scores(const AttentionPattern& pattern, const Records& records) {
    check(pattern.size() == records.size(), "head_scores: a row for each record");
    std::vector<RowHabits> rows;
    for (size_t query = 0; query < pattern.size(); ++query) {
        rows.push_back(row_habits(pattern[query], followers(records, static_cast<int>(query))));
    }
    return mean_habits(rows);
}

std::vector<HeadScores> head_scores(const Config& config, const Records& records) {
    std::vector<std::vector<int>> follow;
    for (size_t query = 0; query < records.size(); ++query) {
        follow.push_back(followers(records, static_cast<int>(query)));
    }
    const size_t heads = static_cast<size_t>(config.n_layer) * config.n_head;
    std::vector<std::vector<RowHabits>> rows(heads);
    visit_heads(config, records, 0, [&](int layer, int head, int query, std::vector<float>& row) {
        rows[static_cast<size_t>(layer) * config.n_head + head].push_back(
            row_habits(row, follow[query]));
    });
    std::vector<HeadScores> all;
    for (const auto& head : rows) all.push_back(mean_habits(head));
    return all;
}

}  // namespace model
