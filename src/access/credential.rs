//! The credentials that the mock itself sends: those that are known, and what stands for others in
//! development.

use super::settings::AuthSettings;
use crate::decode::Sent;
use crate::spec::{SchemeKind, SchemeUse, SecurityRequirement};

/// How long a token lasts that is sent along, in seconds.
const LIFETIME: u64 = 60 * 60;
/// What any key is where nobody named one.
const KEY: &str = "counterpart-development";
/// The same for a name and a password.
const USER: &str = "developer:counterpart-development";

impl AuthSettings {
    /// What meets the first alternative that credentials meet which need no receiver to be asked
    /// first; nothing where none is.
    pub(super) fn credentials(&self, security: &[SecurityRequirement], now: u64) -> Vec<Sent> {
        let met = |alternative: &SecurityRequirement| {
            let uses = alternative.iter();
            uses.map(|used| self.credential(used, now)).collect()
        };
        security.iter().find_map(met).unwrap_or_default()
    }

    /// The one that is known of a scheme, else one that is as good as any.
    fn credential(&self, used: &SchemeUse, now: u64) -> Option<Sent> {
        let kind = &used.scheme.kind;
        let known = self.of(&used.scheme.name).next();
        let value = known.map(str::to_owned).or_else(|| match kind {
            SchemeKind::ApiKey(..) => Some(KEY.to_owned()),
            SchemeKind::Http(scheme) if scheme.eq_ignore_ascii_case("basic") => {
                Some(USER.to_owned())
            }
            kind if kind.is_bearer() => Some(self.token(&used.scopes, now, LIFETIME)),
            // A challenge is to be answered, or nobody knows what it is.
            _ => None,
        });
        Sent::of(kind, &value?)
    }
}
