// A run as data: JSON, a table of rankings, every tensor.
#include <algorithm>
#include <ostream>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "app/run/export_run.h"
#include "app/run/step_json.h"
#include "model/base/csv_cell.h"
#include "model/base/json.h"
#include "model/run/trace_file.h"
#include "viz/paint/display_list.h"
#include "viz/scene/regions.h"
#include "viz/views/pointing.h"

namespace app {

namespace {

using Json = nlohmann::ordered_json;

constexpr int candidates_listed = 50;

// Keeps what can be pointed at.
class RegionCanvas : public viz::DisplayList {
  public:
    std::vector<viz::Region> regions;
    void region(viz::Rect rect, const viz::Target& target, int rows, int cols) override {
        regions.push_back({rect, rect, target, rows, cols});
    }
};

// What can be pointed at, and what the window says of it.
struct Cell {
    const char* view;
    std::string target;
    int row, column;
    std::string says;
};

// Of all views of the run's pages.
std::vector<Cell> cells_of(ExportRun& run, int number) {
    std::vector<Cell> cells;
    const viz::Scene& scene = run.scene(number);
    for (const viz::View* view : run.recipe().views) {
        const viz::Size size = view->preferred_size(scene);
        RegionCanvas canvas;
        viz::draw_view(canvas,
                       {0, 0, std::max(size.w, view->least.w), std::max(size.h, view->least.h)},
                       *view, scene);
        // A place may be drawn more than once.
        std::set<std::tuple<std::string, int, int, std::string>> told;
        for (const viz::Region& region : canvas.regions) {
            for (int row = 0; row < region.rows; ++row) {
                for (int col = 0; col < region.cols; ++col) {
                    std::string says;
                    for (const std::string& part : viz::tooltip(scene, {region.target, row, col}))
                        says += (says.empty() ? "" : " · ") + part;
                    if (says.empty()) continue;
                    Cell cell{view->id, std::string(region.target.text()), row, col, says};
                    if (told.emplace(cell.target, row, col, says).second)
                        cells.push_back(std::move(cell));
                }
            }
        }
    }
    return cells;
}

}  // namespace

// Every step with its ranking, the pattern of the chosen head and the norms of the last position;
// where somebody named views, what each of their cells says.
void write_json(std::ostream& out, ExportRun& run, const model::Progress& progress) {
    const model::Model& model = run.session().model();
    const Json head = {
        {"program", std::string("stepscope ") + STEPSCOPE_VERSION},
        {"model", model.config.name},
        {"model_hash", model.hash()},
        {"prompt",
         run.prompt.empty() || !model::is_utf8(run.prompt) ? Json(nullptr) : Json(run.prompt)},
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
        const auto& chosen = run.recipe().chosen;
        if (const auto choice = chosen.find(step->number()); choice != chosen.end()) {
            object["chosen_by"] = model::chosen_by_name(choice->second.by);
            object["decoding"] = model::describe(choice->second.decoding);
        }
        object.update(internals_json(model, *step, run.layer(), run.head()));
        if (run.chosen_views) {
            Json& cells = object["cells"] = Json::array();
            for (const Cell& cell : cells_of(run, step->number())) {
                cells.push_back({{"view", cell.view},
                                 {"target", cell.target},
                                 {"row", cell.row},
                                 {"column", cell.column},
                                 {"says", cell.says}});
            }
        }
        out << (i > 0 ? ",\n  " : "\n  ") << model::json_text(object);
        model::tell(progress, i + 1, all_steps);
    }
    out << "\n ]\n}\n";
}

// Every cell of the views that can be pointed at, a line each, with what the window says of it:
// step,view,target,row,column,says. Targets count from 0, like hooks.
static void write_view_csv(std::ostream& out, ExportRun& run, const model::Progress& progress) {
    out << "step,view,target,row,column,says\n";
    const std::vector<int>& steps = run.steps();
    const int all_steps = static_cast<int>(steps.size());
    for (int i = 0; i < all_steps && out; ++i) {
        const int number = steps[static_cast<size_t>(i)];
        for (const Cell& cell : cells_of(run, number)) {
            out << number << ',' << cell.view << ',' << model::csv_cell(cell.target) << ','
                << cell.row << ',' << cell.column << ',' << model::csv_cell(cell.says) << '\n';
        }
        model::tell(progress, i + 1, all_steps);
    }
}

// A line for each of the first candidates of every step, and for the chosen one wherever it is:
// step,rank,id,token,logit,probability,adjusted,chosen. Numbers as in JSON.
void write_csv(std::ostream& out, ExportRun& run, const model::Progress& progress) {
    if (run.chosen_views) return write_view_csv(out, run, progress);
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
                << model::csv_cell(model.shown(c.id)) << ',' << model::json_text(c.logit) << ','
                << model::json_text(c.probability) << ',' << model::json_text(c.adjusted) << ','
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
