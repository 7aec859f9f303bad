#include "app/run/class_votes.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace app {

const std::vector<viz::Guess>& ClassGuesses::at(const std::vector<int>& ids) const {
    static const std::vector<viz::Guess> none;
    const auto found = open.find(ids);
    return found == open.end() ? none : found->second;
}

nlohmann::json guesses_json(const ClassGuesses& guesses) {
    nlohmann::json all = nlohmann::json::array();
    for (const auto& [ids, votes] : guesses.open) {
        if (votes.empty()) continue;
        nlohmann::json step = {{"after", ids}, {"votes", nlohmann::json::array()}};
        const auto scored = guesses.scores.find(ids);
        const bool revealed = scored != guesses.scores.end();
        if (revealed) step["entropy_bits"] = scored->second.entropy_bits;
        for (const viz::Guess& guess : votes) {
            nlohmann::json vote = {{"id", guess.id}, {"votes", guess.votes}};
            if (revealed) {
                for (const viz::ScoredGuess& known : scored->second.guesses) {
                    if (known.guess.id == guess.id) vote["probability"] = known.probability;
                }
            }
            step["votes"].push_back(vote);
        }
        all.push_back(step);
    }
    return all;
}

namespace {

bool whole_below(const nlohmann::json& value, int end) {
    return value.is_number_integer() && value.get<std::int64_t>() >= 0 &&
           value.get<std::int64_t>() < end;
}
bool number_within(const nlohmann::json& object, const char* name, double most) {
    const auto found = object.find(name);
    return found != object.end() && found->is_number() && found->get<double>() >= 0 &&
           found->get<double>() <= most;
}

}  // namespace

ClassGuesses read_guesses(const nlohmann::json& saved, int n_vocab) {
    constexpr int most_votes = 100000;  // of a text
    ClassGuesses guesses;
    if (!saved.is_array()) return guesses;
    for (const nlohmann::json& step : saved) {
        if (!step.is_object() || !step.contains("after") || !step["after"].is_array()) continue;
        std::vector<int> ids;
        for (const nlohmann::json& id : step["after"]) {
            if (whole_below(id, n_vocab)) ids.push_back(id.get<int>());
        }
        if (ids.size() != step["after"].size() || !step.contains("votes")) continue;
        std::vector<viz::ScoredGuess> scored;
        int all = 0;
        bool revealed = number_within(step, "entropy_bits", 1e6);
        for (const nlohmann::json& vote : step["votes"]) {
            if (!vote.is_object() || !vote.contains("id") || !vote.contains("votes")) continue;
            if (!whole_below(vote["id"], n_vocab) || !whole_below(vote["votes"], most_votes)) {
                continue;
            }
            const viz::Guess guess{vote["id"].get<int>(), vote["votes"].get<int>()};
            all += guess.votes;
            if (all > most_votes) break;
            // Each token stands there once, with a vote.
            const bool twice = std::ranges::find(guesses.open[ids], guess.id, &viz::Guess::id) !=
                               guesses.open[ids].end();
            if (twice || guess.votes == 0) continue;
            viz::vote(guesses.open[ids], guess.id, guess.votes);
            revealed = revealed && number_within(vote, "probability", 1);
            if (revealed) scored.push_back({guess, vote["probability"].get<double>(), 0});
        }
        if (revealed) {
            guesses.scores[ids] =
                viz::class_score(std::move(scored), step["entropy_bits"].get<double>());
        }
    }
    return guesses;
}

}  // namespace app
