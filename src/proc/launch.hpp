#pragma once

#include "datamill/command/command.hpp"
#include "proc/fd.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace datamill::proc {

/// The pipes between us and one child; an interactive command has none and keeps our terminal.
struct ChildPipes {
  Fd null{};  ///< the child's input where the command has none
  Fd file{};  ///< a file that we feed into it
  Pipe in{};
  Pipe out{};
  Pipe err{};
  int error = 0;  ///< errno where one of them could not be made
};
[[nodiscard]] ChildPipes make_pipes(const command::ResolvedCommand& command);

struct Launched {
  pid_t pid = -1;
  Fd pidfd{};
  int error = 0;  ///< errno where there is no child: ENOENT, EACCES, ENOEXEC, EMFILE, ...
};

/// Whether a child ends with us: `thread` sends it SIGTERM when the calling thread ends; `none` gives it a session of
/// its own, which no terminal ends either.
enum class Bond : std::uint8_t { thread, none };

using Variables = std::vector<std::pair<std::string, std::string>>;

/// Starts a child with vfork and execve. It leads a process group of its own unless the command is interactive; it has
/// no descriptor of ours above 2, an empty signal mask, default signal actions, our environment with `marks` and the
/// command's additions, and the command's working directory.
///
/// Own code and not Boost.Process' launcher: that one (1.81) leaves a zombie and runs atexit handlers in the child when
/// exec fails, forks (21 ms with a large heap), and cannot set an environment.
[[nodiscard]] Launched launch(const command::ResolvedCommand& command, const ChildPipes& pipes,
                              Bond bond = Bond::thread, const Variables& marks = {});

}  // namespace datamill::proc
