// A token's bytes in words: hexadecimal, as characters, and as short as a chip needs.
#pragma once

#include <string>
#include <string_view>

namespace viz {

std::string hex_of(std::string_view bytes);  // "20 62 61"
// "space, b a l l", "half a character (2 of 3)", "newline".
std::string characters_of(std::string_view bytes);
// Its letters as tokens are shown if it is whole characters, else its bytes: "␣ba", "E2 80".
std::string piece_text(const std::string& bytes);

}  // namespace viz
