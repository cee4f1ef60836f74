use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// `user:password` out of Basic credentials (RFC 7617 §2). Nothing where they aren't of that form:
/// neither of the two has control characters.
pub(super) fn user_pass(credentials: &str) -> Option<Vec<u8>> {
    let pair = STANDARD.decode(credentials).ok()?;
    let is_sound = pair.contains(&b':') && !pair.iter().any(u8::is_ascii_control);
    is_sound.then_some(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_a_pair_in_base64() {
        for (text, pair) in [
            ("QWxhZGRpbjpvcGVuIHNlc2FtZQ==", Some("Aladdin:open sesame")),
            ("dGVzdDoxMjPCow==", Some("test:123\u{a3}")),
            ("Og==", Some(":")),
            ("YTpiOmM=", Some("a:b:c")),
            ("YWJj", None),
            ("YTpiCg==", None),
            ("YTpi=", None),
            ("a:b", None),
            ("", None),
        ] {
            let expected = pair.map(|pair| pair.as_bytes().to_vec());
            assert_eq!(user_pass(text), expected, "{text}");
        }
    }
}
