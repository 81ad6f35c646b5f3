// The smallest stream function: each line comes back at once.

#define _GNU_SOURCE // memrchr
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static char line[8 * 1024 * 1024];

static bool write_all(const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, length);
        if (written <= 0) return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

int main(void) {
    size_t length = 0;
    while (length < sizeof line) {
        ssize_t count = read(STDIN_FILENO, line + length, sizeof line - length);
        if (count <= 0) return count < 0;
        char *newline = memrchr(line + length, '\n', (size_t)count);
        length += (size_t)count;
        if (!newline) continue;
        size_t complete = (size_t)(newline - line) + 1;
        if (!write_all(line, complete)) return 1;
        length -= complete;
        memmove(line, line + complete, length);
    }
    return 1;
}
