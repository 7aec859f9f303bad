// Walking through a lesson in the window: one key goes on, one goes back, and between them the user
// may go where he likes.
#pragma once

#include "app/control/actions.h"

namespace app {

void list_lessons(App& app);
void start_lesson(App& app, std::shared_ptr<const viz::Lesson> lesson);
// Reveals what is hidden, then answers the question, then goes to the next stop.
// At the end: finishes it, and shows the list at the next one.
void lesson_on(App& app);
void lesson_back(App& app);
// Closes it. The model that was open before is open again.
void leave_lesson(App& app);
// Writes the open lesson as a handout (PDF, HTML), as slides with speaker notes (PPTX), and its
// worksheet (PDF).
void export_lesson(App& app);
// Reads the open lesson again when its file was changed, and stays at the stop. Looks at the file
// once a second.
void follow_lesson_file(App& app);
// Takes over how a stop is looked at; nothing where another one has been asked for meanwhile.
void arrive(State& state, Arrived& arrived);
// The lesson stands at a stop, and the run is left as it is.
void resume(State& state, Resumed& resumed);

}  // namespace app
