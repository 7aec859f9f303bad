// Maps of files whose bytes may vanish: where a file is cut short, the system ends whoever reads
// its map (SIGBUS). Here zeros are read instead, and the map is known to be lost.
#pragma once

#include <cstddef>

namespace model {

// Watches a map; its number, or -1 where there are too many: that one stays as the system has it.
int guard_map(const std::byte* begin, size_t size);
void unguard_map(int guard);
bool map_is_lost(int guard);

}  // namespace model
