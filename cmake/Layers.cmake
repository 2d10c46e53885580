# datamill_layer(NAME LINKS ... PRIVATE_LINKS ...): the static library datamill_NAME out of src/NAME/**.cpp. The folder is the layer: adding
# a file needs no edit here. A layer without sources is header-only.
function(datamill_layer name)
  cmake_parse_arguments(arg "" "" "LINKS;PRIVATE_LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  if(sources)
    add_library(datamill_${name} STATIC ${sources})
    target_link_libraries(datamill_${name} PUBLIC datamill_options ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
    target_include_directories(datamill_${name} PRIVATE ${CMAKE_SOURCE_DIR}/src)
    datamill_precompile(datamill_${name})
  else()
    add_library(datamill_${name} INTERFACE)
    target_link_libraries(datamill_${name} INTERFACE datamill_options ${arg_LINKS})
  endif()
endfunction()

# Users' builds compile the headers that nearly every file includes only once. Developers' builds do not, so that a missing
# #include is found.
option(DATAMILL_PCH "Precompile the standard library and fmt" OFF)
if(DATAMILL_PCH)
  file(WRITE ${CMAKE_BINARY_DIR}/pch.cpp "")
  add_library(datamill_pch OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
  target_link_libraries(datamill_pch PRIVATE datamill_options fmt::fmt)
  target_precompile_headers(
    datamill_pch PRIVATE <algorithm> <array> <chrono> <filesystem> <functional> <map> <memory> <optional> <set> <string>
                         <string_view> <utility> <variant> <vector> <fmt/format.h>)
endif()
function(datamill_precompile target)
  if(DATAMILL_PCH)
    target_precompile_headers(${target} REUSE_FROM datamill_pch)
  endif()
endfunction()
