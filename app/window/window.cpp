#include "app/window/window.h"

#include <GLFW/glfw3.h>
#include <imgui.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <utility>

#include "app/control/actions.h"
#include "app/control/class_guesses.h"
#include "app/control/class_phones.h"
#include "app/control/commands.h"
#include "app/control/fetching.h"
#include "app/control/interventions.h"
#include "app/control/lesson_player.h"
#include "app/control/selection.h"
#include "app/control/strategies.h"
#include "app/panels/panels.h"
#include "app/run/autosave.h"
#include "app/run/settings.h"
#include "app/screen/host.h"
#include "app/screen/imgui_canvas.h"
#include "app/screen/imgui_compat.h"
#include "app/screen/keys.h"
#include "app/screen/screen.h"
#include "app/screen/text_field.h"
#include "app/window/start.h"
#include "app/window/window_log.h"
#include "model/base/failure.h"
#include "model/load/plain_text.h"

namespace app {

namespace {

constexpr int settling_frames = 3;  // after an event: hover and layout follow one frame behind
constexpr float field_text = 15;
constexpr int large_screen = 2600;  // pixels across
constexpr auto longest_hold = std::chrono::milliseconds(150);

class Window {
  public:
    Window(const WindowOptions& options, std::shared_ptr<const model::Model> model)
        : screen_("Stepscope · " + model::plain_text(model->config.name)),
          app_(model, session_options(options, *model), glfwPostEmptyEvent) {
        app_.state.model = std::move(model);
        app_.state.prompt = text_of(options, *app_.state.model);
        app_.state.decoding = options.decoding;
        app_.state.view = viz::find_view("routes");
        app_.state.others = {viz::find_view("attention"), viz::find_view("lens"),
                             viz::find_view("heads")};
        kept_ = read_preferences();
        take_preferences(app_.state, kept_);
        kept_ = app_.state.preferences;
        // Who is told what to look at needs no introduction now.
        if (options.lesson || !options.run.empty()) app_.state.newcomer = false;
        app_.less_motion = ask_for_less_motion(glfwPostEmptyEvent);
        listen();
        screen_.start_imgui();
        // A screen with more pixels has larger glyphs, and as many of them.
        int pixels_w = 0, pixels_h = 0;
        glfwGetFramebufferSize(screen_.window(), &pixels_w, &pixels_h);
        glyphs_.emplace(pixels_w > large_screen ? 4096 : 2048);
        if (options.lesson) {
            start_lesson(app_, options.lesson);
        } else if (options.run.empty()) {
            app_.worker.post(Start{app_.state.prompt, options.ids, options.decoding});
        } else {
            app_.worker.post(OpenRun{options.run});
        }
        if (options.in_class) open_class(app_, options.port);
        if (const auto left = left_behind(); !left.empty()) app_.state.left = left.front();
    }

    // Takes in what happened, and draws a frame. False: the window is closed.
    bool turn() {
        if (glfwWindowShouldClose(screen_.window()) || app_.state.quit) return false;
        if (due_ > 0) {
            glfwPollEvents();
        } else {
            guarded([&] { keep_preferences(); });
            wait();
            due_ = settling_frames;
        }
        log_.begin_frame();
        frame();
        log_.end_frame();
        --due_;
        if (glyphs_->overflowed()) due_ = std::max(due_, 1);
        return true;
    }

  private:
    // What the user has set is there at the next start, too.
    void keep_preferences() {
        if (app_.state.preferences == kept_) return;
        kept_ = app_.state.preferences;
        write_preferences(kept_);
    }

    static Window& of(GLFWwindow* window) {
        return *static_cast<Window*>(glfwGetWindowUserPointer(window));
    }

    // GLFW is C, and nothing may be thrown through it. What could not be done is said, and the run
    // goes on.
    template <class Act>
    void guarded(const Act& act) {
        try {
            act();
        } catch (const std::exception& failure) {
            apply(app_.state, Failed{model::failure_words(failure)});
        }
    }

    // A sign that means nothing here may stand where another layout has what does: the digits of
    // AZERTY, two letters of the Hebrew layout.
    void press_character(unsigned character) {
        const auto [key, code, mods] = pressed_key_;
        if (press_key(app_, character_name(character, key, code, mods))) return;
        const bool sign = character < 127 && std::ispunct(static_cast<int>(character)) != 0;
        if (sign && !(mods & GLFW_MOD_SHIFT)) press_key(app_, place_name(key, 0));
    }

