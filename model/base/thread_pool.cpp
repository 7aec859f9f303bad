#include "model/base/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "model/base/cores.h"

namespace model {

namespace {

// A pass shares out some hundred products one after the other: who has just worked looks for more
// so many times before it sleeps, 20 to 100 microseconds, since waking takes longer than many a
// product.
constexpr int looks = 2000;

inline void pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

// Never taken down: whoever ends the process may still be at work.
class ThreadPool {
  public:
    ThreadPool() { resize(0); }
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int resize(int n) {
        const std::scoped_lock lock(one_at_a_time_);
        stop();
        size_ = std::clamp(n > 0 ? n : cores(), 1, most);
        return size_;
    }
    int size() const { return size_; }

    void share_out(size_t n, size_t piece, detail::Piece call, const void* body) {
        if (n == 0) return;
        const size_t pieces = (n + piece - 1) / piece;
        std::unique_lock lock(one_at_a_time_, std::defer_lock);
        if (pieces < 2 || size_ < 2 || working || !lock.try_lock()) {
            for (size_t begin = 0; begin < n; begin += piece) {
                call(body, begin, std::min(begin + piece, n));
            }
            return;
        }
        call_helpers();
        n_ = n;
        piece_ = piece;
        call_ = call;
        body_ = body;
        next_ = 0;
        open_ = true;
        ++jobs_;
        jobs_.notify_all();
        take_pieces();
        // Nobody may be left who reads what the next job writes.
        open_ = false;
        for (int look = 0; inside_ > 0; ++look) {
            look < looks ? pause() : std::this_thread::yield();
        }
        if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
    }

  private:
    static constexpr int most = 256;

    // A system that has no more threads to give leaves us with fewer.
    void call_helpers() {
        try {
            while (static_cast<int>(helpers_.size()) < size_ - 1) {
                helpers_.emplace_back([this] { help(); });
            }
        } catch (const std::system_error&) {
            size_ = static_cast<int>(helpers_.size()) + 1;
        }
    }

    void take_pieces() {
        working = true;
        try {
            for (size_t at = next_.fetch_add(piece_); at < n_; at = next_.fetch_add(piece_)) {
                call_(body_, at, std::min(at + piece_, n_));
            }
        } catch (...) {
            const std::scoped_lock lock(throwing_);
            if (!thrown_) thrown_ = std::current_exception();
            next_ = n_;
        }
        working = false;
    }

    void help() {
        unsigned seen = 0;
        while (true) {
            for (int look = 0; look < looks && jobs_ == seen; ++look) pause();
            jobs_.wait(seen);
            seen = jobs_;
            if (stopped_) return;
            ++inside_;
            if (open_) take_pieces();
            --inside_;
        }
    }

    void stop() {
        stopped_ = true;
        ++jobs_;
        jobs_.notify_all();
        for (std::thread& helper : helpers_) helper.join();
        helpers_.clear();
        stopped_ = false;
        jobs_ = 0;
    }

    static thread_local bool working;  // within a body

    std::mutex one_at_a_time_;
    std::vector<std::thread> helpers_;
    std::atomic<int> size_ = 1;
    std::atomic<bool> stopped_ = false;
    std::atomic<unsigned> jobs_ = 0;  // so many were shared out
    // The job of now: written while it is not open and nobody is inside.
    size_t n_ = 0, piece_ = 1;
    detail::Piece call_ = nullptr;
    const void* body_ = nullptr;
    std::atomic<size_t> next_ = 0;
    std::atomic<bool> open_ = false;
    std::atomic<int> inside_ = 0;
    std::mutex throwing_;
    std::exception_ptr thrown_;
};

thread_local bool ThreadPool::working = false;

ThreadPool& pool() {
    static ThreadPool* const all = new ThreadPool;
    return *all;
}

}  // namespace

int set_threads(int n) {
    return pool().resize(n);
}

int threads() {
    return pool().size();
}

void detail::share_out(size_t n, size_t piece, Piece call, const void* body) {
    pool().share_out(n, piece, call, body);
}

}  // namespace model
