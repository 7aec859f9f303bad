# Writes TO, a source file that holds the FILES, texts by their names below FROM, as what FUNCTION gives,
# which HEADER declares in its storey's namespace.
string(REGEX REPLACE "/.*" "" space ${HEADER})
string(CONCAT code "// Made by assets/embed.cmake.\n#include \"${HEADER}\"\n\n"
  "namespace ${space} {\n\nconst std::map<std::string_view, std::string_view>& ${FUNCTION}() {\n"
  "    static const std::map<std::string_view, std::string_view> files = {\n")
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH name ${FROM} ${file})
  file(READ ${file} text)
  string(FIND "${text}" ")export\"" end)
  if(NOT end EQUAL -1)
    message(FATAL_ERROR "${file}: must not hold )export\"")
  endif()
  string(APPEND code "        {\"${name}\", R\"export(${text})export\"},\n")
endforeach()
string(APPEND code "    };\n    return files;\n}\n\n}  // namespace ${space}\n")
file(WRITE ${TO} "${code}")
