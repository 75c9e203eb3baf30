/* A disk that is full after so many more bytes: what is written to files then comes back short, or as ENOSPC.
   Loaded with LD_PRELOAD by tests::full_disk; while the file that GONGXUN_DISK_FULL names is there, GONGXUN_DISK_BYTES
   are left, counted from when it was first seen. Pipes, sockets and the standard streams have room. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long left;
static atomic_int counting;

/* How many of these bytes there is room for. */
static long room(int file, long bytes) {
    const char *full = getenv("GONGXUN_DISK_FULL"), *given = getenv("GONGXUN_DISK_BYTES");
    struct stat about;
    if (!full || !given || file <= STDERR_FILENO || fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        return bytes;
    }
    if (access(full, F_OK) != 0) {
        return bytes;
    }
    if (!atomic_exchange(&counting, 1)) {
        atomic_store(&left, atol(given));
    }
    long before = atomic_fetch_sub(&left, bytes);
    return before >= bytes ? bytes : before > 0 ? before : 0;
}

static long full(long bytes) {
    errno = ENOSPC;
    return bytes > 0 ? -1 : 0;
}

ssize_t write(int file, const void *from, size_t bytes) {
    long fits = room(file, bytes);
    return fits == 0 ? full(bytes) : ((ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write"))(file, from, fits);
}

ssize_t pwrite(int file, const void *from, size_t bytes, off_t at) {
    long fits = room(file, bytes);
    return fits == 0 ? full(bytes)
                     : ((ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite"))(file, from, fits, at);
}

ssize_t pwrite64(int file, const void *from, size_t bytes, off64_t at) {
    long fits = room(file, bytes);
    return fits == 0
        ? full(bytes)
        : ((ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64"))(file, from, fits, at);
}

ssize_t writev(int file, const struct iovec *from, int count) {
    long bytes = 0;
    for (int n = 0; n < count; n++) {
        bytes += from[n].iov_len;
    }
    /* All of it or nothing: who writes in pieces takes a short one like an end of the disk. */
    return room(file, bytes) < bytes ? full(bytes)
                                     : ((ssize_t (*)(int, const struct iovec *, int))dlsym(RTLD_NEXT, "writev"))(file, from, count);
}
