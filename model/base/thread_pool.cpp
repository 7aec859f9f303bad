#include "model/base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

namespace model {

namespace {

// A pass shares out some hundred products one after the other: who has just worked looks for more
// so many times before it sleeps, some 20 microseconds, since waking takes longer than many a
// product.
constexpr int looks = 2000;

inline void pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

// Cores that this process may use, not all that there are.
int cores() {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

class ThreadPool {
  public:
    ThreadPool() { resize(0); }
    ~ThreadPool() { stop(); }
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
            call(body, 0, n);
            return;
        }
        while (static_cast<int>(helpers_.size()) < size_ - 1) {
            helpers_.emplace_back([this] { help(); });
        }
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
        while (inside_ > 0) pause();
    }

  private:
    static constexpr int most = 256;

    void take_pieces() {
        working = true;
        for (size_t begin = next_.fetch_add(piece_); begin < n_; begin = next_.fetch_add(piece_)) {
            call_(body_, begin, std::min(begin + piece_, n_));
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
};

thread_local bool ThreadPool::working = false;

// Left to the end of the process: whoever ends it may still be at work.
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
