/// Decodes percent-encoding (RFC 3986 §2.1) strictly.
///
/// Gives the text, or a sentence's predicate that says what is wrong: a `%` without two hex digits,
/// or octets that are no UTF-8. Nothing is guessed, as a guess could match another path.
pub fn decode_percent(text: &str) -> Result<String, String> {
    let bytes = text.as_bytes();
    if !bytes.contains(&b'%') {
        return Ok(text.to_owned());
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] == b'%' {
            let octet = text
                .get(i + 1..i + 3)
                .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
                .and_then(|hex| u8::from_str_radix(hex, 16).ok())
                .ok_or("has a % that isn't followed by two hexadecimal digits")?;
            out.push(octet);
            i += 3;
        } else {
            out.push(bytes[i]);
            i += 1;
        }
    }
    String::from_utf8(out).map_err(|_| "has percent-encoded octets that are no UTF-8".to_owned())
}

/// Percent-encodes a text as UTF-8 (RFC 3986 §2.1), but for the octets that `keeps` lets stand.
pub fn encode_percent(text: &str, keeps: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for octet in text.bytes() {
        match octet.is_ascii() && keeps(octet) {
            true => out.push(char::from(octet)),
            false => {
                out.push('%');
                for half in [octet >> 4, octet & 15] {
                    out.extend(char::from_digit(half.into(), 16).map(|c| c.to_ascii_uppercase()));
                }
            }
        }
    }
    out
}

/// A text as one segment of a path: all but the unreserved octets encoded (RFC 3986 §2.3).
pub fn encode_segment(text: &str) -> String {
    encode_percent(text, |octet| {
        octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_read_back() {
        let encoded = encode_percent("a/é%", |octet| octet.is_ascii_alphanumeric());
        assert_eq!(encoded, "a%2F%C3%A9%25");
        assert_eq!(decode_percent(&encoded).as_deref(), Ok("a/é%"));
    }

    #[test]
    fn bad_escapes_and_overlong_forms_are_refused() {
        assert_eq!(decode_percent("a%2Fb%20c").as_deref(), Ok("a/b c"));
        assert_eq!(decode_percent("%D8%A7").as_deref(), Ok("ا"));
        for bad in ["%", "%2", "%zz", "%+1", "%C0%AF", "%ff", "%€"] {
            assert!(decode_percent(bad).is_err(), "{bad}");
        }
    }
}
