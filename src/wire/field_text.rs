use http::HeaderValue;
use std::borrow::Cow;

/// The text of a header field: in UTF-8 where it is that, else in ISO-8859-1, as fields were of old
/// and as browsers and most clients write and read them (RFC 9110 §5.5).
pub fn field_text(value: &HeaderValue) -> Cow<'_, str> {
    let octets = value.as_bytes();
    match std::str::from_utf8(octets) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => octets.iter().map(|octet| char::from(*octet)).collect(),
    }
}

/// A text as a header field that leaves ASCII only where the text does: in ISO-8859-1 then, beyond
/// that in UTF-8. Nothing where it has control characters.
pub fn field_of_text(text: &str) -> Option<HeaderValue> {
    let is_control = |c: char| c.is_control() && c != '\t';
    if text.chars().any(is_control) {
        return None;
    }
    let latin: Result<Vec<u8>, _> = match text.is_ascii() {
        true => Ok(text.as_bytes().to_vec()),
        false => text.chars().map(u8::try_from).collect(),
    };
    let octets = latin.unwrap_or_else(|_| text.as_bytes().to_vec());
    HeaderValue::from_bytes(&octets).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_beyond_ascii_comes_back_from_its_field() {
        for (text, octets) in [
            ("a b", &b"a b"[..]),
            ("na\u{ef}ve", b"na\xefve"),
            ("\u{20ac}", b"\xe2\x82\xac"),
        ] {
            let value = field_of_text(text).expect(text);
            assert_eq!(value.as_bytes(), octets, "{text}");
            assert_eq!(field_text(&value), text);
        }
        for bad in ["a\nb", "a\u{7f}", "\u{85}"] {
            assert_eq!(field_of_text(bad), None, "{bad:?}");
        }
    }
}
