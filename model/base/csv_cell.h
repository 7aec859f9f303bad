// A text as a cell of a table of comma-separated values (RFC 4180).
#pragma once

#include <string>

namespace model {

// In quotes, which are doubled inside. What a spreadsheet would take for a formula has an
// apostrophe before it (OWASP, CSV injection).
std::string csv_cell(const std::string& text);

}  // namespace model
