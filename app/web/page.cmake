# What is different where the program is a page: compiled by Emscripten, linked with the scripts of
# app/screen/web, its assets in one file beside it.

# Desktops only: other programs, and networks.
file(GLOB no_page ${PROJECT_SOURCE_DIR}/app/fetch/*.cpp ${PROJECT_SOURCE_DIR}/app/class/*.cpp)
list(FILTER no_page EXCLUDE REGEX "/(hub_options|classroom|random_text)\\.cpp$")
list(APPEND no_page ${PROJECT_SOURCE_DIR}/viz/slides/office_package.cpp
  ${PROJECT_SOURCE_DIR}/viz/slides/pptx_grown.cpp ${PROJECT_SOURCE_DIR}/viz/slides/pptx_layout.cpp)

# Small, since all of it is sent; but what computes and what draws each frame shall be fast.
set(CMAKE_CXX_FLAGS_RELEASE "-Os -DNDEBUG")
set(CMAKE_EXE_LINKER_FLAGS_RELEASE "-Os")
# Registers of 128 bits; the browser's own exceptions; std::stop_token. What is compiled for threads
# links without them, too.
add_compile_options(-msimd128 -fwasm-exceptions -fexperimental-library -pthread)
add_link_options(-msimd128 -fwasm-exceptions -fexperimental-library)
# Emscripten's headers have no OpenGL of desktops.
add_compile_definitions(GLFW_INCLUDE_ES3 STEPSCOPE_DATA="/assets")

file(GLOB drawing ${PROJECT_SOURCE_DIR}/app/screen/*.cpp ${PROJECT_SOURCE_DIR}/viz/paint/*.cpp)
set_source_files_properties(${drawing} PROPERTIES COMPILE_OPTIONS -O2)

find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(packed_model ${PROJECT_BINARY_DIR}/model.packed)
add_custom_command(OUTPUT ${packed_model} VERBATIM
  COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/app/web/packed.py
    ${PROJECT_SOURCE_DIR}/assets/model/model.safetensors ${packed_model}
  DEPENDS assets/model/model.safetensors app/web/packed.py)
add_custom_target(packed_model DEPENDS ${packed_model})

# The page's program, and the same with threads, for pages that may share memory with them: the
# objects are the same but for the executor, which is the desktops'.
function(make_page target)
  set(threads ${target}-threads)
  set(executor app/run/web/executor.cpp)
  add_executable(${threads}
    $<FILTER:$<TARGET_OBJECTS:${target}>,EXCLUDE,${executor}>
    ${PROJECT_SOURCE_DIR}/app/run/executor.cpp)
  get_target_property(libraries ${target} LINK_LIBRARIES)
  target_link_libraries(${threads} PRIVATE ${libraries})
  # Two threads are there from the start: the worker's, and that of who draws.
  target_link_options(${threads} PRIVATE -pthread -sPTHREAD_POOL_SIZE=2)

  file(GLOB configs RELATIVE ${PROJECT_SOURCE_DIR}/assets ${PROJECT_SOURCE_DIR}/assets/states/*/config.json)
  set(script ${PROJECT_SOURCE_DIR}/app/screen/web/page.js)
  foreach(page ${target} ${threads})
    target_link_options(${page} PRIVATE
      --js-library ${script}
      -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2 -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4GB
      -sINITIAL_MEMORY=64MB -sSTACK_SIZE=4MB -sDEFAULT_PTHREAD_STACK_SIZE=2MB -sFORCE_FILESYSTEM
      -sENVIRONMENT=web,worker -sEXPORTED_RUNTIME_METHODS=FS,IDBFS,ENV,addRunDependency,removeRunDependency
      -lidbfs.js)
    foreach(assets lessons fonts model/config.json model/merges.txt model/vocab.json ${configs})
      target_link_options(${page} PRIVATE
        "SHELL:--preload-file ${PROJECT_SOURCE_DIR}/assets/${assets}@/assets/${assets}")
    endforeach()
    target_link_options(${page} PRIVATE
      "SHELL:--preload-file ${packed_model}@/assets/model/model.packed")
    set_target_properties(${page} PROPERTIES LINK_DEPENDS "${script};${packed_model}")
    add_dependencies(${page} packed_model)
  endforeach()
endfunction()
