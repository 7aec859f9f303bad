#include "app/window/window_log.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <sstream>

#include "app/window/text_log.h"
#include "model/base/file_set.h"

namespace app {

namespace {

// The processor time of this thread: what others do to the machine does not count.
double busy_ms() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double wall_ms() {
    return std::chrono::duration<double, std::milli>(Clock::now().time_since_epoch()).count();
}

}  // namespace

WindowLog::WindowLog() {
    if (const char* path = std::getenv("STEPSCOPE_STATE_LOG")) states_.open(path, std::ios::app);
    if (const char* path = std::getenv("STEPSCOPE_FRAME_LOG")) frames_path_ = path;
    if (const char* path = std::getenv("STEPSCOPE_REGION_LOG")) regions_path_ = path;
    if (const char* path = std::getenv("STEPSCOPE_TEXT_LOG")) texts_path_ = path;
}

WindowLog::~WindowLog() {
    if (frames_path_.empty()) return;
    std::ofstream out(frames_path_);
    Frame most{};
    for (const Frame& frame : frames_) {
        out << frame.wall_ms << " " << frame.busy_ms << " " << frame.build_ms << "\n";
        most.wall_ms = std::max(most.wall_ms, frame.wall_ms);
        most.busy_ms = std::max(most.busy_ms, frame.busy_ms);
        most.build_ms = std::max(most.build_ms, frame.build_ms);
    }
    for (const double ms : drawn_) out << "drawn " << ms << "\n";
    out << "max " << most.wall_ms << " " << most.busy_ms << " " << most.build_ms << " count "
        << frames_.size() << "\n";
}

void WindowLog::state(const State& state, bool settled) {
    if (!states_.is_open() || !settled) return;
    std::string line = describe(state);
    if (line == last_) return;
    last_ = std::move(line);
    states_ << last_ << std::endl;
}

void WindowLog::regions(const viz::Regions& regions, float scale) {
    if (regions_path_.empty()) return;
    std::ostringstream out;
    for (const viz::Region& region : regions.all()) {
        const viz::Rect& r = region.visible;
        out << region.target.text() << " " << r.x * scale << " " << r.y * scale << " "
            << r.w * scale << " " << r.h * scale << "\n";
    }
    if (out.str() == regions_) return;
    regions_ = out.str();
    model::write_file(regions_path_, regions_);
}

void WindowLog::texts(const viz::DisplayList& drawing, viz::Size window) {
    TextLog log(window);
    drawing.replay(log, {});
    if (std::string lines = log.lines(); lines != texts_) {
        texts_ = std::move(lines);
        model::write_file(texts_path_, texts_);
    }
}

void WindowLog::begin_frame() {
    began_ = {wall_ms(), busy_ms(), 0};
}

void WindowLog::built() {
    began_.build_ms = busy_ms() - began_.busy_ms;
}

void WindowLog::end_frame() {
    if (frames_path_.empty()) return;
    frames_.push_back({wall_ms() - began_.wall_ms, busy_ms() - began_.busy_ms, began_.build_ms});
}

}  // namespace app
