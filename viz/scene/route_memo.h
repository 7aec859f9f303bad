// What is remembered of the ways between tokens: how long what heads bring is, and routes.
#pragma once

#include <tuple>
#include <vector>

#include "model/base/lru_cache.h"
#include "model/interp/routes.h"

namespace viz {

class RouteMemo {
  public:
    // Of one layer.
    struct Brought {
        std::vector<model::ValueProducts> values;  // by position
        // [to][from <= to]: Euclidean length of what the layer's heads bring together.
        std::vector<std::vector<float>> lengths;
    };
    // By layer. What records share with those before is not computed again. Valid until the next
    // call.
    const std::vector<Brought>& brought(const model::Model& model, const model::Records& records);

    // model::find_routes. Valid until the next call.
    const model::Routes& routes(const model::Model& model, const model::Records& records,
                                int position, int id, model::RouteMeasure measure, double least);

  private:
    model::Records records_;
    std::vector<Brought> layers_;
    using Key = std::tuple<model::RecordPtr, int, model::RouteMeasure, double>;
    model::LruCache<Key, model::Routes> routes_{64};
};

}  // namespace viz
