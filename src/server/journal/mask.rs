use super::secret::write_without;
use crate::contract::Secrets;
use crate::decode::form_name;
use crate::exchange::Exchange;
use crate::spec::is_secret_name;
use crate::validate::Place;
use crate::wire::{HeaderMap, HeaderName, header};

/// What stands in the place of a credential.
pub(in crate::server) const MASKED: &str = "…";

/// Whether something in a body was masked, or looks as if it had been.
pub(in crate::server) fn is_masked(body: &[u8]) -> bool {
    let masked = MASKED.as_bytes();
    body.windows(masked.len()).any(|window| window == masked)
}

/// Knows where credentials are: in the fields that are there for them, and where the contracts
/// have their keys.
#[derive(Debug, Default)]
pub(in crate::server) struct Mask {
    secrets: Secrets,
}

impl Mask {
    /// For all of these together: what is a key to one contract is none of another's business.
    pub(in crate::server) fn of(all: impl Iterator<Item = Secrets>) -> Mask {
        let mut secrets = Secrets::default();
        for one in all {
            secrets.headers.extend(one.headers);
            secrets.queries.extend(one.queries);
            secrets.schemes.extend(one.schemes);
            secrets.members.extend(one.members);
        }
        Mask { secrets }
    }

    /// Whether a parameter of a query is a credential: bearer tokens may be there, whether or not a
    /// contract takes them there (RFC 6750 §2.3). Who writes one otherwise shows it all the same.
    fn is_key(&self, name: &str) -> bool {
        let name = name.trim();
        let name = name.strip_suffix("[]").unwrap_or(name);
        let inner = name
            .strip_suffix(']')
            .and_then(|name| name.rsplit('[').next());
        let inner = inner.or_else(|| name.rsplit('.').next()).unwrap_or(name);
        let mut keys = self.secrets.queries.iter();
        let is_it = |key: &str| key.eq_ignore_ascii_case(name) || key.eq_ignore_ascii_case(inner);
        keys.any(|key| is_it(key)) || is_secret_name(name) || is_secret_name(inner)
    }

    /// Shows an exchange whose target has no credentials.
    pub(in crate::server) fn show(&self, exchange: &mut Exchange, to: impl FnOnce(&Exchange)) {
        let Some(shown) = self.shown_target(&exchange.request.target) else {
            return to(exchange);
        };
        let target = std::mem::replace(&mut exchange.request.target, shown);
        to(exchange);
        exchange.request.target = target;
    }

    /// A target as it may be shown, where it is another than that which was sent.
    pub(in crate::server) fn shown_target(&self, target: &str) -> Option<String> {
        if !target.contains('?') {
            return None;
        }
        let mut shown = Vec::with_capacity(target.len());
        self.target(target, &mut shown);
        let shown = String::from_utf8(shown).ok()?;
        (shown != target).then_some(shown)
    }

    /// Whether what a request has at a place is a credential.
    pub(super) fn hides(&self, place: &Place) -> bool {
        match place {
            Place::Cookie(_) => true,
            Place::Query(name) => self.is_key(name),
            Place::Header(name) => {
                let known = [
                    header::AUTHORIZATION,
                    header::PROXY_AUTHORIZATION,
                    header::COOKIE,
                ];
                let mut hidden = known.iter().chain(&self.secrets.headers);
                hidden.any(|hidden| hidden.as_str().eq_ignore_ascii_case(name))
            }
            Place::Status | Place::Body(_) | Place::Path(_) => false,
        }
    }

    /// Writes the value of a field, without credentials.
    pub(super) fn value(&self, name: &HeaderName, value: &str, out: &mut Vec<u8>) {
        match name {
            &header::AUTHORIZATION | &header::PROXY_AUTHORIZATION => {
                // A scheme is no secret, but what stands alone may be.
                let scheme = value.split_once(' ').map(|(scheme, _)| scheme);
                let known = |known: &str| scheme.is_some_and(|s| s.eq_ignore_ascii_case(known));
                let mut schemes = self.secrets.schemes.iter().map(String::as_str);
                if ["bearer", "basic", "digest"].into_iter().any(known) || schemes.any(known) {
                    put(out, scheme.unwrap_or_default());
                    out.push(b' ');
                }
                put(out, MASKED);
            }
            &header::COOKIE => {
                for (number, pair) in value.split(';').enumerate() {
                    if number > 0 {
                        put(out, "; ");
                    }
                    cookie(pair.trim(), out);
                }
            }
            &header::SET_COOKIE => {
                let (pair, attributes) = value.split_at(value.find(';').unwrap_or(value.len()));
                cookie(pair, out);
                put(out, attributes);
            }
            name if self.secrets.headers.contains(name) => put(out, MASKED),
            _ => put(out, value),
        }
    }

