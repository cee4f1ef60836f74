//! Bodies without the secrets in them. They are gone through as text: what is kept of one may be
//! cut, and may be none of its media type.

use super::mask::MASKED;
use crate::decode::form_name;
use memchr::{memchr, memchr2, memmem};
use std::borrow::Cow;
use std::ops::Range;

type IsSecret<'n> = &'n dyn Fn(&str) -> bool;

/// Writes a body, but for the values of members whose names are those of secrets: of JSON, forms,
/// multipart, XML and YAML. What a client sent under such a name is hidden `whole`, whatever it is;
/// of a reply, whose errors are listed by the same names, only a text or a number is.
pub(super) fn write_without(
    is_secret: IsSecret<'_>,
    media_type: &str,
    (body, whole): (&[u8], bool),
    out: &mut Vec<u8>,
) {
    let essence = media_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => form(is_secret, body, out),
        "text/plain" => named(is_secret, body, out),
        "text/csv" | "application/csv" => table(is_secret, b',', body, out),
        "text/tab-separated-values" => table(is_secret, b'\t', body, out),
        essence if essence.starts_with("multipart/") => multipart(is_secret, body, out),
        essence if essence.ends_with("xml") => xml(is_secret, body, out),
        essence if essence.ends_with("yaml") => named(is_secret, body, out),
        // An operation says which member it is for by a pointer beside what that becomes (RFC 6902).
        "application/json-patch+json" if points_at(is_secret, body) => {
            json(&|name| name == "value" || is_secret(name), whole, body, out);
        }
        _ => json(is_secret, whole, body, out),
    }
}

/// Whether the fields of a form have a name that is a secret's: `user[password]` is one.
fn is_secret_field(is_secret: IsSecret<'_>, name: &str) -> bool {
    let name = name.trim();
    let name = name.strip_suffix("[]").unwrap_or(name);
    let inner = name
        .strip_suffix(']')
        .and_then(|name| name.rsplit('[').next());
    let inner = inner.or_else(|| name.rsplit('.').next());
    is_secret(name) || inner.is_some_and(is_secret)
}

fn form(is_secret: IsSecret<'_>, body: &[u8], out: &mut Vec<u8>) {
    for (number, pair) in body.split(|octet| *octet == b'&').enumerate() {
        if number > 0 {
            out.push(b'&');
        }
        let end = pair.iter().position(|octet| *octet == b'=');
        let name = &pair[..end.unwrap_or(pair.len())];
        let name = std::str::from_utf8(name).ok().and_then(form_name);
        match end.filter(|_| name.is_some_and(|name| is_secret_field(is_secret, &name))) {
            Some(end) => {
                out.extend_from_slice(&pair[..=end]);
                out.extend_from_slice(MASKED.as_bytes());
            }
            None => out.extend_from_slice(pair),
        }
    }
}

/// The members of JSON, one after the other: where the name stands, and where its value does.
struct Members<'b> {
    body: &'b [u8],
    at: usize,
}

impl Iterator for Members<'_> {
    type Item = (Range<usize>, usize);

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(start) = find(self.body, self.at, b"\"") {
            let end = string_end(self.body, start);
            self.at = end;
            let colon = skip_blanks(self.body, end);
            if self.body.get(colon) == Some(&b':') {
                let value = skip_blanks(self.body, colon + 1);
                // A text has no members.
                if self.body.get(value) == Some(&b'"') {
                    self.at = string_end(self.body, value);
                }
                return Some((start..end, value));
            }
        }
        None
    }
}

/// The text that a string of JSON says.
fn text_of(string: &[u8]) -> Option<Cow<'_, str>> {
    let inner = string.get(1..string.len().checked_sub(1)?)?;
    match inner.contains(&b'\\') {
        true => serde_json::from_slice::<String>(string)
            .ok()
            .map(Cow::Owned),
        false => std::str::from_utf8(inner).ok().map(Cow::Borrowed),
    }
}

