//! A chunked body by its sizes alone: what it is going to be is known before it has come.

/// How far a body of chunks has come. hyper looks at each chunk when its data is there, so that one
/// which says it is larger than any body may be would be waited for.
pub(super) struct Chunks {
    at: At,
    /// The sizes that were told so far, together.
    told: u64,
}

/// Where in a chunk (RFC 9112 §7.1).
enum At {
    /// Among the digits of its size.
    Size(u64),
    /// Behind them, in its line.
    Line(u64),
    /// Before the end of its data, and the line end behind that.
    Data(u64),
    /// Behind the last one.
    End,
}

impl Chunks {
    /// A body whose first octets these are.
    pub(super) fn starting(bytes: &[u8]) -> Chunks {
        let mut chunks = Chunks {
            at: At::Size(0),
            told: 0,
        };
        chunks.follow(bytes);
        chunks
    }

    /// More of it has come. What isn't well-formed is hyper's to refuse.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) {
        while let [first, rest @ ..] = bytes {
            match self.at {
                At::End => return,
                At::Data(left) => {
                    let passed = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    bytes = &bytes[passed..];
                    self.at = match left - passed as u64 {
                        0 => At::Size(0),
                        left => At::Data(left),
                    };
                    continue;
                }
                At::Size(size) => {
                    self.at = match char::from(*first).to_digit(16) {
                        Some(digit) => {
                            At::Size(size.saturating_mul(16).saturating_add(digit.into()))
                        }
                        None => {
                            self.told = self.told.saturating_add(size);
                            At::Line(size)
                        }
                    };
                }
                At::Line(_) => {}
            }
            if let (b'\n', At::Line(size)) = (*first, &self.at) {
                self.at = match size {
                    0 => At::End,
                    size => At::Data(size.saturating_add(LINE_END)),
                };
            }
            bytes = rest;
        }
    }

    /// What it is going to be at least.
    pub(super) fn told(&self) -> u64 {
        self.told
    }
}

/// CR and LF.
const LINE_END: u64 = 2;

#[cfg(test)]
mod tests {
    use super::Chunks;

    #[test]
    fn a_size_counts_as_soon_as_it_is_told_however_the_octets_come() {
        let body =
            b"3;a=b\r\nabc\r\n1F \r\n0123456789012345678901234567890\r\n0\r\nX: ffff\r\n\r\n";
        assert_eq!(Chunks::starting(body).told(), 3 + 0x1f);
        let mut chunks = Chunks::starting(b"");
        body.iter().for_each(|octet| chunks.follow(&[*octet]));
        assert_eq!(chunks.told(), 3 + 0x1f);
    }

    #[test]
    fn no_size_is_too_large_to_be_known() {
        for size in ["ffffffffffffffff", "fffffffffffffffffffffff"] {
            let mut chunks = Chunks::starting(format!("1\r\na\r\n{size}\r\n").as_bytes());
            assert_eq!(chunks.told(), u64::MAX);
            chunks.follow(b"a");
            assert_eq!(chunks.told(), u64::MAX);
        }
        // Of one whose line hasn't ended more digits may come.
        assert_eq!(Chunks::starting(b"fff").told(), 0);
    }
}
