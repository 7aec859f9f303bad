#include "app/run/film.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "app/run/process.h"
#include "model/base/error.h"

namespace app {

namespace {

constexpr float film_width = 1280;
constexpr std::array frame_rates{2, 4, 5, 10, 20};  // frames a second

struct Container {
    const char* name;  // "mp4", also ffmpeg's
    const char* coder;
    std::vector<std::string> options;
};

// ffmpeg, fed through a socket, which tells of a reader that is gone without a signal. It writes
// into memory: some containers are finished at their beginning, and no file is left behind.
class Ffmpeg {
  public:
    Ffmpeg(const Container& container, int width, int height, int rate) : film_(memory_file()) {
        int ends[2];
        if (!film_.open() || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
            throw model::Error("ffmpeg: cannot be started");
        }
        feed_ = ends[0];
        const Descriptor reader(ends[1]);
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
                                          std::to_string(rate),
                                          "-i",
                                          "-",
                                          "-pix_fmt",
                                          "yuv420p",
                                          "-fflags",
                                          "+bitexact",
                                          "-flags:v",
                                          "+bitexact",
                                          "-threads",
                                          "1",
                                          "-c:v",
                                          container.coder};
        words.insert(words.end(), container.options.begin(), container.options.end());
        words.insert(words.end(), {"-f", container.name, "-y", "/dev/fd/3"});
        process_.emplace(words, reader.number(), -1, film_.number());
    }
    ~Ffmpeg() { stop_feeding(); }  // and `process_` ends it
    Ffmpeg(const Ffmpeg&) = delete;
    Ffmpeg& operator=(const Ffmpeg&) = delete;

    bool add(const viz::Pixels& frame) {
        const char* bytes = reinterpret_cast<const char*>(frame.argb.data());
        size_t left = frame.argb.size() * sizeof frame.argb[0];
        while (left > 0) {
            const ssize_t n = send(feed_, bytes, left, MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return false;
            bytes += n;
            left -= static_cast<size_t>(n);
        }
        return true;
    }

    // Whether it made its film.
    bool finish() {
        stop_feeding();
        return process_->finish();
    }

    // Bytes of the film.
    size_t copy_to(std::ostream& out) const {
        char part[1 << 16];
        size_t all = 0;
        lseek(film_.number(), 0, SEEK_SET);
        for (ssize_t n = 0; (n = read(film_.number(), part, sizeof part)) > 0;) {
            out.write(part, n);
            all += static_cast<size_t>(n);
        }
        return all;
    }

  private:
    void stop_feeding() {
        if (feed_ >= 0) ::close(feed_);
        feed_ = -1;
    }

    Descriptor film_;
    int feed_ = -1;
    std::optional<Process> process_;
};

// As few frames as show every page for its time: stills need two a second.
int rate_of(const viz::Deck& deck) {
    size_t which = 0;
    for (int i = 0; i < deck.pages; ++i) {
        const int hundredths = deck.page(i).hundredths;
        while (which + 1 < frame_rates.size() && hundredths * frame_rates[which] % 100 != 0)
            ++which;
    }
    return frame_rates[which];
}

void write_film(std::ostream& out, const viz::Deck& deck, const model::Progress& progress,
                const Container& container) {
    const std::string name = container.name;
    if (!has_program("ffmpeg")) {
        throw model::Error(name +
                           ": films are made by ffmpeg, which is not here; install it, or "
                           "write a gif, which needs nothing");
    }
    const viz::Size size = deck.size();
    // Even, as the coders want them.
    const float wanted = deck.scale > 0 ? size.w * deck.scale : film_width;
    const int width = static_cast<int>(std::lround(wanted / 2)) * 2;
    const float scale = static_cast<float>(width) / size.w;
    const int height = static_cast<int>(std::lround(size.h * scale / 2)) * 2;
    const int rate = rate_of(deck);
    Ffmpeg ffmpeg(container, width, height, rate);
    bool fed = true;
    for (int i = 0; i < deck.pages && fed; ++i) {
        const viz::Page page = deck.page(i);
        const viz::Pixels frame = viz::render_pixels({size.w, static_cast<float>(height) / scale},
                                                     scale, deck.theme->card, page.whole);
        model::check(frame.width == width && frame.height == height, "film: frames of one size");
        const int times = std::max(page.hundredths * rate / 100, 1);
        for (int k = 0; k < times && fed; ++k) fed = ffmpeg.add(frame);
        model::tell(progress, i + 1, deck.pages);
    }
    if (!fed) model::tell(progress, deck.pages, deck.pages);  // was it asked to end?
    if (!ffmpeg.finish() || !fed) {
        throw model::Error(name + ": ffmpeg failed; does it have the coder " + container.coder +
                           "? A gif needs nothing");
    }
    if (ffmpeg.copy_to(out) == 0) throw model::Error(name + ": ffmpeg made nothing");
}

}  // namespace

void write_mp4(std::ostream& out, const viz::Deck& deck, const model::Progress& progress) {
    write_film(out, deck, progress,
               {"mp4", "libx264", {"-preset", "medium", "-crf", "20", "-movflags", "+faststart"}});
}

void write_webm(std::ostream& out, const viz::Deck& deck, const model::Progress& progress) {
    write_film(out, deck, progress,
               {"webm",
                "libvpx-vp9",
                {"-crf", "30", "-b:v", "0", "-deadline", "realtime", "-cpu-used", "7"}});
}

void write_webp(std::ostream& out, const viz::Deck& deck, const model::Progress& progress) {
    write_film(out, deck, progress, {"webp", "libwebp_anim", {"-q:v", "85", "-loop", "0"}});
}

}  // namespace app
