//! Exit codes, which are API. 0 is clean.

/// What was looked at isn't as it has to be.
pub(super) const VIOLATIONS: u8 = 1;
/// Wrong usage: clap's own, and what clap can't know.
pub(super) const USAGE: u8 = 2;
/// Documents, fixtures or rules can't be loaded.
pub(super) const CANNOT_LOAD: u8 = 3;
/// The server can't be started.
pub(super) const CANNOT_SERVE: u8 = 4;
/// It was stopped before its end by a signal.
pub(super) const INTERRUPTED: u8 = 130;
