#include "cli/patient_lock.hpp"

#include "cli/pause.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace datamill::cli {

using namespace std::chrono_literals;

PatientLock::PatientLock(Session& session, const std::string& path, std::string_view what) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  std::string holder;
  for (lock_ = RunLock::try_take(path, holder); lock_ == nullptr; lock_ = RunLock::try_take(path, holder)) {
    if (!waited_) session.app().say(fmt::format("waiting for {}: {}", what, holder));
    waited_ = true;
    pause(session.runner(), 300ms, fmt::format("{} was at work", what));
  }
}

}  // namespace datamill::cli
