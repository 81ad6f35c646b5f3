#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Why a text is not a phone number; 0 when it is one. `CPHONE_FAILED` says that the library failed,
/// and nothing about the text.
enum cphone_result {
    CPHONE_PARSED = 0,
    CPHONE_COUNTRY_UNKNOWN = 1,
    CPHONE_NOT_A_NUMBER = 2,
    CPHONE_TOO_SHORT = 3,
    CPHONE_TOO_LONG = 4,
    CPHONE_FAILED = 5,
};

enum cphone_line { CPHONE_UNKNOWN_LINE = 0, CPHONE_MOBILE = 1, CPHONE_FIXED = 2 };

/// The parts of a number. Texts end with NUL; a text that does not fit is left empty.
struct cphone_number {
    int country_code;
    int is_valid;
    int line;
    char region[4];
    /// The digits after the country code, leading zeros included.
    char significant[24];
};

/// Reads `text` as dialled in `region` ("BJ"), or from anywhere if it begins with "+". Never
/// throws.
int cphone_parse(
    const char *text, size_t text_count, const char *region, size_t region_count,
    struct cphone_number *number
);

/// Formats `e164` nationally or internationally into the `text_size` bytes at `text`. Never throws.
int cphone_display(
    const char *e164, size_t e164_count, int is_international, char *text, size_t text_size
);

#ifdef __cplusplus
}
#endif
