#include "model/session.h"

#include <algorithm>
#include <numeric>

#include "model/error.h"
#include "model/kernels.h"

namespace model {

namespace {

// Rank of every token by id: 0 is the most likely. Ties by lower id, as in rank().
std::vector<int> ranks_by_id(const std::vector<float>& logits) {
    std::vector<int> order(logits.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return logits[a] > logits[b]; });
    std::vector<int> ranks(logits.size());
    for (size_t r = 0; r < order.size(); ++r) ranks[order[r]] = static_cast<int>(r);
    return ranks;
}

void read_choice(const std::vector<float>& logits, int id, Choice& choice) {
    const Standing stands = standing(logits, id);
    choice.rank = stands.rank;
    choice.probability = stands.probability;
}

ChosenBy chosen_by(int id, int proposed, const Decoding& decoding) {
    if (id != proposed) return ChosenBy::forced;
    return decoding.sampled() ? ChosenBy::sampled : ChosenBy::argmax;
}

// The prompt is read, not chosen; what the model would have given its tokens is shown all the same,
// and makes the perplexity. Returns the node of its last token.
NodeId add_prompt(const Model& model, History& history, DetailStore* store, const Records& records,
                  const Ablation& ablation) {
    const int run = history.run(ablation);
    NodeId node = no_node;
    for (size_t i = 0; i < records.size(); ++i) {
        const RecordPtr before = i > 0 ? records[i - 1] : nullptr;
        if (store) store->admit(records[i], before, ablation);
        Choice choice;
        if (before) read_choice(logits(model.weights, *before), records[i]->id(), choice);
        node = history.add(node, run, records[i], choice);
    }
    return node;
}

}  // namespace

const char* why_text(Why why) {
    switch (why) {
        case Why::none:
            return "";
        case Why::length:
            return "the asked-for length is reached";
        case Why::end_of_text:
            return "the model ended the text";
        case Why::context_full:
            return "the context is full";
    }
    return "";
}

std::vector<int> Step::ids() const {
    std::vector<int> ids;
    for (const RecordPtr& record : records) ids.push_back(record->id());
    return ids;
}

Session::Session(std::shared_ptr<const Model> model, SessionOptions options)
    : model_(std::move(model)), options_(std::move(options)), cache_(model_->config) {}

void Session::start(const std::vector<int>& prompt, const Decoding& decoding,
                    const StopAsked& stop) {
    check_ids(*model_, prompt);
    KvCache cache(model_->config);
    const Records records =
        forward(model_->config, model_->weights, cache, prompt, stop, options_.ablation);
    auto store = options_.detail_budget == 0
                     ? nullptr
                     : std::make_shared<DetailStore>(model_, options_.detail_budget);
    History history;
    const NodeId end = add_prompt(*model_, history, store.get(), records, options_.ablation);

    cache_ = std::move(cache);
    store_ = std::move(store);
    history_ = std::move(history);
    cached_ = history_.path_to(end);
    decoding_ = decoding;
    prompt_length_ = static_cast<int>(prompt.size());
    go(end);
}

Stage Session::stage() const {
    if (!step_) return Stage::empty;
    return step_->why == Why::none ? Stage::proposed : Stage::done;
}

std::vector<int> Session::path_ids() const {
    std::vector<int> ids;
    for (const NodeId node : path_) ids.push_back(history_.at(node).record->id());
    return ids;
}

void Session::commit(std::optional<int> forced, const StopAsked& stop) {
    check(stage() == Stage::proposed, "Session::commit: a token is proposed");
    const int proposed = step_->ranking.proposed().id;
    const int id = forced.value_or(proposed);
    check(id >= 0 && id < model_->config.n_vocab, "Session::commit: id within the vocabulary");

    Choice choice;
    choice.decoding = decoding_;
    choice.by = chosen_by(id, proposed, decoding_);
    read_choice(logits_of(tip()), id, choice);
    const NodeId known = history_.child(tip(), id);
    if (known != no_node) history_.at(known).choice = choice;
    go(known != no_node ? known : append(tip(), id, choice, stop));
}

