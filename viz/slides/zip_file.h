// A zip archive in memory, as office programs read it: few files, each below 4 GB, with names in
// ASCII and one fixed date, so that the same files give the same bytes.
#pragma once

#include <deque>
#include <ostream>
#include <string>

namespace viz {

enum class Packing { stored, deflated };  // stored: what is packed already

class ZipFile {
  public:
    // Throws std::runtime_error when the archive grows too large.
    void add(const std::string& name, const std::string& bytes, Packing packing);
    // The same in front of all others: a part that is told from them, and read first.
    void add_first(const std::string& name, const std::string& bytes, Packing packing);
    // The whole archive; nothing is added afterwards.
    void write(std::ostream& out);

  private:
    struct Entry {
        std::string name,
            header;  // what the file's own header and its entry in the directory share
        std::string packed;
    };
    Entry packed(const std::string& name, const std::string& bytes, Packing packing);

    std::deque<Entry> entries_;
    size_t size_ = 0;  // of the archive
};

}  // namespace viz
