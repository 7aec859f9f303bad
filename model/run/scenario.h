// A place in a run, said so that any session can be brought there: a prompt, what is appended to
// it, how tokens are chosen, what is left out. Lessons are made of places.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/interp/head_scores.h"
#include "model/run/session.h"

namespace model {

// A head by its number, or the one that does something best in the text at hand, so that the same
// words are true of another model.
struct HeadName {
    enum class Kind { numbered, previous, first, induction };
    Kind kind = Kind::numbered;
    int layer = 0, head = 0;  // from 0, where it is numbered
    bool operator==(const HeadName&) const = default;
};
// "L3H2", or "best previous-token", "best first-token", "best induction". Throws Error.
HeadName parse_head_name(const std::string& text);
// How much a head does of what a kind stands for.
const HeadHabit& habit_of(const HeadScores& scores, HeadName::Kind kind);
// `scores`: of all heads, as head_scores() gives them. Throws Error for a head that the model does
// not have, and where no row of the text has what a kind stands for.
HeadIndex find_head(const Config& config, const std::vector<HeadScores>& scores,
                    const HeadName& name);

struct Scenario {
    std::string prompt;
    std::vector<int> ids;             // instead of it, unless empty
    std::vector<std::string> forced;  // texts of the first tokens that are appended
    int generated = 0;                // tokens that are appended, the forced ones among them
    Decoding decoding;
    bool use_cache = true;
    std::vector<HeadName> heads_off;  // named after the untouched run of the prompt
    std::set<int> mlps_off;           // layers
};

// The one token that this text is. Throws Error where it is none, or several.
int token_of(const Model& model, const std::string& text);

// Whether the session ran the place's prompt as the place asks: going there then computes only what
// is not known yet.
bool begun(const Session& session, const Scenario& place);
// Brings the session there. Throws Error that says what cannot be, Stopped; the session then has
// this prompt and perhaps not all that follows.
void go_to(Session& session, const Scenario& place, const StopAsked& stop = {});

}  // namespace model
