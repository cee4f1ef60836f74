use super::cookie::cookie;
use super::query::form_decode;
use crate::spec::{Location, SchemeKind, SecurityRequirement};
use crate::wire::{HeaderName, Request, encode_segment, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;

/// The field in which a proxy that ends TLS says the client's certificate (RFC 9440 §2.2).
const CLIENT_CERT: HeaderName = HeaderName::from_static("client-cert");

/// A credential, where it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// A header field, by its name.
    Field(String, String),
    /// A query parameter, by its name; both are encoded already.
    Query(String, String),
}

impl Sent {
    /// A key, a token, or `user:password` where its scheme has it sent; none of what isn't sent so.
    pub fn of(kind: &SchemeKind, value: &str) -> Option<Sent> {
        let field = |name: &str, value: String| Some(Sent::Field(name.to_owned(), value));
        match kind {
            SchemeKind::ApiKey(Location::Header, name) => field(name, value.to_owned()),
            SchemeKind::ApiKey(Location::Cookie, name) => {
                field("Cookie", format!("{name}={value}"))
            }
            SchemeKind::ApiKey(Location::Query, name) => {
                Some(Sent::Query(encode_segment(name), encode_segment(value)))
            }
            SchemeKind::ApiKey(..) | SchemeKind::MutualTls => None,
            SchemeKind::Http(scheme) if scheme.eq_ignore_ascii_case("basic") => {
                let coded = STANDARD.encode(value);
                field("Authorization", format!("Basic {coded}"))
            }
            SchemeKind::Http(scheme) if !kind.is_bearer() => {
                field("Authorization", format!("{scheme} {value}"))
            }
            SchemeKind::Http(_) | SchemeKind::OAuth => {
                field("Authorization", format!("Bearer {value}"))
            }
        }
    }
}

/// Where a security scheme's credential is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialPlace {
    /// In a header field of its own.
    Field(HeaderName),
    /// In the query, under a name.
    Query(String),
    /// In a cookie.
    Cookie(String),
    /// In `Authorization`, behind the name of an HTTP scheme.
    Authorization(String),
    /// In `Client-Cert`.
    Certificate,
}

impl CredentialPlace {
    /// Where a scheme says it is; nothing where it says a header field that can't be.
    pub fn of(kind: &SchemeKind) -> Option<CredentialPlace> {
        Some(match kind {
            SchemeKind::ApiKey(Location::Header, name) => {
                CredentialPlace::Field(name.parse().ok()?)
            }
            SchemeKind::ApiKey(Location::Cookie, name) => CredentialPlace::Cookie(name.clone()),
            SchemeKind::ApiKey(_, name) => CredentialPlace::Query(name.clone()),
            SchemeKind::Http(scheme) => CredentialPlace::Authorization(scheme.clone()),
            SchemeKind::OAuth => CredentialPlace::Authorization("Bearer".to_owned()),
            SchemeKind::MutualTls => CredentialPlace::Certificate,
        })
    }

    /// The credential that a request has there: the key, or what follows the scheme's name. An
    /// empty one is none, and so are several that differ, but for cookies, of which the first counts
    /// (RFC 6265 §5.4).
    pub fn find<'r>(&self, request: &'r Request) -> Option<Cow<'r, str>> {
        let found = match self {
            CredentialPlace::Field(name) => {
                let values = request.headers.get_all(name).iter();
                let values = values.map(|value| value.as_bytes());
                the_one(values).map(String::from_utf8_lossy)
            }
            CredentialPlace::Query(name) => in_query(request.query(), name),
            CredentialPlace::Cookie(name) => cookie(request, name).map(Cow::Borrowed),
            CredentialPlace::Authorization(scheme) => {
                authorization(request, scheme).map(Cow::Borrowed)
            }
            CredentialPlace::Certificate => only(request, &CLIENT_CERT).map(Cow::Borrowed),
        };
        found.filter(|text| !text.is_empty())
    }
}

