#include "model/interp/routes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "model/base/error.h"
#include "model/base/thread_pool.h"
#include "model/interp/attribution.h"
#include "model/pass/attention.h"
#include "model/pass/kernels.h"

namespace model {

namespace {

// Of one sum, the strongest are told apart; the rest of a very long text goes as one.
constexpr size_t most_brought = 2048;

// What heads bring, before the weight: f = value of a head at a position times the head's rows of
// W_O. Those that are asked for.
class Brought {
  public:
    Brought(const Model& model, const Records& records, int layer)
        : model_(model), records_(records), layer_(layer) {}

    void ask(int head, int from) { index_.try_emplace({head, from}, 0); }

    // All that were asked for, a head at a time.
    void compute() {
        const size_t d = static_cast<size_t>(model_.config.d_model);
        const int d_head = model_.config.d_head();
        vectors_.resize(index_.size() * d);
        const std::vector<float> zero(d);
        std::vector<float> values;
        size_t done = 0;
        for (auto at = index_.begin(); at != index_.end();) {
            const int head = at->first.first;
            values.clear();
            const size_t first = done;
            for (; at != index_.end() && at->first.first == head; ++at) {
                at->second = done++;
                const float* v = records_[static_cast<size_t>(at->first.second)]->v(layer_).data();
                values.insert(values.end(), v + head * d_head, v + (head + 1) * d_head);
            }
            const int rows = static_cast<int>(done - first);
            const Matrix& w_o = model_.weights.layers[static_cast<size_t>(layer_)].attn_out;
            linear({values.data(), rows, d_head, d_head}, rows_of(w_o, head * d_head, d_head),
                   zero.data(),
                   {vectors_.data() + first * d, rows, static_cast<int>(d), static_cast<int>(d)});
        }
    }

    std::span<const float> of(int head, int from) const {
        const auto d = static_cast<size_t>(model_.config.d_model);
        return {vectors_.data() + index_.at({head, from}) * d, d};
    }

  private:
    const Model& model_;
    const Records& records_;
    int layer_;
    std::map<std::pair<int, int>, size_t> index_;
    std::vector<float> vectors_;
};

double size_of(std::span<const float> y) {
    double sum = 0;
    for (const float x : y) sum += std::abs(x);
    return sum;
}

// |y|1 - |y - weight * z|1, or 0.
double proximity(std::span<const float> y, double size, std::span<const float> z, float weight) {
    double rest = 0;
    for (size_t i = 0; i < y.size(); ++i) rest += std::abs(y[i] - weight * z[i]);
    return std::max(0.0, size - rest);
}

// The parts of the sum after attention, at one position of one layer.
struct AttentionParts {
    struct Part {
        int head, from;
        float weight;
        double proximity = 0;
    };
    std::vector<Part> brought;  // by heads
    bool more = false;          // than these
    double entered = 0, bias = 0, others = 0;

    double whole() const {
        return std::accumulate(brought.begin(), brought.end(), entered + bias + others,
                               [](double sum, const Part& part) { return sum + part.proximity; });
    }
};

class Search {
  public:
    Search(const Model& model, const Records& records, int position, double least)
        : model_(model),
          config_(model.config),
          records_(records.begin(), records.begin() + position + 1),
          least_(least) {
        const Routes::Lane none(records_.size());
        const auto layers = static_cast<size_t>(config_.n_layer);
        routes_.position = position;
        routes_.pre.assign(layers + 1, none);
        routes_.mid = routes_.mlp = std::vector<Routes::Lane>(layers, none);
        follow_pre_ = routes_.pre;
        follow_mid_ = routes_.mid;
    }

    Routes arrives() {
        const auto p = static_cast<size_t>(routes_.position);
        follow_pre_.back()[p] = 1;
        for (int layer = config_.n_layer - 1; layer >= 0; --layer) follow(layer);
        return finish();
    }

    Routes answer(int id) {
        const auto p = static_cast<size_t>(routes_.position);
        const TokenRecord& record = *records_[p];
        const LogitParts parts = attribute_logit(model_, record, id);
        const auto sources = logit_by_source(model_, records_, routes_.position, id);
        routes_.logit = parts.logit;
        std::vector<double> all{parts.embedding, parts.norm_bias};
        for (size_t l = 0; l < parts.layers.size(); ++l) {
            all.push_back(parts.layers[l].attn_bias);
            all.push_back(parts.layers[l].mlp);
            for (const auto& head : sources[l]) all.insert(all.end(), head.begin(), head.end());
        }
        for (const double x : all) (x > 0 ? routes_.raised : routes_.lowered) += x;
        const double raised = routes_.raised;
        const auto share = [&](double part) {
            return raised > 0 ? std::max(part, 0.0) / raised : 0;
        };

        const double embedding = share(parts.embedding);
        routes_.constant += share(parts.norm_bias);
        std::vector<std::vector<Routes::Edge>> direct(parts.layers.size());
        double carried = embedding;
        routes_.pre[0][p] += carried;
        for (size_t l = 0; l < parts.layers.size(); ++l) {
            for (size_t h = 0; h < sources[l].size(); ++h) {
                for (size_t from = 0; from <= p; ++from) {
                    const double part = share(sources[l][h][from]);
                    if (!passes(part)) continue;
                    carried += part;
                    direct[l].push_back({static_cast<int>(l), static_cast<int>(h),
                                         static_cast<int>(from), routes_.position, part});
                }
            }
            routes_.constant += share(parts.layers[l].attn_bias);
            routes_.mid[l][p] += carried;
            const double mlp = share(parts.layers[l].mlp);
            if (passes(mlp)) {
                carried += mlp;
                routes_.mlp[l][p] += mlp;
                follow_mid_[l][p] += mlp;
            }
            routes_.pre[l + 1][p] += carried;
        }
        for (int layer = config_.n_layer - 1; layer >= 0; --layer) {
            follow(layer);
            for (const Routes::Edge& edge : direct[static_cast<size_t>(layer)]) add(edge);
        }
        return finish();
    }

