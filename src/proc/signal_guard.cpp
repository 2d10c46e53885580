#include "proc/signal_guard.hpp"

#include <sys/signalfd.h>

#include <cerrno>
#include <initializer_list>
#include <system_error>

namespace datamill::proc {

SignalGuard::SignalGuard() {
  sigemptyset(&set_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGTSTP})
    sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, &mask_before_);
  struct sigaction action{};
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, &pipe_before_);
  action.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &action, &child_before_);
}

SignalGuard::~SignalGuard() {
  sigaction(SIGCHLD, &child_before_, nullptr);
  sigaction(SIGPIPE, &pipe_before_, nullptr);
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void SignalGuard::stop_here() const {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  (void)raise(SIGTSTP);  // pending, for it is blocked
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
}

Fd SignalGuard::open_descriptor() const {
  Fd fd{signalfd(-1, &set_, SFD_CLOEXEC | SFD_NONBLOCK)};
  if (!fd.is_open()) throw std::system_error{errno, std::generic_category(), "signalfd"};
  return fd;
}

}  // namespace datamill::proc
