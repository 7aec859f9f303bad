// What appears on a slide at each click.
#pragma once

#include <string>
#include <vector>

namespace viz::pptx {

struct Appearing {
    enum class Kind { picture, words, chart };
    int shape;  // its id on the slide
    Kind kind = Kind::picture;
};
// One click after the other; one that shows nothing is none.
using Clicks = std::vector<std::vector<Appearing>>;

// As a part of a slide; empty where nothing appears.
std::string timing(const Clicks& clicks);

}  // namespace viz::pptx
