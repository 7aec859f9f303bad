// Numbers to text, by std::to_chars: the same in every locale.
#include "viz/paint/format.h"

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

namespace viz {
namespace {

std::string digits(double value, std::chars_format form, int precision) {
    std::array<char, 512> buffer;  // the longest double in fixed form has 309 digits
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, form, precision).ptr;
    return {buffer.data(), end};
}

std::string fixed(double value, int places) {
    return digits(value, std::chars_format::fixed, places);
}

// 4.2e-7: two digits, the exponent without plus and without padding.
std::string power(double value, int& exponent) {
    const std::string text = digits(value, std::chars_format::scientific, 1);
    const size_t e = text.find('e');
    exponent = std::stoi(text.substr(e + 1));
    return text.substr(0, e) + "e" + std::to_string(exponent);
}

// "inf", "-inf", "nan" or "0"; empty for all other numbers.
std::string special(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    return value == 0 ? "0" : "";
}

// `places` decimals while that shows something, then two digits, then powers of ten.
std::string graded(double value, int places) {
    if (std::string text = special(value); !text.empty()) return text;
    const double size = std::abs(value);
    if (size >= 999999.5) return scientific(value);
    if (size >= std::pow(10.0, -places)) return fixed(value, places);
    int exponent = 0;
    const std::string text = power(value, exponent);  // its exponent is that of the rounded value
    return exponent >= -4 ? fixed(value, 1 - exponent) : text;
}

}  // namespace

std::string percent(double probability) {
    if (probability >= 0.9995 && probability < 1) return "> 99.9 %";
    if (probability >= 1 && probability < 1.0005) return "100 %";  // a sum may be rounded up
    return graded(probability * 100, 1) + " %";
}

std::string chance_in_words(double probability) {
    if (!(probability > 0) || percent(probability).find('e') == std::string::npos) {
        return percent(probability);
    }
    double in = 1e6;
    while (in < 1e15 && probability * in * 10 <= 1) in *= 10;
    return "less than 1 in " + count(std::llround(in));
}

std::string points(double difference) {
    return (difference > 0 ? "+" : "") + graded(difference * 100, 1);
}

std::string weight(double value) {
    return graded(value, 2);
}

std::string short_weight(double value) {
    return value > 0 && value < 0.005 ? "<.01" : value == 0 ? "0" : fixed(value, 2);
}

std::string number(double value) {
    return graded(value, std::abs(value) >= 999.95 ? 1 : 2);
}

std::string apart(double difference) {
    return difference == 0 ? "0" : number(difference);
}

std::string count(long long value) {
    std::string text = std::to_string(value);
    const size_t first = value < 0 ? 1 : 0;
    for (size_t i = text.size(); i > first + 3;) {
        i -= 3;
        text.insert(i, 1, ',');
    }
    return text;
}

std::string plural(long long value, std::string_view noun) {
    std::string text = count(value) + " " + std::string(noun);
    if (value != 1) text += noun.ends_with('s') ? "es" : "s";
    return text;
}

std::string scientific(double value) {
    if (std::string text = special(value); !text.empty()) return text;
    int exponent = 0;
    return power(value, exponent);
}

std::string bits(double value) {
    return graded(value, 2) + " bits";
}

std::string milliseconds(double ms) {
    if (ms >= 999.5) return graded(ms / 1000, 1) + " s";
    if (ms >= 99.95) return graded(ms, 0) + " ms";
    return graded(ms, ms >= 0.995 ? 1 : 2) + " ms";
}

std::string large(double value) {
    constexpr const char* names[] = {" thousand", " million", " billion", " trillion"};
    if (std::abs(value) < 9999.5) return count(std::llround(value));
    size_t name = 0;
    value /= 1e3;
    // What would be rounded to 1,000 of one is 1 of the next.
    for (; std::abs(value) >= 999.95 && name + 1 < std::size(names); ++name) value /= 1e3;
    return graded(value, std::abs(value) < 9.995 ? 2 : 1) + names[name];
}

std::string megabytes(double bytes) {
    const double value = bytes / 1e6;
    return graded(value, std::abs(value) < 9.995 ? 2 : 1) + " MB";
}

namespace {

struct SizeUnit {
    double bytes;
    int places;  // for three digits of the whole
    const char* name;
};

SizeUnit size_unit(double bytes) {
    if (bytes < 999.5) return {1, 0, " bytes"};
    const SizeUnit unit = bytes < 999.5e3   ? SizeUnit{1e3, 0, " kB"}
                          : bytes < 999.5e6 ? SizeUnit{1e6, 0, " MB"}
                                            : SizeUnit{1e9, 0, " GB"};
    const double value = bytes / unit.bytes;
    const int places = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return {unit.bytes, unit.bytes < 1e6 ? 0 : places, unit.name};
}

}  // namespace

std::string file_size(double bytes) {
    const SizeUnit unit = size_unit(bytes);
    return fixed(bytes / unit.bytes, unit.places) + unit.name;
}

std::string part_of_size(double bytes, double whole) {
    const SizeUnit unit = size_unit(whole);
    return fixed(bytes / unit.bytes, unit.places) + " of " + file_size(whole);
}

std::string times(double ratio) {
    return (ratio < 99.95 ? graded(ratio, 1) : count(std::llround(ratio))) + "×";
}

std::string decimal(double value, int places) {
    std::string text = fixed(value, places);
    if (text.find('.') != std::string::npos) {
        while (text.back() == '0') text.pop_back();
        if (text.back() == '.') text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

}  // namespace viz