    void listen() {
        glfwSetWindowUserPointer(screen_.window(), this);
        glfwSetKeyCallback(
            screen_.window(), [](GLFWwindow* w, int key, int code, int action, int mods) {
                if (action == GLFW_RELEASE) return;
                of(w).app_.state.motion.skip();
                of(w).pressed_key_ = {key, code, mods};
                bool typed = false;
                of(w).guarded([&] { typed = of(w).type_key(key, mods); });
                if (typed) return;
                if (action == GLFW_REPEAT && !repeats(key)) return;
                of(w).guarded([&] { press_key(of(w).app_, key_name(key, code, mods)); });
            });
        glfwSetCharCallback(screen_.window(), [](GLFWwindow* w, unsigned character) {
            if (of(w).field_.active()) {
                of(w).guarded([&] { of(w).field_.character(character); });
                return;
            }
            of(w).guarded([&] { of(w).press_character(character); });
        });
        glfwSetCursorPosCallback(screen_.window(), [](GLFWwindow* w, double x, double y) {
            of(w).guarded([&] {
                of(w).move_mouse({static_cast<float>(x), static_cast<float>(y)});
            });
        });
        glfwSetDropCallback(screen_.window(), [](GLFWwindow* w, int count, const char** paths) {
            if (count > 0) of(w).guarded([&] { open_path(of(w).app_, paths[0]); });
        });
        glfwSetWindowRefreshCallback(screen_.window(),
                                     [](GLFWwindow* w) { of(w).screen_.damaged(); });
        glfwSetCursorEnterCallback(screen_.window(), [](GLFWwindow* w, int entered) {
            if (!entered) of(w).move_mouse({-1, -1});
        });
        glfwSetMouseButtonCallback(
            screen_.window(), [](GLFWwindow* w, int button, int action, int) {
                of(w).guarded([&] {
                    if (button == GLFW_MOUSE_BUTTON_LEFT) of(w).press_mouse(action == GLFW_PRESS);
                    if (button == GLFW_MOUSE_BUTTON_RIGHT && action == GLFW_PRESS)
                        of(w).press_right();
                });
            });
        glfwSetScrollCallback(screen_.window(), [](GLFWwindow* w, double, double up) {
            const bool control = glfwGetKey(w, GLFW_KEY_LEFT_CONTROL) == GLFW_PRESS ||
                                 glfwGetKey(w, GLFW_KEY_RIGHT_CONTROL) == GLFW_PRESS;
            const bool shift = glfwGetKey(w, GLFW_KEY_LEFT_SHIFT) == GLFW_PRESS ||
                               glfwGetKey(w, GLFW_KEY_RIGHT_SHIFT) == GLFW_PRESS;
            of(w).guarded([&] {
                turn_wheel(of(w).app_, of(w).app_.state.hover.target, up > 0 ? 1 : -1, control,
                           shift);
            });
        });
    }

    // Until something happens, or a time comes that was waited for.
    void wait() {
        if (app_.state.motion.began) return glfwWaitEventsTimeout(1.0 / 60);
        std::optional<Clock::time_point> until = next_due(app_);
        const bool holds = arrived_ && Clock::now() < *arrived_ + longest_hold;
        if (holds)
            until = std::min(until.value_or(*arrived_ + longest_hold), *arrived_ + longest_hold);
        if (!until) return glfwWaitEvents();
        const double seconds = std::chrono::duration<double>(*until - Clock::now()).count();
        if (seconds > 0) glfwWaitEventsTimeout(seconds);
    }

    void move_mouse(viz::Point at) {
        mouse_ = {at.x / scale_.canvas, at.y / scale_.canvas};
        if (const viz::Region* field = app_.regions.find(field_.id());
            field_.active() && field && app_.state.pressed == field->target) {
            field_.drag(mouse_.x - text_rect(*field).x);
        }
        app_.state.hover = at.x < 0 ? viz::Hit{} : app_.regions.at(mouse_);
        follow_mouse();
    }

    void follow_mouse() {
        if (!follows_mouse(app_.state.pressed)) return;
        if (const viz::Region* region = app_.regions.find(app_.state.pressed))
            drag(app_, *region, mouse_);
    }

    void press_mouse(bool down) {
        const viz::Hit hit = app_.regions.at(mouse_);
        clicked_at_ = mouse_;
        if (down) {
            app_.state.motion.skip();
            pressed_ = hit;
            app_.state.pressed = hit.target;
            press_field(hit);
            follow_mouse();
            return;
        }
        app_.state.pressed = {};
        // A drawing of another step is about other candidates.
        const bool meant = is_widget(hit.target) || sheets_.shows(app_.state.step);
        if (hit == pressed_ && meant && !follows_mouse(hit.target)) click(app_, hit);
    }

    void press_right() {
        const viz::Hit hit = app_.regions.at(mouse_);
        if (sheets_.shows(app_.state.step)) click_right(app_, hit);
    }

