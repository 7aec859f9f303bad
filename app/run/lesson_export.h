// A lesson to files: a handout or a worksheet for paper and browsers, slides with speaker notes.
#pragma once

#include "app/run/export_run.h"
#include "app/run/lessons.h"

namespace app {

enum class LessonForm { handout, worksheet, slides };

// How its pages look.
struct LessonPages {
    const viz::Theme& theme;
    viz::SlideShape shape = viz::SlideShape::wide;             // of slides
    float scale = 0;                                           // as ExportRun::scale
    std::shared_ptr<const viz::SlideTemplate> base = nullptr;  // whose slides they are added to
};

// Goes through all stops, which `stops` counts, then writes: as the form says. Throws like
// write_run(), and for formats without pages.
std::vector<std::filesystem::path> write_lesson(model::FileSet& files, LessonTour tour,
                                                const ExportFormat& format,
                                                const std::filesystem::path& out,
                                                const LessonPages& how, LessonForm form,
                                                const model::Progress& stops,
                                                const model::Progress& pages);

}  // namespace app
