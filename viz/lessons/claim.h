// What a lesson's words claim, so that it can be measured on the run they speak of. docs/lessons.md
// describes how claims are written.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "model/run/scenario.h"

namespace viz {

// A position of the text: by its index, negative ones from the end, or by the token that stands
// there.
struct PositionName {
    bool given = false;
    int index = -1;
    std::string text;    // instead of the index, unless empty
    int occurrence = 0;  // of the text, from 1; 0: the last
};

// Something that is measured on a stop's run.
enum class Measure {
    next,         // the token that is about to be appended, as a statement
    text,         // what was generated, as a statement
    tokens,       // the prompt's tokens, as a statement
    probability,  // of `token`, of all tokens as the model gives it
    chance,       // of `token`, after temperature, top-k and top-p
    rank,         // of `token`, from 1
    entropy,      // bits, of the model's distribution
    kept,         // tokens that the decoding can choose from
    perplexity,   // of the text so far
    surprise,     // bits, of the token at `query`
    length,       // tokens of the text
    loop,         // tokens of the block that the text repeats at its end; 0: it does not
    habit,        // of `head`: previous, first or induction
    attention,    // weight of `head` from `query` to `key`
    lens,         // probability of `token` read after the block `layer`
    saving,       // multiply-adds of the naive run divided by those of the cached one
    top_share,    // probability of the `top` likeliest tokens together
    top_chance,   // the same after temperature, top-k and top-p
    share,        // what `part` adds to the logit of `token`
    active,       // neurons above 0.1 in the MLP of `layer`, at the last position
    lens_rank,    // of `token`, read after the block `layer`
    looks_most,   // `head` looks from `query` most at `key`, as a statement
    surprises,    // `token` is the greatest surprise of the text, as a statement
    known,        // true by definition, or known of the world: nothing is measured
};

// A part of the model that adds to the residual stream: a head, or the MLP of a layer.
struct PartName {
    bool mlp = false;
    int layer = 0;  // of an MLP, from 0
    model::HeadName head;
};

struct Claim {
    Measure measure = Measure::next;
    std::string token;                // also the text of the statement `text`
    std::vector<std::string> tokens;  // of the statement `tokens`
    model::HeadName head;
    model::HeadName::Kind habit = model::HeadName::Kind::previous;
    PositionName query, key;
    int layer = 0;  // from 1; 0: the last
    PartName part;
    int top = 0;
    std::string says;   // the words of the note that this is the claim of; empty: not said
    std::string known;  // why nothing is measured
    double at_least = -std::numeric_limits<double>::infinity();
    double at_most = std::numeric_limits<double>::infinity();
    int line = 0;  // of the file
};

}  // namespace viz
