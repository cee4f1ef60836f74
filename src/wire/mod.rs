//! The words of HTTP, and of the small formats that travel in it.
//!
//! Takes text off the wire, gives typed values; knows nothing of OpenAPI.
//! Everything else in the crate is built on this folder and it imports nothing of ours.

mod accept;
mod challenge;
mod entity_tag;
mod field_text;
mod json;
mod loopback;
mod media_type;
mod percent;
mod pointer;
mod precondition;
mod prefer;
mod problem;
mod reply;
mod request;
mod xml_name;

pub use accept::{Chosen, accept, choose, excludes};
pub use bytes::Bytes;
pub use challenge::{Challenge, auth_params};
pub use entity_tag::EntityTag;
pub use field_text::{field_of_text, field_text};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
pub(crate) use json::EXPONENT;
pub use json::{
    DEPTH, JsonFault, JsonSink, Scalar, is_within, json_number, json_text, read_json, strict_json,
};
pub use loopback::{is_loopback_host, names_user};
pub use media_type::{MediaType, is_token};
pub use percent::{decode_percent, encode_percent, encode_segment};
pub use pointer::Pointer;
pub use precondition::{Preconditions, Verdict};
pub use prefer::{PREFER, Preferences, applied, quoted};
pub use problem::{Problem, ProblemError, reason};
pub use reply::Reply;
pub use request::Request;
pub use xml_name::{from_xml_name, to_xml_name};
