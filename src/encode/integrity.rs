//! What header fields tell of a body's octets: their digests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, SHA512, digest};

/// The ways to write the digest of a body in a field, the usual one first: `Content-Digest` and
/// `Repr-Digest` as RFC 9530 §2 has them, `Digest` as RFC 3230 §4.3.2 does.
pub fn digests(field: &str, body: &[u8]) -> Vec<String> {
    let algorithms = [("sha-256", &SHA256), ("sha-512", &SHA512)];
    let written = |name: &str, octets: &[u8]| {
        let digest = STANDARD.encode(octets);
        match field {
            "digest" => format!("{name}={digest}"),
            _ => format!("{name}=:{digest}:"),
        }
    };
    let all = algorithms.map(|(name, algorithm)| written(name, digest(algorithm, body).as_ref()));
    all.to_vec()
}

/// The MD5 of a body, as `Content-MD5` has it (RFC 1864 §2).
pub fn md5_of(body: &[u8]) -> String {
    STANDARD.encode(md5::compute(body).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_octets() {
        let body = b"{\"hello\": \"world\"}\n";
        assert_eq!(
            digests("content-digest", body)[0],
            "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
        );
        assert_eq!(
            digests("digest", b"")[0],
            "sha-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
        assert_eq!(md5_of(b""), "1B2M2Y8AsgTpgAmY7PhCfg==");
    }
}
