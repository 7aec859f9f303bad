// What is pointed at: a cell of a region that a drawing declared, and how regions are named.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace viz {

struct Hit {
    std::string id;  // as given to Canvas::region; "" when there is none
    int row = 0, col = 0;
    bool operator==(const Hit&) const = default;
};

// The parts of a region's id: "map/2/1" is the kind "map" with the arguments "2" and "1".
struct RegionId {
    explicit RegionId(std::string_view id);

    std::string_view kind;
    std::vector<std::string_view> arguments;

    // The argument as a number below `end`; -1 when there is no such.
    int number(size_t i, int end = 1 << 30) const;
    std::string_view word(size_t i) const { return i < arguments.size() ? arguments[i] : ""; }
};

}  // namespace viz