  private:
    // Whether so much is followed; what is not is written down.
    bool passes(double share) {
        if (share >= least_) return true;
        routes_.dropped += share;
        return false;
    }

    void add(const Routes::Edge& edge) {
        edges_[{edge.layer, edge.head, edge.from, edge.to}] += edge.share;
        follow_pre_[static_cast<size_t>(edge.layer)][static_cast<size_t>(edge.from)] += edge.share;
    }

    // Through a block, from where its output goes to where it came from.
    void follow(int layer) {
        const auto l = static_cast<size_t>(layer);
        for (size_t at = 0; at < records_.size(); ++at) {
            if (follow_pre_[l + 1][at] > 0) follow_mlp(layer, at);
        }
        std::vector<std::pair<size_t, AttentionParts>> sums;
        Brought brought(model_, records_, layer);
        for (size_t at = 0; at < records_.size(); ++at) {
            if (!(follow_mid_[l][at] > 0)) continue;
            sums.emplace_back(at, parts_at(layer, at));
            for (const auto& part : sums.back().second.brought) brought.ask(part.head, part.from);
        }
        brought.compute();
        share_out(sums.size(), 1, [&](size_t begin, size_t end) {
            for (size_t i = begin; i < end; ++i) {
                measure(layer, sums[i].first, brought, sums[i].second);
            }
        });
        for (const auto& [at, parts] : sums) divide(layer, at, parts);
    }

    void follow_mlp(int layer, size_t at) {
        const auto l = static_cast<size_t>(layer);
        const double flow = follow_pre_[l + 1][at];
        const TokenRecord& record = *records_[at];
        const std::vector<float> y = record.resid_post(layer), skip = record.resid_mid(layer);
        const double size = size_of(y);
        const double skipped = proximity(y, size, skip, 1);
        const double mlp = proximity(y, size, record.mlp_out(layer), 1);
        if (!(skipped + mlp > 0)) {
            routes_.dropped += flow;
            return;
        }
        const double through = flow * mlp / (skipped + mlp), past = flow - through;
        if (passes(through)) {
            routes_.mlp[l][at] += through;
            follow_mid_[l][at] += through;
        }
        if (passes(past)) follow_mid_[l][at] += past;
    }

    AttentionParts parts_at(int layer, size_t at) const {
        AttentionParts parts;
        const Ablation* ablation = records_[at]->ablation();
        for (int head = 0; head < config_.n_head; ++head) {
            if (ablation && ablation->head_off(layer, head)) continue;
            const std::vector<float> row =
                attention_row(config_, records_, layer, head, static_cast<int>(at));
            for (size_t from = 0; from < row.size(); ++from) {
                if (row[from] > 0)
                    parts.brought.push_back({head, static_cast<int>(from), row[from]});
            }
        }
        if (parts.brought.size() > most_brought) {
            parts.more = true;
            std::ranges::nth_element(parts.brought, parts.brought.begin() + most_brought,
                                     std::ranges::greater{}, &AttentionParts::Part::weight);
            parts.brought.resize(most_brought);
        }
        return parts;
    }

    void measure(int layer, size_t at, const Brought& brought, AttentionParts& parts) const {
        const TokenRecord& record = *records_[at];
        const std::vector<float> y = record.resid_mid(layer);
        const double size = size_of(y);
        parts.entered = proximity(y, size, record.resid_pre(layer), 1);
        const auto d = static_cast<size_t>(config_.d_model);
        std::vector<float> others(parts.more ? d : 0);
        if (parts.more) std::ranges::copy(record.attn_out(layer), others.begin());
        const float* bias = model_.weights.layers[static_cast<size_t>(layer)].attn_out_bias;
        const Ablation* ablation = record.ablation();
        if (!(ablation && ablation->layers.contains(layer))) {
            parts.bias = proximity(y, size, {bias, d}, 1);
            for (size_t i = 0; i < others.size(); ++i) others[i] -= bias[i];
        }
        for (AttentionParts::Part& part : parts.brought) {
            const std::span<const float> f = brought.of(part.head, part.from);
            part.proximity = proximity(y, size, f, part.weight);
            for (size_t i = 0; i < others.size(); ++i) others[i] -= part.weight * f[i];
        }
        if (parts.more) parts.others = proximity(y, size, others, 1);
    }

