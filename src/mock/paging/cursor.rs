//! Cursors: where a list goes on.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The longest cursor that is read, in bytes: a key of the longest, written as one.
const LONGEST: usize = 8_192;

/// A place in a list between two items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Whether the page before it is meant, and not the one behind.
    pub(super) is_back: bool,
    /// How many items come before it. It holds where the item is gone by now.
    pub(super) position: usize,
    /// The key of the item that the page is next to.
    pub(super) key: String,
}

/// A place as an opaque text.
pub(super) fn write(mark: &Mark) -> String {
    let sign = if mark.is_back { "<" } else { ">" };
    URL_SAFE_NO_PAD.encode(format!("{sign}{}:{}", mark.position, mark.key))
}

/// The place that a cursor tells that was given out; nothing where it wasn't.
pub(super) fn read(cursor: &str) -> Option<Mark> {
    if cursor.len() > LONGEST {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (place, key) = text.split_once(':')?;
    let (is_back, position) = match place.strip_prefix('<') {
        Some(position) => (true, position),
        None => (false, place.strip_prefix('>')?),
    };
    Some(Mark {
        is_back,
        position: position.parse().ok()?,
        key: key.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_needs_no_escaping() {
        for is_back in [false, true] {
            let mark = Mark {
                is_back,
                position: 20,
                key: "a:b/ü".to_owned(),
            };
            let cursor = write(&mark);
            let is_plain = |octet: u8| octet.is_ascii_alphanumeric() || b"-_".contains(&octet);
            assert!(cursor.bytes().all(is_plain), "{cursor}");
            assert_eq!(read(&cursor), Some(mark));
        }
        for other in ["", "abc", "!!", "MjA", &"A".repeat(10_000)] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
