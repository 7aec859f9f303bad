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

}  // namespace

const char* chosen_by_name(ChosenBy by) {
    switch (by) {
        case ChosenBy::prompt:
            return "prompt";
        case ChosenBy::argmax:
            return "argmax";
        case ChosenBy::sampled:
            return "sampled";
        case ChosenBy::forced:
            return "forced";
    }
    return "";
}

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

    cache_ = std::move(cache);
    store_ = options_.detail_budget == 0
                 ? nullptr
                 : std::make_shared<DetailStore>(model_, options_.ablation, options_.detail_budget);
    decoding_ = decoding;
    nodes_.clear();
    path_.clear();
    for (size_t i = 0; i < records.size(); ++i) {
        admit(records[i], i > 0 ? records[i - 1] : nullptr);
        Node node{records[i], {}, {}, {}};
        if (i > 0) {
            // The prompt is read, not chosen; what the model would have given it is shown all the
            // same, and makes the perplexity.
            nodes_.back().logits = logits(model_->weights, *records[i - 1]);
            read_choice(nodes_.back().logits, prompt[i], node.choice);
            if (i + 1 < records.size()) std::vector<float>().swap(nodes_.back().logits);
            nodes_.back().children.push_back(static_cast<int>(i));
        }
        nodes_.push_back(std::move(node));
        path_.push_back(static_cast<int>(i));
    }
    cached_ = path_;
    prompt_length_ = length_ = static_cast<int>(prompt.size());
    make_step();
}

Stage Session::stage() const {
    if (!step_) return Stage::empty;
    return step_->why == Why::none ? Stage::proposed : Stage::done;
}

std::vector<int> Session::path_ids() const {
    std::vector<int> ids;
    for (int node : path_) ids.push_back(nodes_[node].record->id());
    return ids;
}

void Session::commit(std::optional<int> forced, const StopAsked& stop) {
    check(stage() == Stage::proposed, "Session::commit: a token is proposed");
    const int proposed = step_->ranking.proposed().id;
    const int id = forced.value_or(proposed);
    check(id >= 0 && id < model_->config.n_vocab, "Session::commit: id within the vocabulary");

    Choice choice;
    choice.decoding = decoding_;
    choice.by = id != proposed        ? ChosenBy::forced
                : decoding_.sampled() ? ChosenBy::sampled
                                      : ChosenBy::argmax;
    read_choice(tip().logits, id, choice);

    int child = -1;
    for (int c : tip().children) {
        if (nodes_[c].record->id() == id) child = c;
    }
    if (child < 0) {
        RecordPtr record;
        if (options_.use_cache) {
            fill_cache(length_);
            record =
                forward(model_->config, model_->weights, cache_, {&id, 1}, stop, options_.ablation)
                    .back();
        } else {
            // The naive pass: everything again, of which only the last row is new.
            std::vector<int> ids = step_->ids();
            ids.push_back(id);
            KvCache scratch(model_->config);
            record = forward(model_->config, model_->weights, scratch, ids, stop, options_.ablation)
                         .back();
        }
        admit(record, tip().record);
        child = static_cast<int>(nodes_.size());
        nodes_.push_back({record, choice, {}, {}});
        tip().children.push_back(child);
        if (options_.use_cache) cached_.push_back(child);
    } else {
        nodes_[child].choice = choice;
    }
    // Another token than before leaves the old continuation in the tree, off the path.
    const bool same_way = length_ < path_length() && path_[length_] == child;
    if (!same_way) {
        path_.resize(length_);
        path_.push_back(child);
    }
    ++length_;
    make_step();
}

void Session::rewind(int length) {
    check(step_ != nullptr, "Session::rewind: a run has been started");
    length_ = std::clamp(length, prompt_length_, path_length());
    make_step();
}

void Session::set_decoding(const Decoding& decoding) {
    decoding_ = decoding;
    if (!step_) return;
    auto step = std::make_shared<Step>(*step_);
    decide(step->ranking, decoding_, step->ids());
    step_ = step;
}

void Session::admit(const RecordPtr& record, const RecordPtr& before) {
    if (store_) store_->admit(record, before);
}

// Brings the cache to the keys and values of the first `length` positions of the path. What other
// branches left there is overwritten from the records.
void Session::fill_cache(int length) {
    int same = 0;
    while (same < length && same < static_cast<int>(cached_.size()) &&
           cached_[same] == path_[same]) {
        ++same;
    }
    cache_.truncate(same);
    cached_.resize(same);
    for (int i = same; i < length; ++i) {
        cache_.append(*nodes_[path_[i]].record);
        cached_.push_back(path_[i]);
    }
}

void Session::make_step() {
    auto step = std::make_shared<Step>();
    for (int i = 0; i < length_; ++i) {
        step->records.push_back(nodes_[path_[i]].record);
        step->choices.push_back(nodes_[path_[i]].choice);
    }
    step->prompt_length = prompt_length_;
    step->ablation = options_.ablation;
    auto ensure_logits = [&](Node& node) -> const std::vector<float>& {
        if (node.logits.empty()) node.logits = logits(model_->weights, *node.record);
        return node.logits;
    };
    step->ranking = rank(ensure_logits(tip()));
    decide(step->ranking, decoding_, step->ids());
    if (length_ > 1) {
        const std::vector<float>& before = ensure_logits(nodes_[path_[length_ - 2]]);
        step->rank_before = ranks_by_id(before);
        step->probability_before = before;
        softmax(step->probability_before.data(), model_->config.n_vocab);
    }

    const int appended = length_ - prompt_length_;
    const bool ended =
        appended > 0 && options_.stop_at_end && tip().record->id() == model_->config.end_token;
    if (length_ == model_->config.n_ctx) step->why = Why::context_full;
    if (options_.max_steps > 0 && appended >= options_.max_steps) step->why = Why::length;
    if (ended) step->why = Why::end_of_text;
    step_ = step;
}

}  // namespace model
