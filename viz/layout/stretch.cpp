#include "viz/layout/stretch.h"

#include <algorithm>

namespace viz {

Stretch stretch_around(int selected, int n, int room, int before) {
    room = std::clamp(room, 1, n);
    const int first = std::clamp(selected - before, 0, n - room);
    return {first, first + room};
}

}  // namespace viz
