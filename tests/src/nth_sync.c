/* Kills its own process in the middle of the n-th sync after a file appears: a power cut at a chosen moment.
   Loaded with LD_PRELOAD by tests::syncs; GONGXUN_SYNC_ARMED names the file, GONGXUN_SYNC_N is the n. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_long seen;

static void count(void) {
    const char *armed = getenv("GONGXUN_SYNC_ARMED"), *n = getenv("GONGXUN_SYNC_N");
    if (armed && n && access(armed, F_OK) == 0 && atomic_fetch_add(&seen, 1) + 1 >= atol(n)) {
        kill(getpid(), SIGKILL);
    }
}

int fsync(int file) {
    count();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}

int fdatasync(int file) {
    count();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file);
}
