#include "model/base/parse_number.h"

#include <cerrno>
#include <cstdlib>
#include <string>

namespace model {

const char* parse_number(std::string_view text, double& value) {
    // No hexadecimal digits, no words.
    const std::string digits(text.substr(0, text.find_first_not_of("0123456789.-+eE")));
    if (digits.empty() || digits.front() == '+') return nullptr;
    char* end = nullptr;
    errno = 0;
    const double read = std::strtod(digits.c_str(), &end);
    if (end == digits.c_str() || errno == ERANGE) return nullptr;
    value = read;
    return text.data() + (end - digits.c_str());
}

}  // namespace model
