// The limit: the plainest and quickest loop in C for each row. It is one row's program, not a client:
// it cannot be cancelled, detached or attached again, and loses bytes when a sink fails.
//
// The commands and what is printed are those of all peers: see the README.
#define _GNU_SOURCE
#include "common.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { FILE_BLOCK = 256 << 10, SPLICE = 1 << 20, PIPE = 1 << 20, TASKS = 64 };
enum { SETTLE_MS = 100 };
enum { LINE = 100, LINES = 655, RECORD = 200 };

/** What the process has used so far, in seconds. */
static double cpu(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return used.ru_utime.tv_sec + used.ru_stime.tv_sec +
         (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void ready(void) {
  puts("ready");
  fflush(stdout);
}

/** What follows a prefix such as "file=", or NULL. */
static const char *after(const char *text, const char *prefix) {
  size_t length = strlen(prefix);
  return strncmp(text, prefix, length) ? NULL : text + length;
}

static ssize_t write_all(int fd, const char *block, ssize_t size) {
  for (ssize_t at = 0; at < size;) {
    ssize_t n = write(fd, block + at, size - at);
    if (n < 0) fail("write");
    at += n;
  }
  return size;
}

// --- outputs

typedef struct {
  const char *fifo, *sink;
  long long bytes;
} Output;

static int open_sink(const char *sink) {
  const char *path;
  if (!strcmp(sink, "null")) return open_or_fail("/dev/null", O_WRONLY);
  if ((path = after(sink, "pipe="))) return open_or_fail(path, O_WRONLY);
  if ((path = after(sink, "file="))) return open_or_fail(path, O_WRONLY | O_CREAT | O_TRUNC);
  if ((path = after(sink, "append="))) return open_or_fail(path, O_WRONLY | O_CREAT | O_APPEND);
  return -1; // count, stream
}

/** splice refuses files that are opened to append. */
static void *copy_out(void *arg) {
  Output *output = arg;
  int dst = open_sink(output->sink);
  int src = open_or_fail(output->fifo, O_RDONLY);
  fcntl(src, F_SETPIPE_SZ, PIPE);
  bool splices = dst >= 0 && !after(output->sink, "append=");
  size_t size = dst < 0 ? BLOCK : FILE_BLOCK;
  char *block = splices ? NULL : malloc(size);
  for (;;) {
    ssize_t n = splices ? splice(src, NULL, dst, NULL, SPLICE, SPLICE_F_MOVE)
                        : read(src, block, size);
    if (n < 0) fail("copy");
    if (n == 0) return NULL;
    output->bytes += n;
    if (!splices && dst >= 0) write_all(dst, block, n);
  }
}

static void *compute(void *arg) {
  atomic_bool *over = arg;
  for (volatile unsigned long sum = 0; !atomic_load(over);) sum += 1;
  return NULL;
}

static int copy(const char *sink, int count, char **tasks, bool busy) {
  static Output outputs[TASKS];
  pthread_t threads[TASKS], computing;
  atomic_bool over = false;
  int used = 0;
  for (int i = 0; i < count; i++)
    for (char *fifo = strtok(tasks[i], ","); fifo && used < TASKS; fifo = strtok(NULL, ","))
      outputs[used++] = (Output){.fifo = fifo, .sink = sink};
  double before = cpu();
  for (int i = 0; i < used; i++) pthread_create(&threads[i], NULL, copy_out, &outputs[i]);
  if (busy) pthread_create(&computing, NULL, compute, &over);
  ready();
  long long bytes = 0;
  for (int i = 0; i < used; i++) {
    pthread_join(threads[i], NULL);
    bytes += outputs[i].bytes;
  }
  double end = now();
  over = true;
  printf("{\"end\":%.4f,\"cpu\":%.6f,\"bytes\":%lld}\n", end, cpu() - before, bytes);
  return 0;
}

// --- stdin

static int feed(const char *source, const char *fifo) {
  const char *path = after(source, "file="), *bytes = after(source, "bytes=");
  int src = path ? open_or_fail(path, O_RDONLY) : -1;
  static char block[BLOCK];
  memset(block, 'x', sizeof block);
  ready();
  int dst = open_or_fail(fifo, O_WRONLY);
  fcntl(dst, F_SETPIPE_SZ, PIPE);
  if (path) {
    ssize_t n;
    while ((n = splice(src, NULL, dst, NULL, SPLICE, SPLICE_F_MOVE)) > 0) {}
    if (n < 0) fail("splice");
  } else {
    for (long long left = atoll(bytes); left > 0;) left -= write_all(dst, block, left < BLOCK ? left : BLOCK);
  }
  close(dst);
  pause();
  return 0;
}

// --- keys and their echo

typedef struct {
  const char *from, *to;
} Way;

static void *copy_keys(void *arg) {
  Way *way = arg;
  int src = open_or_fail(way->from, O_RDONLY), dst = open_or_fail(way->to, O_WRONLY);
  char keys[64];
  for (ssize_t n; (n = read(src, keys, sizeof keys)) > 0;) write_all(dst, keys, n);
  return NULL;
}

static int echo_fd(char **paths) {
  Way in = {paths[0], paths[1]}, out = {paths[2], paths[3]};
  pthread_t threads[2];
  ready();
  pthread_create(&threads[0], NULL, copy_keys, &in);
  pthread_create(&threads[1], NULL, copy_keys, &out);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  return 0;
}

static int echo_js(int warm_up, int count, const char *in, const char *out) {
  double *times = calloc(count, sizeof *times);
  ready();
  int to = open_or_fail(in, O_WRONLY), from = open_or_fail(out, O_RDONLY);
  char key = 'k';
  for (int i = -warm_up; i < count; i++) {
    double start = now();
    if (write(to, &key, 1) != 1 || read(from, &key, 1) != 1) fail("echo");
    if (i >= 0) times[i] = (now() - start) * 1e3;
  }
  qsort(times, count, sizeof *times, ascending);
  printf("{\"p50\":%.2f}\n", times[count / 2]);
  return 0;
}

// --- waiting FIFOs

static long status(const char *name) {
  FILE *file = fopen("/proc/self/status", "r");
  char line[256];
  long value = -1;
  while (file && fgets(line, sizeof line, file)) {
    const char *rest = after(line, name);
    if (rest) value = atol(rest);
  }
  if (file) fclose(file);
  return value;
}

static int attach(int count, const char *dir) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  ready();
  long rss = status("VmRSS:");
  double start = now();
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  for (int i = 0; i < count; i++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%d", dir, i);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u32 = i};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, open_or_fail(path, O_RDONLY | O_NONBLOCK), &event)) fail("epoll_ctl");
  }
  double ms = now() - start;
  usleep(SETTLE_MS * 1000);
  double grown = status("VmRSS:") - rss;
  printf("{\"ms\":%.3f,\"kib\":%.3f,\"threads\":%ld}\n", ms, grown / count, status("Threads:"));
  return 0;
}

// --- logs

/** The records of so many lines are there before: it is the file that takes the time. */
static int write_log(const char *format, long count, const char *path) {
  static char block[LINES * RECORD];
  bool json = !strcmp(format, "json-file");
  const char *head = json ? "{\"log\":\"" : "2026-08-01T12:00:00.123Z stdout F ";
  const char *tail = json ? "\\n\",\"stream\":\"stdout\",\"time\":\"2026-08-01T12:00:00.123Z\"}\n" : "\n";
  char line[LINE] = {0};
  memset(line, 'x', LINE - 1);
  int size = snprintf(block, RECORD, "%s%s%s", head, line, tail);
  for (int i = 1; i < LINES; i++) memcpy(block + i * size, block, size);
  int log = open_or_fail(path, O_WRONLY | O_CREAT | O_APPEND);
  ready();
  double start = now();
  for (long left = count; left > 0; left -= LINES) write_all(log, block, size * (left < LINES ? left : LINES));
  printf("{\"ms\":%.3f}\n", now() - start);
  return 0;
}

/** Looks no further back than one block. */
static int read_tail(int count, const char *path) {
  ready();
  int refs = open_or_fail("/proc/self/clear_refs", O_WRONLY);
  write_all(refs, "5", 1); // the most so far is what there is now: proc(5)
  long rss = status("VmRSS:");
  double start = now();
  char *block = malloc(BLOCK);
  int log = open_or_fail(path, O_RDONLY);
  struct stat stats;
  if (fstat(log, &stats)) fail("fstat");
  ssize_t size = pread(log, block, BLOCK, stats.st_size > BLOCK ? stats.st_size - BLOCK : 0);
  if (size < 0) fail("pread");
  int lines = 0;
  for (ssize_t at = size - 1; at >= 0 && lines < count; at--) lines += at == 0 || block[at - 1] == '\n';
  double ms = now() - start;
  printf("{\"ms\":%.4f,\"kib\":%ld,\"lines\":%d}\n", ms, status("VmHWM:") - rss, lines);
  return 0;
}

int main(int argc, char **argv) {
  alarm(120);
  const char *command = argc > 1 ? argv[1] : "";
  if (argc >= 4 && !strcmp(command, "copy")) return copy(argv[2], argc - 3, argv + 3, false);
  if (argc >= 4 && !strcmp(command, "copy-busy")) return copy(argv[2], argc - 3, argv + 3, true);
  if (argc == 4 && !strcmp(command, "feed")) return feed(argv[2], argv[3]);
  if (argc == 6 && !strcmp(command, "echo-fd")) return echo_fd(argv + 2);
  if (argc == 6 && !strcmp(command, "echo-js")) return echo_js(atoi(argv[2]), atoi(argv[3]), argv[4], argv[5]);
  if (argc == 4 && !strcmp(command, "attach")) return attach(atoi(argv[2]), argv[3]);
  if (argc == 5 && !strcmp(command, "log")) return write_log(argv[2], atol(argv[3]), argv[4]);
  if (argc == 4 && !strcmp(command, "tail")) return read_tail(atoi(argv[2]), argv[3]);
  fprintf(stderr, "limit: no command %s\n", command);
  return 2;
}
