use std::cmp::Reverse;
use std::fmt;

/// A media type or a media range, as written in `Content-Type`, `Accept` and OpenAPI's `content`
/// (RFC 9110 §8.3.1): type, subtype and parameters, all but parameter values in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    /// `type/subtype`.
    essence: String,
    /// Where the `/` stands in it.
    slash: usize,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads one media type; nothing where the text is malformed.
    pub fn parse(text: &str) -> Option<MediaType> {
        let mut parts = split_outside_quotes(text, ';');
        let essence = parts.next()?.trim();
        let (kind, subtype) = essence.split_once('/')?;
        if !is_token(kind) || !is_token(subtype) || (kind == "*" && subtype != "*") {
            return None;
        }
        let mut parameters = Vec::new();
        for part in parts {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            let (name, value) = part.split_once('=')?;
            if !is_token(name) {
                return None;
            }
            let value = match value.strip_prefix('"') {
                Some(rest) => unquote(rest.strip_suffix('"')?),
                None if is_token(value) => value.to_owned(),
                None => return None,
            };
            let name = name.to_ascii_lowercase();
            // No parameter may stand twice (RFC 6838 §4.3).
            if parameters.iter().any(|(known, _)| *known == name) {
                return None;
            }
            parameters.push((name, value));
        }
        Some(MediaType {
            essence: essence.to_ascii_lowercase(),
            slash: kind.len(),
            parameters,
        })
    }

    /// The range that takes in every type.
    pub fn any() -> MediaType {
        MediaType {
            essence: "*/*".to_owned(),
            slash: 1,
            parameters: Vec::new(),
        }
    }

    /// The same without a parameter.
    pub fn without(&self, name: &str) -> MediaType {
        let mut media_type = self.clone();
        media_type.parameters.retain(|(known, _)| known != name);
        media_type
    }

    /// A type to send where a range is offered: JSON, where that is one.
    pub fn concrete(&self) -> MediaType {
        let name = match (self.kind(), self.suffix()) {
            _ if !self.is_range() => return self.clone(),
            ("*", _) => "application/json",
            // The suffix alone is no type; this stands for one of a vendor.
            ("application", Some("json")) => "application/vnd.example+json",
            ("application", Some("xml")) => "application/vnd.example+xml",
            ("application", _) => "application/json",
            ("text", _) => "text/plain",
            ("image", _) => "image/png",
            ("audio", _) => "audio/wav",
            ("video", _) => "video/mp4",
            ("font", _) => "font/woff2",
            ("multipart", _) => "multipart/mixed",
            _ => "application/octet-stream",
        };
        MediaType::parse(name).unwrap_or_else(MediaType::any)
    }

    /// Whether this range takes in `other`. Parameters count only where both name one:
    /// `application/json` takes in `application/json; charset=utf-8`.
    pub fn takes_in(&self, other: &MediaType) -> bool {
        (self.kind() == "*" || self.kind() == other.kind())
            && (self.subtype() == "*"
                || self.subtype() == other.subtype()
                || self
                    .subtype()
                    .strip_prefix("*+")
                    .is_some_and(|suffix| other.suffix() == Some(suffix)))
            && self.parameters.iter().all(|(name, value)| {
                name == "q"
                    || other
                        .parameter(name)
                        .is_none_or(|theirs| theirs.eq_ignore_ascii_case(value))
            })
    }

    /// Whether a parameter of both has one value here and another there, but for the charset.
    pub fn contradicts(&self, other: &MediaType) -> bool {
        let own = self.parameters.iter();
        let mut own = own.filter(|(name, _)| name != "q" && name != "charset");
        own.any(|(name, value)| {
            let theirs = other.parameter(name);
            theirs.is_some_and(|theirs| !theirs.eq_ignore_ascii_case(value))
        })
    }

    /// How exactly a range names: 0 for `*/*`, 1 for `type/*`, 2 for `type/*+suffix`, 3 for a type,
    /// and one more for every parameter.
    pub fn precision(&self) -> usize {
        let base = match (self.kind(), self.subtype()) {
            ("*", _) => 0,
            (_, "*") => 1,
            (_, subtype) if subtype.starts_with("*+") => 2,
            _ => 3,
        };
        base + self
            .parameters
            .iter()
            .filter(|(name, _)| name != "q")
            .count()
    }

    /// How near a range that takes in `other` comes to it: how exactly it names the type, how many
    /// of its parameters `other` has, and how few it hasn't. What says nothing of `version` is nearer
    /// to a plain type than what says `version=3`.
    pub fn nearness(&self, other: &MediaType) -> (usize, usize, Reverse<usize>) {
        let own = self.parameters.iter().filter(|(name, _)| name != "q");
        let (has, lacks): (Vec<_>, Vec<_>) =
            own.partition(|(name, _)| other.parameter(name).is_some());
        let base = self.precision() - has.len() - lacks.len();
        (base, has.len(), Reverse(lacks.len()))
    }

    /// Whether a body of this type is JSON text: `application/json`, `text/json` or `+json`.
    pub fn is_json(&self) -> bool {
        self.subtype() == "json" || self.suffix() == Some("json")
    }

    /// Whether it stands for many types.
    pub fn is_range(&self) -> bool {
        self.kind() == "*" || self.subtype().starts_with('*')
    }

    /// The structured syntax suffix (RFC 6838 §4.2.8), without its `+`.
    pub fn suffix(&self) -> Option<&str> {
        self.subtype().rsplit_once('+').map(|(_, suffix)| suffix)
    }

    /// A parameter's value.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// `type/subtype` alone.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    fn kind(&self) -> &str {
        &self.essence[..self.slash]
    }

    fn subtype(&self) -> &str {
        &self.essence[self.slash + 1..]
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.essence)?;
        for (name, value) in &self.parameters {
            if is_token(value) {
                write!(f, "; {name}={value}")?;
            } else {
                write!(f, "; {name}={value:?}")?;
            }
        }
        Ok(())
    }
}

pub(super) fn unquote(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

/// Whether a text is a token (RFC 9110 §5.6.2).
pub fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// Splits a field value at `separator`, leaving quoted strings whole (RFC 9110 §5.6.4).
pub(super) fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c: char| {
        if escaped {
            escaped = false;
            return false;
        }
        match c {
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => return !quoted && c == separator,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> MediaType {
        MediaType::parse(text).expect(text)
    }

    #[test]
    fn case_and_parameters_are_no_reason_to_refuse() {
        let json = parse("application/json");
        assert!(json.takes_in(&parse("Application/JSON; charset=\"utf-8\"")));
        assert!(!json.takes_in(&parse("application/merge-patch+json")));
        assert!(parse("application/*+json").takes_in(&parse("application/merge-patch+json")));
    }

    #[test]
    fn malformed_types_are_not_guessed() {
        for bad in [
            "",
            "json",
            "a/b/c",
            "*/json",
            "application/json; charset",
            "a /b",
        ] {
            assert_eq!(MediaType::parse(bad), None, "{bad}");
        }
    }
}
