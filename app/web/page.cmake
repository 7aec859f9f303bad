# What is different where the program is a page: compiled by Emscripten, linked with the scripts of
# app/screen/web, its assets in one file beside it.

# Desktops only: other programs, and networks.
file(GLOB no_page ${PROJECT_SOURCE_DIR}/app/fetch/*.cpp ${PROJECT_SOURCE_DIR}/app/class/*.cpp)
list(FILTER no_page EXCLUDE REGEX "/(hub_options|classroom|random_text)\\.cpp$")
list(APPEND no_page ${PROJECT_SOURCE_DIR}/viz/slides/office_package.cpp
  ${PROJECT_SOURCE_DIR}/viz/slides/pptx_grown.cpp ${PROJECT_SOURCE_DIR}/viz/slides/pptx_layout.cpp)

# Registers of 128 bits; the browser's own exceptions; std::stop_token.
add_compile_options(-msimd128 -fwasm-exceptions -fexperimental-library)
add_link_options(-msimd128 -fwasm-exceptions -fexperimental-library)
# Emscripten's headers have no OpenGL of desktops.
add_compile_definitions(GLFW_INCLUDE_ES3 STEPSCOPE_DATA="/assets")

function(make_page target)
  set(script ${PROJECT_SOURCE_DIR}/app/screen/web/page.js)
  target_link_options(${target} PRIVATE
    --js-library ${script}
    -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2 -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4GB
    -sINITIAL_MEMORY=64MB -sSTACK_SIZE=2MB -sENVIRONMENT=web,worker -sFORCE_FILESYSTEM
    -sEXPORTED_RUNTIME_METHODS=FS,IDBFS,ENV,addRunDependency,removeRunDependency
    -lidbfs.js)
  foreach(assets model lessons fonts)
    target_link_options(${target} PRIVATE
      "SHELL:--preload-file ${PROJECT_SOURCE_DIR}/assets/${assets}@/assets/${assets}")
  endforeach()
  file(GLOB configs RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/assets/states/*/config.json)
  foreach(config ${configs})
    target_link_options(${target} PRIVATE
      "SHELL:--preload-file ${PROJECT_SOURCE_DIR}/${config}@/${config}")
  endforeach()
  set_target_properties(${target} PROPERTIES LINK_DEPENDS ${script})
endfunction()
