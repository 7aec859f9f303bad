// What a class said before it saw: kept with the run, by the text that it was about.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "viz/scene/guesses.h"

namespace app {

// By the ids of the text.
struct ClassGuesses {
    std::map<std::vector<int>, std::vector<viz::Guess>> open;
    std::map<std::vector<int>, viz::ClassScore> scores;  // of steps that were revealed

    const std::vector<viz::Guess>& at(const std::vector<int>& ids) const;
    bool operator==(const ClassGuesses&) const = default;
};

// As saved runs keep it: for each text that was guessed about the votes, and, once it was revealed,
// what the model thought of them.
nlohmann::json guesses_json(const ClassGuesses& guesses);
// What is not as guesses_json() writes it is passed over; ids are below `n_vocab`.
ClassGuesses read_guesses(const nlohmann::json& saved, int n_vocab);

}  // namespace app
