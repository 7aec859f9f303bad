# Writes TO, a source file that holds the FILES (below FROM) as the table of TYPE that a header declares
# in a namespace: FUNCTION of HEADER in SPACE.
string(CONCAT code "// Made by viz/slides/embed.cmake.\n#include \"${HEADER}\"\n\n"
  "namespace ${SPACE} {\n\nconst std::vector<${TYPE}>& ${FUNCTION}() {\n"
  "    static const std::vector<${TYPE}> files = {\n")
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH name ${FROM} ${file})
  file(READ ${file} text)
  string(FIND "${text}" ")export\"" end)
  if(NOT end EQUAL -1)
    message(FATAL_ERROR "${file}: must not hold )export\"")
  endif()
  string(APPEND code "        {\"${name}\", R\"export(${text})export\"},\n")
endforeach()
string(APPEND code "    };\n    return files;\n}\n\n}  // namespace ${SPACE}\n")
file(WRITE ${TO} "${code}")
