use super::media_type::{is_token, split_outside_quotes, unquote};
use super::{HeaderMap, HeaderName, Request, decode_percent, encode_percent, field_text};

/// Says what a client prefers of a reply (RFC 7240 §2).
pub const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The preferences of a client (RFC 7240 §2) that a mock understands, as written: whether a value
/// is one that can be met is for who meets it to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    /// `code=NNN`: the status to answer with.
    pub code: Option<String>,
    /// `example=NAME`: the named example to answer with.
    pub example: Option<String>,
    /// `dynamic=true`: a generated body in the place of an example.
    pub dynamic: Option<String>,
    /// `seed=TEXT`: what a generated body is drawn from.
    pub seed: Option<String>,
    /// `delay=MILLISECONDS`: how long the reply is held back.
    pub delay: Option<String>,
    /// `fault=NAME`: how the reply goes wrong on its way.
    pub fault: Option<String>,
    /// `return=minimal` or `return=representation`: what a reply to a change shows (§4.2).
    pub returned: Option<String>,
    /// The first of these that can't be read, as written.
    pub malformed: Option<String>,
}

impl Preferences {
    /// Reads the `Prefer` fields, and then what the query says in their stead (`__code=404`), for
    /// clients that can't set header fields. Of a preference given twice the first counts (§2).
    pub fn read(headers: &HeaderMap, query: &str) -> Preferences {
        let mut preferences = Preferences::default();
        for value in headers.get_all(PREFER) {
            for preference in split_outside_quotes(&field_text(value), ',') {
                let first = split_outside_quotes(preference, ';').next().unwrap_or("");
                let (name, value) = first.split_once('=').unwrap_or((first, ""));
                let value = value.trim();
                let name = name.trim().to_ascii_lowercase();
                let (name, read) = match (name.strip_suffix('*'), value.strip_prefix('"')) {
                    (Some(name), _) => (name, extended(value)),
                    (None, Some(quoted)) => (&*name, quoted.strip_suffix('"').map(unquote)),
                    (None, None) => (&*name, Some(value.to_owned())),
                };
                match read {
                    Some(value) => preferences.set(name, value),
                    None if preferences.slot(name).is_some() => {
                        let written = first.trim().to_owned();
                        preferences.malformed.get_or_insert(written);
                    }
                    None => {}
                }
            }
        }
        for (name, value) in pairs(query).filter_map(preference) {
            preferences.set(name, value);
        }
        preferences
    }

    /// Whether a request may prefer anything, and it is worth the reading.
    pub fn may_be_in(request: &Request) -> bool {
        request.headers.contains_key(PREFER) || request.query().contains("__")
    }

    /// A target without the pairs of its query that are preferences; nothing where it has none.
    pub fn strip(target: &str) -> Option<String> {
        let (path, query) = target.split_once('?')?;
        if !pairs(query).any(|pair| preference(pair).is_some()) {
            return None;
        }
        let rest: Vec<&str> = query
            .split('&')
            .filter(|pair| preference(split_pair(pair)).is_none())
            .collect();
        Some(match rest.is_empty() {
            true => path.to_owned(),
            false => format!("{path}?{}", rest.join("&")),
        })
    }

    fn set(&mut self, name: &str, value: String) {
        if let Some(preference) = self.slot(name) {
            preference.get_or_insert(value);
        }
    }

    fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "code" => &mut self.code,
            "example" => &mut self.example,
            "dynamic" => &mut self.dynamic,
            "seed" => &mut self.seed,
            "delay" => &mut self.delay,
            "fault" => &mut self.fault,
            "return" => &mut self.returned,
            _ => return None,
        })
    }
}

/// A preference as `Preference-Applied` names it (RFC 7240 §3), in a form that can be asked for
/// again: what neither a token nor a quoted string can hold is `name*=UTF-8''…` with the octets
/// of UTF-8 in percent-encoding (RFC 8187 §3.2).
pub fn applied(name: &str, value: &str) -> String {
    if is_token(value) {
        return format!("{name}={value}");
    }
    match quoted(value) {
        Some(quoted) => format!("{name}={quoted}"),
        None => {
            let keeps = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~".contains(&octet);
            format!("{name}*=UTF-8''{}", encode_percent(value, keeps))
        }
    }
}