    void divide(int layer, size_t at, const AttentionParts& parts) {
        const auto l = static_cast<size_t>(layer);
        const double flow = follow_mid_[l][at], whole = parts.whole();
        if (!(whole > 0)) {
            routes_.dropped += flow;
            return;
        }
        routes_.constant += flow * parts.bias / whole;
        routes_.dropped += flow * parts.others / whole;
        const double past = flow * parts.entered / whole;
        if (passes(past)) follow_pre_[l][at] += past;
        for (const AttentionParts::Part& part : parts.brought) {
            const double share = flow * part.proximity / whole;
            if (passes(share)) add({layer, part.head, part.from, static_cast<int>(at), share});
        }
    }

    Routes finish() {
        const auto add_all = [](std::vector<Routes::Lane>& to,
                                const std::vector<Routes::Lane>& from) {
            for (size_t l = 0; l < to.size(); ++l) {
                for (size_t at = 0; at < to[l].size(); ++at) to[l][at] += from[l][at];
            }
        };
        add_all(routes_.pre, follow_pre_);
        add_all(routes_.mid, follow_mid_);
        for (const auto& [key, share] : edges_) {
            const auto [layer, head, from, to] = key;
            routes_.edges.push_back({layer, head, from, to, share});
        }
        std::ranges::stable_sort(routes_.edges, std::ranges::greater{}, &Routes::Edge::share);
        return std::move(routes_);
    }

    const Model& model_;
    const Config& config_;
    Records records_;
    double least_;
    Routes routes_;
    std::vector<Routes::Lane> follow_pre_, follow_mid_;  // what is still to be divided
    std::map<std::tuple<int, int, int, int>, double> edges_;
};

}  // namespace

Routes find_routes(const Model& model, const Records& records, int position, int id,
                   RouteMeasure measure, double least) {
    check(position >= 0 && position < static_cast<int>(records.size()),
          "find_routes: a position of the records");
    check(least > 0 && least < 1, "find_routes: a part of the whole");
    Search search(model, records, position, least);
    Routes routes = measure == RouteMeasure::answer ? search.answer(id) : search.arrives();
    routes.measure = measure;
    return routes;
}

double ValueProducts::length(std::span<const float> weights) const {
    double sum = 0;
    for (size_t h = 0; h < weights.size(); ++h) {
        for (size_t g = 0; g < weights.size(); ++g) {
            sum += double{weights[h]} * weights[g] * products[h * weights.size() + g];
        }
    }
    return std::sqrt(std::max(sum, 0.0));
}

double ValueProducts::length(int head) const {
    const auto n = static_cast<size_t>(n_head), h = static_cast<size_t>(head);
    return std::sqrt(std::max(double{products[h * n + h]}, 0.0));
}

std::vector<ValueProducts> value_products(const Model& model, std::span<const RecordPtr> records,
                                          int layer) {
    const Config& config = model.config;
    const int d = config.d_model, d_head = config.d_head(), n_head = config.n_head;
    const Matrix& w_o = model.weights.layers[static_cast<size_t>(layer)].attn_out;
    const std::vector<float> zero(static_cast<size_t>(d));
    std::vector<ValueProducts> all;
    constexpr size_t band = 32;  // positions at a time
    std::vector<float> brought(band * static_cast<size_t>(n_head) * static_cast<size_t>(d));
    std::vector<float> values(band * static_cast<size_t>(d_head));
    for (size_t first = 0; first < records.size(); first += band) {
        const size_t n = std::min(band, records.size() - first);
        for (int head = 0; head < n_head; ++head) {
            for (size_t i = 0; i < n; ++i) {
                std::ranges::copy(
                    records[first + i]->v(layer).subspan(size_t(head) * d_head, d_head),
                    values.begin() + static_cast<long>(i) * d_head);
            }
            // Rows of one position lie side by side.
            linear({values.data(), static_cast<int>(n), d_head, d_head},
                   rows_of(w_o, head * d_head, d_head), zero.data(),
                   {brought.data() + size_t(head) * d, static_cast<int>(n), d, n_head * d});
        }
        const size_t begin_all = all.size();
        all.resize(begin_all + n);
        share_out(n, d * n_head * n_head > (1 << 15) ? 1 : n, [&](size_t begin, size_t end) {
            for (size_t i = begin; i < end; ++i) {
                ValueProducts& here = all[begin_all + i];
                here.n_head = n_head;
                here.products.resize(static_cast<size_t>(n_head) * n_head);
                const ConstRows rows{brought.data() + i * n_head * d, n_head, d, d};
                dots(rows, rows, {here.products.data(), n_head, n_head, n_head});
            }
        });
    }
    return all;
}

}  // namespace model
