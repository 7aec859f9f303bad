#include "model/decode/beam.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "model/base/error.h"
#include "model/decode/decoding.h"
#include "model/decode/shared_prefix.h"

namespace model {

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
    : model_(model), options_(options), prompt_(std::move(prompt)) {
    check(options.beams >= 1, "BeamSearch: at least one beam");
    check(!prompt_.empty(), "BeamSearch: a prompt");
    trace_.beams = options.beams;
}

std::vector<int> BeamSearch::beams_now() const {
    return trace_.live.empty() ? std::vector<int>{-1} : trace_.live.back();
}

bool BeamSearch::extendable(int node) const {
    if (node < 0) return static_cast<int>(prompt_.size()) < model_.config.n_ctx;
    const size_t length = prompt_.size() + trace_.path_to(node).size();
    return !trace_.nodes[static_cast<size_t>(node)].ended &&
           static_cast<int>(length) < model_.config.n_ctx;
}

std::vector<Branch> BeamSearch::pending() {
    paths_.clear();
    std::vector<int> ids;
    for (const int node : beams_now()) {
        if (node < 0 || !extendable(node)) continue;
        const BeamNode& last = trace_.nodes[static_cast<size_t>(node)];
        Records path;
        for (const int at : trace_.path_to(last.parent)) {
            path.push_back(records_[static_cast<size_t>(at)]);
        }
        paths_.push_back(std::move(path));
        ids.push_back(last.id);
    }
    std::vector<Branch> branches;
    for (size_t i = 0; i < ids.size(); ++i) branches.push_back({paths_[i], ids[i]});
    return branches;
}

// As many as can be told in all, the most probable first.
std::vector<BeamSearch::Extension> BeamSearch::extensions_of(size_t beam, int node,
                                                             std::span<const float> logits) const {
    const double so_far = node < 0 ? 0 : trace_.nodes[static_cast<size_t>(node)].log_probability;
    const Masses masses(logits);
    std::vector<int> ids(logits.size());
    std::iota(ids.begin(), ids.end(), 0);
    const auto told = std::min(ids.size(), 2 * static_cast<size_t>(options_.beams));
    std::ranges::partial_sort(
        ids, ids.begin() + static_cast<std::ptrdiff_t>(told), [&](int a, int b) {
            const float x = logits[static_cast<size_t>(a)], y = logits[static_cast<size_t>(b)];
            return x != y ? x > y : a < b;
        });
    std::vector<Extension> best;
    for (size_t i = 0; i < told; ++i) {
        const double log = logits[static_cast<size_t>(ids[i])] - masses.log_sum();
        best.push_back({node, beam, ids[i], static_cast<int>(i), std::exp(log),
                        masses.entropy_bits(), so_far + log});
    }
    return best;
}

bool BeamSearch::step(std::span<const RecordPtr> ran) {
    const Records last = begin(ran);
    if (last.empty()) return false;
    visit_logits(model_.weights, last,
                 [&](size_t i, std::span<const float> logits) { read(i, logits); });
    finish();
    return true;
}

Records BeamSearch::begin(std::span<const RecordPtr> ran) {
    const std::vector<int> now = beams_now();
    extensions_.assign(now.size(), {});
    goes_on_.clear();
    Records last;  // of each beam that goes on
    for (size_t b = 0; b < now.size(); ++b) {
        const int node = now[b];
        if (!extendable(node)) {
            if (node < 0) return {};
            const double log = trace_.nodes[static_cast<size_t>(node)].log_probability;
            extensions_[b] = {{node, b, -1, 0, 1, 0, log}};
            continue;
        }
        goes_on_.push_back(b);
        if (node < 0) {
            last.push_back(prompt_.back());
            continue;
        }
        check(last.size() < ran.size(), "BeamSearch::begin: the records of pending()");
        records_[static_cast<size_t>(node)] = ran[last.size()];
        last.push_back(ran[last.size()]);
    }
    return last;
}

void BeamSearch::read(size_t i, std::span<const float> logits) {
    const size_t beam = goes_on_[i];
    const int node = trace_.live.empty() ? -1 : trace_.live.back()[beam];
    extensions_[beam] = extensions_of(beam, node, logits);
}

void BeamSearch::finish() {
    std::vector<Extension> best;
    for (const auto& some : extensions_) best.insert(best.end(), some.begin(), some.end());
    // Ties go to the better parent, then to the lower id: the same run, the same beams.
    std::ranges::sort(best, [](const Extension& a, const Extension& b) {
        if (a.log_probability != b.log_probability) return a.log_probability > b.log_probability;
        return a.beam != b.beam ? a.beam < b.beam : a.id < b.id;
    });
    best.resize(std::min(best.size(), 2 * static_cast<size_t>(options_.beams)));
    keep(best);
    forget_dead();
}

void BeamSearch::keep(const std::vector<Extension>& best) {
    const int step = trace_.steps() + 1;
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
        node.probability = e.probability;
        node.rank = e.rank;
        node.entropy_bits = e.entropy_bits;
        node.log_probability = e.log_probability;
        node.kept = kept;
        node.ended = options_.stop_at_end && model_.config.ends(e.id);
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
    for (const RecordPtr& record : prompt_) prompt.push_back(record->id());
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

namespace {

// The naive passes: of each branch the whole text.
Records run_naively(const Model& model, const std::vector<int>& prompt,
                    std::span<const Branch> branches, const BeamOptions& options,
                    const StopAsked& stop) {
    Records records;
    for (const Branch& branch : branches) {
        std::vector<int> ids = prompt;
        for (const RecordPtr& record : branch.path) ids.push_back(record->id());
        ids.push_back(branch.id);
        KvCache scratch(model.config);
        records.push_back(forward(model.config, model.weights, scratch, ids, stop, options.ablation)
                              .back()
                              ->without_details());
    }
    return records;
}

}  // namespace

std::vector<Beam> beam_search(const Model& model, const std::vector<int>& prompt,
                              const BeamOptions& options, const StopAsked& stop) {
    check_ids(model, prompt);
    KvCache cache(model.config);
    const Records records =
        forward(model.config, model.weights, cache, prompt, stop, options.ablation);
    const SharedPrefix prefix(model, records, options.ablation);
    BeamSearch search(model, records, options);
    for (int step = 0; step < options.steps; ++step) {
        const std::vector<Branch> pending = search.pending();
        const Records ran = options.use_cache ? prefix.run(pending, stop)
                                              : run_naively(model, prompt, pending, options, stop);
        if (!search.step(ran)) break;
    }
    return search.beams();
}

}  // namespace model
