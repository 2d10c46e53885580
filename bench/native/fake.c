// Stands in for helm and kubectl (by the name it is called with) in bench/run: starts in well below a millisecond,
// answers what datamill and helmfile ask, and takes as long for `helm upgrade NAME` as $BENCH_FAKE/durations says
// ("NAME MS" a line; a name that is not there takes no time). $BENCH_FAKE/log gets a line for each upgrade: name,
// begin, end, both in nanoseconds of CLOCK_MONOTONIC, and the signal that ended it or 0; $BENCH_FAKE/calls one for
// every call. A signal ends it like helm: it takes 100 ms to note its release, then exits with 1.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void on_signal(int number) {
  caught = number;
}

static long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

// One write a line, so that lines of parallel calls do not mix.
static void note(const char* file, const char* format, ...) {
  const char* folder = getenv("BENCH_FAKE");
  if (folder == NULL) return;
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, file);
  char line[1024];
  va_list args;
  va_start(args, format);
  int size = vsnprintf(line, sizeof line, format, args);
  va_end(args);
  if (size >= (int)sizeof line) {
    size = sizeof line - 1;
    line[size - 1] = '\n';
  }
  const int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || write(fd, line, (size_t)size) != size) _exit(70);
  close(fd);
}

static long long duration_ns(const char* name) {
  const char* folder = getenv("BENCH_FAKE");
  if (folder == NULL) return 0;
  char path[4096];
  snprintf(path, sizeof path, "%s/durations", folder);
  FILE* file = fopen(path, "re");
  if (file == NULL) return 0;
  char known[256];
  long long ms;
  long long found = 0;
  while (fscanf(file, "%255s %lld", known, &ms) == 2) {
    if (strcmp(known, name) == 0) found = ms * 1000000;
  }
  fclose(file);
  return found;
}

static int has(int argc, char** argv, const char* word) {
  for (int i = 1; i < argc; ++i) {
    if (strcmp(argv[i], word) == 0) return 1;
  }
  return 0;
}

// What comes on standard input is read to its end, as the real ones do.
static void drain(int argc, char** argv) {
  if (!has(argc, argv, "-")) return;
  char buffer[65536];
  while (read(0, buffer, sizeof buffer) > 0) {
  }
}

static void sleep_until(long long end) {
  const struct timespec until = {.tv_sec = end / 1000000000, .tv_nsec = end % 1000000000};
  while (!caught && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
  }
}

// "upgrade --install NAME CHART", "upgrade NAME CHART --install": the first word without a dash.
static const char* release_of(int argc, char** argv) {
  for (int i = 2; i < argc; ++i) {
    if (argv[i][0] != '-') return argv[i];
  }
  return "";
}

static int upgrade(int argc, char** argv, long long begin) {
  const char* name = release_of(argc, argv);
  sleep_until(begin + duration_ns(name));
  if (caught) {
    const int number = caught;
    caught = 0;
    sleep_until(now_ns() + 100000000);
    note("log", "%s %lld %lld %d\n", name, begin, now_ns(), number);
    return 1;
  }
  if (has(argc, argv, "--output"))
    printf("{\"name\":\"%s\",\"info\":{\"status\":\"deployed\"},\"version\":1,\"namespace\":\"data-mill\"}\n", name);
  else
    printf("Release \"%s\" has been upgraded. Happy Helming!\n", name);
  note("log", "%s %lld %lld 0\n", name, begin, now_ns());
  return 0;
}

static int wants_json(int argc, char** argv) {
  return has(argc, argv, "json") || has(argc, argv, "--output=json");
}

static int helm(int argc, char** argv, long long begin) {
  if (argc < 2) return 1;
  if (strcmp(argv[1], "upgrade") == 0) return upgrade(argc, argv, begin);
  if (strcmp(argv[1], "version") == 0) puts("v4.3.1+g0000000");
  if (strcmp(argv[1], "list") == 0 && wants_json(argc, argv)) puts("[]");
  return 0;
}

static int get(int argc, char** argv) {
  if (has(argc, argv, "--raw")) {
    puts("{\"major\":\"1\",\"minor\":\"36\",\"gitVersion\":\"v1.36.3\"}");
    return 0;
  }
  if (argc > 2 && strncmp(argv[2], "namespaces,storageclasses", 25) == 0) {
    puts("Namespace\t\tkube-system\tuid-of-kube-system\t\tActive\nNamespace\t\tdefault\tuid-of-default\t\tActive\n"
         "StorageClass\t\tstandard\ttrue\nNode\t\tnode-0\tv1.36.3\t\tTrue\t\t");
    return 0;
  }
  if (wants_json(argc, argv)) {
    puts("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{"
         "\"name\":"
         "\"node-0\"},\"status\":{\"allocatable\":{\"cpu\":\"512\",\"memory\":\"4096Gi\",\"pods\":\"10000\"},"
         "\"conditions\":["
         "{\"type\":\"Ready\",\"status\":\"True\"}]}}]}");
  }
  return 0;
}

static int kubectl(int argc, char** argv) {
  if (argc < 2) return 1;
  if (strcmp(argv[1], "version") == 0) puts("Client Version: v1.36.3\nKustomize Version: v5.8.0");
  if (strcmp(argv[1], "get") == 0) return get(argc, argv);
  if (strcmp(argv[1], "auth") == 0) puts("yes");
  if (strcmp(argv[1], "create") == 0 || strcmp(argv[1], "apply") == 0) puts("configmap/bench serverside-applied");
  if (strcmp(argv[1], "proxy") == 0) {
    while (!caught)
      pause();
  }
  return 0;
}

int main(int argc, char** argv) {
  const long long begin = now_ns();
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  const char* slash = strrchr(argv[0], '/');
  const char* tool = slash == NULL ? argv[0] : slash + 1;
  note("calls", "%s %s %s\n", tool, argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "");
  drain(argc, argv);
  return strcmp(tool, "helm") == 0 ? helm(argc, argv, begin) : kubectl(argc, argv);
}
