// What is answered to which request: the one table of a class's pages, and who may see them.
#pragma once

#include <memory>
#include <string>

#include "app/class/allowance.h"
#include "app/class/classroom.h"
#include "app/class/connections.h"
#include "app/class/web_files.h"

namespace app {

// Used on one thread.
class ClassRoutes {
  public:
    ClassRoutes(std::string code, WebFiles web, std::shared_ptr<Classroom> classroom);
    ~ClassRoutes();

    Reply answer(const Asked& asked);
    // Forgets who asked for what is long ago.
    void sweep(Classroom::Clock::time_point now);

  private:
    class Pages;
    std::unique_ptr<Pages> pages_;
};

}  // namespace app
