// Numbers on the command line: decimal and nothing else, within bounds that are said in words.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

namespace app {

// A whole number from `least` to `most`: "010" is 10, and 10^23 is refused, whatever it is read
// into.
CLI::Validator whole_number(int64_t least, uint64_t most);
// A number from `least` to `most`; none of them is "nan".
CLI::Validator real_number(double least, double most);

}  // namespace app
