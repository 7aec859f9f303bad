// A page has no ffmpeg.
#include "app/run/film.h"

#include "model/base/error.h"

namespace app {

namespace {

[[noreturn]] void refuse(const char* name) {
    throw model::Error(std::string(name) + ": a page writes no films; a gif needs nothing");
}

}  // namespace

void write_mp4(std::ostream&, const viz::Deck&, const model::Progress&) {
    refuse("mp4");
}

void write_webp(std::ostream&, const viz::Deck&, const model::Progress&) {
    refuse("webp");
}

void write_webm(std::ostream&, const viz::Deck&, const model::Progress&) {
    refuse("webm");
}

}  // namespace app
