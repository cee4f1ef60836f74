//! A value as XML, by its schema's XML Object (OpenAPI 3.1.1 §4.8.26, 3.2.0 §4.26).

use super::text::scalar;
use super::xml::Writer;
use super::{Layout, Unencodable};
use crate::decode::{
    Form, is_unwrapped, item_shape, item_shape_at, local, member_shape, root_name, wire_name,
};
use crate::spec::{ShapeId, Shapes, Xml, XmlNode};
use crate::wire::to_xml_name;
use serde_json::{Map, Value};

/// How deep elements may lie in one another, as when they are read.
const DEPTH: usize = 128;
/// What `decode` calls text beside elements or attributes.
const TEXT: &str = "#text";
/// The names of elements that nothing names.
const ROOT: &str = "root";
const ITEMS: &str = "items";
const ITEM: &str = "item";

pub(super) fn write(value: &Value, how: &Layout<'_>) -> Result<String, Unencodable> {
    if let Some(text) = how.written_out(value)
        && text.trim_start().starts_with('<')
    {
        return Ok(text.to_owned());
    }
    let mut document = Document {
        writer: Writer::new(),
        shapes: how.shapes,
    };
    let named = |id: ShapeId| root_name(how.shapes, id);
    let usual = if value.is_array() { ITEMS } else { ROOT };
    let root = how.shape.and_then(named);
    let item = item_shape(how.shapes, how.shape).and_then(named);
    let name = Name {
        own: &to_xml_name(root.as_deref().map_or(usual, local)),
        // The items of a list that is the root have no property to be named for.
        item: Some(&to_xml_name(item.as_deref().map_or(ITEM, local))),
    };
    let xml = document.xml(how.shape);
    document.element(&name, &xml, value, how.shape, 0)?;
    Ok(document.writer.finish())
}

/// What an element is called, and each item of a list that it wraps, where these have no name of
/// their own.
struct Name<'n> {
    own: &'n str,
    item: Option<&'n str>,
}

struct Document<'s> {
    writer: Writer,
    shapes: &'s Shapes,
}

