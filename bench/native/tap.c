// Stands before the real helm in bench/run: starts $BENCH_REAL with its own arguments, waits for it, and adds a line to
// $BENCH_TAP: its first argument, its first word behind that, begin and end in nanoseconds of CLOCK_MONOTONIC, exit
// code.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char** environ;

static long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static const char* word_of(int argc, char** argv) {
  for (int i = 2; i < argc; ++i) {
    if (argv[i][0] != '-') return argv[i];
  }
  return "-";
}

int main(int argc, char** argv) {
  const char* program = getenv("BENCH_REAL");
  const char* log = getenv("BENCH_TAP");
  if (program == NULL || log == NULL || argc < 2) return 70;
  // A signal is for the whole group: the real one answers it, this one waits for that.
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  posix_spawnattr_t attributes;
  sigset_t usual;
  sigemptyset(&usual);
  sigaddset(&usual, SIGINT);
  sigaddset(&usual, SIGTERM);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const long long begin = now_ns();
  pid_t child = 0;
  int status = 0;
  if (posix_spawn(&child, program, NULL, &attributes, argv, environ) != 0) return 70;
  while (waitpid(child, &status, 0) < 0) {
  }
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  char line[512];
  const int size =
      snprintf(line, sizeof line, "%s %s %lld %lld %d\n", argv[1], word_of(argc, argv), begin, now_ns(), code);
  const int fd = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || size >= (int)sizeof line || write(fd, line, (size_t)size) != size) return 70;
  return code;
}
