use super::Upstream;
use crate::wire::{HeaderMap, HeaderName, HeaderValue, header};
use http::Version;

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
/// gateway has to add one (RFC 9110 §7.6.3). Who takes trailers gets them (§10.1.4).
pub(super) fn turn_to(upstream: &Upstream, version: Version, fields: &mut HeaderMap) {
    let wants_trailers = takes_trailers(version, fields);
    take_hops(fields);
    let may_be_http2 = upstream.http2 || upstream.url.is_secure();
    match may_be_http2 {
        // HTTP/2 has `:authority`; where it turns out to be HTTP/1.1, hyper says it.
        true => drop(fields.remove(header::HOST)),
        false => drop(fields.insert(header::HOST, upstream.url.host().clone())),
    }
    if wants_trailers {
        fields.insert(header::TE, HeaderValue::from_static("trailers"));
        if !may_be_http2 {
            fields.insert(header::CONNECTION, HeaderValue::from_static("TE"));
        }
    }
    let via = match version {
        Version::HTTP_2 => "2 counterpart",
        Version::HTTP_10 => "1.0 counterpart",
        _ => "1.1 counterpart",
    };
    fields.append(header::VIA, HeaderValue::from_static(via));
}

/// The one protocol that is switched to: what begins so is HTTP no more, while one that speaks
/// HTTP (h2c) would have requests pass unjudged.
const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");

/// Whether a message asks for a WebSocket, or grants one (RFC 6455 §4).
pub(super) fn is_websocket(fields: &HeaderMap) -> bool {
    lists(fields, &header::UPGRADE, "websocket") && lists(fields, &header::CONNECTION, "upgrade")
}

/// Says of a message that it switches to a WebSocket, which is about this connection alone.
pub(super) fn switch(fields: &mut HeaderMap) {
    fields.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    fields.insert(header::UPGRADE, WEBSOCKET);
}

/// Whether a client takes trailers. `TE` is about the connection, and before HTTP/2 has to say so.
fn takes_trailers(version: Version, fields: &HeaderMap) -> bool {
    lists(fields, &header::TE, "trailers")
        && (version == Version::HTTP_2 || lists(fields, &header::CONNECTION, "te"))
}

fn lists(fields: &HeaderMap, name: &HeaderName, wanted: &str) -> bool {
    let values = fields.get_all(name).iter();
    let mut members = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    members.any(|member| member.trim().eq_ignore_ascii_case(wanted))
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

    fn upstream(url: &str) -> Upstream {
        Upstream::new(url.parse().expect("a URL"))
    }

    #[test]
    fn who_takes_trailers_is_told_of_in_words_that_both_versions_know() {
        for (url, told) in [("http://up", Some("TE")), ("https://up", None)] {
            let mut all = fields(&[
                ("te", "deflate;q=0.5, Trailers"),
                ("connection", "te"),
                ("host", "x"),
            ]);
            turn_to(&upstream(url), Version::HTTP_11, &mut all);
            assert_eq!(all[header::TE], "trailers");
            let connection = all.get(header::CONNECTION);
            assert_eq!(connection.map(|it| it.as_bytes()), told.map(str::as_bytes));
            assert_eq!(all.contains_key(header::HOST), told.is_some());
        }
    }

    #[test]
    fn a_websocket_alone_is_switched_to() {
        for (upgrade, connection, is_one) in [
            ("websocket", "keep-alive, Upgrade", true),
            ("WebSocket", "upgrade", true),
            ("websocket", "close", false),
            ("h2c", "Upgrade, HTTP2-Settings", false),
            ("TLS/1.2", "upgrade", false),
        ] {
            let asked = fields(&[("upgrade", upgrade), ("connection", connection)]);
            assert_eq!(is_websocket(&asked), is_one, "{upgrade}, {connection}");
        }
    }

    #[test]
    fn what_is_about_the_connection_goes_no_further() {
        let mut all = fields(&[
            ("connection", "close, X-Foo"),
            ("connection", "x-bar,,no name"),
            ("x-foo", "1"),
            ("x-bar", "1"),
            ("x-baz", "1"),
            ("te", "gzip;q=0.5"),
            ("upgrade", "h2c"),
            ("keep-alive", "timeout=5"),
            ("host", "localhost:4010"),
        ]);
        let upstream = upstream("http://up:8080/base");
        turn_to(&upstream, Version::HTTP_11, &mut all);
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
            turn_to(&upstream("http://up"), Version::HTTP_2, &mut all);
        }
        assert!(is_loop(&all));
    }
}