/// A text as a quoted string (RFC 9110 §5.6.4); nothing where it leaves what is printed of ASCII.
pub fn quoted(text: &str) -> Option<String> {
    let is_printed = text.chars().all(|c| (' '..='~').contains(&c));
    is_printed.then(|| format!("{text:?}").replace("\\'", "'"))
}

/// What the value of an extended parameter says (RFC 8187 §3.2); nothing where it is none in UTF-8.
fn extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, text) = rest.split_once('\'')?;
    charset
        .eq_ignore_ascii_case("utf-8")
        .then(|| decode_percent(text).ok())?
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').map(split_pair)
}

fn split_pair(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

/// The name and value of a pair of the query that is a preference.
fn preference<'q>((name, value): (&'q str, &'q str)) -> Option<(&'q str, String)> {
    let name = name.strip_prefix("__")?;
    let known = ["code", "example", "dynamic", "seed", "delay", "fault"];
    let value = decode_percent(&value.replace('+', " ")).ok()?;
    known.contains(&name).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_preferences_are_passed_over() {
        let mut headers = HeaderMap::new();
        headers.append(
            "prefer",
            "respond-async, Code = 404; x=y".parse().expect("a value"),
        );
        headers.append(
            "prefer",
            r#"code=500, example="a, \"b\"", dynamic"#.parse().expect("a value"),
        );
        assert_eq!(
            Preferences::read(&headers, ""),
            Preferences {
                code: Some("404".into()),
                example: Some("a, \"b\"".into()),
                dynamic: Some(String::new()),
                ..Preferences::default()
            }
        );
    }

    #[test]
    fn the_query_says_what_the_header_leaves_open() {
        let mut headers = HeaderMap::new();
        headers.append("prefer", "code=404".parse().expect("a value"));
        let query = "__code=500&page=2&__example=a+%26b&__unknown=1";
        assert_eq!(
            Preferences::read(&headers, query),
            Preferences {
                code: Some("404".into()),
                example: Some("a &b".into()),
                ..Preferences::default()
            }
        );
        assert_eq!(
            Preferences::strip(&format!("/pets?{query}")).as_deref(),
            Some("/pets?page=2&__unknown=1")
        );
        assert_eq!(
            Preferences::strip("/pets?__code=1").as_deref(),
            Some("/pets")
        );
        assert_eq!(Preferences::strip("/pets?page=2"), None);
    }

    #[test]
    fn what_was_applied_is_told_as_it_could_be_asked() {
        assert_eq!(applied("code", "404"), "code=404");
        assert_eq!(applied("example", "a b"), "example=\"a b\"");
        assert_eq!(applied("seed", "\u{e9} x"), "seed*=UTF-8''%C3%A9%20x");
        for seed in ["7", "a \"b\" \\ 'c'", "\u{e9} x", "a\nb", "*'%", ""] {
            let mut headers = HeaderMap::new();
            let told = applied("seed", seed).parse().expect("a value");
            headers.append("prefer", told);
            let read = Preferences::read(&headers, "").seed;
            assert_eq!(read.as_deref(), Some(seed));
        }
    }

    #[test]
    fn a_value_beyond_ascii_is_read_in_the_encodings_that_clients_write() {
        for octets in [
            &b"code=404, seed=\"\xc3\xa9\""[..],
            b"code=404, seed=\"\xe9\"",
        ] {
            let mut headers = HeaderMap::new();
            let value = http::HeaderValue::from_bytes(octets).expect("a value");
            headers.append("prefer", value);
            let read = Preferences::read(&headers, "");
            assert_eq!(
                (read.code.as_deref(), read.seed.as_deref()),
                (Some("404"), Some("\u{e9}"))
            );
        }
    }
}
