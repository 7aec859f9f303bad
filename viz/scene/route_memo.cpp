#include "viz/scene/route_memo.h"

#include <algorithm>
#include <span>

#include "model/pass/attention.h"

namespace viz {

const std::vector<RouteMemo::Brought>& RouteMemo::brought(const model::Model& model,
                                                          const model::Records& records) {
    const model::Config& config = model.config;
    const auto same =
        static_cast<size_t>(std::ranges::mismatch(records_, records).in1 - records_.begin());
    layers_.resize(static_cast<size_t>(config.n_layer));
    const std::span<const model::RecordPtr> added(records.begin() + static_cast<long>(same),
                                                  records.end());
    for (int layer = 0; layer < config.n_layer; ++layer) {
        Brought& here = layers_[static_cast<size_t>(layer)];
        here.values.resize(same);
        for (model::ValueProducts& one : model::value_products(model, added, layer)) {
            here.values.push_back(std::move(one));
        }
        here.lengths.resize(records.size());
        model::visit_layer(
            config, records, layer, static_cast<int>(same),
            [&](int to, std::span<std::vector<float>> rows) {
                const model::Ablation* ablation = records[static_cast<size_t>(to)]->ablation();
                std::vector<float> weights(rows.size());
                std::vector<float>& lengths = here.lengths[static_cast<size_t>(to)];
                lengths.resize(static_cast<size_t>(to) + 1);
                for (size_t from = 0; from < lengths.size(); ++from) {
                    for (size_t head = 0; head < rows.size(); ++head) {
                        const bool off =
                            ablation && ablation->head_off(layer, static_cast<int>(head));
                        weights[head] = off ? 0 : rows[head][from];
                    }
                    lengths[from] = static_cast<float>(here.values[from].length(weights));
                }
            });
    }
    records_ = records;
    return layers_;
}

const model::Routes& RouteMemo::routes(const model::Model& model, const model::Records& records,
                                       int position, int id, model::RouteMeasure measure,
                                       double least) {
    const Key key{records[static_cast<size_t>(position)],
                  measure == model::RouteMeasure::answer ? id : -1, measure, least};
    if (const model::Routes* known = routes_.find(key)) return *known;
    return routes_.put(key, model::find_routes(model, records, position, id, measure, least));
}

}  // namespace viz
