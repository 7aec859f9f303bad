// What a head looks at on average over a text: the habits that heads are named after.
#pragma once

#include <span>
#include <vector>

#include "model/pass/attention.h"

namespace model {

struct HeadHabit {
    double mean = 0;  // weight, over the rows that count
    int rows = 0;     // that count
};

// Queries count from the third on: the first can only look at itself, the second cannot tell the
// previous token from the first.
struct HeadScores {
    HeadHabit previous;  // the token before
    HeadHabit first;     // the first token
    HeadHabit self;
    // The tokens that followed earlier occurrences of the query's token (Elhage et al. 2021); rows
    // without one do not count.
    HeadHabit induction;
};

// The same of one row. `induction` is below 0 where the query's token is new.
struct RowHabits {
    float previous = 0, first = 0, self = 0;
    double induction = -1;
};
// Keys 1 to query - 1 whose token followed an earlier occurrence of the query's token.
std::vector<int> followers(const Records& records, int query);
// `row`: its query's weights; `followers`: those of that query.
RowHabits row_habits(std::span<const float> row, std::span<const int> followers);
// Over the rows of queries 0, 1, 2, ...
HeadScores mean_habits(std::span<const RowHabits> rows);

// `pattern`: a row for each of `records`.
HeadScores head_scores(const AttentionPattern& pattern, const Records& records);
// Of all heads, layer after layer: [layer * n_head + head].
std::vector<HeadScores> head_scores(const Config& config, const Records& records);

}  // namespace model
