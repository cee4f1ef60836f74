pub use crate::spec::Dialect as Version;

/// Every version, the oldest first.
pub(super) const VERSIONS: [Version; 4] = [Version::V20, Version::V30, Version::V31, Version::V32];
