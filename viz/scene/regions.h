// What a frame can be pointed at: the regions that its drawings declared, in drawing order.
#pragma once

#include <vector>

#include "viz/paint/geometry.h"
#include "viz/paint/target.h"

namespace viz {

// A place that can be pointed at, in the canvas' coordinates.
struct Region {
    Rect rect;     // divided into rows x cols cells
    Rect visible;  // the part inside the clip
    Target target;
    int rows = 1, cols = 1;
};

// The regions of one finished frame, in drawing order.
class Regions {
  public:
    void add(Region region) { all_.push_back(std::move(region)); }
    // What is at a point: the region drawn last; nothing where there is none.
    Hit at(Point point) const;
    // Where a target is; null when this frame did not draw it.
    const Region* find(const Target& target) const;
    // The cell that a hit means; empty when this frame did not draw it.
    Rect cell(const Hit& hit) const;
    const std::vector<Region>& all() const { return all_; }

  private:
    std::vector<Region> all_;
};

}  // namespace viz
