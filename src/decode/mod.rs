//! Text off the wire into JSON values: parameters by style, bodies by media type, credentials.
//!
//! Takes declared parameters and raw text; gives values, or says of each what can't be read.
//! Gives no verdict: whether a value is valid is `validate`'s business.

mod body;
mod charset;
mod coding;
mod cookie;
mod credential;
mod csv;
mod deep_object;
mod field;
mod form_body;
mod json;
mod media;
mod multipart;
mod multipart_body;
mod multipart_field;
mod parameters;
mod query;
mod raw;
mod sequence;
mod style;
mod unwritten;
mod xml;
mod xml_value;

pub use body::{Body, BodyFault, Offer, Payload, decode_body, decode_reply, decode_undocumented};
pub use coding::{CODINGS, is_coded, uncoded};
pub use credential::{CredentialPlace, Sent, query_keys};
pub use field::FieldReader;
pub use json::parse_json;
pub use media::{Kind, Table, is_of_records};
pub use parameters::{Malformed, ParameterReader, Parameters};
pub use query::{form_name, query_value};
pub use raw::{Form, item_shape, item_shape_at, member_shape};
pub use sequence::is_of_events;
pub use xml::{INSTANCE, XML_NAMESPACE};
pub use xml_value::{is_unwrapped, local, root_name, wire_name};
