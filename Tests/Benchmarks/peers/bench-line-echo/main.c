// The smallest stream function: each line comes back at once.

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
        char *newline = memchr(line + length, '\n', (size_t)count);
        length += (size_t)count;
        while (newline) {
            size_t line_length = (size_t)(newline - line) + 1;
            if (!write_all(line, line_length)) return 1;
            length -= line_length;
            memmove(line, line + line_length, length);
            newline = memchr(line, '\n', length);
        }
    }
    return 1;
}
