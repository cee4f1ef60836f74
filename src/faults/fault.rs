use std::fmt;

/// How a reply goes wrong on its way to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed without a byte.
    Drop,
    /// The connection is reset (RFC 9293 §3.5.2) without a byte.
    Reset,
    /// The head tells the body's whole length, and the connection is closed after half of it.
    Truncate,
    /// The head is sent, and then nothing until the client or the server loses patience.
    Stall,
    /// Bytes that are no HTTP are sent, and the connection is closed.
    Garbage,
}

impl Fault {
    /// All of them.
    pub const ALL: [Fault; 5] = [
        Fault::Drop,
        Fault::Reset,
        Fault::Truncate,
        Fault::Stall,
        Fault::Garbage,
    ];

    /// The fault of a name.
    pub fn named(name: &str) -> Option<Fault> {
        Fault::ALL.into_iter().find(|fault| fault.name() == name)
    }

    /// What it is called where it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Fault::Drop => "drop",
            Fault::Reset => "reset",
            Fault::Truncate => "truncate",
            Fault::Stall => "stall",
            Fault::Garbage => "garbage",
        }
    }
}

/// What was done, as a log tells it.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Drop => "dropped",
            Fault::Reset => "reset",
            Fault::Truncate => "truncated",
            Fault::Stall => "stalled",
            Fault::Garbage => "garbled",
        })
    }
}