fn json(is_secret: IsSecret<'_>, whole: bool, body: &[u8], out: &mut Vec<u8>) {
    // What is written ends here.
    let mut done = 0;
    for (name, value) in (Members { body, at: 0 }) {
        if value < done || !text_of(&body[name]).is_some_and(|name| is_secret(&name)) {
            continue;
        }
        let after = match body.get(value) {
            Some(b'"') => string_end(body, value),
            Some(b'-' | b'0'..=b'9') => {
                let is_of_number =
                    |octet: &u8| octet.is_ascii_alphanumeric() || b"+-.".contains(octet);
                let length = body[value..].iter().position(|octet| !is_of_number(octet));
                length.map_or(body.len(), |length| value + length)
            }
            Some(b'{' | b'[') if whole => close_of(body, value),
            // No JSON, and what a client meant all the same.
            Some(octet) if whole && octet.is_ascii_alphabetic() && !is_word(&body[value..]) => {
                let is_end = |octet: &u8| b",}] \t\r\n".contains(octet);
                let length = body[value..].iter().position(is_end);
                length.map_or(body.len(), |length| value + length)
            }
            _ => continue,
        };
        out.extend_from_slice(&body[done..value]);
        out.push(b'"');
        out.extend_from_slice(MASKED.as_bytes());
        out.push(b'"');
        done = after;
    }
    out.extend_from_slice(&body[done..]);
}

/// Whether JSON begins with a word of its own.
fn is_word(text: &[u8]) -> bool {
    let words: [&[u8]; 3] = [b"true", b"false", b"null"];
    words.iter().any(|word| text.starts_with(word))
}

/// A table, of which the first row has the names, without the cells below those of secrets.
fn table(is_secret: IsSecret<'_>, separator: u8, body: &[u8], out: &mut Vec<u8>) {
    let mut hidden: Vec<bool> = Vec::new();
    let (mut column, mut start, mut is_quoted, mut is_head) = (0, 0, false, true);
    for at in 0..=body.len() {
        let octet = body.get(at).copied();
        is_quoted ^= octet == Some(b'"');
        let ends = octet.is_none_or(|octet| !is_quoted && [separator, b'\n'].contains(&octet));
        if !ends {
            continue;
        }
        let cell = body[start..at].trim_ascii();
        if is_head {
            let name = std::str::from_utf8(cell).unwrap_or_default();
            hidden.push(is_secret(name.trim_matches('"')));
        } else if hidden.get(column) == Some(&true) && !cell.is_empty() {
            out.extend_from_slice(MASKED.as_bytes());
            start = at;
        }
        out.extend_from_slice(&body[start..(at + 1).min(body.len())]);
        start = at + 1;
        column += 1;
        if octet == Some(b'\n') {
            (column, is_head) = (0, false);
        }
    }
}

/// Whether an operation of a JSON Patch is for a secret, or for something in one.
fn points_at(is_secret: IsSecret<'_>, body: &[u8]) -> bool {
    Members { body, at: 0 }.any(|(name, value)| {
        let is_place = matches!(&body[name], b"\"path\"" | b"\"from\"");
        let place = is_place.then(|| text_of(body.get(value..string_end(body, value))?));
        let place = place.flatten();
        place.is_some_and(|place| place.split('/').any(is_secret))
    })
}

