#include "model/base/failure.h"

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

}  // namespace model
