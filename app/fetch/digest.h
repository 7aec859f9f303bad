// The check of a file that was fetched: the hash that the hub names it by, taken while its bytes
// stream through. libcrypto's, and the only file that includes it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace app {

class Digest {
  public:
    // Of a file of this size. Large files are named by their SHA-256 (64 hexadecimal digits), small
    // ones by their Git blob's SHA-1 (40). Any other name says nothing about the bytes.
    Digest(const std::string& name, uint64_t size);
    ~Digest();
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;

    void add(std::string_view bytes);
    // Once, at the end: whether the bytes are those of that name.
    bool matches();

  private:
    struct Running;
    std::unique_ptr<Running> running_;  // null: there is nothing to check
    std::string name_;
};

}  // namespace app
