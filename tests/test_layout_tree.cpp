// Trees: no two nodes at one place, parents left of their children.
#include <doctest/doctest.h>

#include <algorithm>

#include "viz/layout/tree_layout.h"

using namespace viz;

namespace {

bool apart(Rect a, Rect b) {
    return a.right() <= b.x || b.right() <= a.x || a.bottom() <= b.y || b.bottom() <= a.y;
}

// Of a node, by its parent; a random tree, parents first, and a second root in the middle.
std::vector<int> random_parents(int n, unsigned seed) {
    std::vector<int> parents{-1};
    for (int i = 1; i < n; ++i) {
        seed = seed * 1664525u + 1013904223u;
        parents.push_back(i == n / 2 ? -1
                                     : static_cast<int>((seed >> 8) % static_cast<unsigned>(i)));
    }
    return parents;
}

}  // namespace

TEST_CASE("a first child goes on in its parent's lane, the others begin new ones") {
    //  0 - 1 - 2
    //   \   \- 3
    //    4 - 5
    const std::vector<int> parents{-1, 0, 1, 1, 0, 4};
    CHECK(lanes_of(parents) == std::vector<int>{0, 0, 0, 1, 2, 2});
    CHECK(lanes_of(std::vector<int>{-1, 0, -1, 2}) == std::vector<int>{0, 0, 1, 1});
}

TEST_CASE("no two nodes of a tree overlap, and parents come before their children") {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const std::vector<int> parents = random_parents(40, seed);
        const std::vector<int> lanes = lanes_of(parents);
        const int rows = *std::ranges::max_element(lanes) + 1;
        const TreeLayout layout{{30, 40, 900, 600}, 80, 20, 600.0f / 40, 1};
        std::vector<int> depth;
        std::vector<Rect> chips;
        for (size_t i = 0; i < parents.size(); ++i) {
            const int parent = parents[i];
            depth.push_back(parent < 0 ? 0 : depth[static_cast<size_t>(parent)] + 1);
            chips.push_back(layout.place(depth[i], lanes[i], rows));
            if (parent >= 0) CHECK(chips[static_cast<size_t>(parent)].right() + 20 <= chips[i].x);
            for (size_t j = 0; j < i; ++j) CHECK(apart(chips[i], chips[j]));
        }
    }
}

TEST_CASE("rows of a column fill the height of the tree") {
    const TreeLayout layout{{0, 10, 300, 90}, 100, 30, 20};
    CHECK(layout.place(0, 0, 1).centre().y == 55);
    CHECK(layout.place(0, 2, 3).centre().y == 85);
    const Rect chip = layout.place(2, 0, 3);
    CHECK(chip.x == 230);
    CHECK(chip.right() == 300);
    CHECK(chip.h == 20);
}
