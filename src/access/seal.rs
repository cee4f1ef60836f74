use ring::hmac::{HMAC_SHA256, Key, Tag, sign, verify};
use ring::rand::SystemRandom;

/// Compares secrets by their codes under a key of its own, so that the time it takes tells
/// nothing of how much was right, nor how long the right one is.
#[derive(Debug)]
pub(super) struct Seal(Key);

impl Seal {
    /// One with a new key.
    pub(super) fn new() -> Seal {
        let key = Key::generate(HMAC_SHA256, &SystemRandom::new());
        Seal(key.expect("the system has random numbers, as collections take them too"))
    }

    /// The code of a text.
    pub(super) fn of(&self, text: impl AsRef<[u8]>) -> Tag {
        sign(&self.0, text.as_ref())
    }

    /// Whether a text is the one that a code is of.
    pub(super) fn is(&self, text: impl AsRef<[u8]>, tag: impl AsRef<[u8]>) -> bool {
        verify(&self.0, text.as_ref(), tag.as_ref()).is_ok()
    }
}
