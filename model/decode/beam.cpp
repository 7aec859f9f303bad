#include "model/decode/beam.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/base/error.h"

namespace model {

namespace {

std::vector<double> log_softmax(const std::vector<float>& scores) {
    const double top = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (float score : scores) sum += std::exp(score - top);
    std::vector<double> logs;
    logs.reserve(scores.size());
    for (float score : scores) logs.push_back(score - top - std::log(sum));
    return logs;
}

double entropy_of(const std::vector<double>& logs) {
    double nats = 0;
    for (const double log : logs) nats -= std::exp(log) * log;
    return nats / std::log(2.0);
}

int rank_of(const std::vector<double>& logs, int id) {
    const double own = logs[static_cast<size_t>(id)];
    int rank = 0;
    for (size_t i = 0; i < logs.size(); ++i) {
        rank += logs[i] > own || (logs[i] == own && static_cast<int>(i) < id);
    }
    return rank;
}

}  // namespace

std::vector<int> BeamTrace::path_to(int node) const {
    std::vector<int> path;
    for (; node >= 0; node = nodes[static_cast<size_t>(node)].parent) path.push_back(node);
    std::ranges::reverse(path);
    return path;
}

std::vector<int> BeamTrace::looked_at(int step) const {
    std::vector<int> found;
    const auto end = std::ranges::upper_bound(nodes, step, {}, &BeamNode::step);
    for (auto at = std::ranges::lower_bound(nodes, step, {}, &BeamNode::step); at != end; ++at) {
        found.push_back(static_cast<int>(at - nodes.begin()));
    }
    return found;
}

BeamSearch::BeamSearch(const Model& model, Records prompt, const BeamOptions& options)
    : model_(model),
      options_(options),
      prefix_(model, std::move(prompt), options.ablation, options.use_cache) {
    check(options.beams >= 1, "BeamSearch: at least one beam");
    trace_.beams = options.beams;
}

std::vector<int> BeamSearch::beams_now() const {
    return trace_.live.empty() ? std::vector<int>{-1} : trace_.live.back();
}

bool BeamSearch::extendable(int node) const {
    if (node < 0) return static_cast<int>(prefix_.prompt().size()) < model_.config.n_ctx;
    const size_t length = prefix_.prompt().size() + trace_.path_to(node).size();
    return !trace_.nodes[static_cast<size_t>(node)].ended &&
           static_cast<int>(length) < model_.config.n_ctx;
}

// The path's records are there, but for the last one's.
const std::vector<float>& BeamSearch::scores_after(int node, const StopAsked& stop) {
    const std::vector<int> now = beams_now();
    const auto beam = static_cast<size_t>(std::ranges::find(now, node) - now.begin());
    scores_.resize(now.size());
    if (!scores_[beam].empty()) return scores_[beam];
    RecordPtr last = prefix_.prompt().back();
    if (node >= 0) {
        Records path;
        for (const int at : trace_.path_to(trace_.nodes[static_cast<size_t>(node)].parent)) {
            path.push_back(records_[static_cast<size_t>(at)]);
        }
        last = prefix_.run(path, trace_.nodes[static_cast<size_t>(node)].id, stop);
        records_[static_cast<size_t>(node)] = last;
    }
    scores_[beam] = logits(model_.weights, *last);
    return scores_[beam];
}

bool BeamSearch::step(const StopAsked& stop) {
    const std::vector<int> now = beams_now();
    if (std::ranges::none_of(now, [this](int node) { return extendable(node); })) return false;
    for (const int node : now) {
        if (extendable(node)) (void)scores_after(node, stop);
    }
    // Nothing is asked to stop from here on.
    std::vector<std::vector<double>> logs(now.size());
    std::vector<Extension> extensions;
    for (size_t b = 0; b < now.size(); ++b) {
        const double so_far =
            now[b] < 0 ? 0 : trace_.nodes[static_cast<size_t>(now[b])].log_probability;
        if (!extendable(now[b])) {
            extensions.push_back({now[b], b, -1, so_far});
            continue;
        }
        logs[b] = log_softmax(scores_[b]);
        for (size_t id = 0; id < logs[b].size(); ++id) {
            extensions.push_back({now[b], b, static_cast<int>(id), so_far + logs[b][id]});
        }
    }
    // Ties go to the better parent, then to the lower id: the same run, the same beams.
    const auto told = std::min(extensions.size(), 2 * static_cast<size_t>(options_.beams));
    std::partial_sort(extensions.begin(), extensions.begin() + static_cast<std::ptrdiff_t>(told),
                      extensions.end(), [](const Extension& a, const Extension& b) {
                          if (a.log_probability != b.log_probability) {
                              return a.log_probability > b.log_probability;
                          }
                          return a.beam != b.beam ? a.beam < b.beam : a.id < b.id;
                      });
    extensions.resize(told);
    keep(extensions, logs);
    scores_.clear();
    forget_dead();
    return true;
}

void BeamSearch::keep(const std::vector<Extension>& best,
                      const std::vector<std::vector<double>>& logs) {
    const int step = trace_.steps() + 1;
    std::vector<double> entropies(logs.size());
    for (size_t b = 0; b < logs.size(); ++b) entropies[b] = entropy_of(logs[b]);
    std::vector<int> live;
    for (size_t i = 0; i < best.size(); ++i) {
        const Extension& e = best[i];
        const bool kept = i < static_cast<size_t>(options_.beams);
        if (e.id < 0) {  // an ended beam goes on as it is, or is left behind
            if (kept) live.push_back(e.parent);
            continue;
        }
        if (kept) live.push_back(static_cast<int>(trace_.nodes.size()));
        BeamNode node;
        node.parent = e.parent;
        node.id = e.id;
        node.step = step;
        node.probability = std::exp(logs[e.beam][static_cast<size_t>(e.id)]);
        node.rank = rank_of(logs[e.beam], e.id);
        node.entropy_bits = entropies[e.beam];
        node.log_probability = e.log_probability;
        node.kept = kept;
        node.ended = options_.stop_at_end && e.id == model_.config.end_token;
        trace_.nodes.push_back(node);
    }
    trace_.live.push_back(std::move(live));
    records_.resize(trace_.nodes.size());
}

// Keys and values of what no beam goes through any more.
void BeamSearch::forget_dead() {
    std::vector<bool> alive(trace_.nodes.size());
    for (const int node : trace_.live.back()) {
        for (const int at : trace_.path_to(node)) alive[static_cast<size_t>(at)] = true;
    }
    for (size_t i = 0; i < records_.size(); ++i) {
        if (!alive[i]) records_[i] = nullptr;
    }
}

std::vector<Beam> BeamSearch::beams() const {
    std::vector<int> prompt;
    for (const RecordPtr& record : prefix_.prompt()) prompt.push_back(record->id());
    std::vector<Beam> beams;
    for (const int node : beams_now()) {
        Beam beam{prompt, 0, false};
        for (const int at : trace_.path_to(node)) {
            beam.ids.push_back(trace_.nodes[static_cast<size_t>(at)].id);
        }
        if (node >= 0) {
            beam.log_probability = trace_.nodes[static_cast<size_t>(node)].log_probability;
            beam.ended = trace_.nodes[static_cast<size_t>(node)].ended;
        }
        beams.push_back(std::move(beam));
    }
    return beams;
}

std::vector<Beam> beam_search(const Model& model, const std::vector<int>& prompt,
                              const BeamOptions& options, const StopAsked& stop) {
    check_ids(model, prompt);
    KvCache cache(model.config);
    BeamSearch search(model,
                      forward(model.config, model.weights, cache, prompt, stop, options.ablation),
                      options);
    for (int step = 0; step < options.steps && search.step(stop);) ++step;
    return search.beams();
}

}  // namespace model
