// What a file that people write throws when several things are wrong with it, so that they are
// mended in one go.
#pragma once

#include <string>
#include <vector>

#include "model/base/error.h"

namespace model {

class Errors : public Error {
  public:
    static constexpr size_t most = 20;  // that are told; of the others, how many there are

    explicit Errors(const std::vector<std::string>& lines)
        : Error(joined(told(lines))), lines_(told(lines)) {}

    const std::vector<std::string>& lines() const { return lines_; }

  private:
    static std::vector<std::string> told(std::vector<std::string> lines) {
        if (lines.size() <= most) return lines;
        const size_t more = lines.size() - most;
        lines.resize(most);
        lines.push_back("and " + std::to_string(more) + " more");
        return lines;
    }
    static std::string joined(const std::vector<std::string>& lines) {
        std::string all;
        for (const std::string& line : lines) all += (all.empty() ? "" : "\n") + line;
        return all;
    }

    std::vector<std::string> lines_;
};

}  // namespace model
