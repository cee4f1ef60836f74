use super::call::Call;
use super::credentials::Credential;
use crate::wire::{Method, Request};
use std::fmt::Write;

/// How many bytes of a body a command shows.
const SHOWN: usize = 4_000;

/// A request as a command of curl, to the server at `base`, with these options. Secrets stand as
/// variables of the shell.
pub(super) fn curl(
    call: &Call,
    (base, options): (&str, &[String]),
    credentials: &[Credential],
) -> String {
    let request: Request = call.sent();
    let mut url = format!("{base}{}", request.target);
    let mut secrets = String::new();
    for credential in credentials {
        match credential {
            Credential::Scheme(..) => {}
            Credential::Field(name, value) => {
                let _ = write!(secrets, " -H \"{name}: {}\"", secret(name, value));
            }
            Credential::Query(name, _) => {
                let sign = if url.contains('?') { '&' } else { '?' };
                let _ = write!(url, "{sign}{name}=SECRET");
            }
        }
    }
    let mut out = "curl -i".to_owned();
    for option in options {
        let _ = write!(out, " {}", word(option));
    }
    match &request.method {
        method if *method == Method::GET && request.body.is_empty() => {}
        method if *method == Method::HEAD => out += " --head",
        method => {
            let _ = write!(out, " -X {method}");
        }
    }
    // Brackets and braces are read as ranges otherwise.
    if url.contains(['[', ']', '{', '}']) {
        out += " --globoff";
    }
    let _ = write!(out, " {}", word(&url));
    out += &secrets;
    for (name, value) in &request.headers {
        let name = HEADER_CASE
            .iter()
            .find(|own| own.eq_ignore_ascii_case(name.as_str()))
            .copied()
            .unwrap_or(name.as_str());
        let value = String::from_utf8_lossy(value.as_bytes());
        // One without a value ends with a semicolon, as curl leaves it out otherwise.
        let field = match value.is_empty() {
            true => format!("{name};"),
            false => format!("{name}: {value}"),
        };
        let _ = write!(out, " -H {}", word(&field));
    }
    if !request.body.is_empty() {
        match std::str::from_utf8(&request.body) {
            Ok(text) if text.len() <= SHOWN && !text.contains('\0') => {
                let _ = write!(out, " --data-raw {}", word(text));
            }
            Ok(text) if text.len() > SHOWN => {
                let mut at = SHOWN;
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                let _ = write!(
                    out,
                    " --data-raw {} # cut: {} bytes",
                    word(&text[..at]),
                    text.len()
                );
            }
            _ => {
                let _ = write!(out, " --data-binary @BODY # {} bytes", request.body.len());
            }
        }
    }
    out
}

/// Names as they are usually written.
const HEADER_CASE: [&str; 5] = [
    "Content-Type",
    "If-Match",
    "If-None-Match",
    "Accept",
    "Cookie",
];

/// A variable in the place of a secret, with what stands before it in the clear.
fn secret(name: &str, value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, _)) if name.eq_ignore_ascii_case("authorization") => {
            format!("{scheme} $TOKEN")
        }
        _ => {
            let letters = name.chars().map(|c| match c.is_ascii_alphanumeric() {
                true => c.to_ascii_uppercase(),
                false => '_',
            });
            format!("${}", letters.collect::<String>())
        }
    }
}

/// A word of a POSIX shell (XCU §2.2.2): within single quotes no character is special. What a
/// terminal would not show as it stands is written by its octets, within dollar and single quotes
/// (XCU §2.2.4), which all shells but the oldest read.
fn word(text: &str) -> String {
    if text.chars().any(is_unseen) {
        let mut out = String::from("$'");
        for c in text.chars() {
            match c {
                '\'' | '\\' => out.extend(['\\', c]),
                '\n' => out += "\\n",
                '\t' => out += "\\t",
                c if is_unseen(c) => {
                    for octet in c.encode_utf8(&mut [0; 4]).bytes() {
                        let _ = write!(out, "\\{octet:03o}");
                    }
                }
                c => out.push(c),
            }
        }
        out.push('\'');
        return out;
    }
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:".contains(&b);
    match !text.is_empty() && text.bytes().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

/// Whether a character does something to a terminal beside being shown.
fn is_unseen(c: char) -> bool {
    let turns = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    c.is_control() || turns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::call::Sent;
    use crate::wire::Bytes;

    fn call() -> Call {
        Call {
            operation: 0,
            method: Method::POST,
            template: "/pets/{id}".into(),
            path: vec![("id".to_owned(), "a%20b".to_owned())],
            query: vec![("tags".to_owned(), "tags[]=it's".to_owned())],
            headers: vec![("if-match".to_owned(), "\"1\"".to_owned())],
            cookies: vec![("seen".to_owned(), "seen=1".to_owned())],
            body: Some(Sent {
                number: 0,
                content_type: "application/json".to_owned(),
                value: None,
                bytes: Bytes::from_static(b"{\"a\":\"it's\"}"),
            }),
            is_anonymous: false,
            hooked: Vec::new(),
        }
    }

    #[test]
    fn a_command_is_pasted_as_it_stands_and_shows_no_secret() {
        let credentials = [
            Credential::Field("Authorization".to_owned(), "Bearer abc".to_owned()),
            Credential::Field("X-Api-Key".to_owned(), "abc".to_owned()),
            Credential::Query("key".to_owned(), "abc".to_owned()),
        ];
        let command = curl(&call(), ("http://h/api", &[]), &credentials);
        assert_eq!(
            command,
            "curl -i -X POST --globoff 'http://h/api/pets/a%20b?tags[]=it'\\''s&key=SECRET' \
             -H \"Authorization: Bearer $TOKEN\" -H \"X-Api-Key: $X_API_KEY\" -H 'If-Match: \"1\"' \
             -H 'Cookie: seen=1' -H 'Content-Type: application/json' \
             --data-raw '{\"a\":\"it'\\''s\"}'"
        );
    }

    #[test]
    fn what_a_terminal_does_not_show_is_pasted_as_it_was_sent() {
        let mut call = call();
        if let Some(body) = &mut call.body {
            body.bytes = "{\"a\":\"it's\u{2028}\\n\n\"}".into();
        }
        let command = curl(&call, ("http://h", &[]), &[]);
        let data = " --data-raw $'{\"a\":\"it\\'s\\342\\200\\250\\\\n\\n\"}'";
        assert!(command.ends_with(data), "{command}");
    }

    #[test]
    fn a_long_body_is_cut_and_one_that_is_no_text_is_a_file() {
        let with = |bytes: Vec<u8>| {
            let mut call = call();
            if let Some(body) = &mut call.body {
                body.bytes = bytes.into();
            }
            curl(
                &call,
                ("http://h", &["--cacert".to_owned(), "a b.pem".to_owned()]),
                &[],
            )
        };
        let long = with(vec![b'a'; 10_000]);
        assert!(long.ends_with(" # cut: 10000 bytes"), "{long}");
        assert!(long.len() < 5_000);
        let binary = with(vec![0xff, 0]);
        assert!(
            binary.ends_with(" --data-binary @BODY # 2 bytes"),
            "{binary}"
        );
    }
}
