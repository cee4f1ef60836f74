//! The framing of multipart bodies (RFC 2046 §5.1), read strictly and within bounds.

use crate::wire::{MediaType, decode_percent};
use std::borrow::Cow;

/// How many parts a body may have.
const PARTS: usize = 1_000;
/// How long the head of a part may be, and how many fields it may have.
const HEAD: usize = 8 << 10;
const FIELDS: usize = 50;

/// A part: its header fields, names in lower case, and its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part<'b> {
    pub(super) fields: Vec<(String, String)>,
    pub(super) body: &'b [u8],
}

impl Part<'_> {
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let mut named = self.fields.iter().filter(|(known, _)| known == name);
        named.next().map(|(_, value)| value.as_str())
    }

    /// The lines of a field as one (RFC 9110 §5.3).
    pub(super) fn whole_field(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut lines = self.fields.iter().filter(|(known, _)| known == name);
        let (_, first) = lines.next()?;
        let mut whole = Cow::Borrowed(first.as_str());
        for (_, line) in lines {
            whole.to_mut().extend([", ", line]);
        }
        Some(whole)
    }

    /// The name that `Content-Disposition` gives it, which in a form is `form-data`
    /// (RFC 7578 §4.2).
    pub(super) fn name(&self, is_form: bool) -> Result<Option<String>, String> {
        let Some(field) = self.field("content-disposition") else {
            return Ok(None);
        };
        // The field is a token with the parameters of a media type behind it.
        let disposition = MediaType::parse(&format!("part/{}", field.trim()))
            .ok_or("has a part whose Content-Disposition can't be read")?;
        if is_form && disposition.essence() != "part/form-data" {
            return Err("has a part whose Content-Disposition isn't form-data".to_owned());
        }
        if disposition
            .parameter("filename*")
            .is_some_and(is_no_extended)
        {
            return Err("has a part whose `filename*` can't be read".to_owned());
        }
        // Browsers escape just these three (HTML §4.10.21.8).
        let unescaped = |name: &str| {
            name.replace("%22", "\"")
                .replace("%0D", "\r")
                .replace("%0A", "\n")
        };
        Ok(disposition.parameter("name").map(unescaped))
    }
}

/// Whether a text is no extended value: `charset'language'value`, percent-encoded (RFC 8187 §3.2).
fn is_no_extended(text: &str) -> bool {
    let mut parts = text.splitn(3, '\'');
    let charset = parts.next().unwrap_or_default();
    let Some(value) = parts.nth(1) else {
        return true;
    };
    let is_utf8 = charset.eq_ignore_ascii_case("utf-8");
    charset.is_empty() || is_utf8 && decode_percent(value).is_err()
}

/// The parts of a body, or what is wrong with it as a sentence's predicate.
pub(super) fn split<'b>(body: &'b [u8], boundary: &str) -> Result<Vec<Part<'b>>, String> {
    let boundary = boundary.as_bytes();
    let is_boundary = |b: &u8| b.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(b);
    if boundary.is_empty()
        || boundary.len() > 70
        || boundary.ends_with(b" ")
        || !boundary.iter().all(is_boundary)
    {
        return Err("has a boundary that is none: 1 to 70 characters of RFC 2046".to_owned());
    }
    let mut delimiters = Delimiters {
        body,
        boundary,
        at: 0,
    };
    let mut parts = Vec::new();
    let unfinished = || "ends before its closing boundary".to_owned();
    let first = delimiters
        .next()
        .ok_or("has no line that starts with its boundary")?;
    let mut current = first?;
    while !current.closes {
        let next = delimiters.next().ok_or_else(unfinished)??;
        if parts.len() >= PARTS {
            return Err(format!("has more than {PARTS} parts"));
        }
        // The line break before a delimiter is part of it; a part without a body may have
        // just the one that ends its head.
        let end = next.start.max(current.end);
        parts.push(part(&body[current.end..end])?);
        current = next;
    }
    Ok(parts)
}

/// A delimiter line: from its line break to its end.
struct Delimiter {
    start: usize,
    end: usize,
    closes: bool,
}

struct Delimiters<'b> {
    body: &'b [u8],
    boundary: &'b [u8],
    at: usize,
}

impl Iterator for Delimiters<'_> {
    type Item = Result<Delimiter, String>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.body.len() {
            let line = self.at;
            let rest = &self.body[line..];
            let length = rest.iter().position(|b| *b == b'\n');
            self.at = length.map_or(self.body.len(), |length| line + length + 1);
            let Some(after) = rest
                .strip_prefix(b"--")
                .and_then(|rest| rest.strip_prefix(self.boundary))
            else {
                continue;
            };
            // A line starts after CRLF, or with the body.
            let start = match line {
                0 => 0,
                line if self.body[..line].ends_with(b"\r\n") => line - 2,
                _ => continue,
            };
            let closes = after.starts_with(b"--");
            let after = if closes { &after[2..] } else { after };
            let ends = after.iter().position(|b| !b" \t".contains(b));
            let after = ends.map_or(&after[..0], |end| &after[end..]);
            let is_delimiter = match after {
                [] => closes,
                [b'\r', b'\n', ..] => true,
                _ => false,
            };
            if !is_delimiter {
                // A longer boundary, as that of a multipart within, is none of this one.
                if after.first() == Some(&b'\n') || after.is_empty() {
                    let fault = "has a boundary line that doesn't end with CRLF";
                    return Some(Err(fault.to_owned()));
                }
                continue;
            }
            let end = self.body.len() - after.len() + after.len().min(2);
            return Some(Ok(Delimiter { start, end, closes }));
        }
        None
    }
}

