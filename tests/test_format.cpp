// How numbers read, at the edges where a careless format shows zero or certainty.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "viz/paint/format.h"

using namespace viz;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
}  // namespace

TEST_CASE("a probability shows one decimal while that says something") {
    CHECK(percent(0.62) == "62.0 %");
    CHECK(chance_in_words(0.62) == "62.0 %");
    CHECK(chance_in_words(4.2e-6) == "0.00042 %");
    CHECK(chance_in_words(4.2e-7) == "less than 1 in 1,000,000");
    CHECK(chance_in_words(4.2e-9) == "less than 1 in 100,000,000");
    CHECK(chance_in_words(0) == percent(0));
    CHECK(percent(0.1) == "10.0 %");
    CHECK(percent(0.041) == "4.1 %");
    CHECK(percent(0.004) == "0.4 %");
    CHECK(percent(0.001) == "0.1 %");
    CHECK(percent(0.000999) == "0.10 %");
    CHECK(percent(0.000042) == "0.0042 %");
    CHECK(percent(1e-6) == "0.00010 %");
    CHECK(percent(4.2e-9) == "4.2e-7 %");
    CHECK(percent(1e-300) == "1.0e-298 %");
    CHECK(percent(-0.004) == "-0.4 %");
}

TEST_CASE("only zero is zero and only one is certain") {
    CHECK(percent(0) == "0 %");
    CHECK(percent(-0.0) == "0 %");
    CHECK(percent(1) == "100 %");
    CHECK(percent(1.0000001) == "100 %");
    CHECK(percent(0.9994) == "99.9 %");
    CHECK(percent(0.9996) == "> 99.9 %");
    CHECK(percent(std::nextafter(1.0, 0.0)) == "> 99.9 %");
    for (double p = 1; p > 0; p /= 10) {
        CHECK(percent(p).find_first_of("123456789") < percent(p).find_first_of("e%"));
    }
}

TEST_CASE("one is one, all else are many") {
    CHECK(plural(1, "token") == "1 token");
    CHECK(plural(0, "token") == "0 tokens");
    CHECK(plural(2048, "more merge") == "2,048 more merges");
    CHECK(plural(1, "pass") == "1 pass");
    CHECK(plural(3, "guess") == "3 guesses");
}

TEST_CASE("what is not a number says so") {
    for (auto* format : {weight, number, scientific}) {
        CHECK(format(infinity) == "inf");
        CHECK(format(-infinity) == "-inf");
        CHECK(format(not_a_number) == "nan");
        CHECK(format(0) == "0");
    }
    CHECK(percent(not_a_number) == "nan %");
}

TEST_CASE("weights and numbers") {
    CHECK(weight(0.61) == "0.61");
    CHECK(weight(1) == "1.00");
    CHECK(weight(0.00999) == "0.010");
    CHECK(weight(0.0042) == "0.0042");
    CHECK(weight(4.2e-6) == "4.2e-6");
    CHECK(number(14.21) == "14.21");
    CHECK(number(-0.3) == "-0.30");
    CHECK(number(999.949) == "999.95");
    CHECK(number(999.96) == "1000.0");
    CHECK(number(3072.44) == "3072.4");
    CHECK(number(1e9) == "1.0e9");
    CHECK(number(-4.2e-6) == "-4.2e-6");
    CHECK(scientific(3.1e-9) == "3.1e-9");
    CHECK(scientific(9.99e-9) == "1.0e-8");
    CHECK(bits(1.94) == "1.94 bits");
}

TEST_CASE("counts and times") {
    CHECK(count(0) == "0");
    CHECK(count(999) == "999");
    CHECK(count(50257) == "50,257");
    CHECK(count(-1234567) == "-1,234,567");
    CHECK(count(std::numeric_limits<long long>::min()) == "-9,223,372,036,854,775,808");
    CHECK(milliseconds(0.08) == "0.08 ms");
    CHECK(milliseconds(1.9) == "1.9 ms");
    CHECK(milliseconds(99.97) == "100 ms");
    CHECK(milliseconds(340.2) == "340 ms");
    CHECK(milliseconds(999.7) == "1.0 s");
    CHECK(milliseconds(2400) == "2.4 s");
}

TEST_CASE("numbers in files are short and carry no empty decimals") {
    CHECK(decimal(12.50, 2) == "12.5");
    CHECK(decimal(12.0, 2) == "12");
    CHECK(decimal(100, 0) == "100");
    CHECK(decimal(-0.001, 2) == "0");
    CHECK(decimal(-0.126, 2) == "-0.13");
    CHECK(decimal(1e-9, 3) == "0");
}

TEST_CASE("large counts have a name, sizes are in megabytes") {
    CHECK(large(0) == "0");
    CHECK(large(9412) == "9,412");
    CHECK(large(9999) == "9,999");
    CHECK(large(10000) == "10.0 thousand");
    CHECK(large(85.1e6) == "85.1 million");
    CHECK(large(1.238e9) == "1.24 billion");
    CHECK(large(999.949e3) == "999.9 thousand");
    CHECK(large(999.96e3) == "1.00 million");
    CHECK(large(5e15) == "5000.0 trillion");
    CHECK(megabytes(0) == "0 MB");
    CHECK(megabytes(55296) == "0.06 MB");
    CHECK(megabytes(576) == "0.00058 MB");
    CHECK(megabytes(1572864) == "1.57 MB");
    CHECK(megabytes(497.76e6) == "497.8 MB");
    CHECK(megabytes(12345.6e6) == "12345.6 MB");
}

TEST_CASE("sizes of files have three digits, and a part the unit of its whole") {
    CHECK(file_size(0) == "0 bytes");
    CHECK(file_size(812) == "812 bytes");
    CHECK(file_size(25250) == "25 kB");
    CHECK(file_size(999.6e3) == "1.00 MB");
    CHECK(file_size(2976056) == "2.98 MB");
    CHECK(file_size(548105171) == "548 MB");
    CHECK(file_size(1519984962) == "1.52 GB");
    CHECK(part_of_size(123.4e6, 548105171) == "123 of 548 MB");
    CHECK(part_of_size(0, 1519984962) == "0.00 of 1.52 GB");
}

TEST_CASE("differences have a sign, ratios a times") {
    CHECK(points(0.123) == "+12.3");
    CHECK(points(-0.004) == "-0.4");
    CHECK(points(0) == "0");
    CHECK(points(1) == "+100.0");
    CHECK(points(-4.2e-9) == "-4.2e-7");
    CHECK(times(8.94) == "8.9×");
    CHECK(times(1) == "1.0×");
    CHECK(times(99.96) == "100×");
    CHECK(times(1234.4) == "1,234×");
}
