// What the worker does while nobody asks for anything: strategies side by side, what would follow
// the likeliest candidates, and what the cache saves.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>

#include "app/run/worker.h"
#include "model/base/failure.h"

namespace app {

namespace {

constexpr auto before_timing = std::chrono::milliseconds(250);
constexpr auto before_looking_ahead = std::chrono::milliseconds(40);
constexpr auto between_tellings = std::chrono::milliseconds(150);  // of what goes on
constexpr int most_timings = 12;
constexpr double timing_ms = 60;  // no further run once so much time was spent

double ms_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

// The shortest of a few runs: what disturbed the others is not the model's.
double best_ms(const std::function<void()>& work) {
    double best = ms_of(work), spent = best;
    for (int i = 1; i < most_timings && spent < timing_ms; ++i) {
        const double ms = ms_of(work);
        best = std::min(best, ms);
        spent += ms;
    }
    return best;
}

}  // namespace

// Whether something else waits to be done.
model::StopAsked Worker::idle(const std::stop_token& quit) {
    return [this, quit] {
        {
            const std::lock_guard lock(mutex_);
            if (!requests_.empty()) return true;
        }
        return executor_.must_yield(quit);
    };
}

// Strategies of the step on show, and one token more: the next step then finds its own there.
void Worker::compare(const std::stop_token& quit) {
    if (!session_ || compare_.rules.empty()) return;
    const model::Step& step = *session_->step();
    try {
        if (!comparison_ || !comparison_->is_of(step)) {
            comparison_ = std::make_unique<model::StrategyComparison>(
                model_, step, session_->options().stop_at_end);
            comparison_->set_rules(compare_.rules);
        }
        const model::StopAsked asked = idle(quit);
        auto told = std::chrono::steady_clock::now();
        const int last = step.number() + 1;
        for (int tokens = comparison_->strategies()->length(); tokens <= last; ++tokens) {
            (void)comparison_->run(tokens, asked);
            const auto now = std::chrono::steady_clock::now();
            if (tokens + 1 < last && now - told < between_tellings) continue;
            told = now;
            push(Compared{comparison_->strategies()});
        }
    } catch (const model::Stopped&) {
        push(Compared{comparison_->strategies()});  // it goes on afterwards
    } catch (const std::exception& failure) {
        comparison_.reset();
        compare_ = {};
        push(Failed{"comparing strategies: " + model::failure_words(failure)});
    }
}

// Lets the window draw what is new: it would be disturbed, and disturb. False when something else
// waits to be done.
bool Worker::left_alone(std::chrono::milliseconds time, const std::stop_token& quit) {
    {
        const std::lock_guard lock(mutex_);
        if (!requests_.empty()) return false;
    }
    return executor_.rest(time, quit);
}

// Given up as soon as somebody asks for something; the passes that are done make the next step
// shorter.
void Worker::look_ahead(const std::stop_token& quit) {
    if (!session_ || session_->stage() != model::Stage::proposed) return;
    const model::TokenRecord* tip = session_->step()->records.back().get();
    const auto known = ahead_.find(tip);
    if (known != ahead_.end()) push(LookedAhead{known->second});
    if (!left_alone(before_looking_ahead, quit)) return;
    if (known != ahead_.end()) return session_->make_ready();
    auto told = std::chrono::steady_clock::now();
    const auto tell = [&](const model::LookAheadPtr& so_far) {
        const auto now = std::chrono::steady_clock::now();
        if (now - told < between_tellings) return;
        told = now;
        push(LookedAhead{so_far});
    };
    ahead_[tip] =
        model::look_ahead(*session_, model::ahead_candidates, model::ahead_depth, tell, idle(quit));
    push(LookedAhead{ahead_[tip]});
}

// What the cache saves: the pass that made the step's last record, as a cached step and as a pass
// over the whole sequence, both up to the logits. Given up as soon as somebody asks for something.
void Worker::measure(const std::stop_token& quit) {
    if (!session_) return;
    const model::StepPtr step = session_->step();
    const model::TokenRecord* tip = step->records.back().get();
    if (const auto known = timed_.find(tip); known != timed_.end()) {
        push(known->second);
        return;
    }
    if (!left_alone(before_timing, quit)) return;
    const model::StopAsked asked = idle(quit);
    const model::Model& model = *model_;
    const std::vector<int> ids = step->ids();
    const int before = static_cast<int>(ids.size()) - 1;
    model::KvCache scratch(model.config);
    for (int i = 0; i < before; ++i) scratch.append(*step->records[static_cast<size_t>(i)]);
    std::vector<float> cached, naive;  // logits
    auto pass = [&](int from, std::vector<float>& logits) {
        scratch.truncate(from);
        const std::span<const int> rest(ids.begin() + from, ids.end());
        const auto records =
            model::forward(model.config, model.weights, scratch, rest, asked, step->ablation);
        logits = model::logits(model.weights, *records.back());
    };
    Timed timed{tip, best_ms([&] { pass(before, cached); }), best_ms([&] { pass(0, naive); })};
    for (size_t i = 0; i < cached.size(); ++i) {
        timed.difference = std::max(timed.difference, std::abs(cached[i] - naive[i]));
    }
    timed_[tip] = timed;
    push(timed);
}

// What was given up goes on when this step is shown again. It is a help, not a promise: where there
// is too little memory for it, nobody is bothered.
void Worker::at_leisure(const std::stop_token& quit) {
    try {
        compare(quit);
        look_ahead(quit);
        measure(quit);
    } catch (const model::Stopped&) {
    } catch (const std::bad_alloc&) {
    } catch (const std::exception& failure) {
        push(Failed{model::failure_words(failure)});
    }
}

}  // namespace app
