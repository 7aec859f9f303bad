// The sums behind one number: which number is explained. The pages are viz/views/arithmetic/pages'.
#include "model/interp/arithmetic.h"

#include <algorithm>
#include <optional>
#include <string>

#include "viz/views/arithmetic/pages.h"
#include "viz/views/drawings.h"
#include "viz/views/view_table.h"

namespace viz {

namespace {

// The locked cell, if it is a number that can be explained.
std::optional<Subject> locked_subject(const Scene& scene) {
    const Hit& hit = scene.locked;
    const Target& id = hit.target;
    const model::Config& c = scene.model.config;
    const int n = scene.length();
    if (hit.row < 0 || hit.col < 0) return {};
    if (id.is("map") || id.is("row")) {
        const int layer = id.number(0, c.n_layer), head = id.number(1, c.n_head);
        if (layer < 0 || head < 0) return {};
        if (id.is("map")) {
            if (hit.row >= n || hit.col >= n) return {};
            return ScoreOf{layer, head, hit.row, hit.col};
        }
        const int last = id.number(2, n);
        if (last < 0) return {};
        return ScoreOf{layer, head, scene.position(), last};
    }
    if (id.is("stream")) {
        const int line = id.number(0, c.n_layer + 1), cols = id.number(1, c.d_model + 1);
        if (line < 0 || cols <= 0 || hit.col >= cols) return {};
        const int dimension = hit.row * cols + hit.col;
        if (dimension >= c.d_model) return {};
        return StreamOf{line, scene.position(), dimension};
    }
    if (id.is("norms")) {
        const std::string what(id.word());
        if (what != "resid" && what != "attn" && what != "mlp") return {};
        if (hit.row >= c.n_layer + (what == "resid" ? 1 : 0) || hit.col >= n) return {};
        return LengthOf{what, hit.row, hit.col};
    }
    if (id.is("neuron")) {
        const int layer = id.number(0, c.n_layer), neuron = id.number(1, c.d_mlp);
        if (layer >= 0 && neuron >= 0) return NeuronOf{layer, scene.position(), neuron};
    }
    if (id.is("candidate")) {
        const int index = id.number(0, static_cast<int>(scene.step.ranking.candidates.size()));
        if (index >= 0) return LogitOf{index};
    }
    return {};
}

int index_of(const Scene& scene, int id) {
    const auto& all = scene.step.ranking.candidates;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.id == id; });
    return found == all.end() ? 0 : static_cast<int>(found - all.begin());
}

Subject phase_subject(const Scene& scene) {
    const Selection& s = scene.selection;
    const int position = scene.position();
    switch (s.phase) {
        case Phase::tokens:
        case Phase::embedding:
            return EmbeddingOf{position};
        case Phase::attention: {
            const auto row = model::attention_row(scene.model.config, scene.step.records, s.layer,
                                                  s.head, position);
            const auto first = row.begin() + (scene.attention.hide_first && position > 0 ? 1 : 0);
            return ScoreOf{s.layer, s.head, position,
                           static_cast<int>(std::max_element(first, row.end()) - row.begin())};
        }
        case Phase::mlp: {
            const bool chosen = s.neuron >= 0 && s.neuron < scene.model.config.d_mlp;
            return NeuronOf{s.layer, position,
                            chosen ? s.neuron
                                   : model::strongest_neuron(
                                         scene.model, *scene.step.records[position], s.layer)};
        }
        case Phase::final_norm:
            return NormOf{position};
        default:
            return LogitOf{index_of(scene, scene.followed())};
    }
}

// What decides what is explained, when nothing is locked.
std::string why_of(const Scene& scene) {
    switch (scene.selection.phase) {
        case Phase::tokens:
        case Phase::embedding:
            return "The embedding of the selected position.";
        case Phase::attention:
            return std::string("The strongest key of the selected head and position") +
                   (scene.attention.hide_first ? ", token 0 aside." : ".");
        case Phase::mlp:
            return (scene.selection.neuron >= 0 ? "The selected neuron." : "The strongest neuron.");
        case Phase::final_norm:
            return "The stream at the selected position.";
        default:
            return (scene.selection.token >= 0 ? "The followed token." : "The proposed token.");
    }
}

SumPage page_of(const Scene& scene) {
    const std::optional<Subject> locked = locked_subject(scene);
    SumPage page = arithmetic_page(scene, locked ? *locked : phase_subject(scene));
    if (!locked) page.hint = "Click a number of any view to explain that one.";
    page.why = locked ? "The number that is pointed at or locked." : why_of(scene);
    return page;
}

Size arithmetic_size(const Scene&) {
    return {940, 640};
}

void draw_arithmetic(Canvas& canvas, Rect rect, const Scene& scene) {
    draw_sum_page(canvas, rect, page_of(scene), scene);
}

Lines arithmetic_tooltip(const Scene& scene, const Hit& hit) {
    const Target& id = hit.target;
    if (!id.is("operand") && !id.is("term")) return {};
    return sum_page_tooltip(page_of(scene), hit);
}

constexpr Pointing targets[] = {
    {.kind = "operand", .tooltip = arithmetic_tooltip},
    {.kind = "term", .tooltip = arithmetic_tooltip},
};

}  // namespace

// Targets: "operand/NAME/FIRST" of 1 x n cells of a vector from dimension FIRST on, "term/NAME/I",
// "token/I".
extern const View arithmetic_view{
    .id = "arithmetic",
    .title = "Arithmetic",
    .help = "the sums behind one number, step by step",
    .group = Group::stream,
    .heading = Heading::own,
    .preferred_size = arithmetic_size,
    .draw = draw_arithmetic,
    .tells_choice = true,
    .targets = targets,
};

}  // namespace viz
