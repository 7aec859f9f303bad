// `stepscope export`: pages of a run as SVG, PNG, PDF or JSON. Needs no display.
#include <cstdio>
#include <functional>

#include "app/cli.h"
#include "app/step_json.h"
#include "model/attention.h"
#include "model/error.h"
#include "model/file.h"
#include "viz/cairo_canvas.h"
#include "viz/slide.h"
#include "viz/svg_canvas.h"
#include "viz/view.h"

namespace app {

namespace fs = std::filesystem;

namespace {

std::string format_of(const Options& options) {
    if (!options.format.empty()) return options.format;
    const std::string extension = options.out.extension().string();
    for (const char* known : {"svg", "png", "pdf", "json"}) {
        if (extension == std::string(".") + known) return known;
    }
    if (extension.empty()) return "svg";
    throw model::Error(options.out.string() + ": the format cannot be told from \"" + extension +
                       "\"; say --format svg, png, pdf or json");
}

std::vector<const viz::View*> chosen_views(const Options& options) {
    std::vector<const viz::View*> chosen;
    for (const std::string& id : options.views) {
        const viz::View* view = viz::find_view(id);
        if (!view) {
            throw model::Error("--views: there is no view \"" + id +
                               "\"; `stepscope views` lists them");
        }
        chosen.push_back(view);
    }
    if (chosen.size() > 2) throw model::Error("--views: a page holds one or two views");
    if (chosen.empty()) chosen = {viz::find_view("head"), viz::find_view("ranking")};
    return chosen;
}

// One file takes `out` as it is; many are numbered: out.svg -> out-001.svg, folder -> step-001.svg.
fs::path page_path(const fs::path& out, const std::string& format, int number, bool many) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%03d", number);
    if (!out.has_extension()) return out / ("step-" + std::string(digits) + "." + format);
    if (!many) return out;
    return out.parent_path() / (out.stem().string() + "-" + digits + out.extension().string());
}

// The pages of one run. A page's step is looked up when it is drawn, so that a long run of a large
// model does not hold every ranking at once.
class Pages {
  public:
    Pages(const Options& options, model::Session& session)
        : options_(options), session_(session), views_(chosen_views(options)) {
        const model::Config& config = session.model().config;
        auto index = [](const char* flag, const std::optional<int>& wish, int n, int otherwise) {
            if (!wish) return otherwise;
            if (*wish < 1 || *wish > n) {
                throw model::Error(std::string(flag) + ": " + std::to_string(*wish) +
                                   " is not between 1 and " + std::to_string(n));
            }
            return *wish - 1;
        };
        session_.rewind(0);
        const auto telling = model::most_telling_head(config, session.step()->records);
        layer_ = index("--layer", options.layer, config.n_layer, telling.layer);
        head_ = index("--head", options.head, config.n_head, telling.head);
        first_ = options.step.value_or(1);
        const int last_step = session.path_length() - session.step()->prompt_length + 1;
        last_ = options.step.value_or(last_step);
        if (first_ < 1 || last_ > last_step) {
            throw model::Error("--step: the run has steps 1 to " + std::to_string(last_step) +
                               ", not " + std::to_string(first_));
        }
        total_ = last_step;
    }

    int first() const { return first_; }
    int last() const { return last_; }
    int layer() const { return layer_; }
    int head() const { return head_; }
    const viz::Theme& theme() const {
        return options_.theme == "dark" ? viz::dark_theme() : viz::light_theme();
    }
    std::string title(int number) {
        go(number);
        return viz::slide_title(scene());
    }
    void draw(int number, viz::Canvas& canvas) {
        go(number);
        viz::draw_slide(canvas, scene(), views_);
    }
    const model::StepPtr& go(int number) {
        if (!session_.step() || session_.step()->number() != number) {
            session_.rewind(session_.step()->prompt_length + number - 1);
        }
        return session_.step();
    }

  private:
    viz::Scene scene() {
        viz::Scene scene{
            session_.model(), *session_.step(), memo_, theme(), session_.decoding(), {}, {}};
        scene.selection.layer = layer_;
        scene.selection.head = head_;
        scene.attention.hide_first = options_.hide_first;
        scene.total_steps = total_;
        return scene;
    }

    const Options& options_;
    model::Session& session_;
    std::vector<const viz::View*> views_;
    viz::Memo memo_;
    int layer_ = 0, head_ = 0, first_ = 1, last_ = 1, total_ = 1;
};

std::string run_json(const Options& options, model::Session& session, Pages& pages) {
    const model::Model& model = session.model();
    nlohmann::ordered_json run = {{"program", std::string("stepscope ") + STEPSCOPE_VERSION},
                                  {"model", model.config.name},
                                  {"model_hash", model.hash()},
                                  {"decoding", model::describe(decoding(options))},
                                  {"steps", nlohmann::ordered_json::array()}};
    for (int number = pages.first(); number <= pages.last(); ++number) {
        const model::StepPtr step = pages.go(number);
        auto object = step_json(model, *step, session.decoding());
        object.update(internals_json(model, *step, pages.layer(), pages.head()));
        run["steps"].push_back(std::move(object));
    }
    return run.dump(1) + "\n";
}

}  // namespace

int run_export(const Options& options) {
    const std::string format = format_of(options);
    const auto model = open_model(options);
    const auto prompt = prompt_ids(options, *model);
    model::Session session(model, session_options(options, model->config));
    session.start(prompt, decoding(options));
    for (int i = 1; i < options.steps.value_or(1) && session.stage() == model::Stage::proposed;
         ++i) {
        session.commit();
    }
    Pages pages(options, session);
    const bool many = pages.last() > pages.first();
    const bool numbered = format == "svg" || format == "png";
    if (!options.out.has_extension() && numbered) {
        std::error_code failed;
        fs::create_directories(options.out, failed);
        if (failed) {
            throw model::Error(options.out.string() +
                               ": the folder cannot be made: " + failed.message());
        }
    }
    std::vector<fs::path> written;
    auto save = [&](const fs::path& path, const std::string& bytes) {
        model::write_file(path, bytes);
        written.push_back(path);
    };
    if (format == "json") {
        save(options.out, run_json(options, session, pages));
    } else if (format == "pdf") {
        std::vector<viz::Drawing> drawings;
        for (int number = pages.first(); number <= pages.last(); ++number) {
            drawings.push_back([&pages, number](viz::Canvas& c) { pages.draw(number, c); });
        }
        save(options.out,
             viz::render_pdf(viz::slide_size(viz::SlideShape::wide), pages.theme().card,
                             "Stepscope: " + model->config.name, drawings));
    } else {
        for (int number = pages.first(); number <= pages.last(); ++number) {
            const fs::path path = page_path(options.out, format, number, many);
            if (format == "svg") {
                viz::SvgCanvas canvas(viz::slide_size(viz::SlideShape::wide), pages.theme().card);
                pages.draw(number, canvas);
                save(path, canvas.finish(pages.title(number)));
            } else {
                save(path, viz::render_png(viz::slide_size(viz::SlideShape::wide), options.scale,
                                           pages.theme().card,
                                           [&](viz::Canvas& c) { pages.draw(number, c); }));
            }
        }
    }
    for (const fs::path& path : written) std::printf("%s\n", path.c_str());
    return 0;
}

}  // namespace app
