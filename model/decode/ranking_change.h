// The next token in one run beside the next token in another: what an intervention changed.
#pragma once

#include <vector>

#include "model/decode/decoding.h"

namespace model {

// Where the tokens stand in a ranking, by id.
struct Standings {
    std::vector<Standing> of;  // [n_vocab]
};
Standings standings(const Ranking& ranking);

// How one token stands in two rankings of the same vocabulary.
struct Change {
    double here = 0, other = 0;  // probabilities
    int rank_here = 0, rank_other = 0;
    double points() const { return here - other; }
    int gained() const { return rank_other - rank_here; }  // ranks; above 0: likelier than before
};
Change change_of(const Ranking& here, const Ranking& other, int id);

// D_KL(p || q) = sum p log2(p / q) over the vocabulary, in bits, of the raw distributions (Kullback
// and Leibler 1951): what it costs for each token to expect q where p is true. 0 for the same.
double kl_bits(const Ranking& p, const Ranking& q);

}  // namespace model
