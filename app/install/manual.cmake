# Makes the man page and the completions with the program that was just built.
# usage: cmake -DPROGRAM=... -DTO=FOLDER -P manual.cmake
file(MAKE_DIRECTORY ${TO})
foreach(form man bash zsh fish)
  execute_process(COMMAND ${PROGRAM} manual ${form} OUTPUT_FILE ${TO}/${form}
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(RENAME ${TO}/man ${TO}/stepscope.1)
execute_process(COMMAND gzip -9nf ${TO}/stepscope.1 COMMAND_ERROR_IS_FATAL ANY)
