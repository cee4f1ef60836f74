use super::media_type::split_outside_quotes;
use super::{HeaderMap, HeaderName};

/// The `Prefer` header field's preferences (RFC 7240 §2), as far as a mock understands them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    /// `code=NNN`: the status to answer with, as written.
    pub code: Option<String>,
    /// `example=NAME`: the named example to answer with.
    pub example: Option<String>,
}

impl Preferences {
    /// Reads the field; of a preference given twice the first counts (§2).
    pub fn read(headers: &HeaderMap) -> Preferences {
        let mut preferences = Preferences::default();
        for value in headers.get_all(HeaderName::from_static("prefer")) {
            let Ok(text) = value.to_str() else { continue };
            for preference in split_outside_quotes(text, ',') {
                let first = split_outside_quotes(preference, ';').next().unwrap_or("");
                let Some((name, value)) = first.split_once('=') else {
                    continue;
                };
                let value = value.trim().trim_matches('"').to_owned();
                match name.trim().to_ascii_lowercase().as_str() {
                    "code" => preferences.code.get_or_insert(value),
                    "example" => preferences.example.get_or_insert(value),
                    _ => continue,
                };
            }
        }
        preferences
    }
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
            "code=500, example=\"a, b\"".parse().expect("a value"),
        );
        assert_eq!(
            Preferences::read(&headers),
            Preferences {
                code: Some("404".into()),
                example: Some("a, b".into())
            }
        );
    }
}
