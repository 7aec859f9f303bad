// The window's side of the drawings: what a frame wants to show, and the latest that there is of
// it. A frame never waits: until the renderer is done it shows what it showed before.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/screen/view_renderer.h"
#include "viz/paint/canvas.h"

namespace app {

class ViewCache {
  public:
    explicit ViewCache(std::function<void()> wake) : renderer_(std::move(wake)) {}

    // Begins a frame: takes in what is finished.
    void begin();
    // Draws a view into a rectangle, and notes that it is wanted. Where that is smaller than the
    // view needs, the drawing is smaller as a whole.
    void show(viz::Canvas& canvas, viz::Rect rect, const viz::View& view);
    // As a small picture, which fills the rectangle. Pictures that are not there yet are wanted one
    // after another, so that what is large does not wait for them.
    void show_small(viz::Canvas& canvas, viz::Rect rect, const viz::View& view);
    // Likewise anything else that has a name.
    void show(viz::Canvas& canvas, viz::Rect rect, const std::string& name, Sheet::Draw draw);
    // Ends the frame: orders what was wanted, unless it is there already.
    void end(const Snapshot& what, const viz::Hit& hover);

    std::string take_failure() { return renderer_.take_failure(); }
    // The words for what was pointed at when they were ordered; empty until they are there.
    viz::Lines tooltip(const viz::Hit& hover) const;
    // Whether the drawings show this step: what is pointed at in them is then of it.
    bool shows(const model::StepPtr& step) const { return shown_.order.what.step == step; }
    // Whether everything on show is what was ordered.
    bool settled() const { return ordered_ == shown_.order; }
    // The same but for small pictures, which may come later.
    bool whole() const;

  private:
    const viz::DisplayList* find(const Sheet& wanted) const;

    ViewRenderer renderer_;
    Work shown_;
    Order ordered_;
    std::vector<Sheet> wanted_;
    std::vector<Sheet> small_wanted_;
    struct Small {
        viz::Size size;
        std::shared_ptr<const viz::DisplayList> drawing;
    };
    std::map<std::string, Small> small_;  // the latest of each
};

}  // namespace app
