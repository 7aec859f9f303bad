#include "viz/scene/hit.h"

#include <charconv>

namespace viz {

RegionId::RegionId(std::string_view id) {
    kind = id.substr(0, id.find('/'));
    while (id.find('/') != std::string_view::npos) {
        id.remove_prefix(id.find('/') + 1);
        arguments.push_back(id.substr(0, id.find('/')));
    }
}

int RegionId::number(size_t i, int end) const {
    if (i >= arguments.size()) return -1;
    const std::string_view text = arguments[i];
    int value = -1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    return whole && value >= 0 && value < end ? value : -1;
}

}  // namespace viz
