#pragma once

#include "datamill/command/command.hpp"
#include "proc/fd.hpp"

#include <string>

namespace datamill::proc {

/// What a child reads, piece by piece: the command's text, or a file with something before and after it.
class ChildInput {
public:
  ChildInput() = default;
  ChildInput(const command::ResolvedCommand& command, Fd file);

  [[nodiscard]] const std::string& piece() const { return piece_.reveal(); }
  /// Goes on to the next piece; false at the end. A file that cannot be read to its end is not followed by what belongs
  /// behind it: the child must not take it for complete.
  [[nodiscard]] bool next();

private:
  command::Secret piece_{};
  Fd file_{};
  std::string after_{};
};

}  // namespace datamill::proc
