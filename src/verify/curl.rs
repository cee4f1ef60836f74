use super::call::Call;
use super::credentials::Credential;
use super::replay::is_condition;
use crate::wire::{Method, Request};
use std::fmt::Write;

/// How many bytes of a body a command shows.
const SHOWN: usize = 4_000;

/// What of the reply a command writes.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    All,
    /// The header alone, for another command to read.
    Head,
    /// The body alone, for another command to read.
    Body,
}

/// Variables of the shell in a command: the paths of items with those that their ids are in, and the
/// entity tag in whose place `$tag` stands.
type Variables<'v> = (How, &'v [(String, String)], Option<&'v str>);

/// Whether the command of a request has all of it.
pub(super) fn is_whole(call: &Call) -> bool {
    let body = call.body.as_ref().map_or(&b""[..], |body| &body.bytes);
    body.len() <= SHOWN && !body.contains(&0) && std::str::from_utf8(body).is_ok()
}

/// A request as a command of curl, to the server at `base`, with these options, and what is to be
/// said of it. Secrets stand as variables of the shell.
pub(super) fn curl(
    call: &Call,
    (base, options): (&str, &[String]),
    credentials: &[Credential],
    (how, items, tag): Variables<'_>,
) -> (String, String) {
    let request: Request = call.sent();
    let (mut url, rest) = addressed(base, &request.target, items);
    let mut query = rest.to_owned();
    let has_query = request.target.contains('?');
    let mut secrets = String::new();
    for credential in credentials {
        match credential {
            Credential::Scheme(..) => {}
            Credential::Field(name, value) => {
                let _ = write!(secrets, " -H \"{name}: {}\"", secret(name, value));
            }
            Credential::Query(name, _) => {
                let is_first = !has_query && query == rest;
                let sign = if is_first { '?' } else { '&' };
                let _ = write!(query, "{sign}{name}=SECRET");
            }
        }
    }
    let mut note = String::new();
    let mut out = match how {
        How::All => "curl -i",
        How::Head => "curl -sS -o /dev/null -D -",
        How::Body => "curl -sS",
    }
    .to_owned();
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
    if base.contains(GLOBS) || request.target.contains(GLOBS) || query.contains(GLOBS) {
        out += " --globoff";
    }
    if url.is_empty() || !query.is_empty() {
        url += &word(&query);
    }
    let _ = write!(out, " {url}");
    out += &secrets;
    for (name, value) in &request.headers {
        let name = HEADER_CASE
            .iter()
            .find(|own| own.eq_ignore_ascii_case(name.as_str()))
            .copied()
            .unwrap_or(name.as_str());
        let value = String::from_utf8_lossy(value.as_bytes());
        if tag == Some(&*value) && is_condition(name) {
            let _ = write!(out, " -H \"{name}: $tag\"");
            continue;
        }
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
                let _ = write!(out, " --data-raw {}", word(&text[..at]));
                note = format!(" # cut: {} bytes", text.len());
            }
            _ => {
                out += " --data-binary @BODY";
                note = format!(" # {} bytes", request.body.len());
            }
        }
    }
    (out, note)
}

const GLOBS: [char; 4] = ['[', ']', '{', '}'];

/// The beginning of a URL up to the last id that is in a variable, as a shell reads it, and the
/// rest as it is sent.
fn addressed(base: &str, target: &str, items: &[(String, String)]) -> (String, String) {
    let path = target.split('?').next().unwrap_or(target);
    let mut out = String::new();
    let mut plain = base.to_owned();
    let mut from = 0;
    let ends = path.match_indices('/').map(|(at, _)| at);
    for end in ends.chain([path.len()]) {
        let item = items.iter().find(|(item, _)| *item == path[..end]);
        let start = path[..end].rfind('/').map_or(0, |at| at + 1);
        if let Some((_, variable)) = item.filter(|_| start >= from) {
            plain += &path[from..start];
            let _ = write!(out, "{}\"${variable}\"", word(&plain));
            plain.clear();
            from = end;
        }
    }
    (out, plain + &target[from..])
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
pub(super) fn word(text: &str) -> String {
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

    /// A command without variables.
    fn command(call: &Call, server: (&str, &[String]), credentials: &[Credential]) -> String {
        let (command, note) = curl(call, server, credentials, (How::All, &[], None));
        command + &note
    }

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
        let command = command(&call(), ("http://h/api", &[]), &credentials);
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
        let command = command(&call, ("http://h", &[]), &[]);
        let data = " --data-raw $'{\"a\":\"it\\'s\\342\\200\\250\\\\n\\n\"}'";
        assert!(command.ends_with(data), "{command}");
    }

    #[test]
    fn ids_and_tags_of_replies_are_variables_and_the_rest_stays_quoted() {
        let call = Call {
            template: "/pets/{id}/toys/{toy}/$(b)".into(),
            path: vec![
                ("id".to_owned(), "2".to_owned()),
                ("toy".to_owned(), "2".to_owned()),
            ],
            query: Vec::new(),
            cookies: Vec::new(),
            body: None,
            ..call()
        };
        let items = [
            ("/pets/2".to_owned(), "id".to_owned()),
            ("/pets/2/toys/2".to_owned(), "id2".to_owned()),
        ];
        let variables = (How::Body, &items[..], Some("\"1\""));
        let key = [Credential::Query("key".to_owned(), "abc".to_owned())];
        let (command, _) = curl(&call, ("http://h/$a", &[]), &key, variables);
        assert_eq!(
            command,
            "curl -sS -X POST 'http://h/$a/pets/'\"$id\"/toys/\"$id2\"'/$(b)?key=SECRET' \
             -H \"If-Match: $tag\""
        );
    }

    #[test]
    fn a_long_body_is_cut_and_one_that_is_no_text_is_a_file() {
        let with = |bytes: Vec<u8>| {
            let mut call = call();
            if let Some(body) = &mut call.body {
                body.bytes = bytes.into();
            }
            command(
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
