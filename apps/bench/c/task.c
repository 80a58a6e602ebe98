// The task's and the user's side of every row, the same for all peers. Prints one line of JSON.
//
//   task produce BYTES FIFO              writes to an output, as a task does
//   task drain FIFO                      takes all that comes, and throws it away inside the kernel
//   task echo STDIN STDOUT               writes back what it reads, until it is killed
//   task keys COUNT SOURCE STDIN STDOUT SINK
//       types a byte into SOURCE, reads it as the task, writes it back, and waits for it at SINK
#define _GNU_SOURCE
#include "common.h"
#include <string.h>

enum { SPLICE = 1 << 20, WARM_UP = 200 };

static int produce(long long bytes, const char *fifo) {
  static char block[BLOCK];
  memset(block, 'x', sizeof block);
  int fd = open_or_fail(fifo, O_WRONLY);
  double start = now();
  for (long long left = bytes; left > 0;) {
    ssize_t n = write(fd, block, left < BLOCK ? left : BLOCK);
    if (n < 0) fail("write");
    left -= n;
  }
  close(fd);
  printf("{\"start\":%.4f,\"end\":%.4f}\n", start, now());
  return 0;
}

static int drain(const char *fifo) {
  int fd = open_or_fail(fifo, O_RDONLY);
  int null = open_or_fail("/dev/null", O_WRONLY);
  double start = 0;
  long long bytes = 0;
  for (;;) {
    ssize_t n = splice(fd, NULL, null, NULL, SPLICE, SPLICE_F_MOVE);
    if (n < 0) fail("splice");
    if (n == 0) break;
    if (bytes == 0) start = now();
    bytes += n;
  }
  printf("{\"start\":%.4f,\"end\":%.4f,\"bytes\":%lld}\n", start, now(), bytes);
  return 0;
}

/** Both ends are open from the start, so no open waits and no end is seen. */
static int echo(const char *in, const char *out) {
  static char block[BLOCK];
  int from = open_or_fail(in, O_RDWR), to = open_or_fail(out, O_RDWR);
  for (;;) {
    ssize_t n = read(from, block, sizeof block);
    if (n <= 0 || write(to, block, n) != n) fail("echo");
  }
}

static int keys(int count, char **paths) {
  int source = open_or_fail(paths[0], O_RDWR), in = open_or_fail(paths[1], O_RDWR);
  int out = open_or_fail(paths[2], O_RDWR), sink = open_or_fail(paths[3], O_RDWR);
  double *times = calloc(count, sizeof *times);
  char key = 'k';
  for (int i = -WARM_UP; i < count; i++) {
    double start = now();
    if (write(source, &key, 1) != 1 || read(in, &key, 1) != 1) fail("stdin");
    if (write(out, &key, 1) != 1 || read(sink, &key, 1) != 1) fail("stdout");
    if (i >= 0) times[i] = (now() - start) * 1e3;
  }
  qsort(times, count, sizeof *times, ascending);
  printf("{\"p50\":%.2f,\"p99\":%.2f}\n", times[count / 2], times[count * 99 / 100]);
  return 0;
}

int main(int argc, char **argv) {
  alarm(120); // a peer that hangs must not leave this behind
  if (argc == 4 && !strcmp(argv[1], "produce")) return produce(atoll(argv[2]), argv[3]);
  if (argc == 3 && !strcmp(argv[1], "drain")) return drain(argv[2]);
  if (argc == 4 && !strcmp(argv[1], "echo")) return echo(argv[2], argv[3]);
  if (argc == 7 && !strcmp(argv[1], "keys")) return keys(atoi(argv[2]), argv + 3);
  fprintf(stderr, "task: produce, drain, echo or keys\n");
  return 2;
}
