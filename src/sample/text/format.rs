//! Texts of formats: those of JSON Schema, of OpenAPI's registry, and those that documents use.

use super::pattern::Bounds;
use super::{codes, content, dates, shapes};
use crate::sample::draw::Draw;
use std::borrow::Cow;

/// A name of a format as it's known here.
fn name(format: &str) -> Cow<'_, str> {
    match format.contains(|c: char| c.is_uppercase() || c == '_' || c == ' ') {
        true => Cow::Owned(format.to_lowercase().replace(['_', ' '], "-")),
        false => Cow::Borrowed(format),
    }
}

/// Whether a text may be of a format, as far as the validator doesn't tell.
pub(super) fn takes(format: &str, text: &str) -> bool {
    let name = name(format);
    let is_judged = matches!(&*name, "date" | "date-time" | "time");
    let is_other = || match encoding(&name) {
        Some(_) => false,
        None => dates::is_like(&name, text).unwrap_or_else(|| !codes::is_known(&name)),
    };
    is_judged || shapes::is_like(&name, text).unwrap_or_else(is_other)
}

fn encoding(name: &str) -> Option<&'static str> {
    Some(match name {
        "byte" | "base64" => "base64",
        "base64url" | "base64-url" => "base64url",
        "base32" => "base32",
        "base16" => "base16",
        _ => return None,
    })
}

/// The patterns of what is made for a format, where it's made so.
pub(super) fn patterns(format: &str) -> Vec<String> {
    let name = name(format);
    match encoding(&name) {
        Some("base64") => vec![BASE64.to_owned()],
        _ => shapes::patterns(&name),
    }
}

/// A text in base64 (RFC 4648 §4), whose last character has no bits that say nothing.
const BASE64: &str = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|\
                      [A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";

/// Patterns of a format's texts with a pattern somewhere within, the likeliest first.
pub(super) fn frames(format: &str, pattern: &str) -> Vec<String> {
    let first = pattern.trim_start_matches(['(', '[', '\\']).chars().next();
    let frames = match shapes::family(&name(format)) {
        "uri" => {
            let is_host = [r"\.com", r"\.org", r"\.net", r"\.io"].map(|end| pattern.contains(end));
            let mut frames = vec![
                r"^https://www\.example\.com/{}",
                r"^https://www\.example\.com/[a-z]{3,8}{}",
                r"^https://www\.example\.com{}",
                r"^https://{}",
                r"^https://www\.example\.com/[a-z]{3,8}\?{}",
            ];
            match first {
                Some('/') => frames.swap(0, 2),
                Some('?' | '&' | '#' | '.' | '-' | '_') => frames.swap(0, 1),
                _ if is_host.contains(&true) => frames.swap(0, 3),
                _ => {}
            }
            frames
        }
        "email" => vec![
            r"^[a-z]{3,8}{}@example\.com$",
            r"^[a-z]{3,8}{}example\.com$",
            "^[a-z]{3,8}@{}",
            "^[a-z]{3,8}@example{}",
            r"^{}[a-z]{3,8}@example\.com$",
            r"^{}@example\.com$",
        ],
        _ => Vec::new(),
    };
    let framed = |frame: &str| frame.replace("{}", &format!("(?:{pattern})"));
    frames.into_iter().map(framed).collect()
}

/// A text of a format; nothing where it's none that is known, or the lengths don't allow it.
pub(super) fn made(
    format: &str,
    bounds: Bounds,
    attempt: usize,
    draw: &mut Draw,
) -> Option<String> {
    let name = name(format);
    if let Some(encoding) = encoding(&name) {
        return content::encoded(encoding, None, bounds, draw);
    }
    if name == "json" {
        return content::content("application/json", bounds, draw);
    }
    shapes::made(&name, bounds, attempt, draw)
        .or_else(|| dates::made(&name, bounds, attempt, draw))
        .or_else(|| codes::made(&name, bounds.most, draw))
        .filter(|text| bounds.has(text.chars().count()))
}
