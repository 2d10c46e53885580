# All from the distribution's packages; see tools/packages.txt for their names.
find_package(fmt 9 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(Threads REQUIRED)

find_library(YAML_LIBRARY NAMES libyaml.a yaml REQUIRED)
find_path(YAML_INCLUDE_DIR yaml.h REQUIRED)
add_library(yaml::yaml UNKNOWN IMPORTED)
set_target_properties(yaml::yaml PROPERTIES IMPORTED_LOCATION ${YAML_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${YAML_INCLUDE_DIR})

# Boost's headers only: Asio for the reactor, Boost.Process 2 for waiting (1.81 is the first release that has it).
find_package(Boost 1.81 REQUIRED)
add_library(datamill_boost INTERFACE)
target_link_libraries(datamill_boost INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(datamill_boost INTERFACE BOOST_ASIO_HEADER_ONLY BOOST_PROCESS_V2_HEADER_ONLY BOOST_ERROR_CODE_HEADER_ONLY)

# libcurl's headers only: the library is loaded when something is downloaded (src/net/curl_library.hpp).
find_path(CURL_INCLUDE_DIR curl/curl.h REQUIRED)
add_library(curl::headers INTERFACE IMPORTED)
set_target_properties(curl::headers PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${CURL_INCLUDE_DIR})
