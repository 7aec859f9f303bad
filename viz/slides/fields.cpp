#include "viz/slides/fields.h"

namespace viz {

bool fill_fields(std::string_view text, std::string& out,
                 const std::function<std::string(std::string_view)>& field) {
    for (size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c != '{' && c != '}') {
            out += c;
        } else if (at + 1 < text.size() && text[at + 1] == c) {
            out += c;
            ++at;
        } else {
            const size_t end = c == '{' ? text.find('}', at) : std::string_view::npos;
            if (end == std::string_view::npos) return false;
            out += field(text.substr(at + 1, end - at - 1));
            at = end;
        }
    }
    return true;
}

}  // namespace viz
