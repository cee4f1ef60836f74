//! A request as a command of curl.

use super::super::code::json;
use super::super::escape::acts;
use super::{Body, Call, Part, PartContent};

/// The command, an argument a line.
pub(super) fn sample(call: &Call<'_>) -> Result<String, String> {
    let mut lines = vec![format!("curl {}", word(&call.url))];
    let scopes = call.token.iter().flat_map(|token| &token.scopes);
    let scopes: String = scopes
        .map(|scope| format!(" --scope {}", word(scope)))
        .collect();
    let before = match call.token {
        Some(_) => format!("TOKEN=$(counterpart token{scopes})\n"),
        None => String::new(),
    };
    let is_bare = call.body.is_none();
    match call.method {
        "GET" if is_bare => {}
        "HEAD" if is_bare => lines.push("--head".to_owned()),
        method => lines.push(format!("--request {}", word(method))),
    }
    // Brackets are read as ranges otherwise.
    if call.url.contains(['[', ']']) {
        lines.push("--globoff".to_owned());
    }
    if call.token.is_some() {
        lines.push("--header \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    for (name, value) in call.all_headers() {
        lines.push(format!("--header {}", word(&field(&name, &value))));
    }
    match call.body {
        None => {}
        Some(Body::Text { text, .. }) => lines.push(raw(text)),
        Some(Body::Json(value)) => lines.push(raw(&json(value))),
        Some(Body::Form(pairs)) if pairs.is_empty() => lines.push(raw("")),
        Some(Body::Form(pairs)) => {
            lines.extend(pairs.iter().map(|(name, value)| pair(name, value)))
        }
        Some(Body::Multipart(parts)) => {
            for part in parts {
                lines.push(form(part)?);
            }
        }
        Some(Body::Binary { file }) => {
            lines.push(format!("--data-binary {}", word(&format!("@{file}"))));
        }
    }
    // A copy of what a page shows must be what is sent, and a command has no escapes for these.
    let acting = lines
        .iter()
        .chain([&scopes])
        .flat_map(|line| line.chars())
        .find(|c| acts(*c));
    match acting {
        Some(c) => Err(format!(
            "a command can't hold the character U+{:04X} of the request so that it is seen",
            u32::from(c)
        )),
        None => Ok(before + &lines.join(" \\\n  ") + "\n"),
    }
}

/// A header field; one without a value ends with a semicolon, as curl leaves it out otherwise.
fn field(name: &str, value: &str) -> String {
    match value {
        "" => format!("{name};"),
        value => format!("{name}: {value}"),
    }
}

fn raw(text: &str) -> String {
    format!("--data-raw {}", word(text))
}

/// A pair of a form. curl encodes the value and not the name.
fn pair(name: &str, value: &str) -> String {
    let name = form_encoded(name);
    match value.chars().any(acts) {
        true => raw(&format!("{name}={}", form_encoded(value))),
        false => format!("--data-urlencode {}", word(&format!("{name}={value}"))),
    }
}

/// A text as a form has it (WHATWG URL §5.2).
fn form_encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b if b.is_ascii_alphanumeric() || b"*-._".contains(&b) => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// A part of a multipart form; between double quotes, no character of it means anything to curl.
fn form(part: &Part) -> Result<String, String> {
    if part.name.is_empty() || part.name.contains('=') {
        return Err(format!(
            "curl can't send a part with the name {:?}",
            part.name
        ));
    }
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let media_type = part
        .media_type
        .as_ref()
        .map(|t| format!(";type={t}"))
        .unwrap_or_default();
    Ok(match &part.content {
        PartContent::Text(text) if media_type.is_empty() => {
            format!("--form-string {}", word(&format!("{}={text}", part.name)))
        }
        PartContent::Text(text) => {
            format!(
                "--form {}",
                word(&format!("{}={}{media_type}", part.name, quoted(text)))
            )
        }
        PartContent::File(file) => {
            format!(
                "--form {}",
                word(&format!("{}=@{}{media_type}", part.name, quoted(file)))
            )
        }
    })
}

/// A word of a POSIX shell (XCU §2.2.2): within single quotes no character is special.
fn word(text: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    match starts && text.bytes().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}
