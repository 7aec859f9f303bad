// A std::shared_ptr that threads read and replace: std::atomic's, which libc++ has not yet.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

namespace model {

#ifdef __cpp_lib_atomic_shared_ptr
template <class T>
using AtomicShared = std::atomic<std::shared_ptr<T>>;
#else
template <class T>
class AtomicShared {
  public:
    explicit(false) AtomicShared(std::shared_ptr<T> value) : value_(std::move(value)) {}
    std::shared_ptr<T> load() const {
        const std::lock_guard lock(mutex_);
        return value_;
    }
    void store(std::shared_ptr<T> value) {
        const std::lock_guard lock(mutex_);
        value_.swap(value);
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<T> value_;
};
#endif

}  // namespace model
