// A run as data: JSON, a table of rankings, every tensor.
#pragma once

#include <iosfwd>

#include "app/run/export_run.h"

namespace app {

// What is written ends early where a stream fails; its owner says so. All throw model::Stopped
// where `progress` gives up.

// Every step with its ranking, the pattern of the chosen head and the norms of the last position.
void write_json(std::ostream& out, ExportRun& run, const model::Progress& progress);
// A line for each of the first candidates of every step, and for the chosen one wherever it is:
// step,rank,id,token,logit,probability,adjusted,chosen. Numbers as in JSON.
void write_csv(std::ostream& out, ExportRun& run, const model::Progress& progress);
// The trace up to the last step asked for.
void write_tensors(std::ostream& out, ExportRun& run, const model::Progress& progress);

}  // namespace app
