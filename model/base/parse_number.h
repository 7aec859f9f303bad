// A number at the beginning of a text, read as std::from_chars does: no space, no plus, no locale.
// Not every standard library has that for floating point yet.
#pragma once

#include <charconv>
#include <concepts>
#include <string_view>

namespace model {

// What follows it in the text; null where the text begins with none that the type holds.
const char* parse_number(std::string_view text, double& value);

template <std::integral Number>
const char* parse_number(std::string_view text, Number& value) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc() ? end : nullptr;
}

}  // namespace model
