#include "app/export_view.h"

#include <filesystem>

#include "app/settings.h"
#include "model/error.h"
#include "model/file.h"
#include "viz/cairo_canvas.h"
#include "viz/slide.h"
#include "viz/svg_canvas.h"

namespace app {

namespace {

constexpr float png_scale = 1;

}  // namespace

Page page_of(const State& state) {
    Page page{state.snapshot(), {}, {}};
    const std::string tab = state.view->id;
    page.views = export_views(state);
    page.name =
        slug(state.run_prompt) + "-step-" + std::to_string(state.step->number()) + "-" + tab;
    if (tab == "attention") {
        page.name += "-l" + std::to_string(state.selection.layer + 1) + "-h" +
                     std::to_string(state.selection.head + 1);
    }
    return page;
}

std::string save_page(const Page& page) {
    viz::Memo memo;
    const viz::Scene scene = page.what.scene(memo);
    const viz::Drawing drawing = [&](viz::Canvas& canvas) {
        viz::draw_slide(canvas, scene, page.views);
    };
    const std::string title = viz::slide_title(scene);
    const viz::Colour background = page.what.theme->card;
    viz::SvgCanvas svg(viz::slide_size(viz::SlideShape::wide), background);
    drawing(svg);

    const std::filesystem::path folder = export_folder();
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) {
        throw model::Error(folder.string() + ": the folder cannot be made: " + failed.message());
    }
    model::write_file(folder / (page.name + ".svg"), svg.finish(title));
    model::write_file(
        folder / (page.name + ".png"),
        viz::render_png(viz::slide_size(viz::SlideShape::wide), png_scale, background, drawing));
    model::write_file(
        folder / (page.name + ".pdf"),
        viz::render_pdf(viz::slide_size(viz::SlideShape::wide), background, title, {drawing}));
    return "Saved " + page.name + " as .svg, .png and .pdf in " + folder.string();
}

}  // namespace app
