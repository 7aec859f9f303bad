// What a class guessed before it saw, and how surprising the model found it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/decode/decoding.h"
#include "model/pass/model.h"
#include "viz/paint/canvas.h"

namespace viz {

struct Guess {
    int id = 0;     // of a token
    int votes = 0;  // how many said it
    bool operator==(const Guess&) const = default;
};

// Candidates to offer to a class, by their index: the dozen likeliest by what they say, from A to
// Z, so that the order does not tell.
std::vector<int> to_guess_from(const model::Model& model, const model::Ranking& ranking);

// The tokens of what somebody typed as the text's next: a word stands after a space, a full stop
// does not. None without a tokenizer.
std::vector<int> typed_guess(const model::Model& model, const std::string& typed);

// Adds to the votes of a token; it goes away with its last one. The order is that of first mention.
void vote(std::vector<Guess>& guesses, int id, int by);

struct ScoredGuess {
    Guess guess;
    double probability = 0;  // that the model gives it
    double bits = 0;         // its surprisal, -log2 of that
    bool operator==(const ScoredGuess&) const = default;
};
// One step's guesses against the model's distribution.
struct ClassScore {
    std::vector<ScoredGuess> guesses;  // most votes first, then the likelier
    int votes = 0;
    double mean_bits = 0;     // over all votes: the class's surprisal; 0 where nobody voted
    double entropy_bits = 0;  // what the model's own draws would have, on average
    bool operator==(const ClassScore&) const = default;
};
ClassScore score_guesses(const std::vector<Guess>& guesses, const model::Ranking& ranking);
// The same where the probabilities are known; `bits` are computed.
ClassScore class_score(std::vector<ScoredGuess> guesses, double entropy_bits);

// Means over steps in which somebody voted, each step counting alike.
struct RunningScore {
    int steps = 0;
    double class_bits = 0, entropy_bits = 0;
};
RunningScore running_score(const std::vector<ClassScore>& steps);

// The guesses as bars of votes; once `revealed` with probability and bits, and the scores below.
// Declares "guess/ID" for each row and "guess-less/ID" for what takes a vote away.
void draw_guesses(Canvas& canvas, Rect rect, const model::Model& model, const Theme& theme,
                  const ClassScore& score, const RunningScore& so_far, bool revealed);

}  // namespace viz
