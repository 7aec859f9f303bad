// How often something may be done: a bucket that fills again with time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace app {

struct Rate {
    double burst = 1;       // at once
    double per_second = 1;  // after that
};

class Allowance {
  public:
    using Clock = std::chrono::steady_clock;

    // Whether once more is allowed; it then counts.
    bool take(const Rate& rate, Clock::time_point now) {
        const double left = this->left(rate, now);
        if (left < 1) return false;
        left_ = left - 1;
        last_ = now;
        begun_ = true;
        return true;
    }
    bool has(const Rate& rate, Clock::time_point now) const { return left(rate, now) >= 1; }
    // As full as if nothing had been taken.
    bool rested(const Rate& rate, Clock::time_point now) const {
        return left(rate, now) >= rate.burst;
    }

  private:
    double left(const Rate& rate, Clock::time_point now) const {
        if (!begun_) return rate.burst;
        const double seconds = std::chrono::duration<double>(now - last_).count();
        return std::min(rate.burst, left_ + std::max(seconds, 0.0) * rate.per_second);
    }

    double left_ = 0;
    Clock::time_point last_;
    bool begun_ = false;
};

// The same for each of many, by a number that stands for who asks. Those that have rested are
// forgotten; of too many at once the rest share one bucket.
class Allowances {
  public:
    explicit Allowances(Rate rate, size_t most = 4096) : rate_(rate), most_(most) {}

    bool take(uint64_t who, Allowance::Clock::time_point now) {
        return of(who, now).take(rate_, now);
    }
    bool has(uint64_t who, Allowance::Clock::time_point now) const {
        const auto found = all_.find(who);
        return found == all_.end() || found->second.has(rate_, now);
    }
    // Forgets those that have rested.
    void sweep(Allowance::Clock::time_point now) {
        std::erase_if(all_, [&](const auto& one) { return one.second.rested(rate_, now); });
    }
    size_t size() const { return all_.size(); }

  private:
    Allowance& of(uint64_t who, Allowance::Clock::time_point now) {
        if (all_.size() >= most_ && !all_.contains(who)) {
            sweep(now);
            if (all_.size() >= most_) return others_;
        }
        return all_[who];
    }

    Rate rate_;
    size_t most_;
    std::unordered_map<uint64_t, Allowance> all_;
    Allowance others_;
};

}  // namespace app
