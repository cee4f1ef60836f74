use super::{Encoded, Unencodable};
use crate::decode::Kind;
use crate::wire::MediaType;

/// A text in the charset that its media type is documented with, else in UTF-8; which is said of
/// plain text where it makes a difference, as nothing else tells it (RFC 6657 §3).
pub(super) fn apply(text: String, media_type: &MediaType) -> Result<Encoded, Unencodable> {
    let kind = Kind::of(media_type);
    let plain = matches!(kind, Kind::Text | Kind::Csv(_));
    let mut content_type = media_type.to_string();
    let documented = media_type.parameter("charset").filter(|_| kind.is_text());
    let body = match documented {
        Some(charset) => {
            let text = match kind {
                Kind::Json if !is_unicode(charset) => ascii_json(&text),
                // Any name may be declared there, but the one that is true.
                Kind::Xml => text.replacen("encoding=\"UTF-8\"", &declared(charset), 1),
                _ => text,
            };
            in_charset(text, charset)?
        }
        None => {
            if plain && !text.is_ascii() {
                content_type.push_str("; charset=utf-8");
            }
            text.into_bytes()
        }
    };
    Ok(Encoded {
        content_type,
        body: body.into(),
    })
}

fn declared(charset: &str) -> String {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    let name: String = charset
        .chars()
        .filter(|c| c.is_ascii() && is_name(*c as u8))
        .collect();
    format!("encoding=\"{name}\"")
}

fn is_unicode(charset: &str) -> bool {
    charset.to_ascii_lowercase().starts_with("utf")
}

/// The octets of a text in a charset of those that bodies are read in.
fn in_charset(text: String, charset: &str) -> Result<Vec<u8>, Unencodable> {
    let lacking = || Unencodable(format!("this text has characters that {charset} lacks"));
    Ok(match charset.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => text.into_bytes(),
        "us-ascii" | "ascii" if text.is_ascii() => text.into_bytes(),
        "us-ascii" | "ascii" => return Err(lacking()),
        "iso-8859-1" | "iso8859-1" | "latin1" => {
            let octets = text.chars().map(|c| u8::try_from(u32::from(c)));
            octets.collect::<Result<_, _>>().map_err(|_| lacking())?
        }
        "utf-16" => {
            let mark = [0xfe, 0xff].into_iter();
            mark.chain(text.encode_utf16().flat_map(u16::to_be_bytes))
                .collect()
        }
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => return Err(Unencodable(format!("the charset {charset} is not written"))),
    })
}

/// JSON text in ASCII: beyond it there are none but characters of strings, which may be escaped.
pub(super) fn ascii_json(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_ascii() {
            true => ascii.push(c),
            false => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    ascii.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    ascii
}
