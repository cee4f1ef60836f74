use super::scheme::Fault;
use super::seal::Seal;
use crate::wire::{Method, auth_params, decode_percent};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use std::fmt;

/// How long a nonce is taken, in seconds.
const LIFETIME: i64 = 300;
/// What a client has to send back as it is: it says nothing.
pub(super) const OPAQUE: &str = "counterpart";
/// What is offered, the better first (RFC 7616 §3.7). Many clients know MD5 alone.
pub(super) const ALGORITHMS: [&str; 2] = ["SHA-256", "MD5"];

/// Credentials of the scheme Digest (RFC 7616 §3.4).
#[derive(Debug)]
pub(super) struct DigestCredentials(Vec<(String, String)>);

/// Who may answer.
pub(super) struct User {
    pub(super) name: String,
    pub(super) password: String,
}

impl fmt::Debug for User {
    // By hand: a password must not end up in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// What Digest credentials are an answer to.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    /// Path and query, as the client sent them.
    pub(super) target: String,
    pub(super) realm: &'a str,
    pub(super) seal: &'a Seal,
    /// In seconds since 1970.
    pub(super) now: i64,
}

impl DigestCredentials {
    /// Reads them; nothing where they are malformed or lack a parameter that they must have.
    pub(super) fn read(text: &str) -> Option<DigestCredentials> {
        let credentials = DigestCredentials(auth_params(text)?);
        let mut needed = ["realm", "nonce", "uri", "response"].into_iter();
        let names_user = ["username", "username*"].map(|name| credentials.get(name).is_some());
        let is_whole = needed.all(|name| credentials.get(name).is_some());
        (is_whole && names_user.contains(&true)).then_some(credentials)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut params = self.0.iter();
        let param = params.find(|(known, _)| known == name);
        param.map(|(_, value)| value.as_str())
    }

    /// Whether they answer a challenge of ours as one of these users would.
    pub(super) fn verify(&self, known: &[User], asked: &Asked<'_>) -> Result<(), Fault> {
        let text = |name: &str| self.get(name).unwrap_or("");
        let other = |what: &'static str| Err(Fault::Malformed(what));
        if text("realm") != asked.realm || self.get("opaque").is_some_and(|it| it != OPAQUE) {
            return other("the Digest credentials answer another challenge");
        }
        if text("qop") != "auth" || text("nc").is_empty() || text("cnonce").is_empty() {
            return other("the Digest credentials lack `qop=auth` with `nc` and `cnonce`");
        }
        let uri = text("uri");
        if uri != asked.target && origin_form(uri) != Some(asked.target.as_str()) {
            return other("the `uri` of the Digest credentials is not the one asked for");
        }
        let algorithm = self.get("algorithm").unwrap_or(ALGORITHMS[1]);
        // A client may key its secret to its first answer, unasked (`-sess`).
        let keyed = algorithm.rsplit_once('-');
        let keyed = keyed.filter(|(_, kind)| kind.eq_ignore_ascii_case("sess"));
        let name = keyed.map_or(algorithm, |(name, _)| name);
        let hash: fn(&str) -> String = match name {
            name if name.eq_ignore_ascii_case(ALGORITHMS[0]) => sha256,
            name if name.eq_ignore_ascii_case(ALGORITHMS[1]) => md5,
            _ => return other("the `algorithm` of the Digest credentials is not offered"),
        };
        let issued = issued(text("nonce"), asked.seal);
        let age = issued.map(|issued| asked.now.saturating_sub(issued));
        let user = self.user();
        let answers = |User { name, password }: &User| {
            let (nonce, nc, cnonce) = (text("nonce"), text("nc"), text("cnonce"));
            let who = hash(&format!("{name}:{}:{password}", asked.realm));
            let who = match keyed {
                Some(_) => hash(&format!("{who}:{nonce}:{cnonce}")),
                None => who,
            };
            let what = hash(&format!("{}:{uri}", asked.method));
            let right = hash(&format!("{who}:{nonce}:{nc}:{cnonce}:auth:{what}"));
            let given = text("response").to_ascii_lowercase();
            user.as_deref() == Some(name) && asked.seal.is(given, asked.seal.of(right))
        };
        match known.iter().any(answers) {
            false => Err(Fault::Unknown),
            // That the rest is right says that asking again is enough (RFC 7616 §3.3).
            true if !age.is_some_and(|age| (0..=LIFETIME).contains(&age)) => Err(Fault::Stale),
            true => Ok(()),
        }
    }

