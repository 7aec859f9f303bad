#include "app/run/film.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "app/run/desktop.h"
#include "model/base/error.h"

extern "C" char** environ;

namespace app {

namespace {

constexpr float film_width = 1280;
constexpr int frames_a_second = 10;

// A file that is gone when this is.
class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string& ending) {
        const char* folder = std::getenv("TMPDIR");
        name_ = std::string(folder && *folder ? folder : "/tmp") + "/stepscope-XXXXXX" + ending;
        number_ = mkstemps(name_.data(), static_cast<int>(ending.size()));
        if (number_ < 0) throw model::Error(name_ + ": cannot be made");
    }
    ~TemporaryFile() {
        close(number_);
        unlink(name_.c_str());
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::string& name() const { return name_; }

    void copy_to(std::ostream& out) const {
        char part[1 << 16];
        lseek(number_, 0, SEEK_SET);
        for (ssize_t n = 0; out && (n = read(number_, part, sizeof part)) > 0;) out.write(part, n);
    }

  private:
    std::string name_;
    int number_ = -1;
};

// ffmpeg, and the pipe to it. One that ends early is told by a failed write, not by a signal.
class Ffmpeg {
  public:
    explicit Ffmpeg(const std::vector<std::string>& words) {
        int ends[2];
        if (pipe(ends) != 0) throw model::Error("ffmpeg: cannot be started");
        before_ = std::signal(SIGPIPE, SIG_IGN);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
        posix_spawn_file_actions_addclose(&actions, ends[1]);
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", 1, 0);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", 1, 0);
        std::vector<char*> arguments;
        for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        const int failed =
            posix_spawnp(&process_, "ffmpeg", &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[0]);
        pipe_ = ends[1];
        if (failed != 0) process_ = 0;
    }
    ~Ffmpeg() {
        finish();
        std::signal(SIGPIPE, before_);
    }
    Ffmpeg(const Ffmpeg&) = delete;
    Ffmpeg& operator=(const Ffmpeg&) = delete;

    bool add(const viz::Pixels& frame) {
        const char* bytes = reinterpret_cast<const char*>(frame.argb.data());
        size_t left = frame.argb.size() * sizeof frame.argb[0];
        while (left > 0) {
            const ssize_t n = write(pipe_, bytes, left);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return false;
            bytes += n;
            left -= static_cast<size_t>(n);
        }
        return true;
    }

    // Whether it made its file.
    bool finish() {
        if (pipe_ >= 0) ::close(pipe_);
        pipe_ = -1;
        if (process_ <= 0) return false;
        int status = 0;
        while (waitpid(process_, &status, 0) < 0) {
            if (errno != EINTR) return false;
        }
        process_ = 0;
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

  private:
    pid_t process_ = 0;
    int pipe_ = -1;
    void (*before_)(int) = SIG_DFL;
};

void write_film(std::ostream& out, const viz::Deck& deck, const model::Progress& progress,
                const std::string& ending, const std::vector<std::string>& coder) {
    if (!has_program("ffmpeg")) {
        throw model::Error(ending.substr(1) +
                           ": films are made by ffmpeg, which is not here; "
                           "install it, or write a gif, which needs nothing");
    }
    const viz::Size size = viz::slide_size(deck.shape);
    const float scale = film_width / size.w;
    // Even, as the coders want them.
    const int width = static_cast<int>(film_width);
    const int height = static_cast<int>(std::lround(size.h * scale / 2)) * 2;
    const TemporaryFile film(ending);
    std::vector<std::string> words = {"ffmpeg",
                                      "-loglevel",
                                      "error",
                                      "-f",
                                      "rawvideo",
                                      "-pixel_format",
                                      "bgra",
                                      "-video_size",
                                      std::to_string(width) + "x" + std::to_string(height),
                                      "-framerate",
                                      std::to_string(frames_a_second),
                                      "-i",
                                      "-",
                                      "-pix_fmt",
                                      "yuv420p",
                                      "-fflags",
                                      "+bitexact",
                                      "-flags:v",
                                      "+bitexact",
                                      "-threads",
                                      "1"};
    words.insert(words.end(), coder.begin(), coder.end());
    words.insert(words.end(), {"-y", film.name()});
    Ffmpeg ffmpeg(words);
    bool fed = true;
    for (int i = 0; i < deck.pages && fed; ++i) {
        const viz::Page page = deck.page(i);
        viz::Pixels frame = viz::render_pixels({size.w, static_cast<float>(height) / scale}, scale,
                                               deck.theme->card, page.whole);
        if (frame.width != width || frame.height != height) {
            throw model::Error("film: a frame of another size");
        }
        const int times = std::max(page.hundredths * frames_a_second / 100, 1);
        for (int k = 0; k < times && fed; ++k) fed = ffmpeg.add(frame);
        model::tell(progress, i + 1, deck.pages);
    }
    if (!ffmpeg.finish() || !fed) {
        throw model::Error(ending.substr(1) + ": ffmpeg failed; does it have the coder " +
                           coder[1] + "?");
    }
    film.copy_to(out);
}

}  // namespace

void write_mp4(std::ostream& out, const viz::Deck& deck, const model::Progress& progress) {
    write_film(out, deck, progress, ".mp4",
               {"-c:v", "libx264", "-preset", "medium", "-crf", "20", "-movflags", "+faststart"});
}

void write_webm(std::ostream& out, const viz::Deck& deck, const model::Progress& progress) {
    write_film(out, deck, progress, ".webm",
               {"-c:v", "libvpx-vp9", "-crf", "30", "-b:v", "0", "-cpu-used", "5"});
}

}  // namespace app
