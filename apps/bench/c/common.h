// What the programs have in common.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/** Bytes of one write. */
enum { BLOCK = 64 << 10 };

_Noreturn static inline void fail(const char *what) {
  perror(what);
  exit(1);
}

static inline int open_or_fail(const char *path, int flags) {
  int fd = open(path, flags | O_CLOEXEC, 0600);
  if (fd < 0) fail(path);
  return fd;
}

/** Since 1970, in ms: a clock that all processes have. */
static inline double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

/** The order of times, for qsort. */
static inline int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