    /// Writes the beginning of a body without the secrets in it: of one that a client `sent`, or of
    /// a reply.
    pub(in crate::server) fn body(
        &self,
        fields: &HeaderMap,
        (body, sent): (&[u8], bool),
        out: &mut Vec<u8>,
    ) {
        let media_type = fields.get(header::CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let is_secret = |name: &str| {
            let mut members = self.secrets.members.iter();
            members.any(|member| member.eq_ignore_ascii_case(name)) || is_secret_name(name)
        };
        write_without(
            &is_secret,
            media_type.unwrap_or_default(),
            (body, sent),
            out,
        );
    }

    /// The target without the keys in its query, nor their names.
    pub(in crate::server) fn unkeyed(&self, target: &str) -> String {
        let Some((path, query)) = target.split_once('?') else {
            return target.to_owned();
        };
        let is_plain = |pair: &&str| {
            let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
            !form_name(name).is_some_and(|name| self.is_key(&name))
        };
        let plain: Vec<&str> = query.split('&').filter(is_plain).collect();
        match plain.is_empty() {
            true => path.to_owned(),
            false => format!("{path}?{}", plain.join("&")),
        }
    }

    /// The keys in the query of a target, as they are written there: a reply may say them again, in
    /// the addresses of a list's pages.
    pub(super) fn keys<'t>(&self, target: &'t str) -> Vec<&'t str> {
        /// What is shorter stands everywhere, and tells nobody what it is.
        const LEAST: usize = 4;
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let keys = pairs.filter(|(name, value)| {
            value.len() >= LEAST && form_name(name).is_some_and(|name| self.is_key(&name))
        });
        keys.map(|(_, value)| value).collect()
    }

    /// Writes the target without the keys in its query.
    pub(super) fn target(&self, target: &str, out: &mut Vec<u8>) {
        let Some((path, query)) = target.split_once('?') else {
            return put(out, target);
        };
        put(out, path);
        let mut sign = "?";
        for pair in query.split('&') {
            put(out, sign);
            sign = "&";
            let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
            match form_name(name).is_some_and(|name| self.is_key(&name)) {
                true => {
                    put(out, name);
                    put(out, "=");
                    put(out, MASKED);
                }
                false => put(out, pair),
            }
        }
    }
}

/// A URL as it may be shown, where it names a user or has keys in its query, and is another than that
/// which was meant.
pub(in crate::server) fn shown_url(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map(|(_, host)| host);
    let mut shown = Vec::with_capacity(path.len());
    Mask::default().target(path, &mut shown);
    let shown = String::from_utf8(shown).ok()?;
    let authority = match host {
        Some(host) => format!("{MASKED}@{host}"),
        None => authority.to_owned(),
    };
    (host.is_some() || shown != path).then(|| format!("{scheme}://{authority}{shown}"))
}

fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

fn cookie(pair: &str, out: &mut Vec<u8>) {
    if let Some((name, _)) = pair.split_once('=') {
        put(out, name);
        out.push(b'=');
    }
    put(out, MASKED);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::HeaderValue;

    #[test]
    fn no_credential_is_shown() {
        let mask = Mask::of(std::iter::once(Secrets {
            headers: vec![HeaderName::from_static("x-key")],
            queries: vec!["api key".to_owned()],
            schemes: vec!["Own".to_owned()],
            members: Vec::new(),
        }));
        for (name, value, shown) in [
            ("authorization", "Bearer abc.def", "Bearer …"),
            ("authorization", "basic dTpw", "basic …"),
            ("authorization", "own a=1, b=2", "own …"),
            ("authorization", "other secret", "…"),
            ("authorization", "secret", "…"),
            ("proxy-authorization", "Basic dTpw", "Basic …"),
            ("cookie", "sid=1; theme=dark;odd", "sid=…; theme=…; …"),
            (
                "set-cookie",
                "sid=1; Path=/; HttpOnly",
                "sid=…; Path=/; HttpOnly",
            ),
            ("set-cookie", "sid", "…"),
            ("x-key", "secret", "…"),
            ("x-other", "plain", "plain"),
        ] {
            let mut out = Vec::new();
            mask.value(&HeaderName::from_static(name), value, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), shown, "{name}: {value}");
        }
        let target = |target: &str| {
            let mut out = Vec::new();
            mask.target(target, &mut out);
            String::from_utf8(out).expect("UTF-8")
        };
        let masked = "/a?x=1&api%20key=…&api+key=…&apikey=…&access_token=…";
        let sent = "/a?x=1&api%20key=s&api+key&apikey=2&access_token=t";
        assert_eq!(target(sent), masked);
        assert_eq!(target("/api key=1"), "/api key=1");
        assert_eq!(mask.shown_target(sent).as_deref(), Some(masked));
        assert_eq!(mask.shown_target("/a?x=1"), None);
        assert_eq!(mask.keys("/a?x=long1&apikey=long2&pwd=abc"), ["long2"]);
        assert_eq!(
            target("/a?u[password]=1&API+KEY=2"),
            "/a?u[password]=…&API+KEY=…"
        );
        let url = shown_url("http://ann:pw@host:1/a@b");
        assert_eq!(url.as_deref(), Some("http://…@host:1/a@b"));
        assert_eq!(shown_url("http://host:1/a@b"), None);
        let url = shown_url("http://host/a?access_token=t1&b=2");
        assert_eq!(url.as_deref(), Some("http://host/a?access_token=…&b=2"));

        let json = HeaderMap::from_iter([(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        )]);
        for (body, shown) in [
            (
                r#"{"Password": "a", "b": 1}"#,
                r#"{"Password": "…", "b": 1}"#,
            ),
            (r#"{"pass\u0077ord": "a"}"#, r#"{"pass\u0077ord": "…"}"#),
            (r#"{"note": "the password"}"#, r#"{"note": "the password"}"#),
            (r#"{"b": 1}"#, r#"{"b": 1}"#),
        ] {
            let mut out = Vec::new();
            mask.body(&json, (body.as_bytes(), true), &mut out);
            assert_eq!(String::from_utf8_lossy(&out), shown);
        }
    }
}
