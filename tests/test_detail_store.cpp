// Details of records within a budget: dropped oldest first, computed again when looked at.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "model/pass/hooks.h"
#include "model/run/session.h"
#include "tests/support.h"

using model::Session;
using tests::bundled;

namespace {

constexpr int prompt_length = 100, steps = 20;

size_t bytes_of_one() {
    return sizeof(float) * model::TokenRecord::Layout(bundled()->config).detail_floats;
}

model::StepPtr run(size_t budget, model::SessionOptions options = {}) {
    options.detail_budget = budget;
    Session session(bundled(), options);
    std::vector<int> prompt;
    for (int i = 0; i < prompt_length; ++i) prompt.push_back((i * 37 + 5) % 2000);
    session.start(prompt, {});
    for (int i = 0; i < steps; ++i) session.commit();
    return session.step();
}

int with_details(const model::Records& records) {
    return static_cast<int>(
        std::ranges::count_if(records, [](const auto& record) { return record->has_details(); }));
}

double difference(const model::HookTensor& a, const model::HookTensor& b) {
    double worst = 0;
    for (size_t i = 0; i < a.values.size(); ++i) {
        if (a.values[i] == b.values[i]) continue;  // both -inf where masked
        worst = std::max(worst, std::abs(double{a.values[i]} - b.values[i]));
    }
    return worst;
}

}  // namespace

TEST_CASE("within a budget the oldest details go first, and the tokens are the same") {
    const model::StepPtr whole = run(0), lean = run(10 * bytes_of_one());
    CHECK(lean->ids() == whole->ids());
    CHECK(with_details(whole->records) == prompt_length + steps);
    CHECK(with_details(lean->records) == 10);
    for (int i = 0; i < 10; ++i) CHECK(lean->records[prompt_length + 10 + i]->has_details());
}

TEST_CASE("dropped details are computed again: every tensor to the bit") {
    const model::StepPtr whole = run(0), lean = run(10 * bytes_of_one());
    for (const std::string& name : model::hook_names(bundled()->config)) {
        const auto expected = model::read_hook(*bundled(), whole->records, name);
        const auto again = model::read_hook(*bundled(), lean->records, name);
        CHECK_MESSAGE(difference(expected, again) == 0, name);
        CHECK(with_details(lean->records) <= model::DetailStore::block + 10);
    }
}

TEST_CASE("an ablated run is computed again without what was ablated") {
    model::SessionOptions options;
    options.ablation = {{{1, 2}}, {3}};
    const model::StepPtr whole = run(0, options), lean = run(1, options);
    CHECK(with_details(lean->records) == 1);
    for (const int layer : {1, 3, 5}) {
        const auto expected = whole->records[7]->mlp_out(layer);
        const auto again = lean->records[7]->mlp_out(layer);
        for (size_t j = 0; j < expected.size(); ++j) {
            CHECK(again[j] == doctest::Approx(expected[j]).epsilon(1e-3));
        }
        if (layer == 3) CHECK(std::ranges::all_of(again, [](float x) { return x == 0; }));
    }
}

TEST_CASE("what somebody holds stays while it is dropped, and several threads may look") {
    const model::StepPtr lean = run(4 * bytes_of_one());
    const auto held = lean->records[50]->mlp_pre(2);
    const std::vector<float> before(held.begin(), held.end());
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = t; i < prompt_length; i += 9) (void)lean->records[i]->resid_post(5);
        });
    }
    threads.clear();
    CHECK(std::ranges::equal(held, before));
}
