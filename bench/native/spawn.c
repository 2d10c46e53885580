// What starting a program costs without anything around it: bench/run's bound for datamill's own overhead.
// usage: spawn COUNT AT_A_TIME PROGRAM [ARG...]   starts it COUNT times, with /dev/null for its input and output, and
// prints the wall seconds.
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char** environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// Waits for one child; false where it failed.
static int collect(void) {
  int status = 0;
  return wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const int count = atoi(argv[1]);
  const int at_a_time = atoi(argv[2]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int fd = 0; fd < 3; ++fd)
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0);
  const double begin = now();
  int running = 0;
  for (int i = 0; i < count; ++i) {
    if (running == at_a_time) {
      if (!collect()) return 1;
      --running;
    }
    if (posix_spawn(NULL, argv[3], &actions, NULL, argv + 3, environ) != 0) return 1;
    ++running;
  }
  for (; running > 0; --running) {
    if (!collect()) return 1;
  }
  printf("%.6f\n", now() - begin);
  return 0;
}
