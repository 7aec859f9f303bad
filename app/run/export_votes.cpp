// What a class guessed as a table, for whoever taught it.
#include <algorithm>
#include <optional>
#include <ostream>
#include <string>

#include "app/run/export_run.h"
#include "model/base/csv_cell.h"
#include "model/base/error.h"
#include "model/base/json.h"
#include "viz/paint/utf8.h"

namespace app {

namespace {

// The step whose text these ids are, where they lie on the run's path.
std::optional<int> step_of(const model::Session& session, const std::vector<int>& ids) {
    const std::vector<int> path = session.path_ids();
    if (ids.size() > path.size() || !std::equal(ids.begin(), ids.end(), path.begin())) return {};
    const int step = static_cast<int>(ids.size()) - session.prompt_length() + 1;
    return step > 0 ? std::optional(step) : std::nullopt;
}

}  // namespace

// A line for each token that was guessed, in the order of the texts' lengths, most votes first:
// step,text,id,token,votes,share,probability,bits. The last two once it was revealed; a step where
// the text is on the run's path.
void write_votes(std::ostream& out, ExportRun& run, const model::Progress& progress) {
    const model::Model& model = run.session().model();
    std::vector<std::pair<std::vector<int>, std::vector<viz::Guess>>> texts;
    for (const auto& [ids, votes] : run.guesses.open) {
        if (!votes.empty()) texts.emplace_back(ids, votes);
    }
    if (texts.empty()) {
        throw model::Error(
            "votes: nobody has guessed in this run; open the run of a class, or let "
            "one guess first");
    }
    std::ranges::stable_sort(texts, {}, [](const auto& one) { return one.first.size(); });
    out << "step,text,id,token,votes,share,probability,bits\n";
    int done = 0;
    for (auto& [ids, votes] : texts) {
        std::ranges::stable_sort(votes, std::ranges::greater(), &viz::Guess::votes);
        int all = 0;
        for (const viz::Guess& guess : votes) all += guess.votes;
        const auto step = step_of(run.session(), ids);
        const std::string text =
            model.tokenizer ? viz::drawable(model.tokenizer->decode(ids)) : std::string();
        const auto score = run.guesses.scores.find(ids);
        for (const viz::Guess& guess : votes) {
            out << (step ? std::to_string(*step) : "") << ',' << model::csv_cell(text) << ','
                << guess.id << ',' << model::csv_cell(model.shown(guess.id)) << ',' << guess.votes
                << ',' << model::json_text(static_cast<double>(guess.votes) / all) << ',';
            if (score != run.guesses.scores.end()) {
                const auto known = std::ranges::find_if(
                    score->second.guesses,
                    [&](const viz::ScoredGuess& one) { return one.guess.id == guess.id; });
                if (known != score->second.guesses.end()) {
                    out << model::json_text(known->probability) << ','
                        << model::json_text(known->bits);
                } else {
                    out << ',';
                }
            } else {
                out << ',';
            }
            out << '\n';
        }
        model::tell(progress, ++done, static_cast<int>(texts.size()));
    }
}

}  // namespace app
