#include "viz/lessons/quiz.h"

#include <algorithm>

#include "model/base/csv_cell.h"
#include "viz/paint/format.h"

namespace viz {

namespace {

constexpr size_t offered = 4;

// GIFT's own signs.
std::string gift_text(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (std::string_view("~=#{}:\\").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

// A token as it is read: without the space in front of it, unless it is nothing else.
std::string read_aloud(const model::Model& model, int id) {
    const std::string shown = model.shown(id);
    constexpr std::string_view space = "␣";
    return shown.starts_with(space) && shown.size() > space.size() ? shown.substr(space.size())
                                                                   : shown;
}

void offer(std::vector<std::string>& choices, const std::string& choice) {
    if (std::ranges::find(choices, choice) == choices.end()) choices.push_back(choice);
}

}  // namespace

std::vector<QuizQuestion> quiz_of(const Lesson& lesson, int stop, const StopLook& look,
                                  const model::Model& model, const model::Step& step) {
    if (look.question.empty()) return {};
    const LessonStop& written = lesson.stops[static_cast<size_t>(stop)];
    QuizQuestion quiz{lesson.id, stop + 1, written.place.prompt, look.question, look.answer, {}};
    if (written.guess) {
        const auto& all = step.ranking.candidates;
        offer(quiz.choices, read_aloud(model, step.ranking.proposed().id));
        for (size_t i = 0; i < all.size() && quiz.choices.size() < offered; ++i) {
            offer(quiz.choices, read_aloud(model, all[i].id));
        }
    }
    return {quiz};
}

std::string quiz_as_gift(const std::vector<QuizQuestion>& questions) {
    std::string out;
    for (const QuizQuestion& quiz : questions) {
        out += "::" + gift_text(quiz.lesson + " " + count(quiz.stop)) + "::[plain]";
        if (!quiz.text.empty()) out += "“" + gift_text(quiz.text) + "” — ";
        out += gift_text(quiz.question) + " {";
        for (const std::string& choice : quiz.choices) {
            out += (&choice == quiz.choices.data() ? "=" : " ~") + gift_text(choice);
        }
        if (!quiz.answer.empty()) out += "####" + gift_text(quiz.answer);
        out += "}\n\n";
    }
    return out;
}

std::string quiz_as_csv(const std::vector<QuizQuestion>& questions) {
    std::string out = "lesson,stop,text,question,answer,right,wrong1,wrong2,wrong3\r\n";
    for (const QuizQuestion& quiz : questions) {
        out += model::csv_cell(quiz.lesson) + "," + std::to_string(quiz.stop) + "," +
               model::csv_cell(quiz.text) + "," + model::csv_cell(quiz.question) + "," +
               model::csv_cell(quiz.answer);
        for (size_t i = 0; i < offered; ++i) {
            out += "," + model::csv_cell(i < quiz.choices.size() ? quiz.choices[i] : "");
        }
        out += "\r\n";
    }
    return out;
}

}  // namespace viz