    void frame() {
        State& state = app_.state;
        for (Event& event : app_.worker.take()) {
            const model::StepPtr before = state.step;
            guarded([&] { apply(state, std::move(event)); });
            if (state.step != before) arrived_ = Clock::now();
        }
        guarded([&] {
            take_fetched(app_);
            take_answers(app_);
            play(app_);
            ask_for_strategies(app_);
            compare(app_);
            follow_lesson_file(app_);
            follow_class(app_);
        });
        if (std::string missing = viz::take_missing_characters(); !missing.empty()) {
            apply(state, TaskDone{std::move(missing)});
        }
        screen_.copy(std::exchange(state.to_copy, {}));
        if (const std::string why = sheets_.take_failure(); !why.empty()) apply(state, Failed{why});
        state.busy = app_.worker.busy();
        if (state.toast && Clock::now() >= state.toast->until) state.toast.reset();

        screen_.fill_monitor(state.fullscreen);
        scale_ = measure(screen_, state.zoom, least_of(screen_.size()),
                         state.presenting ? present_window : most_window);
        state.most_zoom = scale_.most_zoom;
        if (state.motion.began && state.motion.part(Clock::now()) >= 1) state.motion.skip();
        glyphs_->make_room();
        screen_.begin_frame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
        ImGui::Begin("window", nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                         ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav |
                         ImGuiWindowFlags_NoScrollWithMouse);
        guarded([&] { draw(); });
        guarded([&] { edit_fields(); });
        want_keyboard(field_.active());
        ImGui::End();
        ImGui::PopStyleVar(2);
        log_.built();
        // A new step comes on the screen as a whole, unless its drawings take long.
        if (arrived_ && !sheets_.whole() && Clock::now() < *arrived_ + longest_hold) {
            screen_.drop_frame();
        } else {
            screen_.end_frame(state.theme->page);
        }
        maps_.sweep();
        log_.regions(app_.regions, scale_.canvas);
        if (arrived_ && sheets_.whole()) {
            log_.drawn(std::chrono::duration<double, std::milli>(Clock::now() - *arrived_).count());
            arrived_.reset();
            if (std::exchange(state.motion.due, false)) state.motion.began = Clock::now();
        }
        log_.state(state, sheets_.settled());
    }

    void draw() {
        const State& state = app_.state;
        ImGuiCanvas canvas(*ImGui::GetWindowDrawList(), *glyphs_, maps_, scale_.canvas,
                           scale_.density, scale_.size);
        const Painter painter{canvas,
                              sheets_,
                              *state.theme,
                              state.hover.target,
                              state.pressed,
                              state.motion.part(Clock::now()),
                              fits_a_hand(scale_.size)};
        sheets_.begin();
        if (log_.wants_texts()) {
            viz::DisplayList kept;
            draw_window(painter.on(kept), scale_.size, state);
            kept.replay(canvas, {});
            log_.texts(kept, scale_.size);
        } else {
            draw_window(painter, scale_.size, state);
        }
        if (painter.way < 1 && state.overlay == Overlay::none) {
            hide_proposed(painter, canvas.regions());
        }
        if (state.overlay == Overlay::none) draw_spot(painter, canvas.regions(), state);
        sheets_.end(state.snapshot(), state.hover);
        if (!is_widget(state.hover.target)) {
            const viz::Rect cell = canvas.regions().cell(state.hover);
            if (cell.w > 0)
                canvas.stroke_rect(cell, {state.theme->text.with_alpha(0.75f), 1.25f}, 3);
        }
        const bool sliding = state.pressed.is("slider");
        const bool rests = std::hypot(mouse_.x - clicked_at_.x, mouse_.y - clicked_at_.y) < 6;
        if (!sliding && !rests && state.typing.empty()) {
            draw_tooltip(painter, canvas.regions().cell(state.hover),
                         tooltip_lines(state, sheets_, state.hover), scale_.size);
        }
        app_.regions = canvas.take_regions();
        if (mouse_.x >= 0) app_.state.hover = app_.regions.at(mouse_);
    }

    // Frames and hints around the texts are the panels'.
    void edit_fields() {
        State& state = app_.state;
        state.typing.clear();
        if (state.overlay == Overlay::none && edit("field/prompt", state.prompt)) {
            start_prompt(app_);
        }
        if (state.overlay == Overlay::none && edit("field/find", state.find)) {
            find_token(app_);
        }
        if (state.overlay == Overlay::none && edit("field/strategies", state.typed_rules)) {
            enter_rules(state);
        }
        // The field says what is compared, but for what is being typed.
        if (state.typing != "field/strategies" && state.error.empty()) {
            state.typed_rules = model::rules_text(state.rules);
        }
        if (state.overlay == Overlay::none && edit("field/guess", state.guess)) type_guess(state);
        if (state.overlay == Overlay::exporting && (edit("field/target", state.wishes.target) ||
                                                    edit("field/steps", state.wishes.chosen))) {
            start_export(app_);
        }
        if (state.overlay == Overlay::saving && edit("field/save", state.save_as) &&
            !state.save_as.empty()) {
            state.run_path = lengthened(state.save_as);
            state.overlay = Overlay::none;
            save_run(app_);
        }
        if ((state.overlay == Overlay::replacing || state.overlay == Overlay::appending) &&
            edit("field/typed", state.typed)) {
            finish_typing(app_);
        }
        if (state.overlay == Overlay::model && edit("field/folder", state.folder)) {
            open_folder(app_);
        }
        // One that is under a sheet, or gone, has the keyboard no longer.
        if (field_.active() && state.typing != field_.id()) field_.leave();
        left_field_.clear();
        entered_ = false;
    }

