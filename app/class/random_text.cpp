#include "app/class/random_text.h"

#include <algorithm>
#include <cstdio>
#include <random>

namespace app {

std::string random_code() {
    std::random_device random;
    std::uniform_int_distribution<size_t> letter(0, code_letters.size() - 1);
    std::string code;
    while (code.size() < code_length) code += code_letters[letter(random)];
    return code;
}

std::string random_id() {
    std::random_device random;
    char id[33];
    std::snprintf(id, sizeof id, "%08x%08x%08x%08x", random(), random(), random(), random());
    return id;
}

std::string code_from(std::string_view typed) {
    if (typed.size() != code_length) return "";
    std::string code(typed);
    for (char& c : code) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c < 'A' || c > 'Z') return "";
    }
    return code;
}

}  // namespace app
