#include "model/pass/roofline.h"

#include "model/base/thread_pool.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/pass/roofline.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "model/pass/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace model {
namespace HWY_NAMESPACE {

// n fused multiply-adds out of registers; returns their sum.
float multiply_adds(size_t n) {
    constexpr size_t chains = 12;  // enough to hide how long one takes
    Vector sum[chains];
    for (size_t c = 0; c < chains; ++c) sum[c] = of(static_cast<float>(c));
    const Vector a = of(0.999f), b = of(1e-3f);
    for (size_t i = 0; i < n; i += chains * width) {
        for (size_t c = 0; c < chains; ++c) sum[c] = hn::MulAdd(sum[c], a, b);
    }
    for (size_t c = 1; c < chains; ++c) sum[0] = hn::Add(sum[0], sum[c]);
    return hn::GetLane(sum[0]);
}

// In many chains: as fast as memory brings it. A last piece that fills no round is left out.
float stream(const std::byte* data, size_t bytes) {
    constexpr size_t chains = 8;
    const size_t each = width * sizeof(float);
    Vector sum[chains];
    for (Vector& s : sum) s = hn::Zero(lanes);
    for (size_t i = 0; i + chains * each <= bytes; i += chains * each) {
        for (size_t c = 0; c < chains; ++c) {
            float some[width];  // whatever was stored there
            std::memcpy(some, data + i + c * each, each);
            sum[c] = hn::Add(sum[c], load(some));
        }
    }
    for (size_t c = 1; c < chains; ++c) sum[0] = hn::Add(sum[0], sum[c]);
    return hn::GetLane(hn::SumOfLanes(lanes, sum[0]));
}

}  // namespace HWY_NAMESPACE
}  // namespace model
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace model {

HWY_EXPORT(multiply_adds);
HWY_EXPORT(stream);

float multiply_adds(size_t n) {
    return HWY_DYNAMIC_DISPATCH(multiply_adds)(n);
}

float stream(const std::byte* data, size_t bytes) {
    return HWY_DYNAMIC_DISPATCH(stream)(data, bytes);
}

void multiply_adds_on_all(size_t n) {
    share_out(n, size_t{1} << 24, [](size_t begin, size_t end) {
        [[maybe_unused]] volatile float kept = multiply_adds(end - begin);
    });
}

void stream_on_all(const std::byte* data, size_t bytes) {
    const size_t unit = 64 * static_cast<size_t>(threads());
    share_out(bytes, (bytes + unit - 1) / unit * 64, [=](size_t begin, size_t end) {
        [[maybe_unused]] volatile float kept = stream(data + begin, end - begin);
    });
}

}  // namespace model

#endif