    // True when Enter was pressed in it.
    bool edit(const char* id, std::string& text) {
        const viz::Region* region = app_.regions.find(id);
        State& state = app_.state;
        if (!region) {
            if (field_.id() == id) field_.leave();
            return false;
        }
        if (state.wants_typing == id) {
            field_.enter(id, text);
            state.wants_typing.clear();
        }
        const viz::Rect rect = text_rect(*region);
        const viz::TextStyle style{viz::Face::sans, field_text, state.theme->text};
        ImGuiCanvas canvas(*ImGui::GetWindowDrawList(), *glyphs_, maps_, scale_.canvas,
                           scale_.density, scale_.size);
        if (field_.id() != id) {
            if (left_field_ == id) text = field_.text();  // as it was before
            TextField::draw_at_rest(canvas, rect, text, style);
            return false;
        }
        text = field_.text();
        field_.draw(canvas, rect, style, *state.theme);
        state.typing = id;
        if (!std::exchange(entered_, false)) return false;
        field_.leave();
        state.typing.clear();
        return true;
    }

    static viz::Rect text_rect(const viz::Region& field) {
        return field.rect.without_left(field_padding)
            .without_right(field_padding + field_hint_width(field.target.text(), field.rect));
    }

    // Whether the field that has the keyboard took the key.
    bool type_key(int key, int mods) {
        if (!field_.active() || types_nothing(key)) return false;
        const std::string id = field_.id();
        switch (field_.key(key, mods)) {
            case TextField::Did::nothing:
                return false;
            case TextField::Did::edited:
                return true;
            case TextField::Did::entered:
                entered_ = true;
                return true;
            case TextField::Did::left:
                left_field_ = id;
                field_.leave();
                // A card that is for its text goes with it.
                if (app_.state.overlay != Overlay::none && id != "field/target" &&
                    id != "field/steps") {
                    app_.state.overlay = Overlay::none;
                }
                return true;
        }
        return false;
    }

    // A press gives a field the keyboard, or takes it away.
    void press_field(const viz::Hit& hit) {
        const std::string id = hit.target.text();
        const viz::Region* region = app_.regions.find(id);
        if (!id.starts_with("field/") || !region) {
            field_.leave();
            return;
        }
        const bool had = field_.id() == id;
        if (!had) {
            app_.state.wants_typing = id;  // edit() knows its text; all of it is selected
            return;
        }
        const auto now = Clock::now();
        constexpr auto again = std::chrono::milliseconds(350);
        clicks_ = now - clicked_ < again ? clicks_ + 1 : 1;
        clicked_ = now;
        const bool extend = glfwGetKey(screen_.window(), GLFW_KEY_LEFT_SHIFT) == GLFW_PRESS ||
                            glfwGetKey(screen_.window(), GLFW_KEY_RIGHT_SHIFT) == GLFW_PRESS;
        field_.press(mouse_.x - text_rect(*region).x, clicks_, extend);
    }

    Preferences kept_;  // as they were written last
    Screen screen_;
    std::optional<GlyphAtlas> glyphs_;  // once there is an OpenGL context
    MapTextures maps_;
    WindowLog log_;
    ViewCache sheets_{glfwPostEmptyEvent};
    std::optional<Clock::time_point> arrived_;  // a step that is not drawn yet
    Scale scale_;
    int due_ = settling_frames;  // until there is nothing to be drawn
    TextField field_;
    bool entered_ = false;    // in it, since the last frame
    std::string left_field_;  // by Escape, since the last frame: it is as it was before
    Clock::time_point clicked_;
    int clicks_ = 0;
    struct {
        int key = 0, code = 0, mods = 0;
    } pressed_key_;  // the last, which a character comes from
    viz::Point mouse_{-1, -1};
    viz::Point clicked_at_{-100, -100};  // what a click has shown is not covered at once
    viz::Hit pressed_;
    App app_;  // last: its worker wakes the window
};

}  // namespace

int run_window(const WindowOptions& options) {
    const auto window = std::make_shared<Window>(options, first_model(options));
    run_turns([window] { return window->turn(); });
    return 0;
}

}  // namespace app