    /// The user's name; `username*` is in the form of RFC 8187.
    fn user(&self) -> Option<String> {
        if let Some(name) = self.get("username") {
            return Some(name.to_owned());
        }
        let (charset, rest) = self.get("username*")?.split_once('\'')?;
        let (_, name) = rest.split_once('\'')?;
        let name = decode_percent(name).ok()?;
        charset.eq_ignore_ascii_case("utf-8").then_some(name)
    }
}

/// A nonce of the present, in seconds since 1970, that is known again without being kept.
pub(super) fn nonce(now: i64, seal: &Seal) -> String {
    let time = now.to_be_bytes();
    let tag = seal.of(time);
    URL_SAFE_NO_PAD.encode([&time, tag.as_ref()].concat())
}

/// When a nonce of ours was made.
fn issued(nonce: &str, seal: &Seal) -> Option<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(nonce).ok()?;
    let (time, tag) = bytes.split_first_chunk::<8>()?;
    seal.is(time, tag).then(|| i64::from_be_bytes(*time))
}

/// The path and query of an absolute URI.
fn origin_form(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    rest.find('/').and_then(|at| rest.get(at..))
}

fn md5(text: &str) -> String {
    format!("{:x}", md5::compute(text))
}

fn sha256(text: &str) -> String {
    let digest = digest(&SHA256, text.as_bytes());
    let octets = digest.as_ref().iter();
    octets.map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(more: &str) -> DigestCredentials {
        let all = format!(
            "username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", nc=00000001, \
             cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, {more}"
        );
        DigestCredentials::read(&all).expect("credentials")
    }

    fn verify(credentials: &DigestCredentials, password: &str) -> Result<(), Fault> {
        let asked = Asked {
            method: &Method::GET,
            target: "/dir/index.html".to_owned(),
            realm: "http-auth@example.org",
            seal: &Seal::new(),
            now: 1_000,
        };
        let known = [User {
            name: "Mufasa".to_owned(),
            password: password.to_owned(),
        }];
        credentials.verify(&known, &asked)
    }

    #[test]
    fn the_examples_of_rfc_7616_are_right_but_for_their_nonce() {
        let nonce = "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\"";
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            // Of `-sess` the RFC has none: these are worked out by §3.4.2 from its values.
            ("md5-sess", "e783283f46242139c486a698fec7211d"),
            (
                "SHA-256-sess",
                "2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7",
            ),
            (
                "SHA-256",
                "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
            ),
        ] {
            let credentials = credentials(&format!(
                "{nonce}, algorithm={algorithm}, response=\"{response}\""
            ));
            assert_eq!(verify(&credentials, "Circle of Life"), Err(Fault::Stale));
            assert_eq!(verify(&credentials, "Circle of life"), Err(Fault::Unknown));
        }
    }

    #[test]
    fn a_nonce_is_known_again_until_it_is_over() {
        let (seal, other) = (Seal::new(), Seal::new());
        let nonce = nonce(1_000, &seal);
        assert_eq!(issued(&nonce, &seal), Some(1_000));
        assert_eq!(issued(&nonce, &other), None);
        assert_eq!(issued("", &seal), None);
        assert_eq!(issued(&nonce[1..], &seal), None);
    }

    #[test]
    fn a_name_may_be_written_in_full_unicode() {
        let text = "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm=r, nonce=n, uri=u, response=r";
        let credentials = DigestCredentials::read(text).expect("credentials");
        assert_eq!(credentials.user().as_deref(), Some("Jäsøn Doe"));
        for bad in ["abc123", "username=a, realm=b, nonce=c, uri=d", ""] {
            assert!(DigestCredentials::read(bad).is_none(), "{bad}");
        }
    }
}
