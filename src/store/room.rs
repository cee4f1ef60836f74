/// What a state may hold beyond its seeds, which are as many and as large as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// How many items.
    pub items: usize,
    /// How many bytes of memory they may take, counted roughly.
    pub bytes: usize,
}

impl Default for Room {
    /// 10,000 items and 64 MiB: a suite of tests has less, and a client that goes on and on ends.
    fn default() -> Room {
        Room {
            items: 10_000,
            bytes: 64 << 20,
        }
    }
}
