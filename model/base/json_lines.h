// Where the values of a JSON text stand, for errors that name the line of what is well-formed and
// wrong.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace model {

// Lines, from 1, by JSON pointer: "/stops/2/title". The text must be valid JSON. `twice`: pointer
// of the first key that an object has twice, or "".
struct JsonLines {
    std::map<std::string, int> of;
    std::string twice;
};
JsonLines json_lines(std::string_view text);

}  // namespace model
