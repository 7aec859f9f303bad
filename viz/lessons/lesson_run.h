// A stop's run, and what its claims and words ask of it. What the run does not have throws
// model::Error.
#pragma once

#include <string>
#include <vector>

#include "viz/lessons/lesson.h"

namespace viz {

std::string quoted(const model::Model& model, int id);  // “␣Paris”

// Model and step outlive it.
class LessonRun {
  public:
    LessonRun(const model::Model& model, const model::Step& step) : model_(model), step_(step) {}

    const model::Model& model() const { return model_; }
    const model::Step& step() const { return step_; }
    int length() const { return static_cast<int>(step_.records.size()); }
    int at(int position) const { return step_.records[static_cast<size_t>(position)]->id(); }

    model::HeadIndex head(const model::HeadName& name);
    const model::HeadScores& scores_of(model::HeadIndex head);
    int position(const PositionName& name) const;
    int layer(int from_one) const;                 // 0: the last
    int index_of(const std::string& token) const;  // in the ranking
    const model::Candidate& candidate(const std::string& token) const;

    // Of the `n` likeliest tokens together.
    double top(int n, double model::Candidate::*part) const;

    std::string generated() const;
    double perplexity() const;
    double surprise(int position) const;  // bits
    double saving() const;
    int loop() const { return model::loop_length(step_.ids()); }
    // What a head or an MLP adds to the logit of a token.
    double share(const PartName& part, const std::string& token);

  private:
    const std::vector<model::HeadScores>& scores();

    const model::Model& model_;
    const model::Step& step_;
    std::vector<model::HeadScores> scores_;
};

// One claim, measured. The error names file and line.
Measured measured(LessonRun& run, const Lesson& lesson, const Claim& claim);

}  // namespace viz
