// What tokenizers know of characters beyond ASCII, from utf8proc. Texts are well-formed UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace model {

// Unicode's White_Space.
bool is_white_space(char32_t code);
// What a word consists of: letters, marks, digits, connectors (UTS 18, \w).
bool is_word_character(char32_t code);
bool is_number(char32_t code);  // Nd, Nl, No

// Unicode's normal forms (UAX 15).
enum class NormalForm { nfc, nfd, nfkc, nfkd };
std::string normal_form(std::string_view text, NormalForm form);
std::string lower_case(std::string_view text);     // each character by itself
std::string without_marks(std::string_view text);  // accents, where they stand by themselves
std::string_view without_space(std::string_view text, bool left, bool right);

}  // namespace model
