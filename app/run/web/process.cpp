// A page has no other programs.
#include "app/run/process.h"

namespace app {

bool has_program(const std::string&) {
    return false;
}

std::optional<std::string> run_program(const std::vector<std::string>&, std::string_view, bool) {
    return {};
}

}  // namespace app
