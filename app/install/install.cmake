# What `cmake --install` puts where, and what CPack makes a Debian package of (app/package.sh).
include(GNUInstallDirs)
option(STEPSCOPE_DEBIAN "Install as Debian's policy asks, with a changelog" OFF)
set(install_files ${CMAKE_CURRENT_LIST_DIR})
set(install_made ${PROJECT_BINARY_DIR}/install)  # what is made for the installation
set(install_doc ${CMAKE_INSTALL_DATADIR}/doc/stepscope)

# The program finds its assets by a way from itself, so that the prefix can be moved, and in a build
# folder by a link.
file(RELATIVE_PATH way_to_data ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_DATADIR}/stepscope)
target_compile_definitions(stepscope PRIVATE STEPSCOPE_DATA="${way_to_data}")
add_custom_command(TARGET stepscope POST_BUILD VERBATIM COMMAND ${CMAKE_COMMAND} -E create_symlink
  ${PROJECT_SOURCE_DIR}/assets $<TARGET_FILE_DIR:stepscope>/assets)

# A prefix that was there before is one that a desktop looks at: it is told at the end.
install(CODE "if(EXISTS \"\${CMAKE_INSTALL_PREFIX}\" AND \"\$ENV{DESTDIR}\" STREQUAL \"\")
  set(stepscope_tells TRUE)
endif()")
install(TARGETS stepscope RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(assets model states lessons fonts)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/assets/${assets}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/stepscope PATTERN "*.sh" EXCLUDE)
endforeach()
# The program for browsers, where app/web.sh has built it: a class's laptops open it.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/build/web OPTIONAL
  DESTINATION ${CMAKE_INSTALL_DATADIR}/stepscope PATTERN stepscope.html EXCLUDE)
install(FILES ${install_files}/copyright DESTINATION ${install_doc})
# The terms of what is compiled in, where Debian's packages hold them.
foreach(owner libcli11-dev libcpp-httplib-dev libeigen3-dev libimgui-dev libstb-dev nlohmann-json3-dev)
  if(EXISTS /usr/share/doc/${owner}/copyright)
    install(FILES /usr/share/doc/${owner}/copyright RENAME copyright.${owner}
      DESTINATION ${install_doc})
  endif()
endforeach()

# The program prints its own man page and completions. Each time it is linked, so that they are
# there whatever was built; a sanitized or foreign program is not for installing.
if(NOT STEPSCOPE_SANITIZE AND NOT CMAKE_CROSSCOMPILING)
  add_custom_command(TARGET stepscope POST_BUILD VERBATIM
    COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:stepscope> -DTO=${install_made}
      -P ${install_files}/manual.cmake)
  set(zsh_folder zsh/site-functions)
  if(STEPSCOPE_DEBIAN)
    set(zsh_folder zsh/vendor-completions)
  endif()
  install(FILES ${install_made}/stepscope.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${install_made}/bash RENAME stepscope
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${install_made}/zsh RENAME _stepscope
    DESTINATION ${CMAKE_INSTALL_DATADIR}/${zsh_folder})
  install(FILES ${install_made}/fish RENAME stepscope.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()

if(STEPSCOPE_WINDOW)
  configure_file(${install_files}/metainfo.xml.in ${install_made}/metainfo.xml @ONLY)
  install(FILES ${install_files}/stepscope.desktop
    DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
  install(FILES ${install_files}/mime.xml RENAME stepscope.xml
    DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages)
  install(FILES ${install_made}/metainfo.xml RENAME stepscope.metainfo.xml
    DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
  set(icons ${CMAKE_INSTALL_DATADIR}/icons/hicolor)
  install(FILES ${PROJECT_SOURCE_DIR}/assets/icon/stepscope.svg
    DESTINATION ${icons}/scalable/apps)
  foreach(size 16 22 24 32 48 64 128 256)
    install(FILES ${PROJECT_SOURCE_DIR}/assets/icon/stepscope-${size}.png RENAME stepscope.png
      DESTINATION ${icons}/${size}x${size}/apps)
  endforeach()
  install(CODE "if(stepscope_tells)
  set(data \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}\")
  find_program(STEPSCOPE_MIME update-mime-database)
  find_program(STEPSCOPE_MENU update-desktop-database)
  if(STEPSCOPE_MIME)
    execute_process(COMMAND \${STEPSCOPE_MIME} \"\${data}/mime\")
  endif()
  if(STEPSCOPE_MENU)
    execute_process(COMMAND \${STEPSCOPE_MENU} \"\${data}/applications\")
  endif()
endif()")
endif()

if(STEPSCOPE_DEBIAN)
  configure_file(${install_files}/changelog.in ${install_made}/changelog @ONLY)
  execute_process(COMMAND gzip -9nf ${install_made}/changelog COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${install_made}/changelog.gz DESTINATION ${install_doc})
  install(FILES ${install_files}/lintian-overrides RENAME stepscope
    DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "Stepscope developers")
set(CPACK_PACKAGE_CONTACT "Stepscope developers <stepscope@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "see how a language model writes, token by token")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Stepscope drives a GPT-2 style model one token at a time and shows, before
each token is appended, what the model computed: the attention of every head,
what every layer added, and the ranking of all tokens at the last position.
Runs are exported as slides, figures and data. A small model and lessons are
included; nothing is fetched from a network unless you ask for it.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# For `stepscope get` alone.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
# For films, and for logos that are SVGs.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "ffmpeg, librsvg2-bin")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
