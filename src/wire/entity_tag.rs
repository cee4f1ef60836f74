use std::fmt;

/// What stands between the tag of a state and what tells the representation.
const REPRESENTED: char = '.';

/// An entity tag (RFC 9110 §8.8.3): a validator of one state of a representation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EntityTag {
    weak: bool,
    opaque: String,
}

impl EntityTag {
    /// A strong tag with this opaque text, which must be free of quotes and control characters.
    pub fn strong(opaque: impl Into<String>) -> EntityTag {
        EntityTag {
            weak: false,
            opaque: opaque.into(),
        }
    }

    /// The text that it is told by, without quotes.
    pub fn opaque(&self) -> &str {
        &self.opaque
    }

    /// The tag of the same state in another representation, which its media type tells: no two
    /// representations have one strong tag (§8.8.1).
    #[must_use]
    pub fn represented(&self, media_type: &str) -> EntityTag {
        // FNV-1a: the same in every process that shows the state.
        let hash = media_type.bytes().fold(0x811c_9dc5_u32, |hash, octet| {
            (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193)
        });
        EntityTag {
            weak: self.weak,
            opaque: format!("{}{REPRESENTED}{hash:08x}", self.opaque),
        }
    }

    /// Whether it is the tag of some representation of the state that has this tag.
    fn is_of(&self, state: &EntityTag) -> bool {
        let rest = self.opaque.strip_prefix(state.opaque.as_str());
        rest.is_some_and(|rest| {
            let hash = rest.strip_prefix(REPRESENTED);
            let is_hash =
                |hash: &str| hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit());
            rest.is_empty() || hash.is_some_and(is_hash)
        })
    }

    /// Reads one tag in its quoted form; nothing where it is malformed.
    pub fn parse(text: &str) -> Option<EntityTag> {
        let text = text.trim();
        let (weak, rest) = match text.strip_prefix("W/") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let opaque = rest.strip_prefix('"')?.strip_suffix('"')?;
        opaque
            .chars()
            .all(|c| c == '!' || ('#'..='~').contains(&c) || c >= '\u{80}')
            .then(|| EntityTag {
                weak,
                opaque: opaque.to_owned(),
            })
    }

    /// Strong comparison (§8.8.3.2): both strong and the same.
    pub fn matches_strongly(&self, other: &EntityTag) -> bool {
        !self.weak && !other.weak && self.opaque == other.opaque
    }

    /// Strong comparison with the tag of any representation of a state.
    pub fn matches_state_strongly(&self, state: &EntityTag) -> bool {
        !self.weak && !state.weak && self.is_of(state)
    }

    /// Weak comparison with the tag of any representation of a state.
    pub fn matches_state_weakly(&self, state: &EntityTag) -> bool {
        self.is_of(state)
    }

    /// Weak comparison (§8.8.3.2): the same, weak or not.
    pub fn matches_weakly(&self, other: &EntityTag) -> bool {
        self.opaque == other.opaque
    }
}

impl fmt::Display for EntityTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.weak { "W/" } else { "" };
        write!(f, "{prefix}\"{}\"", self.opaque)
    }
}
