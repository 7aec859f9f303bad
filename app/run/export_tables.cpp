// A run as data: JSON, a table of rankings, every tensor.
#include <algorithm>
#include <ostream>

#include "app/run/export_run.h"
#include "app/run/step_json.h"
#include "model/base/csv_cell.h"
#include "model/base/json.h"
#include "model/run/trace_file.h"

namespace app {

namespace {

using Json = nlohmann::ordered_json;

constexpr int candidates_listed = 50;

// The shortest digits that give the same number again, as JSON has them.
std::string digits(double value) {
    return model::json_text(Json(value));
}

}  // namespace

// Every step with its ranking, the pattern of the chosen head and the norms of the last position.
void write_json(std::ostream& out, ExportRun& run, const model::Progress& progress) {
    const model::Model& model = run.session().model();
    const Json head = {{"program", std::string("stepscope ") + STEPSCOPE_VERSION},
                       {"model", model.config.name},
                       {"model_hash", model.hash()},
                       {"decoding", model::describe(run.session().decoding())}};
    // A step a line: a long run is not held at once.
    std::string text = model::json_text(head, 1);
    text.resize(text.rfind('\n'));
    out << text << ",\n \"steps\": [";
    const std::vector<int>& steps = run.steps();
    const int all_steps = static_cast<int>(steps.size());
    for (int i = 0; i < all_steps && out; ++i) {
        const model::StepPtr step = run.step(steps[static_cast<size_t>(i)]);
        Json object = step_json(model, *step, run.session().decoding());
        object.update(internals_json(model, *step, run.layer(), run.head()));
        out << (i > 0 ? ",\n  " : "\n  ") << model::json_text(object);
        model::tell(progress, i + 1, all_steps);
    }
    out << "\n ]\n}\n";
}

// A line for each of the first candidates of every step, and for the chosen one wherever it is:
// step,rank,id,token,logit,probability,adjusted,chosen. Numbers as in JSON.
void write_csv(std::ostream& out, ExportRun& run, const model::Progress& progress) {
    const model::Model& model = run.session().model();
    out << "step,rank,id,token,logit,probability,adjusted,chosen\n";
    const std::vector<int>& steps = run.steps();
    const int all_steps = static_cast<int>(steps.size());
    for (int i = 0; i < all_steps && out; ++i) {
        const model::StepPtr step = run.step(steps[static_cast<size_t>(i)]);
        const model::Ranking& ranking = step->ranking;
        const int all = static_cast<int>(ranking.candidates.size());
        const bool proposes = step->why == model::StopReason::none;
        auto line = [&](int index) {
            const model::Candidate& c = ranking.candidates[static_cast<size_t>(index)];
            out << steps[static_cast<size_t>(i)] << ',' << index + 1 << ',' << c.id << ','
                << model::csv_cell(model.shown(c.id)) << ',' << digits(c.logit) << ','
                << digits(c.probability) << ',' << digits(c.adjusted) << ','
                << (proposes && index == ranking.pick ? 1 : 0) << '\n';
        };
        for (int index = 0; index < std::min(all, candidates_listed); ++index) line(index);
        if (proposes && ranking.pick >= candidates_listed) line(ranking.pick);
        model::tell(progress, i + 1, all_steps);
    }
}

// The trace up to the last step asked for.
void write_tensors(std::ostream& out, ExportRun& run, const model::Progress& progress) {
    const model::StepPtr step = run.step(run.steps().back());
    model::write_trace(out, run.session().model(), step->records,
                       trace_metadata(run.session(), run.prompt), progress);
}

}  // namespace app
