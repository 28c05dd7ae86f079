"""Reads telephone numbers as people write them, into E.164."""

from bridge.domain.ids import Address
from bridge.domain.value import Value


class Phone(Value):
    """A number in E.164 and the text that followed it."""

    address: Address
    rest: str


def leading_phone(text: str, region: str) -> Phone | None:
    """The telephone number that a text begins with; without country code it is of `region`.

    A word after it may begin with digits (`2a_via`): the longest beginning that is a valid number
    and ends where a word ends is the number. Numbering plans change and old accounts keep old
    numbers, so where none is valid the longest that is possible is taken.
    """
    # Its tables take 7 MB and 80 ms: only for a desk that has use of them.
    import phonenumbers

    words = text.split()
    possible: Phone | None = None
    for count in range(min(len(words), 6), 0, -1):
        written = " ".join(words[:count])
        if any(letter.isalpha() for letter in written):
            continue
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        phone = Phone(address=Address(e164), rest=" ".join(words[count:]))
        if phonenumbers.is_valid_number(number):
            return phone
        if possible is None and phonenumbers.is_possible_number(number):
            possible = phone
    return possible
