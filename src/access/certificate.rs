use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};

/// The certificate that `Client-Cert` says: DER as a byte sequence of structured fields
/// (RFC 9440 §2.1, RFC 9651 §3.3.5). Nothing where it isn't of that form.
pub(super) fn certificate(field: &str) -> Option<Vec<u8>> {
    let text = field.trim().strip_prefix(':')?.strip_suffix(':')?;
    let der = STANDARD.decode(text).ok()?;
    // A certificate is an ASN.1 sequence.
    (der.first() == Some(&0x30)).then_some(der)
}

/// What a token that is bound to a certificate says of it (RFC 8705 §3.1).
pub(super) fn thumbprint(der: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, der))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_a_byte_sequence_of_der() {
        assert_eq!(certificate(":MAA=:"), Some(vec![0x30, 0]));
        for bad in ["MAA=", ":MAA=", "::", ":AAA=:", ":?:", "", "?1"] {
            assert_eq!(certificate(bad), None, "{bad}");
        }
    }
}
