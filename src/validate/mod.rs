mod violation;
pub use violation::{Place, Violation};
