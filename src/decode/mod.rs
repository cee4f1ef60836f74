//! Text off the wire into JSON values: parameters by style, bodies by media type, credentials.
//!
//! Takes declared parameters and raw text; gives values, or says of each what can't be read.
//! Gives no verdict: whether a value is valid is `validate`'s business.

mod body;
mod credential;
mod json;
mod parameters;
mod query;
mod style;

pub use body::{BodyFault, Payload, decode_body};
pub use credential::{Claims, Credential, TokenFault};
pub use json::parse_json;
pub use parameters::{Malformed, ParameterReader, Parameters};
