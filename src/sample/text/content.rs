//! What is of a media type, and how it's written where a string holds it encoded.

use super::codes;
use super::pattern::Bounds;
use super::plain;
use crate::sample::draw::Draw;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

/// Images of one pixel, in base64.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const GIF: &str = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/// A text of a media type in so many characters, all of ASCII.
pub(super) fn content(media_type: &str, bounds: Bounds, draw: &mut Draw) -> Option<String> {
    let media_type = media_type.split(';').next()?.trim().to_lowercase();
    let subtype = media_type
        .split_once('/')
        .map_or("", |(_, subtype)| subtype);
    let suffix = subtype.rsplit('+').next()?;
    let around: &[(&str, &str)] = match suffix {
        "jwt" | "jose" => return Some(codes::jwt(draw)),
        "json" | "ndjson" | "jsonl" | "x-ndjson" | "json-seq" => {
            &[("{\"name\":\"", "\"}"), ("\"", "\"")]
        }
        "xml" => &[("<note>", "</note>"), ("<a>", "</a>")],
        "html" | "xhtml" => &[("<p>", "</p>"), ("", "")],
        "yaml" | "x-yaml" => &[("name: ", ""), ("", "")],
        "csv" => &[("name\r\n", ""), ("", "")],
        "markdown" => &[("# ", ""), ("", "")],
        "x-www-form-urlencoded" => &[("name=", ""), ("", "")],
        _ => &[("", "")],
    };
    let found = around.iter().find_map(|(before, after)| {
        let length = before.len() + after.len();
        let most = bounds.most.checked_sub(length)?;
        let least = bounds.least.saturating_sub(length);
        // Names aren't empty where they needn't be.
        let least = least.max(usize::from(most > 0));
        let inner = plain::plain(least, Some(most).filter(|most| *most < 10_000_000), draw);
        let inner = match suffix {
            "x-www-form-urlencoded" => inner.replace(' ', "+"),
            _ => inner,
        };
        Some(format!("{before}{inner}{after}"))
    });
    found.or_else(|| (suffix == "json" && bounds.has(1)).then(|| "1".to_owned()))
}

/// Octets in an encoding of RFC 4648, by its name in small letters; nothing for another.
pub(super) fn coded(encoding: &str, bytes: &[u8]) -> Option<String> {
    Some(match encoding {
        "base64" => STANDARD.encode(bytes),
        "base64url" => URL_SAFE.encode(bytes),
        "base32" => base32(bytes, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
        "base32hex" => base32(bytes, b"0123456789ABCDEFGHIJKLMNOPQRSTUV"),
        "base16" | "hex" => bytes.iter().map(|byte| format!("{byte:02X}")).collect(),
        _ => return None,
    })
}

/// A string that holds what is of a media type in an encoding (RFC 4648, RFC 2045); nothing where
/// the encoding isn't known, or can't be so long.
pub(super) fn encoded(
    encoding: &str,
    media_type: Option<&str>,
    bounds: Bounds,
    draw: &mut Draw,
) -> Option<String> {
    let encoding = encoding.to_lowercase();
    let image = match media_type {
        Some("image/png") => Some(PNG),
        Some("image/gif") => Some(GIF),
        _ => None,
    };
    let media_type = media_type.unwrap_or("text/plain");
    // So many characters hold so many bytes.
    let (characters, bytes) = match encoding.as_str() {
        "base64" | "base64url" => (4, 3),
        "base32" | "base32hex" => (8, 5),
        "base16" | "hex" => (2, 1),
        "quoted-printable" => return quoted(media_type, bounds, draw),
        "7bit" | "8bit" | "binary" | "identity" => return content(media_type, bounds, draw),
        _ => return None,
    };
    let encode = |bytes: &[u8]| coded(&encoding, bytes).unwrap_or_default();
    let image = image.and_then(|image| STANDARD.decode(image).ok());
    let image = image.map(|image| encode(&image));
    if let Some(image) = image.filter(|image| bounds.has(image.len())) {
        return Some(image);
    }
    // Whole groups need no padding, which some leave out and others ask for.
    let least = bounds.least.div_ceil(characters);
    let most = bounds.most / characters;
    if least > most {
        // Two or three characters beyond whole groups hold a byte or two.
        let rest = bounds.least % characters;
        let length = bounds.least / 4 * 3 + rest.saturating_sub(1).max(1);
        let exact = Bounds {
            least: length,
            most: length,
        };
        let text = content("text/plain", exact, draw).filter(|_| encoding == "base64url")?;
        return Some(URL_SAFE_NO_PAD.encode(text));
    }
    let free = Bounds {
        least: least * bytes,
        most: most.saturating_mul(bytes),
    };
    let natural = content(media_type, free, draw).map_or(0, |text| text.len());
    let groups = natural.div_ceil(bytes).clamp(least, most);
    let exact = Bounds {
        least: groups * bytes,
        most: groups * bytes,
    };
    let text = content(media_type, exact, draw).filter(|text| text.len() == exact.least);
    let text = text.or_else(|| content("text/plain", exact, draw))?;
    Some(encode(text.as_bytes()))
}

fn base32(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(5) {
        let bits = (0..5).fold(0_u64, |bits, at| {
            bits << 8 | u64::from(group.get(at).copied().unwrap_or(0))
        });
        let letters = (group.len() * 8).div_ceil(5);
        for at in 0..8 {
            let letter = alphabet[(bits >> (35 - 5 * at) & 31) as usize];
            text.push(if at < letters {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    text
}

/// Lines of at most 76 characters, the last of which is an equals sign (RFC 2045 §6.7).
fn quoted(media_type: &str, bounds: Bounds, draw: &mut Draw) -> Option<String> {
    let length = |content: usize| content + 3 * (content.saturating_sub(1) / 75);
    let least = (0..=bounds.least).find(|least| length(*least) >= bounds.least)?;
    let most = match bounds.most {
        usize::MAX => usize::MAX,
        most => (least..=most)
            .take_while(|count| length(*count) <= most)
            .last()?,
    };
    let text = content(media_type, Bounds { least, most }, draw)?;
    let text = text.replace('=', "-");
    let lines = text
        .as_bytes()
        .chunks(75)
        .map(|line| String::from_utf8_lossy(line).into_owned());
    Some(lines.collect::<Vec<_>>().join("=\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_the_standard() {
        let encode = |text: &str| base32(text.as_bytes(), b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
        assert_eq!(encode("foobar"), "MZXW6YTBOI======");
        assert_eq!(encode("fooba"), "MZXW6YTB");
    }
}
