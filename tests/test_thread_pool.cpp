// Work that is shared out is done once, whole, by however many threads.
#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "model/base/thread_pool.h"

namespace {

// Sets the threads, and back to one for each core.
struct Threads {
    explicit Threads(int n) { model::set_threads(n); }
    ~Threads() { model::set_threads(0); }
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;
};

void count(std::vector<std::atomic<int>>& times, size_t piece) {
    model::share_out(times.size(), piece, [&](size_t begin, size_t end) {
        CHECK(end - begin <= piece);
        for (size_t i = begin; i < end; ++i) ++times[i];
    });
}

bool all_are(const std::vector<std::atomic<int>>& times, int n) {
    for (const auto& time : times) {
        if (time != n) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("every piece is done once, on any number of threads") {
    for (const int threads : {1, 2, 5}) {
        const Threads set(threads);
        CHECK(model::threads() == threads);
        for (const size_t n : {0, 1, 2, 7, 64, 1000}) {
            for (const size_t piece : {1, 3, 64, 5000}) {
                std::vector<std::atomic<int>> times(n);
                for (int round = 0; round < 20; ++round) count(times, piece);
                CHECK_MESSAGE(all_are(times, 20), n << " in pieces of " << piece);
            }
        }
    }
}

TEST_CASE("whoever calls from within, or while others are at work, does it alone") {
    const Threads set(4);
    std::vector<std::atomic<int>> inner(10);
    model::share_out(8, 1, [&](size_t, size_t) { count(inner, 2); });
    CHECK(all_are(inner, 8));

    std::vector<std::atomic<int>> times(300);
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i) {
        callers.emplace_back([&] {
            for (int round = 0; round < 50; ++round) count(times, 7);
        });
    }
    for (std::thread& caller : callers) caller.join();
    CHECK(all_are(times, 200));
}

TEST_CASE("what a body throws comes to the caller, and work goes on afterwards") {
    for (const int threads : {1, 3}) {
        const Threads set(threads);
        for (int round = 0; round < 20; ++round) {
            std::string said;
            try {
                model::share_out(100, 1, [&](size_t begin, size_t) {
                    if (begin == 40) throw std::runtime_error("forty");
                });
            } catch (const std::runtime_error& error) {
                said = error.what();
            }
            CHECK(said == "forty");
            std::vector<std::atomic<int>> times(50);
            count(times, 3);
            CHECK(all_are(times, 1));
        }
    }
}
