//! JSON values into bytes on the wire, each as its media type asks: bodies, header fields,
//! parameters. The counterpart of `decode`, which reads back what is written here.
//!
//! Takes a value, and what the document says of it; gives the bytes with their `Content-Type`, or
//! says why they can't be. Doesn't look at whether the value is valid.

mod body;
mod charset;
mod csv;
mod field;
mod form_body;
mod integrity;
mod multipart;
mod multipart_body;
mod parameter;
mod sequence;
mod specimen;
mod style;
#[cfg(test)]
mod tests;
mod text;
mod xml;
mod xml_value;
mod yaml;

pub use body::{Encoded, Layout, Unencodable, encode_body};
pub use field::encode_header;
pub use integrity::{digests, md5_of};
pub use parameter::encode_parameter;
pub use specimen::{extension, has_file, has_form, text_of};
pub use yaml::write as to_yaml;