/// Behind the bracket that ends an object or a list; the body's end where none does.
fn close_of(body: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(octet) = body.get(at) {
        match octet {
            b'"' => {
                at = string_end(body, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return at + 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    body.len()
}

/// Lines of `name: value` or `name=value`, as YAML has them: what follows the name of a secret to
/// the end of its line, and the lines that are further in than the name.
fn named(is_secret: IsSecret<'_>, body: &[u8], out: &mut Vec<u8>) {
    let mut hidden = None;
    for line in body.split_inclusive(|octet| *octet == b'\n') {
        let blanks = line.iter().take_while(|octet| **octet == b' ').count();
        let is_blank = line.trim_ascii().is_empty();
        if hidden.is_some_and(|column| is_blank || blanks > column) {
            continue;
        }
        hidden = None;
        let signs = line.iter().enumerate();
        let signs = signs.filter(|(_, octet)| b":=".contains(octet));
        let secret = signs.map(|(at, _)| at).find_map(|at| {
            let before = line[..at].trim_ascii_end();
            let quotes: [&[u8]; 2] = [b"\"", b"'"];
            let mut quotes = quotes.into_iter();
            let quote = quotes.find(|quote| before.ends_with(quote));
            let quote = quote.unwrap_or_default();
            let before = before.strip_suffix(quote).unwrap_or(before);
            let is_of_name = |octet: &&u8| octet.is_ascii_alphanumeric() || b"_-.".contains(octet);
            let length = before.iter().rev().take_while(is_of_name).count();
            let (lead, name) = before.split_at(before.len() - length);
            // What stands within a text is none.
            let lead = lead.strip_suffix(quote)?;
            let lead = lead.trim_ascii_end();
            let is_first = lead.last().is_none_or(|octet| b"-?{,".contains(octet));
            let is_it = is_first && std::str::from_utf8(name).is_ok_and(is_secret);
            is_it.then_some((at, before.len() - length))
        });
        match secret {
            Some((sign, column)) => {
                out.extend_from_slice(&line[..=sign]);
                out.extend_from_slice(if line[sign] == b':' { b" " } else { b"" });
                out.extend_from_slice(MASKED.as_bytes());
                out.extend_from_slice(if line.ends_with(b"\n") { b"\n" } else { b"" });
                hidden = Some(column);
            }
            None => out.extend_from_slice(line),
        }
    }
}

fn multipart(is_secret: IsSecret<'_>, body: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    let mut done = 0;
    while let Some(start) = find(body, at, b" name=\"") {
        let start = start + 7;
        at = string_end(body, start - 1);
        let name = body.get(start..at.saturating_sub(1));
        let name = name.and_then(|name| std::str::from_utf8(name).ok());
        let is_it = name.is_some_and(|name| is_secret_field(is_secret, name));
        let head = find(body, at, b"\r\n\r\n").filter(|_| is_it);
        if let Some(head) = head {
            out.extend_from_slice(&body[done..head + 4]);
            out.extend_from_slice(MASKED.as_bytes());
            done = find(body, head + 4, b"\r\n--").unwrap_or(body.len());
            at = done;
        }
    }
    out.extend_from_slice(&body[done..]);
}

fn xml(is_secret: IsSecret<'_>, body: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    let mut done = 0;
    while let Some(start) = find(body, at, b"<") {
        at = start + 1;
        let is_of_name = |octet: &u8| !octet.is_ascii_whitespace() && !b"/>".contains(octet);
        let length = body[at..]
            .iter()
            .take_while(|octet| is_of_name(octet))
            .count();
        let name = std::str::from_utf8(&body[at..at + length]).unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        let end = find(body, at, b">").filter(|_| is_secret(name));
        if let Some(end) = end.filter(|end| body[end - 1] != b'/') {
            out.extend_from_slice(&body[done..=end]);
            out.extend_from_slice(MASKED.as_bytes());
            done = find(body, end, b"<").unwrap_or(body.len());
            at = done;
        }
    }
    out.extend_from_slice(&body[done..]);
}

fn find(body: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let rest = body.get(from..)?;
    let found = match wanted {
        [wanted] => memchr(*wanted, rest),
        wanted => memmem::find(rest, wanted),
    };
    found.map(|at| from + at)
}

/// Behind the quotation mark that ends a string; the body's end where none does.
fn string_end(body: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(length) = body.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += length;
        match body[at] {
            b'"' => return at + 1,
            _ => at += 2,
        }
    }
    body.len()
}

fn skip_blanks(body: &[u8], from: usize) -> usize {
    let rest = body.get(from..).unwrap_or_default();
    from + rest
        .iter()
        .take_while(|octet| octet.is_ascii_whitespace())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown_whatever_the_body_is() {
        let json = "application/json; charset=utf-8";
        let form = "application/x-www-form-urlencoded";
        let parts = "multipart/form-data; boundary=b";
        for (media_type, body, shown) in [
            (
                json,
                r#"{"a": 1, "pin": "12\"34", "b": [{"pin":7}, "pin"]}"#,
                r#"{"a": 1, "pin": "…", "b": [{"pin":"…"}, "pin"]}"#,
            ),
            (
                json,
                r#"{"pin": {"a": ["}", 1]}, "b": 2, "p\u0069n": [1, [2]]}"#,
                r#"{"pin": "…", "b": 2, "p\u0069n": "…"}"#,
            ),
            (
                json,
                r#"{"pin": null, "x": "pin"}"#,
                r#"{"pin": null, "x": "pin"}"#,
            ),
            (json, r#"{"pin": [1, {"#, r#"{"pin": "…""#),
            (
                "application/json-patch+json",
                r#"[{"value": 7, "op": "add", "path": "/user/pin"}]"#,
                r#"[{"value": "…", "op": "add", "path": "/user/pin"}]"#,
            ),
            (
                "application/json-patch+json",
                r#"[{"op": "add", "path": "/pins", "value": 7}]"#,
                r#"[{"op": "add", "path": "/pins", "value": 7}]"#,
            ),
            (
                "application/yaml",
                "a: 1\nuser:\n  - pin: |\n      12\n    name: Ann\n'pin': 3\n",
                "a: 1\nuser:\n  - pin: …\n    name: Ann\n'pin': …\n",
            ),
            ("text/plain", "a=1, pin=2", "a=1, pin=…"),
            (json, r#"{"pin":ab12, "a": 1}"#, r#"{"pin":"…", "a": 1}"#),
            (
                "text/csv",
                "a,\"pin\",b\r\n1,\"2,\"\"\n3\",4\n5,,6\n7,8",
                "a,\"pin\",b\r\n1,…,4\n5,,6\n7,…",
            ),
            (
                "application/yaml",
                "a: \"pin: x\"\n# pin: 1\n",
                "a: \"pin: x\"\n# pin: 1\n",
            ),
            (
                json,
                r#"{"x": "\\", "pin": "12"#,
                r#"{"x": "\\", "pin": "…""#,
            ),
            (json, r#"{"pin"#, r#"{"pin"#),
            (json, "", ""),
            ("", r#"{"PIN":-1e5}"#, r#"{"PIN":"…"}"#),
            (
                form,
                "a=1&u[pin]=2&p%69n=3&pin&u.pin=4&pin[]=5",
                "a=1&u[pin]=…&p%69n=…&pin&u.pin=…&pin[]=…",
            ),
            (
                parts,
                "--b\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\n12\r\n--b--",
                "--b\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\n…\r\n--b--",
            ),
            (
                "text/xml",
                "<a><pin x='1'>2</pin><s:pin>3</s:pin><pin/><b>4</b></a>",
                "<a><pin x='1'>…</pin><s:pin>…</s:pin><pin/><b>4</b></a>",
            ),
        ] {
            let mut out = Vec::new();
            write_without(
                &|name| name.eq_ignore_ascii_case("pin"),
                media_type,
                (body.as_bytes(), true),
                &mut out,
            );
            assert_eq!(String::from_utf8_lossy(&out), shown, "{media_type}");
        }
        // What a reply says of it is no secret.
        let (mut out, told) = (Vec::new(), r#"{"errors": {"pin": ["is too short"]}}"#);
        write_without(
            &|name| name == "pin",
            json,
            (told.as_bytes(), false),
            &mut out,
        );
        assert_eq!(String::from_utf8_lossy(&out), told);
    }

    #[test]
    fn any_octets_are_gone_through() {
        let odd: [&[u8]; 6] = [
            b"\"",
            b"\"\\",
            b"\xff\"pin\":\"",
            b"<",
            b"<pin>",
            b" name=\"",
        ];
        for media_type in [
            "application/json",
            "multipart/x",
            "a/xml",
            "application/x-www-form-urlencoded",
            "application/json-patch+json",
            "application/yaml",
        ] {
            for body in odd {
                let mut out = Vec::new();
                write_without(&|_| true, media_type, (body, true), &mut out);
                assert!(!out.is_empty());
            }
        }
    }
}
