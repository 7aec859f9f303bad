// A map of bounded size that forgets what was asked for the longest time ago.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace model {

template <typename Key, typename Value>
class LruCache {
  public:
    explicit LruCache(size_t most) : most_(most) {}

    // Null when it is not remembered. Valid until the next put.
    const Value* find(const Key& key) {
        const auto found = held_.find(key);
        if (found == held_.end()) return nullptr;
        found->second.asked = ++clock_;
        return &found->second.value;
    }

    const Value& put(const Key& key, Value value) {
        if (held_.size() >= most_ && !held_.contains(key)) {
            held_.erase(std::min_element(held_.begin(), held_.end(), [](auto& a, auto& b) {
                return a.second.asked < b.second.asked;
            }));
        }
        return held_.insert_or_assign(key, Held{std::move(value), ++clock_}).first->second.value;
    }

    size_t size() const { return held_.size(); }

  private:
    struct Held {
        Value value;
        uint64_t asked;
    };
    std::map<Key, Held> held_;
    size_t most_;
    uint64_t clock_ = 0;
};

}  // namespace model