impl Document<'_> {
    fn xml(&self, id: Option<ShapeId>) -> Xml {
        id.map(|id| self.shapes.get(id).xml.clone())
            .unwrap_or_default()
    }

    fn element(
        &mut self,
        name: &Name<'_>,
        xml: &Xml,
        value: &Value,
        id: Option<ShapeId>,
        depth: usize,
    ) -> Result<(), Unencodable> {
        if depth >= DEPTH {
            let message = format!("this value is nested deeper than {DEPTH} levels");
            return Err(Unencodable(message));
        }
        self.writer.start(name.own, xml);
        match value {
            Value::Null => {
                self.writer.end_nil();
                return Ok(());
            }
            Value::Object(members) => {
                self.attributes(members, id);
                if self.is_bare(members, id) {
                    self.writer.end_empty();
                    return Ok(());
                }
                self.writer.content();
                for (key, value) in members {
                    self.member(key, value, id, depth)?;
                }
            }
            Value::Array(items) => {
                self.writer.content();
                let usual = if id.is_none() { ITEM } else { name.own };
                let usual = name.item.unwrap_or(usual);
                for (index, value) in items.iter().enumerate() {
                    let item = item_shape_at(self.shapes, id, index);
                    let xml = self.xml(item);
                    let own = xml.name.as_deref().map(|name| to_xml_name(local(name)));
                    let name = Name {
                        own: own.as_deref().unwrap_or(usual),
                        item: None,
                    };
                    self.element(&name, &xml, value, item, depth + 1)?;
                }
            }
            Value::String(text) if text.is_empty() => {
                self.writer.end_empty();
                return Ok(());
            }
            value => {
                self.writer.content();
                self.text(value, xml);
            }
        }
        self.writer.end();
        Ok(())
    }

    fn text(&mut self, value: &Value, xml: &Xml) {
        match xml.node {
            Some(XmlNode::Cdata) => self.writer.cdata(&scalar(value)),
            _ => self.writer.text(&scalar(value)),
        }
    }

    fn attributes(&mut self, members: &Map<String, Value>, id: Option<ShapeId>) {
        for (key, value) in members {
            let Some(shape) = member_shape(self.shapes, id, key) else {
                continue;
            };
            let xml = self.xml(Some(shape));
            if let Some(inner) = laid_open(&xml, value) {
                self.attributes(inner, Some(shape));
            }
            // An attribute has no null but its absence (3.2.0 §4.26.4), and nothing nested.
            let is_text = !value.is_null() && !value.is_object() && !value.is_array();
            if xml.node == Some(XmlNode::Attribute) && is_text {
                let name = self.wire_name(key, id, shape);
                self.writer.attribute(&name, &xml, &scalar(value));
            }
        }
    }

    /// Whether an object has no content beside its attributes.
    fn is_bare(&self, members: &Map<String, Value>, id: Option<ShapeId>) -> bool {
        members.iter().all(|(key, value)| {
            let shape = member_shape(self.shapes, id, key);
            shape.is_some_and(|id| {
                let xml = &self.shapes.get(id).xml;
                let is_bare = |inner| self.is_bare(inner, Some(id));
                xml.node == Some(XmlNode::Attribute) || laid_open(xml, value).is_some_and(is_bare)
            })
        })
    }

    /// What of a declared property's name is written, or all of another's.
    fn wire_name(&self, key: &str, id: Option<ShapeId>, shape: ShapeId) -> String {
        let declared = id.is_some_and(|id| self.shapes.get(id).properties.contains_key(key));
        let name = match declared {
            true => local(wire_name(key, self.shapes, shape)),
            false => key,
        };
        to_xml_name(name).into_owned()
    }

    fn member(
        &mut self,
        key: &str,
        value: &Value,
        id: Option<ShapeId>,
        depth: usize,
    ) -> Result<(), Unencodable> {
        let shape = member_shape(self.shapes, id, key);
        let xml = self.xml(shape);
        if let Some(inner) = laid_open(&xml, value) {
            let mut inner = inner.iter();
            return inner.try_for_each(|(key, value)| self.member(key, value, shape, depth + 1));
        }
        match xml.node {
            Some(XmlNode::Attribute) => return Ok(()),
            // Nor has a text anything nested.
            Some(XmlNode::Text | XmlNode::Cdata) => {
                if !value.is_object() && !value.is_array() {
                    self.text(value, &xml);
                }
                return Ok(());
            }
            _ if key == TEXT && shape.is_none() && !value.is_object() && !value.is_array() => {
                self.text(value, &xml);
                return Ok(());
            }
            _ => {}
        }
        let name = match shape {
            Some(shape) => self.wire_name(key, id, shape),
            None => to_xml_name(key).into_owned(),
        };
        let name = Name {
            own: &name,
            item: None,
        };
        let is_list = match shape.map(|id| self.shapes.get(id)) {
            Some(shape) => is_unwrapped(shape) || Form::of(shape) == Form::Scalar,
            None => true,
        };
        match value {
            Value::Array(items) if is_list => {
                let item = item_shape(self.shapes, shape);
                let xml = item.map_or(xml, |item| self.xml(Some(item)));
                for value in items {
                    self.element(&name, &xml, value, item, depth + 1)?;
                }
                Ok(())
            }
            // A list that is null has no element to say so of.
            Value::Null if shape.is_some_and(|id| is_list_alone(self.shapes, id)) => Ok(()),
            value => self.element(&name, &xml, value, shape, depth + 1),
        }
    }
}

/// The members of an object that has no node of its own: they are those of what is around it (3.2.0
/// §4.26.2).
fn laid_open<'v>(xml: &Xml, value: &'v Value) -> Option<&'v Map<String, Value>> {
    let value = (xml.node == Some(XmlNode::None)).then_some(value);
    value.and_then(Value::as_object)
}

/// Whether a property is a list without an element around it, and nothing else.
fn is_list_alone(shapes: &Shapes, id: ShapeId) -> bool {
    let shape = shapes.get(id);
    is_unwrapped(shape) && Form::of(shape) == Form::Array
}
