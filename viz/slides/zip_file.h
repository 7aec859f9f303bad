// A zip archive in memory, as office programs read it: few files, each below 4 GB, with names in
// ASCII and one fixed date, so that the same files give the same bytes.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

namespace viz {

enum class Packing { stored, deflated };  // stored: what is packed already

class ZipFile {
  public:
    // Throws std::runtime_error when the archive grows too large.
    void add(const std::string& name, const std::string& bytes, Packing packing);
    // The whole archive; nothing is added afterwards.
    void write(std::ostream& out);

  private:
    std::string bytes_;      // each file behind its header
    std::string directory_;  // the headers once more, with where they are
    uint16_t files_ = 0;
};

}  // namespace viz
