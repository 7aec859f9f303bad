#include "app/cli/numbers.h"

#include <limits>
#include <string>

#include "model/base/parse_number.h"
#include "model/decode/options.h"

namespace app {

namespace {

template <typename Number>
bool read(const std::string& text, Number& value) {
    return model::parse_number(text, value) == text.data() + text.size();
}

// Where the bounds are those of the type alone, they need no saying.
std::string bounds(int64_t least, uint64_t most) {
    if (most == std::numeric_limits<uint64_t>::max()) return " below 2^64";
    if (most == std::numeric_limits<int>::max()) return "";
    return " between " + std::to_string(least) + " and " + std::to_string(most);
}

}  // namespace

CLI::Validator whole_number(int64_t least, uint64_t most) {
    const std::string words = bounds(least, most);
    return CLI::Validator(
        [least, most, words](std::string& text) {
            // CLI11 would take a 0 in front for another base.
            int64_t negative = 0;
            if (text.starts_with('-') && read(text, negative) && negative >= least) {
                text = std::to_string(negative);
                return std::string();
            }
            uint64_t value = 0;
            const bool good = read(text, value) && value <= most &&
                              (least <= 0 || value >= static_cast<uint64_t>(least));
            if (!good) return text + " is not a whole number" + words;
            text = std::to_string(value);
            return std::string();
        },
        "INT");
}

CLI::Validator real_number(double least, double most) {
    const std::string words = model::short_number(least) + " and " + model::short_number(most);
    return CLI::Validator(
        [least, most, words](std::string& text) {
            double value = 0;
            const bool good = read(text, value) && value >= least && value <= most;
            return good ? std::string() : text + " is not a number between " + words;
        },
        "NUMBER");
}

}  // namespace app
