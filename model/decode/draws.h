// One step drawn again and again: how often each token comes.
#pragma once

#include <vector>

#include "model/decode/decoding.h"

namespace model {

// How often each candidate is what the seeds `first`, first + 1, ... (`times` of them) choose at a
// position; indices are the ranking's. `ranking` after decide(): its `adjusted` are the chances.
// What decide() would pick with that seed is what is counted. With greedy decoding always the same.
std::vector<int> draw_often(const Ranking& ranking, uint64_t first, int position, int times);

}  // namespace model
