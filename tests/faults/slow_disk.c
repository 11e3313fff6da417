/* Loaded before the C library: each sync of a file waits first for the seconds that stand in $SLOW_DISK. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void wait_as_told(void) {
  const char *path = getenv("SLOW_DISK");
  FILE *told = path ? fopen(path, "re") : NULL;
  double seconds = 0;
  if (!told) return;
  if (fscanf(told, "%lf", &seconds) != 1) seconds = 0;
  fclose(told);
  struct timespec rest = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
  nanosleep(&rest, NULL);
}

#define SLOW(name)                                                     \
  int name(int file) {                                                 \
    static int (*real)(int);                                           \
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, #name);           \
    wait_as_told();                                                    \
    return real(file);                                                 \
  }

SLOW(fsync)
SLOW(fdatasync)
