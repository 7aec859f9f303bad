#include "model/pass/roofline.h"

#include "model/base/thread_pool.h"

namespace model {

void multiply_adds_on_all(size_t n) {
    share_out(n, size_t{1} << 24, [](size_t begin, size_t end) {
        [[maybe_unused]] volatile float kept = multiply_adds(end - begin);
    });
}

void stream_on_all(const float* data, size_t n) {
    share_out(n, size_t{1} << 18, [=](size_t begin, size_t end) {
        [[maybe_unused]] volatile float kept = stream(data + begin, end - begin);
    });
}

}  // namespace model