/// The names in the query that are those of API keys, and so no parameter's.
pub fn query_keys(security: &[SecurityRequirement]) -> Vec<&str> {
    let schemes = security.iter().flatten().map(|used| &used.scheme.kind);
    let names = schemes.filter_map(|kind| match kind {
        SchemeKind::ApiKey(Location::Query, name) => Some(name.as_str()),
        _ => None,
    });
    names.collect()
}

/// The value of a name.
fn in_query<'q>(query: &'q str, name: &str) -> Option<Cow<'q, str>> {
    let pairs = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name, value)
    });
    let is_it = |written: &str| written == name || form_decode(written).is_ok_and(|n| n == name);
    let values = pairs.filter(|(written, _)| is_it(written));
    the_one(values.map(|(_, value)| match value.contains(['%', '+']) {
        true => form_decode(value).ok().map(Cow::Owned),
        false => Some(Cow::Borrowed(value)),
    }))?
}

/// What all of them are; nothing where there is none, or they differ.
fn the_one<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
}

/// Scheme names are case-insensitive (RFC 9110 §11.1).
fn authorization<'r>(request: &'r Request, scheme: &str) -> Option<&'r str> {
    let text = only(request, &header::AUTHORIZATION)?;
    let (given, rest) = text.trim().split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// A field that is no list. More than one of it are none: which one counts can't be told.
fn only<'r>(request: &'r Request, name: &HeaderName) -> Option<&'r str> {
    let mut fields = request.headers.get_all(name).iter();
    let text = fields.next()?.to_str().ok()?;
    fields.next().is_none().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Method;

    fn find(kind: SchemeKind, target: &str, fields: &[(&str, &str)]) -> Option<String> {
        let mut request = Request::new(Method::GET, target);
        for (name, value) in fields {
            request = request.with_header(name.parse().expect("a name"), value);
        }
        let place = CredentialPlace::of(&kind).expect("a place");
        place.find(&request).map(Cow::into_owned)
    }

    #[test]
    fn a_credential_is_found_where_its_scheme_says() {
        let key = |place| SchemeKind::ApiKey(place, "k y".to_owned());
        let found = Some("v+1".to_owned());
        assert_eq!(find(key(Location::Query), "/?a=b&k+y=v%2B1", &[]), found);
        assert_eq!(
            find(key(Location::Query), "/?k%20y=v%2B1&k+y=v%2b1", &[]),
            found
        );
        assert_eq!(find(key(Location::Query), "/?k%20y=v&k+y=w", &[]), None);
        assert_eq!(find(key(Location::Query), "/?k+y=", &[]), None);
        assert_eq!(find(key(Location::Query), "/?k+y", &[]), None);
        let cookie = [("cookie", "a=b; k y=v+1")];
        assert_eq!(find(key(Location::Cookie), "/", &cookie), found);
        assert_eq!(CredentialPlace::of(&key(Location::Header)), None);
        let field = SchemeKind::ApiKey(Location::Header, "X-KEY".to_owned());
        assert_eq!(find(field.clone(), "/", &[("x-key", "v+1")]), found);
        assert_eq!(
            find(field.clone(), "/", &[("x-key", "é")]),
            Some("é".to_owned())
        );
        assert_eq!(find(field.clone(), "/", &[("x-key", "")]), None);
        let two = [("x-key", "v"), ("x-key", "w")];
        assert_eq!(find(field, "/", &two), None);
    }

    #[test]
    fn scheme_names_are_taken_in_any_case() {
        let fields = [("authorization", "bEARER  x ")];
        let found = Some("x".to_owned());
        assert_eq!(find(SchemeKind::OAuth, "/", &fields), found);
        assert_eq!(
            find(SchemeKind::Http("BeArEr".to_owned()), "/", &fields),
            found
        );
        assert_eq!(
            find(SchemeKind::Http("basic".to_owned()), "/", &fields),
            None
        );
        let twice = [fields[0], fields[0]];
        assert_eq!(find(SchemeKind::OAuth, "/", &twice), None);
    }
}
