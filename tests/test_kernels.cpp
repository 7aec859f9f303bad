// The kernels against the same sums written out.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "model/pass/activation.h"
#include "model/pass/kernels.h"

namespace {

std::vector<float> numbers(size_t n, int seed) {
    std::vector<float> x(n);
    for (size_t i = 0; i < n; ++i) {
        x[i] = static_cast<float>(std::fmod((i + 1.0) * 0.754877666 * seed, 1.0) - 0.5);
    }
    return x;
}

}  // namespace

TEST_CASE("linear equals the sum written out, for one row and for many") {
    for (const int rows : {1, 2, 7}) {
        for (const int out : {1, 63, 64, 200}) {
            const int in = 37;
            const auto x = numbers(static_cast<size_t>(rows) * in, 3);
            const auto w = numbers(static_cast<size_t>(in) * out, 5);
            const auto bias = numbers(static_cast<size_t>(out), 7);
            std::vector<float> y(static_cast<size_t>(rows) * out);
            model::linear({x.data(), rows, in, in}, {w.data(), nullptr, in, out}, bias.data(),
                          {y.data(), rows, out, out});
            double worst = 0;
            for (int r = 0; r < rows; ++r) {
                for (int o = 0; o < out; ++o) {
                    double sum = bias[o];
                    for (int i = 0; i < in; ++i) sum += double{x[r * in + i]} * w[i * out + o];
                    worst = std::max(worst, std::abs(sum - y[r * out + o]));
                }
            }
            CHECK(worst < 1e-5);
        }
    }
}

TEST_CASE("linear writes into rows that lie apart") {
    const std::vector<float> x = {1, 2, 3, 4}, w = {1, 0, 0, 1}, bias = {10, 20};
    std::vector<float> y(8, -1);
    model::linear({x.data(), 2, 2, 2}, {w.data(), nullptr, 2, 2}, bias.data(), {y.data(), 2, 2, 4});
    CHECK(y == std::vector<float>{11, 22, -1, -1, 13, 24, -1, -1});
}

TEST_CASE("dots are the products of rows with rows") {
    const auto w = numbers(15, 2);
    for (const int rows : {1, 3}) {
        const auto x = numbers(static_cast<size_t>(rows) * 5, 3);
        std::vector<float> y(static_cast<size_t>(rows) * 3);
        model::dots({x.data(), rows, 5, 5}, {w.data(), 3, 5, 5}, {y.data(), rows, 3, 3});
        for (int r = 0; r < rows; ++r) {
            for (int o = 0; o < 3; ++o) {
                double sum = 0;
                for (int i = 0; i < 5; ++i) sum += double{x[r * 5 + i]} * w[o * 5 + i];
                CHECK(y[r * 3 + o] == doctest::Approx(sum));
            }
        }
    }
}

TEST_CASE("layer_norm gives mean 0 and variance 1 before gain and bias") {
    const auto x = numbers(50, 3);
    const std::vector<float> gain(50, 1), bias(50, 0);
    std::vector<float> y(50);
    model::layer_norm(x.data(), gain.data(), bias.data(), 0, 50, y.data());
    double mean = 0, square = 0;
    for (float v : y) mean += v / 50;
    for (float v : y) square += v * v / 50;
    CHECK(mean == doctest::Approx(0).epsilon(1e-6));
    CHECK(square == doctest::Approx(1));
}

TEST_CASE("softmax sums to 1, survives large scores and gives masked ones nothing") {
    std::vector<float> x = {1000, 999, -std::numeric_limits<float>::infinity(), 998};
    model::softmax(x.data(), 4);
    CHECK(x[0] + x[1] + x[3] == doctest::Approx(1));
    CHECK(x[2] == 0);
    CHECK(x[0] / x[1] == doctest::Approx(std::exp(1.0)));
    float one = -3;
    model::softmax(&one, 1);
    CHECK(one == 1);
}

TEST_CASE("gelu is the tanh form, to the accuracy of float") {
    std::vector<float> x(4001), y(4001);
    for (int i = 0; i <= 4000; ++i) x[i] = static_cast<float>(i - 2000) / 100.0f;
    model::gpt2_activation().apply(x.data(), 4001, y.data());
    double worst = 0;
    for (int i = 0; i <= 4000; ++i) {
        const double v = x[i];
        const double exact =
            0.5 * v * (1 + std::tanh(std::sqrt(2 / M_PI) * (v + 0.044715 * v * v * v)));
        worst = std::max(worst, std::abs(exact - y[i]));
    }
    CHECK(worst < 2e-6);
    CHECK(y[2000] == 0);
}

TEST_CASE("softmax is that of double precision") {
    std::vector<float> x = numbers(1000, 3);
    for (float& v : x) v *= 60;
    double sum = 0;
    std::vector<double> exact(x.begin(), x.end());
    for (double& v : exact) sum += v = std::exp(v);
    model::softmax(x.data(), 1000);
    double worst = 0;
    for (int i = 0; i < 1000; ++i) worst = std::max(worst, std::abs(exact[i] / sum - x[i]));
    CHECK(worst < 1e-7);
}
