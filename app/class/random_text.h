// What nobody can guess: the code of a class, and the numbers of its voters.
#pragma once

#include <string>
#include <string_view>

namespace app {

// Letters of a code. No vowels, so that no word comes out, and none that looks like a digit.
inline constexpr std::string_view code_letters = "BCDFGHJKLMNPQRSTVWXZ";
inline constexpr size_t code_length = 4;

std::string random_code();
// 128 bits as 32 hexadecimal digits.
std::string random_id();
// Capitals of what was typed, where it can be a code at all; else empty.
std::string code_from(std::string_view typed);

}  // namespace app
