use super::jwk::{Jwk, KeySet, Material};
use super::jwt::{Jwt, TokenFault};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac::{self, HMAC_SHA256, HMAC_SHA384, HMAC_SHA512};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::Value;

/// What tokens are verified with: one shared secret, and the keys of a set.
#[derive(Debug)]
pub(super) struct Keyring {
    secret: Material,
    keys: KeySet,
}

/// An algorithm of JWS (RFC 7518 §3, RFC 8037 §3.1), by what it is verified with. `none` is none
/// of them.
enum Algorithm {
    Hmac(hmac::Algorithm),
    Rsa(&'static RsaParameters),
    P256,
    P384,
    Ed25519,
}

impl Algorithm {
    fn named(name: &str) -> Option<Algorithm> {
        Some(match name {
            "HS256" => Algorithm::Hmac(HMAC_SHA256),
            "HS384" => Algorithm::Hmac(HMAC_SHA384),
            "HS512" => Algorithm::Hmac(HMAC_SHA512),
            "RS256" => Algorithm::Rsa(&RSA_PKCS1_2048_8192_SHA256),
            "RS384" => Algorithm::Rsa(&RSA_PKCS1_2048_8192_SHA384),
            "RS512" => Algorithm::Rsa(&RSA_PKCS1_2048_8192_SHA512),
            "PS256" => Algorithm::Rsa(&RSA_PSS_2048_8192_SHA256),
            "PS384" => Algorithm::Rsa(&RSA_PSS_2048_8192_SHA384),
            "PS512" => Algorithm::Rsa(&RSA_PSS_2048_8192_SHA512),
            "ES256" => Algorithm::P256,
            "ES384" => Algorithm::P384,
            // The same by its name of RFC 9864.
            "EdDSA" | "Ed25519" => Algorithm::Ed25519,
            _ => return None,
        })
    }

    /// Whether a key is of the kind that the algorithm takes.
    fn takes(&self, key: &Material) -> bool {
        matches!(
            (self, key),
            (Algorithm::Hmac(_), Material::Secret(_))
                | (Algorithm::Rsa(_), Material::Rsa { .. })
                | (Algorithm::P256, Material::P256(_))
                | (Algorithm::P384, Material::P384(_))
                | (Algorithm::Ed25519, Material::Ed25519(_))
        )
    }

    /// Whether a key made a signature. One of another kind never did.
    fn verify(&self, key: &Material, signed: &[u8], signature: &[u8]) -> bool {
        let by = |algorithm: &'static dyn VerificationAlgorithm, key: &[u8]| {
            let key = UnparsedPublicKey::new(algorithm, key);
            key.verify(signed, signature).is_ok()
        };
        match (self, key) {
            (Algorithm::Hmac(algorithm), Material::Secret(secret)) => {
                let key = hmac::Key::new(*algorithm, secret);
                hmac::verify(&key, signed, signature).is_ok()
            }
            (Algorithm::Rsa(parameters), Material::Rsa { n, e }) => {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(parameters, signed, signature).is_ok()
            }
            (Algorithm::P256, Material::P256(point)) => by(&ECDSA_P256_SHA256_FIXED, point),
            (Algorithm::P384, Material::P384(point)) => by(&ECDSA_P384_SHA384_FIXED, point),
            (Algorithm::Ed25519, Material::Ed25519(point)) => by(&ED25519, point),
            _ => false,
        }
    }
}

impl Keyring {
    /// One of a shared secret for HMAC, and of public keys.
    pub(super) fn new(secret: &[u8], keys: KeySet) -> Keyring {
        Keyring {
            secret: Material::Secret(secret.to_vec()),
            keys,
        }
    }

    /// Whether a token is signed by one of the keys (RFC 7515 §5.2): by the secret, else by the
    /// key of its `kid`, else by the only one that fits.
    pub(super) fn verify(&self, jwt: &Jwt<'_>) -> Result<(), TokenFault> {
        // No extension is understood (RFC 7515 §4.1.11).
        if jwt.header.contains_key("crit") {
            return Err(TokenFault::Critical);
        }
        let name = jwt.header.get("alg").and_then(Value::as_str);
        let name = name.ok_or(TokenFault::Algorithm)?;
        let algorithm = Algorithm::named(name).ok_or(TokenFault::Algorithm)?;
        let signature = URL_SAFE_NO_PAD.decode(jwt.signature);
        let signature = signature.map_err(|_| TokenFault::Signature)?;
        let is_by =
            |key: &Material| algorithm.verify(key, jwt.signed.as_bytes(), signature.as_slice());
        if is_by(&self.secret) {
            return Ok(());
        }
        let key = match self.key(jwt, name, &algorithm) {
            // That the secret didn't make it says more than that there is no other.
            Err(TokenFault::NoKey) if algorithm.takes(&self.secret) => {
                return Err(TokenFault::Signature);
            }
            key => key?,
        };
        match is_by(&key.material) {
            true => Ok(()),
            false => Err(TokenFault::Signature),
        }
    }

