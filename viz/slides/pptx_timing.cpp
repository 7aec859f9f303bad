#include "viz/slides/pptx_timing.h"

#include "viz/slides/pptx_parts.h"

namespace viz::pptx {

namespace {

// How the parts of a shape belong together; pictures and tables have none.
std::string build_of(const Appearing& shown) {
    const std::string shape = "spid=\"" + std::to_string(shown.shape) + "\" grpId=\"0\"";
    switch (shown.kind) {
        case Appearing::Kind::words:
            return "<p:bldP " + shape + " animBg=\"1\"/>";
        case Appearing::Kind::chart:
            return "<p:bldGraphic " + shape + "><p:bldAsOne/></p:bldGraphic>";
        case Appearing::Kind::picture:
            break;
    }
    return "";
}

}  // namespace

std::string timing(const Clicks& clicks) {
    int id = 2;  // of the last node; the first two are the tree's
    const auto next = [&id] { return std::to_string(++id); };
    std::string all, builds;
    for (const std::vector<Appearing>& click : clicks) {
        if (click.empty()) continue;
        const std::string first = next(), second = next();
        std::string effects;
        for (const Appearing& shown : click) {
            const std::string build = build_of(shown);
            const std::string effect = next(), sets = next();
            effects +=
                fragment("appears", {{"first", effect},
                                     {"second", sets},
                                     {"group", build.empty() ? "" : " grpId=\"0\""},
                                     {"when", effects.empty() ? "clickEffect" : "withEffect"},
                                     {"shape", std::to_string(shown.shape)}});
            builds += build;
        }
        all += fragment("click", {{"first", first}, {"second", second}, {"effects", effects}});
    }
    if (all.empty()) return "";
    if (!builds.empty()) builds = "<p:bldLst>" + builds + "</p:bldLst>";
    return fragment("timing", {{"clicks", all}, {"builds", builds}});
}

}  // namespace viz::pptx
