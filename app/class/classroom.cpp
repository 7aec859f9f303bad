#include "app/class/classroom.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "app/class/random_text.h"
#include "model/base/json.h"

namespace app {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t most_voters = 1200;
constexpr size_t most_rounds = 64;  // texts whose votes can still be changed
constexpr auto counts_as_there = std::chrono::seconds(12);
constexpr auto forgotten_after = std::chrono::minutes(10);
constexpr Rate votes_of_one{6, 1};
constexpr size_t most_pieces = 12;

const char* name_of(ClassView::Phase phase) {
    switch (phase) {
        case ClassView::Phase::look:
            return "look";
        case ClassView::Phase::vote:
            return "vote";
        case ClassView::Phase::closed:
            return "closed";
        case ClassView::Phase::revealed:
            return "revealed";
    }
    return "";
}

Json json_of(const ClassView& view, int round, bool types) {
    Json page = {{"round", round},
                 {"phase", name_of(view.phase)},
                 {"prompt", view.prompt},
                 {"written", view.written},
                 {"run", !view.run.empty()}};
    if (view.phase == ClassView::Phase::vote) {
        page["types"] = types;
        page["offers"] = Json::array();
        for (const ClassView::Offer& offer : view.offers) {
            page["offers"].push_back({{"id", offer.id}, {"shown", offer.shown}});
        }
    }
    if (view.phase == ClassView::Phase::revealed) {
        page["votes"] = view.votes;
        page["class_bits"] = view.class_bits;
        page["model_bits"] = view.model_bits;
        page["results"] = Json::array();
        for (const ClassView::Result& result : view.results) {
            page["results"].push_back({{"id", result.id},
                                       {"shown", result.shown},
                                       {"votes", result.votes},
                                       {"probability", result.probability},
                                       {"bits", result.bits}});
        }
    }
    return page;
}

}  // namespace

// Before there is a text.
Classroom::Classroom()
    : page_(std::make_shared<const ClassPage>(
          ClassPage{model::json_text(json_of({}, 0, false)), "\"0\""})) {}

void Classroom::show(ClassView view, std::shared_ptr<const model::Model> model) {
    const std::lock_guard lock(mutex_);
    if (model != model_) {  // ids of another vocabulary
        rounds_.clear();
        round_ = nullptr;
        model_ = std::move(model);
    } else if (round_ && view == view_) {
        return;
    }
    if (!round_ || view.ids != view_.ids) {
        const auto [found, fresh] = rounds_.try_emplace(view.ids);
        if (fresh) found->second.number = ++last_round_;
        round_ = &found->second;
        if (rounds_.size() > most_rounds) {
            // One without votes, if there is one: who voted shall not vote anew.
            rounds_.erase(std::ranges::min_element(rounds_, {}, [&](const auto& entry) {
                const Round& round = entry.second;
                return std::tuple(&round == round_, !round.votes.empty(), round.number);
            }));
        }
    }
    view_ = std::move(view);
    render();
}

void Classroom::render() {
    const bool types = model_ && model_->tokenizer.has_value();
    const std::string version = std::to_string(++version_);
    page_ = std::make_shared<const ClassPage>(
        ClassPage{model::json_text(json_of(view_, round_->number, types)), "\"" + version + "\""});
    run_ = view_.run.empty()
               ? nullptr
               : std::make_shared<const ClassPage>(ClassPage{
                     model::json_text(Json{{"link", view_.run}}), "\"r" + version + "\""});
}

int Classroom::count_there(Clock::time_point now) const {
    return static_cast<int>(std::ranges::count_if(
        voters_, [&](const auto& voter) { return now - voter.second.seen < counts_as_there; }));
}

Classroom::Count Classroom::count(Clock::time_point now) const {
    const std::lock_guard lock(mutex_);
    return {count_there(now), round_ ? static_cast<int>(round_->votes.size()) : 0};
}

std::optional<std::vector<viz::Guess>> Classroom::tally(const std::vector<int>& ids) const {
    const std::lock_guard lock(mutex_);
    const auto found = rounds_.find(ids);
    if (found == rounds_.end()) return {};
    std::vector<viz::Guess> guesses;
    std::map<int, int> votes;
    for (const auto& [voter, id] : found->second.votes) ++votes[id];
    for (const auto& [id, number] : votes) guesses.push_back({id, number});
    return guesses;
}

std::string Classroom::join(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (voters_.size() >= most_voters) {
        std::erase_if(voters_,
                      [&](const auto& voter) { return now - voter.second.seen > forgotten_after; });
        if (voters_.size() >= most_voters) return "";
    }
    std::string id = random_id();
    voters_[id] = {++last_voter_, now, {}};
    news_ = true;
    return id;
}

bool Classroom::seen(std::string_view voter, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    const auto found = voters_.find(voter);
    if (found == voters_.end()) return false;
    if (now - found->second.seen >= counts_as_there) news_ = true;
    found->second.seen = now;
    return true;
}

ClassPagePtr Classroom::page() const {
    const std::lock_guard lock(mutex_);
    return page_;
}

ClassPagePtr Classroom::run() const {
    const std::lock_guard lock(mutex_);
    return run_;
}

std::string Classroom::shown(int id) const {
    return model_->shown(id);
}

// Who asks and what for, before it is looked at what is said.
Classroom::Vote Classroom::checked(std::string_view voter, int round, Clock::time_point now) {
    using Result = Vote::Result;
    const auto found = voters_.find(voter);
    if (found == voters_.end()) return {Result::stranger, 0, {}, {}};
    found->second.seen = now;
    if (!found->second.votes.take(votes_of_one, now)) return {Result::too_often, 0, {}, {}};
    if (!round_ || !model_ || round != round_->number) return {Result::moved_on, 0, {}, {}};
    if (view_.phase != ClassView::Phase::vote) return {Result::closed, 0, {}, {}};
    return {};
}

Classroom::Vote Classroom::counted(std::string_view voter, int round, int id,
                                   Clock::time_point now) {
    Vote vote = checked(voter, round, now);
    if (vote.result != Vote::Result::taken) return vote;
    if (id < 0 || id >= model_->config.n_vocab) return {Vote::Result::no_token, 0, {}, {}};
    round_->votes[voters_.find(voter)->second.number] = id;
    news_ = true;
    vote.id = id;
    vote.shown = shown(id);
    return vote;
}

Classroom::Vote Classroom::vote(std::string_view voter, int round, int id, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    return counted(voter, round, id, now);
}

Classroom::Vote Classroom::vote(std::string_view voter, int round, const std::string& typed,
                                Clock::time_point now) {
    std::shared_ptr<const model::Model> model;
    {
        const std::lock_guard lock(mutex_);
        model = model_;
    }
    const std::vector<int> ids = model ? viz::typed_guess(*model, typed) : std::vector<int>();
    const std::lock_guard lock(mutex_);
    if (ids.size() == 1 && model == model_) return counted(voter, round, ids.front(), now);
    Vote vote = checked(voter, round, now);
    if (vote.result != Vote::Result::taken) return vote;
    vote.result = Vote::Result::no_token;
    for (const int id : ids) {
        if (vote.pieces.size() == most_pieces || model != model_) break;
        vote.pieces.push_back({id, shown(id)});
    }
    return vote;
}

}  // namespace app
