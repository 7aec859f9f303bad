// Numbers to text, once for screen, slide and file. Nothing that is not zero is shown as zero.
#pragma once

#include <string>

namespace viz {

std::string percent(double probability);  // "62.0 %", "0.4 %", "0.0042 %", "4.2e-7 %", "100 %"
std::string weight(double value);         // attention weight: "0.61", ".03" style is not used; "4.2e-6"
std::string number(double value);         // logits, norms: "14.21", "-0.30", "4.2e-6"
std::string count(long long value);       // "50,257"
std::string scientific(double value);     // "3.1e-9"
std::string bits(double value);           // "1.94 bits"
std::string milliseconds(double ms);      // "1.9 ms", "0.08 ms", "2.4 s"

}  // namespace viz
