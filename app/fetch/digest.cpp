#include "app/fetch/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "model/base/error.h"

namespace app {

namespace {

bool is_hex(const std::string& text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

void went_well(int result) {
    model::check(result == 1, "libcrypto computes SHA-1 and SHA-256");
}

}  // namespace

struct Digest::Running {
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    Running() = default;
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { EVP_MD_CTX_free(context); }
};

Digest::Digest(const std::string& name, uint64_t size) : name_(name) {
    constexpr size_t sha1_digits = 40, sha256_digits = 64;
    if (!is_hex(name) || (name.size() != sha1_digits && name.size() != sha256_digits)) return;
    running_ = std::make_unique<Running>();
    const bool git = name.size() == sha1_digits;
    went_well(EVP_DigestInit_ex(running_->context, git ? EVP_sha1() : EVP_sha256(), nullptr));
    if (git) add("blob " + std::to_string(size) + std::string(1, '\0'));
}

Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::add(std::string_view bytes) {
    if (running_) went_well(EVP_DigestUpdate(running_->context, bytes.data(), bytes.size()));
}

bool Digest::matches() {
    if (!running_) return true;
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned size = 0;
    went_well(EVP_DigestFinal_ex(running_->context, hash.data(), &size));
    std::string digits;
    for (unsigned i = 0; i < size; ++i) {
        digits += "0123456789abcdef"[hash[i] >> 4];
        digits += "0123456789abcdef"[hash[i] & 15];
    }
    return std::ranges::equal(digits, name_, {}, {}, [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
}

}  // namespace app
