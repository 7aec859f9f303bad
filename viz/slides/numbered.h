// Numbers in the names of files: they sort.
#pragma once

#include <cstdio>
#include <string>

namespace viz {

inline std::string numbered(int number) {  // "007"
    char text[16];
    std::snprintf(text, sizeof text, "%03d", number);
    return text;
}

}  // namespace viz
