use std::borrow::Cow;

/// The character encodings that bodies are read in. More would be a table each, for what hardly
/// any client of an API sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    Ascii,
    Latin1,
    /// Its byte order mark tells the order; without one it is big-endian (RFC 2781 §4.3).
    Utf16,
    Utf16Be,
    Utf16Le,
}

impl Charset {
    /// By a name of the IANA registry, in any case.
    pub(super) fn named(name: &str) -> Option<Charset> {
        Some(match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Charset::Utf8,
            "us-ascii" | "ascii" => Charset::Ascii,
            "iso-8859-1" | "iso8859-1" | "latin1" => Charset::Latin1,
            "utf-16" => Charset::Utf16,
            "utf-16be" => Charset::Utf16Be,
            "utf-16le" => Charset::Utf16Le,
            _ => return None,
        })
    }

    /// Whether what is in it is in UTF-8.
    pub(super) fn is_utf8(self) -> bool {
        matches!(self, Charset::Utf8 | Charset::Ascii)
    }

    /// The text, or what is wrong with it as a sentence's predicate.
    pub(super) fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, String> {
        match self {
            Charset::Utf8 => std::str::from_utf8(bytes)
                .map(Cow::Borrowed)
                .map_err(|_| "is not UTF-8".to_owned()),
            Charset::Ascii if !bytes.is_ascii() => Err("is not ASCII".to_owned()),
            Charset::Ascii => Charset::Utf8.decode(bytes),
            Charset::Latin1 => Ok(octets(bytes).into()),
            Charset::Utf16 => match bytes {
                [0xfe, 0xff, rest @ ..] => Charset::Utf16Be.decode(rest),
                [0xff, 0xfe, rest @ ..] => Charset::Utf16Le.decode(rest),
                _ => Charset::Utf16Be.decode(bytes),
            },
            Charset::Utf16Be => utf16(bytes, u16::from_be_bytes),
            Charset::Utf16Le => utf16(bytes, u16::from_le_bytes),
        }
    }
}

/// A character per octet: ISO 8859-1, and the form in which schemas judge binary data, so that
/// `maxLength` counts octets.
pub(super) fn octets(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, String> {
    let fault = || "is not UTF-16".to_owned();
    if !bytes.len().is_multiple_of(2) {
        return Err(fault());
    }
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.map(Cow::Owned).map_err(|_| fault())
}

/// The charset of an XML text that the message names none for: its byte order mark's, else the
/// one that it declares itself, else UTF-8 (XML 1.0 appendix F).
pub(super) fn of_xml(bytes: &[u8]) -> Result<Charset, String> {
    if bytes.starts_with(&[0xfe, 0xff]) || bytes.starts_with(&[0xff, 0xfe]) {
        return Ok(Charset::Utf16);
    }
    let start = octets(&bytes[..bytes.len().min(200)]);
    let Some(declaration) = start
        .strip_prefix("<?xml")
        .and_then(|d| d.split("?>").next())
    else {
        return Ok(Charset::Utf8);
    };
    let Some((_, rest)) = declaration.split_once("encoding") else {
        return Ok(Charset::Utf8);
    };
    let quoted = rest.trim_start_matches(|c: char| c == '=' || c.is_ascii_whitespace());
    let name = quoted.split(['"', '\'']).nth(1).unwrap_or("");
    Charset::named(name).ok_or_else(|| format!("declares the encoding `{name}`, which is not read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_charset_gives_its_text_or_says_that_it_is_none() {
        for (name, bytes, text) in [
            ("UTF-8", "é".as_bytes(), Some("é")),
            ("us-ascii", b"e", Some("e")),
            ("us-ascii", b"\xe9", None),
            ("iso-8859-1", b"\xe9", Some("é")),
            ("utf-16", b"\xff\xfe\xe9\0", Some("é")),
            ("utf-16", b"\0\xe9", Some("é")),
            ("utf-16be", b"\xd8\0", None),
            ("utf-16le", b"\xe9", None),
            ("utf-8", b"\xff", None),
        ] {
            let charset = Charset::named(name).expect(name);
            let decoded = charset.decode(bytes).ok();
            assert_eq!(decoded.as_deref(), text, "{name} {bytes:?}");
        }
        assert_eq!(Charset::named("ebcdic"), None);
    }

    #[test]
    fn an_xml_text_names_its_own_charset() {
        let declared = |name: &str| {
            of_xml(format!("<?xml version='1.0' encoding = '{name}'?><a/>").as_bytes())
        };
        assert_eq!(declared("ISO-8859-1"), Ok(Charset::Latin1));
        assert!(declared("ebcdic").is_err());
        assert_eq!(of_xml(b"<a encoding='x'/>"), Ok(Charset::Utf8));
    }
}
