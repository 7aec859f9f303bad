# Writes TO, a source file that holds the FILES (below FROM) as the table that viz/slides/fill reads.
string(CONCAT code "// Made by viz/slides/embed.cmake.\n#include \"viz/slides/fill.h\"\n\n"
  "namespace viz {\n\nconst std::vector<ExportFile>& export_files() {\n"
  "    static const std::vector<ExportFile> files = {\n")
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH name ${FROM} ${file})
  file(READ ${file} text)
  string(FIND "${text}" ")export\"" end)
  if(NOT end EQUAL -1)
    message(FATAL_ERROR "${file}: must not hold )export\"")
  endif()
  string(APPEND code "        {\"${name}\", R\"export(${text})export\"},\n")
endforeach()
string(APPEND code "    };\n    return files;\n}\n\n}  // namespace viz\n")
file(WRITE ${TO} "${code}")
