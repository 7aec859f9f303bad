// A deck as a film, MP4, WebM or WebP: made by the ffmpeg that is on the path, which is fed with
// frames through a pipe. No sound, and no date inside.
#pragma once

#include <ostream>

#include "viz/slides/deck.h"

namespace app {

// 1280 pixels wide. Throws model::Error where there is no ffmpeg or it fails, and model::Stopped
// when `progress` says so.
void write_mp4(std::ostream& out, const viz::Deck& deck, const model::Progress& progress);
void write_webp(std::ostream& out, const viz::Deck& deck, const model::Progress& progress);
void write_webm(std::ostream& out, const viz::Deck& deck, const model::Progress& progress);

}  // namespace app
