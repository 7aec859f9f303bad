// Numbers to text, once for screen, slide and file. Nothing that is not zero is shown as zero, and
// nothing below 1 as certain. Zero is "0", the rest of the odd ones "inf", "-inf" and "nan".
#pragma once

#include <string>
#include <string_view>

namespace viz {

// "62.0 %", "0.4 %", "0.0042 %", "4.2e-7 %"; "100 %" is 1, "> 99.9 %" what nearly is.
std::string percent(double probability);
// The same for words that a class reads: "less than 1 in 100,000" where percent() has an exponent.
std::string chance_in_words(double probability);
// How far two results are apart: "0" is said of what is the same to the bit alone.
std::string apart(double difference);
std::string points(double difference);   // of two probabilities: "+12.3", "-0.4", "0"
std::string weight(double value);        // attention weight: "0.61", "0.0042", "4.2e-6"
std::string short_weight(double value);  // where there is no room for it: "0.61", "<.01"
std::string number(double value);        // logits, norms: "14.21", "-0.30", "3072.4", "4.2e-6"
std::string count(long long value);      // "50,257"
// "1 token", "2,048 tokens", "2 passes".
std::string plural(long long value, std::string_view noun);
std::string scientific(double value);  // "3.1e-9"
std::string bits(double value);        // "1.94 bits"
std::string large(double value);       // "9,412", "85.1 million", "1.24 billion"
std::string megabytes(double bytes);   // "0.06 MB", "1.57 MB", "498.1 MB"; of 1,000,000 bytes
std::string file_size(double bytes);   // "25 kB", "2.98 MB", "548 MB", "1.52 GB"; three digits
// How much of it is there, in the unit of the whole: "123 of 548 MB".
std::string part_of_size(double bytes, double whole);
std::string times(double ratio);      // "8.9×", "312×"
std::string milliseconds(double ms);  // "0.08 ms", "1.9 ms", "340 ms", "2.4 s"

// For files: at most `places` decimals, no zeros at the end.
std::string decimal(double value, int places);

}  // namespace viz
