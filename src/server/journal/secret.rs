//! Bodies without the secrets in them. They are gone through as text: what is kept of one may be
//! cut, and may be none of its media type.

use super::mask::MASKED;
use crate::decode::form_name;

type IsSecret<'n> = &'n dyn Fn(&str) -> bool;

/// Writes a body, but for the values of members whose names are those of secrets: of JSON, forms,
/// multipart and XML.
pub(super) fn write_without(
    is_secret: IsSecret<'_>,
    media_type: &str,
    body: &[u8],
    out: &mut Vec<u8>,
) {
    let essence = media_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => form(is_secret, body, out),
        essence if essence.starts_with("multipart/") => multipart(is_secret, body, out),
        essence if essence.ends_with("xml") => xml(is_secret, body, out),
        _ => json(is_secret, body, out),
    }
}

fn form(is_secret: IsSecret<'_>, body: &[u8], out: &mut Vec<u8>) {
    for (number, pair) in body.split(|octet| *octet == b'&').enumerate() {
        if number > 0 {
            out.push(b'&');
        }
        let end = pair.iter().position(|octet| *octet == b'=');
        let name = &pair[..end.unwrap_or(pair.len())];
        let name = std::str::from_utf8(name).ok().and_then(form_name);
        match end.filter(|_| name.is_some_and(|name| is_secret(&name))) {
            Some(end) => {
                out.extend_from_slice(&pair[..=end]);
                out.extend_from_slice(MASKED.as_bytes());
            }
            None => out.extend_from_slice(pair),
        }
    }
}

fn json(is_secret: IsSecret<'_>, body: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    // What is written ends here.
    let mut done = 0;
    while let Some(start) = find(body, at, b"\"") {
        let end = string_end(body, start);
        at = end;
        let Some(name) = body.get(start + 1..end.saturating_sub(1)) else {
            break;
        };
        let colon = skip_blanks(body, end);
        if body.get(colon) != Some(&b':') {
            continue;
        }
        let value = skip_blanks(body, colon + 1);
        let after = match body.get(value) {
            Some(b'"') => string_end(body, value),
            Some(b'-' | b'0'..=b'9') => {
                let is_of_number =
                    |octet: &u8| octet.is_ascii_alphanumeric() || b"+-.".contains(octet);
                let length = body[value..].iter().position(|octet| !is_of_number(octet));
                length.map_or(body.len(), |length| value + length)
            }
            _ => continue,
        };
        if std::str::from_utf8(name).is_ok_and(is_secret) {
            out.extend_from_slice(&body[done..value]);
            out.push(b'"');
            out.extend_from_slice(MASKED.as_bytes());
            out.push(b'"');
            done = after;
        }
        at = after;
    }
    out.extend_from_slice(&body[done..]);
}

fn multipart(is_secret: IsSecret<'_>, body: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    let mut done = 0;
    while let Some(start) = find(body, at, b" name=\"") {
        let start = start + 7;
        at = string_end(body, start - 1);
        let name = body.get(start..at.saturating_sub(1));
        let name = name.and_then(|name| std::str::from_utf8(name).ok());
        let head = find(body, at, b"\r\n\r\n").filter(|_| name.is_some_and(is_secret));
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
        // Every body is gone through, and by single octets much more quickly.
        [wanted] => rest.iter().position(|octet| octet == wanted),
        wanted => rest
            .windows(wanted.len())
            .position(|window| window == wanted),
    };
    found.map(|at| from + at)
}

/// Behind the quotation mark that ends a string; the body's end where none does.
fn string_end(body: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    let is_sign = |octet: &u8| matches!(octet, b'"' | b'\\');
    while let Some(length) = body
        .get(at..)
        .and_then(|rest| rest.iter().position(is_sign))
    {
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
                r#"{"pin": {"pin": null, "x": "pin"}}"#,
                r#"{"pin": {"pin": null, "x": "pin"}}"#,
            ),
            (
                json,
                r#"{"x": "\\", "pin": "12"#,
                r#"{"x": "\\", "pin": "…""#,
            ),
            (json, r#"{"pin"#, r#"{"pin"#),
            (json, "", ""),
            ("", r#"{"PIN":-1e5}"#, r#"{"PIN":"…"}"#),
            (form, "a=1&pin=2&p%69n=3&pin", "a=1&pin=…&p%69n=…&pin"),
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
                body.as_bytes(),
                &mut out,
            );
            assert_eq!(String::from_utf8_lossy(&out), shown, "{media_type}");
        }
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
        ] {
            for body in odd {
                let mut out = Vec::new();
                write_without(&|_| true, media_type, body, &mut out);
                assert!(!out.is_empty());
            }
        }
    }
}
