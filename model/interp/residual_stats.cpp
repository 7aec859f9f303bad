#include "model/interp/residual_stats.h"

#include <algorithm>
#include <cmath>

#include "model/interp/lens.h"
#include "model/pass/kernels.h"

namespace model {

namespace {

double length(std::span<const float> x) {
    return norm(x.data(), static_cast<int>(x.size()));
}

double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

}  // namespace

StreamReading read_stream(const TokenRecord& record) {
    StreamReading reading;
    const int d = static_cast<int>(record.embedded().size());
    // The streams, summed in the order in which the pass sums them.
    std::vector<std::vector<float>> streams{{record.embedded().begin(), record.embedded().end()}};
    std::vector<float> added(d);
    reading.resid.push_back(length(streams[0]));
    for (int l = 0; l < record.n_layer(); ++l) {
        const auto attn = record.attn_out(l), mlp = record.mlp_out(l);
        std::vector<float> next = streams.back();
        for (int i = 0; i < d; ++i) {
            next[i] = (next[i] + attn[i]) + mlp[i];
            added[i] = attn[i] + mlp[i];
        }
        reading.attn.push_back(length(attn));
        reading.mlp.push_back(length(mlp));
        reading.change.push_back(ratio(length(added), reading.resid.back()));
        reading.resid.push_back(length(next));
        streams.push_back(std::move(next));
    }
    const std::vector<float> last = std::move(streams.back());
    streams.pop_back();
    for (size_t l = 0; l < streams.size(); ++l) {
        const double cosine = ratio(double{dot(streams[l].data(), last.data(), d)},
                                    reading.resid[l] * reading.resid.back());
        reading.cosine.push_back(std::clamp(cosine, -1.0, 1.0));  // rounding may leave the range
    }
    reading.cosine.push_back(reading.resid.back() > 0 ? 1 : 0);  // with itself
    return reading;
}

VectorStatistics vector_statistics(std::span<const float> x) {
    VectorStatistics s;
    s.low = s.high = x.front();
    for (float value : x) {
        s.mean += value;
        s.low = std::min(s.low, double{value});
        s.high = std::max(s.high, double{value});
        s.norm += double{value} * value;
    }
    const auto n = static_cast<double>(x.size());
    s.mean /= n;
    for (float value : x) s.deviation += (value - s.mean) * (value - s.mean);
    s.deviation = std::sqrt(s.deviation / n);
    s.norm = std::sqrt(s.norm);
    return s;
}

}  // namespace model
