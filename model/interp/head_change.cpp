#include "model/interp/head_change.h"

#include <algorithm>
#include <cmath>

#include "model/base/error.h"

namespace model {

ChangedHead most_changed_head(const Config& config, const Records& here, const Records& untouched) {
    check(here.size() == untouched.size() && !here.empty(), "most_changed_head: runs go together");
    const int last = static_cast<int>(here.size()) - 1;
    const Ablation* off = here.back()->ablation();
    ChangedHead most;
    for (int layer = 0; layer < config.n_layer; ++layer) {
        for (int head = 0; head < config.n_head; ++head) {
            if (off && off->head_off(layer, head)) continue;
            const std::vector<float> now = attention_row(config, here, layer, head, last);
            const std::vector<float> before = attention_row(config, untouched, layer, head, last);
            double largest = 0;
            for (size_t key = 0; key < now.size(); ++key) {
                largest = std::max(largest, std::abs(double{now[key]} - double{before[key]}));
            }
            if (largest > most.largest) most = {{layer, head}, largest};
        }
    }
    return most;
}

}  // namespace model
