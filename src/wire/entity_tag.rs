use std::fmt;

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
