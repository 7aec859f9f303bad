#include "viz/paint/target.h"

#include <charconv>
#include <optional>

namespace viz {

namespace {

// A number as text() writes it; none: it is a word.
std::optional<int> number_of(std::string_view part) {
    int value = 0;
    const auto read = std::from_chars(part.data(), part.data() + part.size(), value);
    const bool whole = read.ec == std::errc{} && read.ptr == part.data() + part.size();
    if (!whole || std::to_string(value) != part) return {};
    return value;
}

}  // namespace

Target::Target(std::string_view kind, std::initializer_list<int> numbers)
    : Target(kind, "", numbers) {}

Target::Target(std::string_view kind, std::string_view word, std::initializer_list<int> numbers)
    : kind_(kind), word_(word) {
    for (const int number : numbers) add(number);
}

void Target::add(int number) {
    numbers_.at(count_) = number;
    ++count_;
}

Target Target::read(std::string_view text) {
    Target target;
    const size_t stroke = text.find('/');
    target.kind_ = text.substr(0, stroke);
    if (stroke == std::string_view::npos) return target;
    std::string_view rest = text.substr(stroke + 1);
    // Numbers from the end on, as many as there are.
    std::array<int, 4> last{};
    size_t found = 0;
    while (found < last.size() && !rest.empty()) {
        const size_t cut = rest.rfind('/');
        const size_t begin = cut == std::string_view::npos ? 0 : cut + 1;
        const std::optional<int> number = number_of(rest.substr(begin));
        if (!number) break;
        last[found++] = *number;
        rest = cut == std::string_view::npos ? "" : rest.substr(0, cut);
    }
    target.word_ = rest;
    while (found > 0) target.add(last[--found]);
    return target;
}

std::string_view Target::word(int i) const {
    std::string_view rest = word_;
    for (; i > 0; --i) {
        const size_t stroke = rest.find('/');
        if (stroke == std::string_view::npos) return "";
        rest.remove_prefix(stroke + 1);
    }
    return rest.substr(0, rest.find('/'));
}

int Target::number(size_t i, int end) const {
    return i < count_ && numbers_[i] >= 0 && numbers_[i] < end ? numbers_[i] : -1;
}

std::string Target::text() const {
    std::string text = kind_;
    if (!word_.empty()) text += '/' + word_;
    for (size_t i = 0; i < count_; ++i) text += '/' + std::to_string(numbers_[i]);
    return text;
}

}  // namespace viz