fn part(text: &[u8]) -> Result<Part<'_>, String> {
    let mut fields = Vec::new();
    let mut rest = text;
    loop {
        if let Some(body) = rest.strip_prefix(b"\r\n") {
            return Ok(Part { fields, body });
        }
        let window = &rest[..rest.len().min(HEAD)];
        let Some(end) = window.windows(2).position(|pair| pair == b"\r\n") else {
            return match rest.is_empty() {
                true => Ok(Part { fields, body: rest }),
                false => Err("has a part whose head doesn't end with an empty line".to_owned()),
            };
        };
        let line = std::str::from_utf8(&rest[..end]);
        let field = line.ok().and_then(|line| line.split_once(':'));
        let Some((name, value)) = field.filter(|(name, _)| is_field_name(name)) else {
            return Err("has a part with a header field that is none".to_owned());
        };
        let name = name.to_ascii_lowercase();
        // Which of two counts can't be told.
        if name.starts_with("content-") && fields.iter().any(|(known, _)| *known == name) {
            return Err(format!("has a part with more than one {name}"));
        }
        fields.push((name, value.trim().to_owned()));
        rest = &rest[end + 2..];
        if fields.len() > FIELDS || text.len() - rest.len() > HEAD {
            return Err("has a part whose head is too long".to_owned());
        }
    }
}

/// Lines that go on in the next one are long obsolete, and are refused with the rest.
fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(body: &str) -> Result<Vec<String>, String> {
        let parts = split(body.as_bytes(), "b")?;
        let text = |part: &Part<'_>| String::from_utf8_lossy(part.body).into_owned();
        Ok(parts.iter().map(text).collect())
    }

    #[test]
    fn parts_stand_between_their_boundaries() {
        for (body, parts) in [
            (
                "--b\r\n\r\none\r\n--b\r\nA: 1\r\n\r\ntwo\r\n--b--\r\n",
                &["one", "two"][..],
            ),
            (
                "before\r\n--b \t\r\n\r\none\r\n--b--  \r\nafter --b",
                &["one"],
            ),
            (
                "--b\r\n\r\n--bc\r\n --b\r\nx--b\r\n--b--",
                &["--bc\r\n --b\r\nx--b"],
            ),
            ("--b\r\n\r\n\r\n\r\n--b--", &["\r\n"]),
            ("--b\r\n\r\n\r\n--b--", &[""]),
            ("--b\r\nA: 1\r\n\r\n--b--", &[""]),
            ("--b--\r\n", &[]),
        ] {
            let expected: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(bodies(body), Ok(expected), "{body:?}");
        }
    }

    #[test]
    fn what_is_no_multipart_is_refused() {
        let many = "--b\r\n\r\nx\r\n".repeat(PARTS + 1) + "--b--";
        let long = format!("--b\r\nA: {}\r\n\r\nx\r\n--b--", "x".repeat(HEAD));
        let fields = format!("--b\r\n{}\r\nx\r\n--b--", "A: 1\r\n".repeat(FIELDS + 1));
        for body in [
            "",
            "x",
            "--b\r\n\r\none",
            "--b\r\n\r\none\r\n--b",
            "--b\r\n\r\none--b--",
            "--b\n\nx\n--b--",
            "--b\r\nno head\r\n--b--",
            "--b\r\nA: 1\r\n--b--",
            "--b\r\nA: 1\r\n B: 2\r\n\r\nx\r\n--b--",
            "--b\r\n: 1\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Type: a/b\r\ncontent-type: a/b\r\n\r\nx\r\n--b--",
            &many,
            &long,
            &fields,
        ] {
            assert!(bodies(body).is_err(), "{body:.60?}: {:?}", bodies(body));
        }
        for boundary in ["", "a ", "\u{e9}", &"x".repeat(71)] {
            assert!(split(b"--b--", boundary).is_err(), "{boundary}");
        }
    }

    #[test]
    fn a_part_has_the_name_of_its_disposition() {
        let name = |field: &str| {
            let fields = vec![("content-disposition".to_owned(), field.to_owned())];
            Part { fields, body: b"" }.name(true)
        };
        for (field, expected) in [
            ("form-data; name=\"a b\"; filename=\"c;d.txt\"", Some("a b")),
            ("form-data; name=\"%22\\\"\"", Some("\"\"")),
            ("form-data; NAME=x; filename*=UTF-8''%e2%82%ac", Some("x")),
        ] {
            let expected = expected.map(str::to_owned);
            assert_eq!(name(field), Ok(expected), "{field}");
        }
        assert!(name("form-data; name=\"x").is_err());
        assert!(name("form-data; name=x; name=y").is_err());
        for extended in ["UTF-8''%zz", "UTF-8''%ff", "x.txt", "''x", "UTF-8'x"] {
            let field = format!("form-data; name=x; filename*={extended}");
            assert!(name(&field).is_err(), "{extended}");
        }
        assert!(name("attachment; name=x").is_err());
    }
}
