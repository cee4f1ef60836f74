//! Exit codes, which are API. 0 is clean; 2, wrong usage, is clap's own.

/// Documents, fixtures or rules can't be loaded.
pub(super) const CANNOT_LOAD: u8 = 3;
/// The server can't be started.
pub(super) const CANNOT_SERVE: u8 = 4;
