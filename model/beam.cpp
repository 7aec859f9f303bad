#include "model/beam.h"

#include <algorithm>
#include <cmath>

#include "model/error.h"

namespace model {

namespace {

struct Live {
    Beam beam;
    Records records;  // of all ids but the last
};

struct Extension {
    size_t parent;
    int id;  // -1: the parent as it is, because it ended
    double log_probability;
};

// Log probabilities of what follows the beam; its records then cover all its ids.
std::vector<double> run(const Model& model, Live& live, const BeamOptions& options,
                        const StopAsked& stop) {
    KvCache cache(model.config);
    std::span<const int> ids = live.beam.ids;
    if (options.use_cache) {
        // Beams that share a prefix share its records, whose keys and values are copied in.
        for (const RecordPtr& record : live.records) cache.append(*record);
        ids = ids.subspan(live.records.size());
    } else {
        live.records.clear();
    }
    const Records added = forward(model.config, model.weights, cache, ids, stop, options.ablation);
    live.records.insert(live.records.end(), added.begin(), added.end());
    const std::vector<float> scores = logits(model.weights, *live.records.back());
    const double top = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (float score : scores) sum += std::exp(score - top);
    std::vector<double> log_probabilities;
    for (float score : scores) log_probabilities.push_back(score - top - std::log(sum));
    return log_probabilities;
}

}  // namespace

std::vector<Beam> beam_search(const Model& model, const std::vector<int>& prompt,
                              const BeamOptions& options, const StopAsked& stop) {
    check_ids(model, prompt);
    check(options.beams >= 1, "beam_search: at least one beam");
    std::vector<Live> live = {{{prompt, 0, false}, {}}};
    for (int step = 0; step < options.steps; ++step) {
        std::vector<Extension> extensions;
        for (size_t b = 0; b < live.size(); ++b) {
            const Beam& beam = live[b].beam;
            if (beam.ended || static_cast<int>(beam.ids.size()) == model.config.n_ctx) {
                extensions.push_back({b, -1, beam.log_probability});
                continue;
            }
            const std::vector<double> next = run(model, live[b], options, stop);
            for (size_t id = 0; id < next.size(); ++id) {
                extensions.push_back({b, static_cast<int>(id), beam.log_probability + next[id]});
            }
        }
        // Ties go to the better parent, then to the lower id: the same run, the same beams.
        const auto keep = std::min(extensions.size(), static_cast<size_t>(options.beams));
        std::partial_sort(extensions.begin(),
                          extensions.begin() + static_cast<std::ptrdiff_t>(keep), extensions.end(),
                          [](const Extension& a, const Extension& b) {
                              if (a.log_probability != b.log_probability) {
                                  return a.log_probability > b.log_probability;
                              }
                              return a.parent != b.parent ? a.parent < b.parent : a.id < b.id;
                          });
        std::vector<Live> next;
        bool extended = false;
        for (size_t i = 0; i < keep; ++i) {
            Live child = live[extensions[i].parent];
            if (extensions[i].id >= 0) {
                child.beam.ids.push_back(extensions[i].id);
                child.beam.log_probability = extensions[i].log_probability;
                child.beam.ended =
                    options.stop_at_end && extensions[i].id == model.config.end_token;
                extended = true;
            }
            next.push_back(std::move(child));
        }
        live = std::move(next);
        if (!extended) break;
    }
    std::vector<Beam> beams;
    for (Live& each : live) beams.push_back(std::move(each.beam));
    return beams;
}

}  // namespace model
