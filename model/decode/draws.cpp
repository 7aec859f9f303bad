#include "model/decode/draws.h"

#include <algorithm>
#include <numeric>

namespace model {

std::vector<int> draw_often(const Ranking& ranking, uint64_t first, int position, int times) {
    const auto& all = ranking.candidates;
    // decide() goes through the tokens from the likeliest on, which penalties may have put into
    // another order than the logits'.
    std::vector<int> order;
    for (size_t i = 0; i < all.size(); ++i) {
        if (all[i].adjusted > 0) order.push_back(static_cast<int>(i));
    }
    std::ranges::stable_sort(order, [&](int a, int b) {
        return all[static_cast<size_t>(a)].adjusted > all[static_cast<size_t>(b)].adjusted;
    });
    std::vector<double> below;
    double sum = 0;
    for (const int i : order) below.push_back(sum += all[static_cast<size_t>(i)].adjusted);
    std::vector<int> counts(all.size());
    for (int k = 0; k < times && !order.empty(); ++k) {
        const double drawn = uniform(first + static_cast<uint64_t>(k), position) * sum;
        const auto place = std::ranges::upper_bound(below, drawn) - below.begin();
        ++counts[static_cast<size_t>(
            order[std::min(static_cast<size_t>(place), order.size() - 1)])];
    }
    return counts;
}

}  // namespace model
