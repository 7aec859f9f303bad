#include "viz/slides/page_table.h"

#include <algorithm>

#include "viz/paint/format.h"

namespace viz {

PageTable ranking_table(const Scene& scene, const Language& language, bool asks) {
    constexpr size_t most = 9;            // candidates
    constexpr float longest_token = 800;  // hundredths of its size
    const model::Ranking& ranking = scene.step.ranking;
    const bool proposes = scene.step.why == model::StopReason::none;
    PageTable table;
    table.rows.push_back({language.say("table.token"), language.say("table.probability"),
                          language.say("table.logit")});
    table.says = language.say("table.says");
    table.bars_say = language.say("table.bars_say");
    double rest = 1;
    const auto add = [&](const model::Candidate& c) {
        rest -= c.probability;
        table.rows.push_back({fit_middle(Face::sans, 100, scene.shown(c.id), longest_token),
                              percent(c.probability), number(c.logit)});
        table.shares.push_back(c.probability);
    };
    const size_t n = std::min(most, ranking.candidates.size());
    for (size_t i = 0; i < n; ++i) {
        add(ranking.candidates[i]);
        if (proposes && static_cast<int>(i) == ranking.pick)
            table.marked = static_cast<int>(table.rows.size()) - 1;
    }
    if (proposes && ranking.pick >= static_cast<int>(n) && !asks) {
        add(ranking.proposed());
        table.marked = static_cast<int>(table.rows.size()) - 1;
    }
    const size_t others = ranking.candidates.size() - table.shares.size();
    if (others > 0) {
        rest = std::max(rest, 0.0);
        table.rows.push_back(
            {language.counted("others", static_cast<long long>(others)), percent(rest), ""});
        table.shares.push_back(rest);
    }
    if (proposes) {
        const model::Candidate& c = ranking.proposed();
        table.chosen = language.say("table.chosen", {{"token", scene.shown(c.id)},
                                                     {"rank", count(ranking.pick + 1)},
                                                     {"probability", percent(c.probability)}});
    }
    return table;
}

}  // namespace viz
