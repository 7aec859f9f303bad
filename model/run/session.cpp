#include "model/run/session.h"

#include <algorithm>

#include "model/base/error.h"
#include "model/pass/cost.h"
#include "model/pass/kernels.h"

namespace model {

namespace {

// Rank of every token by id: 0 is the most likely. Ties by lower id, as in rank().
std::vector<int> ranks_by_id(const std::vector<float>& logits) {
    const std::vector<int> order = by_logit(logits);
    std::vector<int> ranks(logits.size());
    for (size_t r = 0; r < order.size(); ++r) ranks[order[r]] = static_cast<int>(r);
    return ranks;
}

void read_choice(std::span<const float> logits, int id, Choice& choice) {
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
                  const Ablation& ablation, const std::vector<int>& prompt) {
    std::vector<Choice> choices(records.size());
    visit_logits(model.weights, std::span(records).first(records.size() - 1),
                 [&](size_t i, std::span<const float> scores) {
                     read_choice(scores, records[i + 1]->id(), choices[i + 1]);
                 });
    const int run = history.run(ablation, prompt);
    NodeId node = no_node;
    for (size_t i = 0; i < records.size(); ++i) {
        if (store) store->admit(records[i], i > 0 ? records[i - 1] : nullptr);
        node = history.add(node, run, records[i], choices[i]);
    }
    return node;
}

}  // namespace

const char* stop_reason_text(StopReason why) {
    switch (why) {
        case StopReason::none:
            return "";
        case StopReason::length:
            return "the asked-for length is reached";
        case StopReason::end_of_text:
            return "the model ended the text";
        case StopReason::context_full:
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
    const NodeId end =
        add_prompt(*model_, history, store.get(), records, options_.ablation, prompt);

    cache_ = std::move(cache);
    store_ = std::move(store);
    history_ = std::move(history);
    cached_ = history_.path_to(end);
    decoding_ = decoding;
    untouched_ = nullptr;
    ahead_ = {};
    passed_.clear();
    go(end);
}

size_t Session::bytes() const {
    const Config& config = model_->config;
    const TokenRecord::Layout layout(config);
    const auto nodes = static_cast<size_t>(history_.next());
    size_t details = nodes * layout.detail_floats * sizeof(float);
    if (options_.detail_budget > 0) details = std::min(details, options_.detail_budget);
    const size_t kept = layout.kept_floats + static_cast<size_t>(config.n_vocab);
    return nodes * kept * sizeof(float) + details +
           static_cast<size_t>(kv_bytes(config, config.n_ctx));
}

Stage Session::stage() const {
    if (!step_) return Stage::empty;
    return step_->why == StopReason::none ? Stage::proposed : Stage::done;
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

void Session::go_on() {
    if (!step_ || step_->why != StopReason::end_of_text) return;
    passed_.insert(tip());
    step_ = step_at(tip());
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

NodeId Session::begin(const Ablation& ablation, const std::vector<int>& prompt,
                      const StopAsked& stop) {
    check(step_ != nullptr, "Session::begin: a run has been started");
    check_ids(*model_, prompt);
    if (const int run = history_.find_run(ablation, prompt);
        run >= 0 && history_.root(run) != no_node) {
        return prompt_end(history_.root(run));
    }
    cache_.truncate(0);
    cached_.clear();
    const Records records =
        forward(model_->config, model_->weights, cache_, prompt, stop, ablation);
    const NodeId end = add_prompt(*model_, history_, store_.get(), records, ablation, prompt);
    cached_ = history_.path_to(end);
    return end;
}

void Session::branch_with(const Ablation& ablation, const StopAsked& stop) {
    check(step_ != nullptr, "Session::branch_with: a run has been started");
    branch_with(ablation, std::vector(history_.prompt(history_.at(tip()).run)), stop);
}

void Session::branch_with(const Ablation& ablation, const std::vector<int>& prompt,
                          const StopAsked& stop) {
    const std::vector<NodeId> nodes = replayed(ablation, prompt, path_length(), stop);
    const size_t appended = static_cast<size_t>(length_ - prompt_length_);
    history_.visit(nodes.back());
    go(nodes[std::min(appended, nodes.size() - 1)]);
}

void Session::edit_prompt(const std::vector<int>& prompt, const StopAsked& stop) {
    check(step_ != nullptr, "Session::edit_prompt: a run has been started");
    go(begin(step_->ablation, prompt, stop));
}

StepPtr Session::untouched() {
    if (!step_ || step_->untouched()) return nullptr;
    const int run = history_.find_run({}, own_prompt());
    const NodeId node =
        run < 0 || history_.root(run) == no_node ? no_node : history_.counterpart(tip(), run);
    if (node == no_node) return nullptr;
    if (!untouched_ || untouched_->node != node) untouched_ = step_at(node);
    return untouched_;
}

StepPtr Session::compute_untouched(const StopAsked& stop) {
    if (!step_ || step_->untouched()) return nullptr;
    replayed({}, std::vector(own_prompt()), length_, stop);
    return untouched();
}

// The first `length` tokens of the path in another run: the node of its prompt's last token and of
// each token after it, as far as the context reaches. After Stopped nothing of it is there.
std::vector<NodeId> Session::replayed(const Ablation& ablation, const std::vector<int>& prompt,
                                      int length, const StopAsked& stop) {
    const NodeId first_new = history_.next();
    std::vector<NodeId> nodes;
    try {
        nodes.push_back(begin(ablation, prompt, stop));
        const int room = model_->config.n_ctx - history_.at(nodes.back()).record->position() - 1;
        const int end = std::min(length, prompt_length_ + room);
        std::vector<Told> tokens;
        for (int i = prompt_length_; i < end; ++i) {
            const HistoryNode& next = history_.at(path_[static_cast<size_t>(i)]);
            tokens.push_back({next.record->id(), next.choice.decoding});
        }
        std::ranges::copy(grow(nodes.back(), tokens, stop), std::back_inserter(nodes));
    } catch (...) {
        for (NodeId id = first_new; id < history_.next(); ++id) {
            if (history_.contains(id)) history_.remove(id);
        }
        throw;
    }
    return nodes;
}

bool Session::can_remove(NodeId node) const {
    if (!history_.contains(node)) return false;
    if (history_.at(node).record->position() >= prompt_length_of(node)) return true;
    int runs = 0;
    for (int run = 0; run < history_.runs(); ++run) runs += history_.root(run) != no_node ? 1 : 0;
    return runs > 1;
}

Removed Session::remove(NodeId node) {
    check(can_remove(node), "Session::remove: the node can be removed");
    const bool whole = history_.at(node).record->position() < prompt_length_of(node);
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

std::vector<NodeId> Session::grow(NodeId after, std::span<const Told> tokens,
                                  const StopAsked& stop) {
    check(prompt_end(after) == after, "Session::grow: after the prompt");
    std::vector<NodeId> nodes;
    for (; !tokens.empty(); tokens = tokens.subspan(1)) {
        const NodeId known = history_.child(after, tokens.front().id);
        if (known == no_node) break;
        nodes.push_back(after = known);
    }
    if (tokens.empty()) return nodes;

    const std::vector<NodeId> path = history_.path_to(after);
    const int run = history_.at(after).run;
    std::vector<int> ids, added;
    for (const NodeId node : path) ids.push_back(history_.at(node).record->id());
    for (const Told& token : tokens) {
        check(token.id >= 0 && token.id < model_->config.n_vocab,
              "Session::grow: ids within the vocabulary");
        added.push_back(token.id);
    }
    fill_cache(path);
    const Records records =
        forward(model_->config, model_->weights, cache_, added, stop, history_.ablation(run));
    // What each was chosen from: the position before it.
    Records before{history_.at(after).record};
    before.insert(before.end(), records.begin(), records.end() - 1);
    const size_t length = ids.size();
    ids.insert(ids.end(), added.begin(), added.end());
    std::vector<Choice> choices(records.size());
    visit_logits(model_->weights, before, [&](size_t i, std::span<const float> scores) {
        const auto& [id, decoding] = tokens[i];
        Choice& choice = choices[i];
        choice.decoding = decoding;
        read_choice(scores, id, choice);
        int proposed = choice.rank == 0 ? id : no_node;
        if (decoding.sampled() || decoding.penalised()) {
            Ranking ranking = rank(scores);
            decide(ranking, decoding, std::span(ids).first(length + i));
            proposed = ranking.proposed().id;
        }
        choice.by = chosen_by(id, proposed, decoding);
    });
    for (size_t i = 0; i < records.size(); ++i) {
        if (store_) store_->admit(records[i], before[i]);
        after = history_.add(after, run, records[i], choices[i]);
        cached_.push_back(after);
        nodes.push_back(after);
    }
    return nodes;
}

int Session::prompt_length_of(NodeId node) const {
    return static_cast<int>(history_.prompt(history_.at(node).run).size());
}

// The last position of the prompt for a node before it, else the node itself.
NodeId Session::prompt_end(NodeId node) const {
    const int last = prompt_length_of(node) - 1;
    while (history_.at(node).record->position() < last) {
        node = history_.at(node).children.front();
    }
    return node;
}

void Session::go(NodeId node) {
    path_ = history_.visit(node);
    prompt_length_ = prompt_length_of(node);
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
    RecordPtr record = take_ahead(after, id);
    const bool with_cache = !record && options_.use_cache;
    if (with_cache) {
        fill_cache(path);
        record = forward(model_->config, model_->weights, cache_, {&id, 1}, stop, ablation).back();
    } else if (!record) {
        // The naive pass: everything again, of which only the last row is new.
        std::vector<int> ids;
        for (const NodeId node : path) ids.push_back(history_.at(node).record->id());
        ids.push_back(id);
        KvCache scratch(model_->config);
        record = forward(model_->config, model_->weights, scratch, ids, stop, ablation).back();
    }
    if (store_) store_->admit(record, history_.at(after).record);
    const NodeId node = history_.add(after, run, record, choice);
    if (with_cache) cached_.push_back(node);
    return node;
}

// The record that run_behind() made of it, once; null where there is none.
RecordPtr Session::take_ahead(NodeId after, int id) {
    const auto known = std::ranges::find(ahead_.records, id, &TokenRecord::id);
    if (ahead_.after != after || known == ahead_.records.end()) return nullptr;
    RecordPtr record = std::move(*known);
    ahead_.records.erase(known);
    return record;
}

Records Session::run_behind(std::span<const Branch> branches, const StopAsked& stop) {
    check(step_ != nullptr, "Session::run_behind: a run has been started");
    make_ready();
    if (ahead_.after != tip()) ahead_ = {tip(), {}};
    Records records;
    std::vector<Branch> unknown;
    for (const Branch& branch : branches) {
        RecordPtr known;
        if (branch.path.empty()) {
            const NodeId child = history_.child(tip(), branch.id);
            const auto ahead = std::ranges::find(ahead_.records, branch.id, &TokenRecord::id);
            if (child != no_node) known = history_.at(child).record;
            if (ahead != ahead_.records.end()) known = *ahead;
        }
        if (!known) unknown.push_back(branch);
        records.push_back(std::move(known));
    }
    if (unknown.empty()) return records;
    const Records ran =
        forward(model_->config, model_->weights, cache_, unknown, stop, step_->ablation);
    for (size_t i = 0, next = 0; i < records.size(); ++i) {
        if (records[i]) continue;
        records[i] = ran[next++];
        if (options_.use_cache && branches[i].path.empty()) ahead_.records.push_back(records[i]);
    }
    return records;
}

void Session::make_ready() {
    fill_cache(history_.path_to(tip()));
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
    step->prompt_length = prompt_length_of(node);
    step->ablation = history_.ablation(last.run);
    if (history_.prompt(last.run) != own_prompt()) step->edited_from = own_prompt();
    step->ranking = rank(logits_of(node));
    decide(step->ranking, decoding_, step->ids());
    if (last.parent != no_node) {
        const std::vector<float>& before = logits_of(last.parent);
        step->rank_before = ranks_by_id(before);
        step->probability_before = before;
        softmax(step->probability_before.data(), model_->config.n_vocab);
    }

    const int length = static_cast<int>(step->records.size());
    const int appended = length - step->prompt_length;
    const bool ended = appended > 0 && ends_with(last.record->id()) && last.children.empty() &&
                       !passed_.contains(node);
    if (length == model_->config.n_ctx) step->why = StopReason::context_full;
    if (options_.max_steps > 0 && appended >= options_.max_steps) step->why = StopReason::length;
    if (ended) step->why = StopReason::end_of_text;
    return step;
}

TreePtr Session::tree() const {
    return history_.tree(path_, length_);
}

}  // namespace model
