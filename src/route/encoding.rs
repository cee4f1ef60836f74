//! Percent-encoding without decoding: what a path and a template must share to be compared.

use std::borrow::Cow;

/// The text with each character written one way (RFC 3986 §6.2.2): what needs no encoding has
/// none, all else has it in capitals. An encoded slash stays encoded, and so never splits a
/// segment. What comes out is ASCII.
pub(super) fn normal(text: &str) -> Cow<'_, str> {
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    while at < bytes.len() {
        let (octet, taken) = match encoded(&bytes[at..]) {
            Some(octet) => (octet, 3),
            None => (bytes[at], 1),
        };
        let bare = match taken {
            3 => is_unreserved(octet),
            _ => is_plain(octet),
        };
        match bare {
            true => out.push(char::from(octet)),
            false => out.push_str(&format!("%{octet:02X}")),
        }
        at += taken;
    }
    Cow::Owned(out)
}

/// How many bytes of a normal text its first character takes: one that is encoded has three for
/// each of its octets in UTF-8.
pub(super) fn first_character(text: &str) -> usize {
    let octets = match encoded(text.as_bytes()) {
        None => return text.len().min(1),
        Some(0xF0..) => 4,
        Some(0xE0..) => 3,
        Some(0xC0..) => 2,
        Some(_) => 1,
    };
    text.len().min(octets * 3)
}

/// The octet that stands encoded at the start.
fn encoded(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
}

/// RFC 3986 §2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// What a path has without encoding (RFC 3986 §3.3).
fn is_plain(byte: u8) -> bool {
    is_unreserved(byte) || b"!$&'()*+,;=:@/".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_written_one_way() {
        for (text, expected) in [
            ("/a/b:c@d", "/a/b:c@d"),
            ("%61%2d%7E", "a-~"),
            ("a%2fb%3a", "a%2Fb%3A"),
            ("é {x}", "%C3%A9%20%7Bx%7D"),
            ("%C3%a9", "%C3%A9"),
            ("100%", "100%25"),
            ("%zz", "%25zz"),
            ("%2561", "%2561"),
        ] {
            assert_eq!(normal(text), expected, "{text}");
        }
    }

    #[test]
    fn a_character_is_as_long_as_its_encoding() {
        for (text, expected) in [
            ("", 0),
            ("ab", 1),
            ("%20b", 3),
            ("%C3%A9b", 6),
            ("%F0%9F%98%80b", 12),
            ("%C3", 3),
        ] {
            assert_eq!(first_character(text), expected, "{text}");
        }
    }
}
