//! The names that members of maps may have.

use super::grammar::Names;
use super::record::clip;
use super::version::Version;
use crate::spec::StatusKey;
use crate::wire::is_token;

/// Why a name may not stand in a map, and which one may.
pub(super) fn misnamed(
    names: Names,
    name: &str,
    version: Version,
) -> Option<(String, Option<String>)> {
    const OWN: [&str; 9] = [
        "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY",
    ];
    let shown = clip(name);
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let wrong = match names {
        Names::Path if !name.starts_with('/') => {
            format!("the path `{shown}` isn't served: a path starts with /")
        }
        Names::Header if !is_token(name) => format!("`{shown}` is no name of a header field"),
        Names::Component if name.is_empty() || !name.chars().all(plain) => format!(
            "`{shown}` is no name of a component: letters, digits, `.`, `-` and `_` make one"
        ),
        Names::Status if !is_status(name, version) => {
            let (ranges, meant) = match version >= Version::V30 {
                true => (", a range like 4XX", name.to_ascii_uppercase()),
                false => ("", String::new()),
            };
            let wrong =
                format!("`{shown}` is no status: a code from 100 to 599{ranges}, or default");
            let help = is_status(&meant, version).then(|| format!("did you mean `{meant}`?"));
            return Some((wrong, help));
        }
        Names::Media if !name.contains('/') => {
            format!("`{shown}` is no media type: one is like application/json")
        }
        Names::Method if OWN.contains(&name) => {
            format!(
                "`{shown}` has a member of its own, `{}`",
                name.to_lowercase()
            )
        }
        _ => return None,
    };
    Some((wrong, None))
}

fn is_status(name: &str, version: Version) -> bool {
    match StatusKey::parse(name) {
        Some(StatusKey::Range(_)) => name.ends_with("XX") && version >= Version::V30,
        key => key.is_some(),
    }
}

/// Whether bodies of a media type are decoded and judged by their schema.
pub(super) fn is_judged(media_type: &str) -> bool {
    let name = media_type
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    name.contains('*')
        || name.ends_with("/json")
        || name.ends_with("+json")
        || name == "application/x-www-form-urlencoded"
        || name.ends_with("/xml")
        || name.ends_with("+xml")
        || name.starts_with("text/")
        || name.starts_with("multipart/")
        || name.ends_with("+yaml")
        || YAML.contains(&name.as_str())
        || SEQUENCES.contains(&name.as_str())
}

/// The media types that are YAML, but for those of `text`.
const YAML: [&str; 3] = [
    "application/yaml",
    "application/x-yaml",
    "application/vnd.yaml",
];

/// The media types that are lines or records of JSON.
const SEQUENCES: [&str; 5] = [
    "application/jsonl",
    "application/x-ndjson",
    "application/ndjson",
    "application/json-seq",
    "application/x-jsonlines",
];