void Session::rewind(int length) {
    check(step_ != nullptr, "Session::rewind: a run has been started");
    length_ = std::clamp(length, prompt_length_, path_length());
    step_ = step_at(tip());
}

void Session::set_decoding(const Decoding& decoding) {
    decoding_ = decoding;
    if (!step_) return;
    auto step = std::make_shared<Step>(*step_);
    decide(step->ranking, decoding_, step->ids());
    step_ = step;
}

void Session::select(NodeId node) {
    go(prompt_end(node));
}

NodeId Session::begin(const Ablation& ablation, const StopAsked& stop) {
    check(step_ != nullptr, "Session::begin: a run has been started");
    if (const NodeId root = history_.root(history_.run(ablation)); root != no_node) {
        return prompt_end(root);
    }
    std::vector<int> prompt = step_->ids();
    prompt.resize(static_cast<size_t>(prompt_length_));
    cache_.truncate(0);
    cached_.clear();
    const Records records =
        forward(model_->config, model_->weights, cache_, prompt, stop, ablation);
    const NodeId end = add_prompt(*model_, history_, store_.get(), records, ablation);
    cached_ = history_.path_to(end);
    return end;
}

void Session::branch_with(const Ablation& ablation, const StopAsked& stop) {
    const NodeId first_new = history_.next();
    const std::vector<NodeId> path = path_;
    NodeId node = no_node, selected = no_node;
    try {
        node = begin(ablation, stop);
        for (int length = prompt_length_; true; ++length) {
            if (length == length_) selected = node;
            if (length == path_length()) break;
            const HistoryNode& next = history_.at(path[static_cast<size_t>(length)]);
            node = grow(node, next.record->id(), next.choice.decoding, stop);
        }
    } catch (...) {
        for (NodeId id = first_new; id < history_.next(); ++id) {
            if (history_.contains(id)) history_.remove(id);
        }
        throw;
    }
    history_.visit(node);
    go(selected);
}

bool Session::can_remove(NodeId node) const {
    if (!history_.contains(node)) return false;
    if (history_.at(node).record->position() >= prompt_length_) return true;
    int runs = 0;
    for (int run = 0; run < history_.runs(); ++run) runs += history_.root(run) != no_node ? 1 : 0;
    return runs > 1;
}

Removed Session::remove(NodeId node) {
    check(can_remove(node), "Session::remove: the node can be removed");
    const bool whole = history_.at(node).record->position() < prompt_length_;
    if (whole) node = history_.path_to(node).front();
    const NodeId parent = history_.at(node).parent;
    const NodeId before = tip();
    Removed removed = history_.remove(node);
    if (history_.contains(before)) {
        if (std::ranges::find(path_, node) != path_.end()) path_ = history_.visit(before);
        return removed;
    }
    removed.tip = before;
    if (!whole) {
        go(parent);
        return removed;
    }
    int run = 0;
    while (history_.root(run) == no_node) ++run;
    go(prompt_end(history_.root(run)));
    return removed;
}

bool Session::restore(const Removed& removed) {
    const NodeId node = history_.restore(removed, removed.tip);
    if (node == no_node) return false;
    if (removed.tip != no_node) {
        go(prompt_end(node));
    } else {
        path_ = history_.visit(tip());
    }
    return true;
}

NodeId Session::grow(NodeId after, int id, const Decoding& decoding, const StopAsked& stop) {
    check(id >= 0 && id < model_->config.n_vocab, "Session::grow: id within the vocabulary");
    check(prompt_end(after) == after, "Session::grow: after the prompt");
    if (const NodeId known = history_.child(after, id); known != no_node) return known;
    const bool keep = after == tip() || !history_.at(after).logits.empty();
    Choice choice;
    choice.decoding = decoding;
    const std::vector<float>& scores = logits_of(after);
    read_choice(scores, id, choice);
    int proposed = choice.rank == 0 ? id : no_node;
    if (decoding.sampled() || decoding.penalised()) {
        std::vector<int> ids;
        for (const NodeId node : history_.path_to(after)) {
            ids.push_back(history_.at(node).record->id());
        }
        Ranking ranking = rank(scores);
        decide(ranking, decoding, ids);
        proposed = ranking.proposed().id;
    }
    choice.by = chosen_by(id, proposed, decoding);
    if (!keep) std::vector<float>().swap(history_.at(after).logits);
    return append(after, id, choice, stop);
}

