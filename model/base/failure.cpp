#include "model/base/failure.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <system_error>

#include "model/base/error.h"

namespace model {

std::string failure_words(const std::exception& failure) {
    if (dynamic_cast<const Error*>(&failure)) return failure.what();
    if (const auto* file = dynamic_cast<const std::filesystem::filesystem_error*>(&failure)) {
        // Without a name it is the folder that everything is relative to.
        const std::string name =
            file->path1().empty() ? "the current folder" : file->path1().string();
        return name + ": " + file->code().message();
    }
    if (const auto* system = dynamic_cast<const std::system_error*>(&failure)) {
        return "the system refuses: " + system->code().message();
    }
    if (dynamic_cast<const std::bad_alloc*>(&failure)) return "there is not enough memory for this";
    return std::string("this is a bug in the program: ") + failure.what();
}

namespace {

constexpr size_t kept_bytes = 4 << 20;  // what a vocabulary of 250,000 asks for when it goes
std::atomic<void*> kept = nullptr;

void give_back() {
    std::free(kept.exchange(nullptr));
    throw std::bad_alloc();
}

}  // namespace

void keep_memory_for_the_end() {
    kept = std::malloc(kept_bytes);
    std::set_new_handler(give_back);
}

}  // namespace model
