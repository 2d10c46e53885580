# Flags for our own code only; third-party headers come in as SYSTEM.
add_library(datamill_options INTERFACE)
target_compile_features(datamill_options INTERFACE cxx_std_20)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
target_compile_options(
  datamill_options
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wuseless-cast
            -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wdouble-promotion -Wformat=2 -Wnon-virtual-dtor
            -Woverloaded-virtual -Wimplicit-fallthrough)
target_include_directories(datamill_options INTERFACE ${CMAKE_SOURCE_DIR}/include)

set(DATAMILL_SANITIZE OFF CACHE STRING "OFF; ON: AddressSanitizer and UndefinedBehaviorSanitizer; thread: ThreadSanitizer")
if(DATAMILL_SANITIZE STREQUAL "thread")
  target_compile_options(datamill_options INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
  target_link_options(datamill_options INTERFACE -fsanitize=thread)
elseif(DATAMILL_SANITIZE)
  # The last ones are checks at every pointer: a quarter of the build's time, for what AddressSanitizer mostly sees too.
  target_compile_options(
    datamill_options INTERFACE -fsanitize=address,undefined -fno-sanitize=null,alignment,vptr,object-size
                               -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(datamill_options INTERFACE -fsanitize=address,undefined)
  target_compile_definitions(datamill_options INTERFACE _GLIBCXX_ASSERTIONS)
else()
  # One binary that starts fast: no libstdc++ to load and relocate.
  target_link_options(datamill_options INTERFACE -static-libstdc++ -static-libgcc)
endif()

option(DATAMILL_LTO "Optimise across files when linking" OFF)
set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${DATAMILL_LTO})

# A compiler cache makes branches cheap to switch; it is used where it is installed.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
