// What bad input throws: one line for people, naming the file or flag, what is wrong, what to do.
#pragma once

#include <stdexcept>
#include <string>

namespace model {

class Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Throws std::logic_error when a promise between our own functions is broken. Always on: a wrong
// picture is worse than no picture.
inline void check(bool holds, const char* what) {
    if (!holds) throw std::logic_error(std::string("broken invariant: ") + what);
}

}  // namespace model