    /// The key that a token's header means. One without an id is meant where no other is.
    fn key(&self, jwt: &Jwt<'_>, name: &str, algorithm: &Algorithm) -> Result<&Jwk, TokenFault> {
        fn canonical(name: &str) -> &str {
            match name {
                "Ed25519" => "EdDSA",
                name => name,
            }
        }
        let is_for = |key: &&Jwk| {
            let own = key.algorithm.as_deref();
            own.is_none_or(|own| canonical(own) == canonical(name))
        };
        let keys = self.keys.keys.iter();
        let fitting: Vec<&Jwk> = keys
            .filter(|key| algorithm.takes(&key.material))
            .filter(is_for)
            .collect();
        let of_id = |id: Option<&str>| -> Vec<&Jwk> {
            let fitting = fitting.iter().copied();
            fitting.filter(|key| key.id.as_deref() == id).collect()
        };
        let meant = match jwt.header.get("kid") {
            None => fitting,
            Some(id) => {
                let id = id.as_str().ok_or(TokenFault::NoKey)?;
                match of_id(Some(id)) {
                    named if named.is_empty() => of_id(None),
                    named => named,
                }
            }
        };
        match meant.as_slice() {
            [] => Err(TokenFault::NoKey),
            [key] => Ok(key),
            _ => Err(TokenFault::ManyKeys),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, json};

    const CLAIMS: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    fn verified(key: &Value, token: &str) -> Result<(), TokenFault> {
        let keys = KeySet::parse("keys", &key.to_string()).expect("a key");
        let (signed, signature) = token.rsplit_once('.').expect("a signature");
        let (header, _) = signed.split_once('.').expect("a header");
        let header = URL_SAFE_NO_PAD.decode(header).expect("base64url");
        // The text of RFC 8037 is no JSON.
        let jwt = Jwt {
            header: serde_json::from_slice(&header).expect("an object"),
            claims: Map::new(),
            signed,
            signature,
        };
        Keyring::new(b"secret", keys).verify(&jwt)
    }

    #[test]
    fn the_examples_of_the_rfcs_are_verified() {
        // RFC 7515 A.1, A.2 and A.3, RFC 8037 A.4.
        let examples = [
            (
                json!({"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}),
                format!(
                    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{CLAIMS}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
                ),
            ),
            (
                json!({"kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}),
                format!(
                    "eyJhbGciOiJSUzI1NiJ9.{CLAIMS}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
                ),
            ),
            (
                json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}),
                format!(
                    "eyJhbGciOiJFUzI1NiJ9.{CLAIMS}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
                ),
            ),
            (
                json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
                "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg".to_owned(),
            ),
        ];
        for (key, token) in &examples {
            assert_eq!(verified(key, token), Ok(()), "{token}");
            let (signed, signature) = token.rsplit_once('.').expect("a signature");
            let tampered = format!("{signed}A.{signature}");
            assert_eq!(verified(key, &tampered), Err(TokenFault::Signature));
            assert_eq!(
                verified(key, &format!("{signed}.")),
                Err(TokenFault::Signature)
            );
            // A key is for the algorithms of its own kind, and for its own one where it has one.
            for (other, _) in examples.iter().filter(|(other, _)| other != key) {
                let fault = verified(other, token).expect_err("another key");
                let expected = match key["kty"].as_str() {
                    Some("oct") => TokenFault::Signature,
                    _ => TokenFault::NoKey,
                };
                assert_eq!(fault, expected, "{token}");
            }
            let mut other = key.clone();
            other["alg"] = json!("HS999");
            verified(&other, token).expect_err("a key for another algorithm");
        }
    }

    #[test]
    fn a_header_names_one_key_or_none() {
        let token = |header: Value| {
            let header = URL_SAFE_NO_PAD.encode(header.to_string());
            let signed = format!("{header}.e30");
            let key = hmac::Key::new(HMAC_SHA256, b"a");
            let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&key, signed.as_bytes()));
            format!("{signed}.{signature}")
        };
        let key = |k: &str, id: Option<&str>| match id {
            Some(id) => json!({"kty": "oct", "k": k, "kid": id}),
            None => json!({"kty": "oct", "k": k}),
        };
        let (named, other, bare) = (key("YQ", Some("1")), key("Yg", Some("2")), key("YQ", None));
        for (keys, header, expected) in [
            (
                json!([named, other]),
                json!({"alg": "HS256", "kid": "1"}),
                Ok(()),
            ),
            (json!([named]), json!({"alg": "HS256"}), Ok(())),
            (
                json!([bare, other]),
                json!({"alg": "HS256", "kid": "9"}),
                Ok(()),
            ),
            (
                json!([named, other]),
                json!({"alg": "HS256"}),
                Err(TokenFault::ManyKeys),
            ),
            (
                json!([named, other]),
                json!({"alg": "HS256", "kid": "2"}),
                Err(TokenFault::Signature),
            ),
            (
                json!([named]),
                json!({"alg": "HS256", "kid": "9"}),
                Err(TokenFault::Signature),
            ),
            (
                json!([named]),
                json!({"alg": "HS256", "kid": 1}),
                Err(TokenFault::Signature),
            ),
            (
                json!([named]),
                json!({"alg": "RS256", "kid": "1"}),
                Err(TokenFault::NoKey),
            ),
            (
                json!([named]),
                json!({"alg": "none"}),
                Err(TokenFault::Algorithm),
            ),
            (
                json!([named]),
                json!({"alg": "None"}),
                Err(TokenFault::Algorithm),
            ),
            (
                json!([named]),
                json!({"alg": ["HS256"]}),
                Err(TokenFault::Algorithm),
            ),
            (json!([named]), json!({}), Err(TokenFault::Algorithm)),
            (
                json!([named]),
                json!({"alg": "HS256", "crit": ["b64"], "b64": false}),
                Err(TokenFault::Critical),
            ),
        ] {
            let found = verified(&json!({"keys": keys}), &token(header.clone()));
            assert_eq!(found, expected, "{header} {keys}");
        }
    }
}
