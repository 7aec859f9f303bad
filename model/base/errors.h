// What a file that people write throws when several things are wrong with it, so that they are
// mended in one go.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/base/error.h"

namespace model {

class Errors : public Error {
  public:
    explicit Errors(std::vector<std::string> lines)
        : Error(joined(lines)), lines_(std::move(lines)) {}

    const std::vector<std::string>& lines() const { return lines_; }

  private:
    static std::string joined(const std::vector<std::string>& lines) {
        std::string all;
        for (const std::string& line : lines) all += (all.empty() ? "" : "\n") + line;
        return all;
    }

    std::vector<std::string> lines_;
};

}  // namespace model
