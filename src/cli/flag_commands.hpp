#pragma once

// Which commands have a flag that many have: a new command's name goes into the lists it belongs to.

#include <string_view>

namespace datamill::cli {

inline constexpr std::string_view kReads =
    "install uninstall start stop destroy plan diff validate status config doctor logs events why open exec proxy "
    "kubeconfig debug data db job images graph";  // what looks at a flavour and a target
inline constexpr std::string_view kChanges = "install uninstall start stop destroy images";  // what runs a plan
inline constexpr std::string_view kAsks = "install uninstall start stop destroy data images";
inline constexpr std::string_view kState =
    "install uninstall start stop destroy plan diff validate status config doctor logs "
    "events why open exec proxy kubeconfig debug data db job images tools graph history runs report";
inline constexpr std::string_view kData =
    "install uninstall start stop destroy plan diff validate status config doctor logs "
    "events why open exec proxy kubeconfig debug data db job images tools list graph";

}  // namespace datamill::cli
