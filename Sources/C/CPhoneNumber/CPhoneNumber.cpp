#include "CPhoneNumber.h"

#include <cstdint>
#include <cstring>
#include <string>

#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

template <size_t size>
void copy(const std::string &text, char (&target)[size]) {
    if (text.size() < size) std::memcpy(target, text.c_str(), text.size() + 1);
}

cphone_result result(PhoneNumberUtil::ErrorType error) {
    switch (error) {
    case PhoneNumberUtil::NO_PARSING_ERROR: return CPHONE_PARSED;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR: return CPHONE_COUNTRY_UNKNOWN;
    case PhoneNumberUtil::NOT_A_NUMBER: return CPHONE_NOT_A_NUMBER;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN: return CPHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG_NSN: return CPHONE_TOO_LONG;
    }
    return CPHONE_FAILED;
}

cphone_line line(PhoneNumberUtil::PhoneNumberType type) {
    switch (type) {
    case PhoneNumberUtil::MOBILE: return CPHONE_MOBILE;
    case PhoneNumberUtil::FIXED_LINE: return CPHONE_FIXED;
    default: return CPHONE_UNKNOWN_LINE;
    }
}

/// The digits of a number such as "+225 07 07 08 09 10"; empty for a text of another form.
std::string international_digits(const std::string &text) {
    if (text.empty() || text[0] != '+') return "";
    std::string digits;
    for (size_t index = 1; index < text.size(); ++index) {
        const char character = text[index];
        if (character >= '0' && character <= '9') {
            digits += character;
        } else if (std::strchr(" -.()", character) == nullptr || character == '\0') {
            return "";
        }
    }
    return digits;
}

/// The library rewrites the digits after the country code for Mexico, Argentina and Brazil.
bool rewrites_numbers(int country_code) {
    return country_code == 52 || country_code == 54 || country_code == 55;
}

/// Reads a plain international number in a quarter of the time of `Parse`, whose regular
/// expressions cover every way to write a number. Returns false when the number needs `Parse`, for
/// example with a trunk prefix ("+44 (0)20 …").
bool parse_international(const std::string &text, PhoneNumber &parsed) {
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    const std::string digits = international_digits(text);
    if (digits.size() < 7 || digits.size() > 15 || digits[0] == '0') return false;
    int country_code = 0;
    size_t length = 0;
    std::string region = "ZZ";
    while (region == "ZZ" && length < 3) {
        country_code = country_code * 10 + (digits[length++] - '0');
        util.GetRegionCodeForCountryCode(country_code, &region);
    }
    if (region == "ZZ" || region == "001" || rewrites_numbers(country_code)) return false;
    const std::string significant = digits.substr(length);
    std::string trunk_prefix;
    util.GetNddPrefixForRegion(region, true, &trunk_prefix);
    if (!trunk_prefix.empty() && significant.compare(0, trunk_prefix.size(), trunk_prefix) == 0) {
        return false;
    }
    size_t zeros = significant.find_first_not_of('0');
    if (zeros == std::string::npos) return false;
    parsed.set_country_code(country_code);
    parsed.set_national_number(std::stoull(significant));
    if (zeros > 0) parsed.set_italian_leading_zero(true);
    if (zeros > 1) parsed.set_number_of_leading_zeros(static_cast<int32_t>(zeros));
    return true;
}

void describe(
    const PhoneNumber &parsed, PhoneNumberUtil::PhoneNumberType type, cphone_number &number
) {
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    number.country_code = parsed.country_code();
    // A number is valid when it has a type, so one query for both halves the time.
    number.is_valid = type != PhoneNumberUtil::UNKNOWN;
    number.line = line(type);
    std::string region;
    util.GetRegionCodeForNumber(parsed, &region);
    copy(region, number.region);
    std::string significant;
    util.GetNationalSignificantNumber(parsed, &significant);
    copy(significant, number.significant);
}

/// Whether the library has its metadata. Without it, no country code would exist.
bool has_metadata() {
    static const bool has = PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion("FR") == 33;
    return has;
}

cphone_result parse(const std::string &text, const std::string &region, cphone_number &number) {
    if (!has_metadata()) return CPHONE_FAILED;
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    PhoneNumber parsed;
    if (parse_international(text, parsed)) {
        const PhoneNumberUtil::PhoneNumberType type = util.GetNumberType(parsed);
        if (type != PhoneNumberUtil::UNKNOWN) {
            describe(parsed, type, number);
            return CPHONE_PARSED;
        }
        parsed.Clear();
    }
    const PhoneNumberUtil::ErrorType error = util.Parse(text, region, &parsed);
    if (error != PhoneNumberUtil::NO_PARSING_ERROR) return result(error);
    describe(parsed, util.GetNumberType(parsed), number);
    return CPHONE_PARSED;
}

cphone_result display(const std::string &e164, bool is_international, std::string &text) {
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    PhoneNumber parsed;
    const PhoneNumberUtil::ErrorType error = util.Parse(e164, "", &parsed);
    if (error != PhoneNumberUtil::NO_PARSING_ERROR) return result(error);
    const auto format =
        is_international ? PhoneNumberUtil::INTERNATIONAL : PhoneNumberUtil::NATIONAL;
    util.Format(parsed, format, &text);
    return CPHONE_PARSED;
}

}  // namespace

extern "C" int cphone_parse(
    const char *text, size_t text_count, const char *region, size_t region_count,
    cphone_number *number
) {
    *number = cphone_number{};
    try {
        return parse(std::string(text, text_count), std::string(region, region_count), *number);
    } catch (...) {
        return CPHONE_FAILED;
    }
}

extern "C" int cphone_display(
    const char *e164, size_t e164_count, int is_international, char *text, size_t text_size
) {
    try {
        std::string written;
        const cphone_result result =
            display(std::string(e164, e164_count), is_international != 0, written);
        if (result != CPHONE_PARSED) return result;
        if (written.size() >= text_size) return CPHONE_TOO_LONG;
        std::memcpy(text, written.c_str(), written.size() + 1);
        return CPHONE_PARSED;
    } catch (...) {
        return CPHONE_FAILED;
    }
}
