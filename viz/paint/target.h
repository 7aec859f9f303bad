// What can be pointed at. A drawing says what stands where (Canvas::region), whoever asks what is
// there gets the same value back.
#pragma once

#include <array>
#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace viz {

// A kind of thing and which of its kind: the map of layer 2's head 1 is {"map", {2, 1}}, the box of
// the scores {"phase", "attention/scores"}. Logs, the command line and files have it as text, with
// strokes between: "map/2/1". At most four numbers, which come last.
class Target {
  public:
    Target() = default;  // nothing
    Target(std::string_view kind, std::initializer_list<int> numbers);
    Target(std::string_view kind, std::string_view word, std::initializer_list<int> numbers = {});
    // From its text. Any text is a target, if none that anybody knows.
    template <std::convertible_to<std::string_view> Text>
    Target(const Text& text) : Target(read(text)) {}

    bool empty() const { return kind_.empty(); }
    bool is(std::string_view kind) const { return kind_ == kind; }
    const std::string& kind() const { return kind_; }
    // All of its words, "attention/scores"; the first or a later one alone.
    const std::string& words() const { return word_; }
    std::string_view word(int i = 0) const;
    // A number below `end`; -1 when there is no such.
    int number(size_t i, int end = 1 << 30) const;
    size_t numbers() const { return count_; }
    std::string text() const;

    bool operator==(const Target&) const = default;

  private:
    static Target read(std::string_view text);
    void add(int number);

    std::string kind_, word_;
    std::array<int, 4> numbers_{};
    size_t count_ = 0;
};

// A cell of what a drawing divided into rows and columns.
struct Hit {
    Target target;
    int row = 0, col = 0;
    bool operator==(const Hit&) const = default;
};

}  // namespace viz