// The last position of the prompt for a node before it, else the node itself.
NodeId Session::prompt_end(NodeId node) const {
    while (history_.at(node).record->position() < prompt_length_ - 1) {
        node = history_.at(node).children.front();
    }
    return node;
}

void Session::go(NodeId node) {
    path_ = history_.visit(node);
    length_ = history_.at(node).record->position() + 1;
    step_ = step_at(node);
}

const std::vector<float>& Session::logits_of(NodeId node) {
    HistoryNode& at = history_.at(node);
    if (at.logits.empty()) at.logits = logits(model_->weights, *at.record);
    return at.logits;
}

NodeId Session::append(NodeId after, int id, const Choice& choice, const StopAsked& stop) {
    const std::vector<NodeId> path = history_.path_to(after);
    const int run = history_.at(after).run;
    const Ablation& ablation = history_.ablation(run);
    RecordPtr record;
    if (options_.use_cache) {
        fill_cache(path);
        record = forward(model_->config, model_->weights, cache_, {&id, 1}, stop, ablation).back();
    } else {
        // The naive pass: everything again, of which only the last row is new.
        std::vector<int> ids;
        for (const NodeId node : path) ids.push_back(history_.at(node).record->id());
        ids.push_back(id);
        KvCache scratch(model_->config);
        record = forward(model_->config, model_->weights, scratch, ids, stop, ablation).back();
    }
    if (store_) store_->admit(record, history_.at(after).record, ablation);
    const NodeId node = history_.add(after, run, record, choice);
    if (options_.use_cache) cached_.push_back(node);
    return node;
}

// Brings the cache to the keys and values of a path. What other branches left there is overwritten
// from the records.
void Session::fill_cache(const std::vector<NodeId>& path) {
    size_t same = 0;
    while (same < path.size() && same < cached_.size() && cached_[same] == path[same]) ++same;
    cache_.truncate(static_cast<int>(same));
    cached_.resize(same);
    for (size_t i = same; i < path.size(); ++i) {
        cache_.append(*history_.at(path[i]).record);
        cached_.push_back(path[i]);
    }
}

StepPtr Session::step_at(NodeId node) {
    node = prompt_end(node);
    auto step = std::make_shared<Step>();
    for (const NodeId at : history_.path_to(node)) {
        step->records.push_back(history_.at(at).record);
        step->choices.push_back(history_.at(at).choice);
    }
    const HistoryNode& last = history_.at(node);
    step->node = node;
    step->prompt_length = prompt_length_;
    step->ablation = history_.ablation(last.run);
    step->ranking = rank(logits_of(node));
    decide(step->ranking, decoding_, step->ids());
    if (last.parent != no_node) {
        const std::vector<float>& before = logits_of(last.parent);
        step->rank_before = ranks_by_id(before);
        step->probability_before = before;
        softmax(step->probability_before.data(), model_->config.n_vocab);
    }

    const int length = static_cast<int>(step->records.size());
    const int appended = length - prompt_length_;
    const bool ended =
        appended > 0 && options_.stop_at_end && last.record->id() == model_->config.end_token;
    if (length == model_->config.n_ctx) step->why = Why::context_full;
    if (options_.max_steps > 0 && appended >= options_.max_steps) step->why = Why::length;
    if (ended) step->why = Why::end_of_text;
    return step;
}

TreePtr Session::tree() const {
    return history_.tree(path_, length_, prompt_length_);
}

}  // namespace model
