use super::UpstreamUrl;
use crate::wire::{HeaderMap, HeaderName, HeaderValue, header};

/// Fields that are about one connection, whatever `Connection` says of them (RFC 9110 §7.6.1,
/// §11.7).
const HOPS: [HeaderName; 9] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("http2-settings"),
];

/// How we name ourselves in `Via`.
const NAME: &str = "counterpart";
/// How often a request may have passed a proxy of this name.
const PASSAGES: usize = 8;

/// Takes out what is about the connection that a message came by.
pub(super) fn take_hops(fields: &mut HeaderMap) {
    let named: Vec<HeaderName> = fields
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOPS) {
        fields.remove(name);
    }
}

/// Makes the fields of a request those of one to the upstream: its `Host`, and a `Via` as every
/// gateway has to add one (RFC 9110 §7.6.3).
pub(super) fn turn_to(upstream: &UpstreamUrl, fields: &mut HeaderMap) {
    take_hops(fields);
    fields.insert(header::HOST, upstream.host().clone());
    let via = HeaderValue::from_static("1.1 counterpart");
    fields.append(header::VIA, via);
}

/// Whether a request goes round in circles.
pub(super) fn is_loop(fields: &HeaderMap) -> bool {
    let values = fields.get_all(header::VIA).iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    let names = texts.flat_map(|text| text.split(','));
    let ours = names.filter(|via| via.split_whitespace().nth(1) == Some(NAME));
    ours.count() >= PASSAGES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let fields = fields.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        fields.collect()
    }

    #[test]
    fn what_is_about_the_connection_goes_no_further() {
        let mut all = fields(&[
            ("connection", "close, X-Foo"),
            ("connection", "x-bar,,no name"),
            ("x-foo", "1"),
            ("x-bar", "1"),
            ("x-baz", "1"),
            ("te", "trailers"),
            ("upgrade", "h2c"),
            ("keep-alive", "timeout=5"),
            ("host", "localhost:4010"),
        ]);
        let upstream = "http://up:8080/base".parse().expect("a URL");
        turn_to(&upstream, &mut all);
        let mut told: Vec<String> = all
            .iter()
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        told.sort();
        let left = [
            "host: \"up:8080\"",
            "via: \"1.1 counterpart\"",
            "x-baz: \"1\"",
        ];
        assert_eq!(told, left);
    }

    #[test]
    fn a_circle_is_seen() {
        let mut all = fields(&[("via", "1.1 other, 1.1 counterpart (x)")]);
        assert!(!is_loop(&all));
        for _ in 0..PASSAGES {
            turn_to(&"http://up".parse().expect("a URL"), &mut all);
        }
        assert!(is_loop(&all));
    }
}
