//! Text into a [`Document`]: files, YAML and JSON with their places, `$ref`s, dialects.
//!
//! Takes paths and text; gives the declared objects of OpenAPI, the schemas as JSON Schema 2020-12
//! under pointers that are true to the source, and errors that know their place in the text.
//! Judges no value: what an instance must be is `validate`'s business.

mod bundle;
mod derived;
mod dialect;
mod document;
mod error;
mod excerpt;
mod expression;
mod fields;
mod files;
mod json;
mod jsonpath;
mod keys;
mod lift;
mod lines;
mod model;
mod names;
mod notes;
mod overlay;
mod reader;
mod scalar;
mod secrets;
mod servers;
mod shape;
mod source;
mod structure;
mod tree;
mod v20;
mod v3;
mod v30;
mod xml;
mod yaml;
mod yaml_fault;
mod yaml_padding;

pub use dialect::Dialect;
pub use document::{Document, Opening};
pub use error::{LoadError, LoadErrors};
pub use excerpt::Excerpt;
pub use expression::{CallbackUrl, MessagePart, RuntimeExpression, UrlPiece};
pub(crate) use fields::{Fields, nearest};
pub use files::Reach;
pub use lift::Vocabulary;
pub use model::*;
pub use overlay::Overlay;
pub use reader::METHODS;
pub use secrets::is_secret_name;
pub use servers::{BasePart, BasePath, ServerVariable, base_paths};
pub use shape::{Property, Shape, ShapeId, Shapes, Types};
pub use source::{Origin, Place, Source};
pub use structure::{
    Flaw, Leads, Outward, Severity, Structure, Valued, check_part, check_structure,
};
pub use tree::{At, Node, Tree};
pub use xml::{Xml, XmlNode};
