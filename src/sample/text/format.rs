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
        None => !dates::is_known(&name) && !codes::is_known(&name),
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
    shapes::patterns(&name(format))
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
