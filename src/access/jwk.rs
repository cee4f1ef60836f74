use crate::spec::{LoadError, LoadErrors, Place, Source};
use crate::wire::Pointer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use std::path::Path;
use std::sync::Arc;

/// How many keys a set may have.
const KEYS: usize = 1_000;

/// The keys that tokens may be signed with: a JWK Set (RFC 7517 §5).
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    pub(super) keys: Arc<[Jwk]>,
    notes: Arc<[LoadError]>,
}

/// A key that can be used.
#[derive(Debug)]
pub(super) struct Jwk {
    pub(super) id: Option<String>,
    /// The one algorithm that it is for, where it says so.
    pub(super) algorithm: Option<String>,
    pub(super) material: Material,
}

/// What a key is made of. Which algorithms it is good for follows from its kind alone, so that no
/// public key is ever taken for the secret of an HMAC (RFC 8725 §3.1).
pub(super) enum Material {
    Secret(Vec<u8>),
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point.
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl std::fmt::Debug for Material {
    // By hand: a secret must not end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Material::Secret(_) => "a secret",
            Material::Rsa { .. } => "an RSA key",
            Material::P256(_) | Material::P384(_) => "an elliptic curve key",
            Material::Ed25519(_) => "an Ed25519 key",
        })
    }
}

impl KeySet {
    /// Reads a file: a JWK Set, or one key alone.
    ///
    /// # Errors
    /// That the file is none, or has no key that can be used.
    pub fn read(path: &Path) -> Result<KeySet, LoadErrors> {
        KeySet::of(&Arc::new(Source::read(path, &path.display().to_string())?))
    }

    /// Reads a text; `name` is what people are shown.
    ///
    /// # Errors
    /// As [`KeySet::read`].
    pub fn parse(name: &str, text: &str) -> Result<KeySet, LoadErrors> {
        KeySet::of(&Arc::new(Source::new(name, text)))
    }

    fn of(source: &Arc<Source>) -> Result<KeySet, LoadErrors> {
        let fail = |place: Place, message: &str| LoadError::new(source, place, message);
        let value = source.parse()?;
        let is_key = value.get("kty").is_some();
        let listed = value.get("keys").and_then(Value::as_array);
        let keys: Vec<(String, &Value)> = match listed {
            Some(keys) if keys.len() > KEYS => {
                let message = format!("there are more than {KEYS} keys");
                return Err(fail(Place::File, &message).into());
            }
            Some(keys) => {
                let keys = keys.iter().enumerate();
                keys.map(|(at, key)| (format!("/keys/{at}"), key)).collect()
            }
            None if is_key => vec![(String::new(), &value)],
            None => {
                let message = "this is no JWK Set: it has no list `keys`";
                return Err(fail(Place::Value(Pointer::root()), message).into());
            }
        };
        let mut notes = Vec::new();
        let mut usable = Vec::new();
        for (at, key) in keys {
            match key.as_object().ok_or("a key is an object").and_then(read) {
                Ok(key) => usable.push(key),
                // Keys that aren't understood are ignored (RFC 7517 §5).
                Err(why) => {
                    let place = Place::Value(Pointer::parse(&at).unwrap_or_default());
                    notes.push(fail(place, &format!("this key isn't used: {why}")));
                }
            }
        }
        match usable.is_empty() {
            true if notes.is_empty() => Err(fail(Place::File, "there is no key in it").into()),
            true => Err(LoadErrors(notes)),
            false => Ok(KeySet {
                keys: usable.into(),
                notes: notes.into(),
            }),
        }
    }

    /// The keys that aren't used, and why.
    pub fn notes(&self) -> &[LoadError] {
        &self.notes
    }
}

/// Reads one key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2), or says why it can't be used.
fn read(key: &Map<String, Value>) -> Result<Jwk, &'static str> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let bytes = |name: &str| {
        let text = text(name)?;
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
        (!bytes.is_empty()).then_some(bytes)
    };
    let mut operations = key.get("key_ops").and_then(Value::as_array).into_iter();
    if text("use").is_some_and(|purpose| purpose != "sig")
        || operations.any(|listed| !listed.contains(&Value::from("verify")))
    {
        return Err("it is not for verifying signatures");
    }
    let point = |length: usize| {
        let (x, y) = (bytes("x")?, bytes("y")?);
        (x.len() == length && y.len() == length).then(|| [vec![4], x, y].concat())
    };
    let material = match (text("kty"), text("crv")) {
        (Some("oct"), _) => bytes("k").map(Material::Secret),
        (Some("RSA"), _) => match (bytes("n"), bytes("e")) {
            (Some(n), Some(e)) => {
                let (n, e) = (unpadded(n), unpadded(e));
                if n.len() < 256 {
                    return Err("an RSA key has 2048 bits or more");
                }
                Some(Material::Rsa { n, e })
            }
            _ => None,
        },
        (Some("EC"), Some("P-256")) => point(32).map(Material::P256),
        (Some("EC"), Some("P-384")) => point(48).map(Material::P384),
        (Some("OKP"), Some("Ed25519")) => {
            let point = bytes("x").filter(|x| x.len() == 32);
            point.map(Material::Ed25519)
        }
        (None, _) => return Err("it has no `kty`"),
        _ => return Err("keys of its type or curve aren't known"),
    };
    Ok(Jwk {
        id: text("kid").map(str::to_owned),
        algorithm: text("alg").map(str::to_owned),
        material: material.ok_or("what it is made of is missing or malformed")?,
    })
}

/// A number without leading zeros.
fn unpadded(bytes: Vec<u8>) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes[zeros..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_can_not_be_used_are_told_with_their_place() {
        let told = |text: &str| match KeySet::parse("k.json", text) {
            Ok(set) => format!(
                "{} usable, {}",
                set.keys.len(),
                LoadErrors(set.notes().to_vec())
            ),
            Err(errors) => errors.to_string(),
        };
        assert_eq!(
            told(
                "{\"keys\": [{\"kty\": \"oct\", \"k\": \"YQ\"},\n{\"kty\": \"oct\", \"k\": \"YQ\", \"use\": \"enc\"}]}"
            ),
            "1 usable, k.json:2:1: this key isn't used: it is not for verifying signatures"
        );
        assert_eq!(told("{\"kty\": \"oct\", \"k\": \"YQ\"}"), "1 usable, ");
        for (key, why) in [
            (
                r#"{"kty": "RSA", "n": "AQAB", "e": "AQAB"}"#,
                "an RSA key has 2048 bits or more",
            ),
            (
                r#"{"kty": "RSA", "n": "AQAB"}"#,
                "what it is made of is missing or malformed",
            ),
            (
                r#"{"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"}"#,
                "what it is made of is missing or malformed",
            ),
            (
                r#"{"kty": "EC", "crv": "secp256k1"}"#,
                "keys of its type or curve aren't known",
            ),
            (
                r#"{"kty": "oct", "k": "YQ", "key_ops": ["sign"]}"#,
                "it is not for verifying signatures",
            ),
            ("{}", "it has no `kty`"),
            ("7", "a key is an object"),
        ] {
            let expected = format!("k.json:1:11: this key isn't used: {why}");
            assert_eq!(told(&format!("{{\"keys\": [{key}]}}")), expected);
        }
        assert_eq!(told("{\"keys\": []}"), "k.json: there is no key in it");
        assert_eq!(
            told("[]"),
            "k.json:1:1: this is no JWK Set: it has no list `keys`"
        );
        assert!(told("{\"keys\":").starts_with("k.json:1:9: "));
    }
}
