use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// The secret that development tokens are signed with. It is no secret: anyone may mint one.
const SECRET: &[u8] = b"counterpart-development";

/// A JSON Web Token (RFC 7519) for development, signed with HS256: it permits `scopes`, from
/// `now` on for `lifetime`, both in seconds.
pub fn development_token(scopes: &[String], now: u64, lifetime: u64) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(json!({"alg": "HS256", "typ": "JWT"}));
    let claims = part(json!({
        "iss": "counterpart",
        "sub": "developer",
        "iat": now,
        "exp": now + lifetime,
        "scope": scopes.join(" "),
        "permissions": scopes,
    }));
    let signed = format!("{head}.{claims}");
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("HMAC takes a key of any length");
    mac.update(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{signed}.{signature}")
}
