//! Who asks, and whether they may: credentials against security requirements.
//!
//! Takes the requirements of a document and [`AuthSettings`], and compiles both into a [`Guard`];
//! gives of a request an [`Access`], with the challenges that a refusal needs. Picks no status, and
//! repeats nothing of a credential.

mod alternative;
mod asking;
mod basic;
mod certificate;
mod compile;
mod credential;
mod digest;
mod guard;
mod jwk;
mod jwt;
mod keyring;
mod scheme;
mod seal;
mod settings;

pub use guard::{Access, Auth, Guard};
pub use jwk::KeySet;
pub use settings::{AuthMode, AuthSettings};
