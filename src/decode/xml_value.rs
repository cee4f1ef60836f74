//! A tree of XML into the value that a schema makes of it, by the schema's XML Object
//! (OpenAPI 3.1.1 §4.8.26).

use super::raw::{Form, Raw, item_shape, item_shape_at, member_shape, typed};
use super::xml::{Element, INSTANCE, Name, parse};
use crate::spec::{Shape, ShapeId, Shapes, Xml, XmlNode};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;

/// What text is called that stands beside elements or attributes and that no property takes.
const TEXT: &str = "#text";
/// How many objects without a node of their own may lie in one another.
const LAID_OPEN: usize = 16;

/// Reads a text, or says what is wrong with it as a sentence's predicate.
pub(super) fn read(text: &str, shapes: &Shapes, id: Option<ShapeId>) -> Result<Value, String> {
    let root = parse(text)?;
    if let Some(id) = id {
        check_root(&root.name, shapes, id)?;
    }
    of_element(&root, shapes, id)
}

/// The name of the root element: that of the schema's XML Object, else of the component that the
/// schema is. No other has one (OpenAPI 3.2.0 §4.26.3), nor what says that it is no node.
pub fn root_name(shapes: &Shapes, id: ShapeId) -> Option<String> {
    let xml = &shapes.get(id).xml;
    let is_node = xml.node != Some(XmlNode::None);
    let name = xml.name.clone().or_else(|| shapes.component(id));
    name.filter(|_| is_node)
}

fn check_root(root: &Name, shapes: &Shapes, id: ShapeId) -> Result<(), String> {
    let xml = &shapes.get(id).xml;
    let name = root_name(shapes, id);
    let name = name.as_deref().map(local);
    if let Some(name) = name.filter(|name| *name != root.local) {
        return Err(format!(
            "has the root element <{}>, not <{name}>",
            root.local
        ));
    }
    let is_foreign = name.is_some() && root.namespace.is_some();
    match (&xml.namespace, &root.namespace) {
        (Some(said), own) if own.as_ref() != Some(said) => Err(format!(
            "has the root element <{}> outside of {said}",
            root.local
        )),
        (None, Some(own)) if is_foreign => Err(format!(
            "has the root element <{}> in {own}, and none is documented",
            root.local
        )),
        _ => Ok(()),
    }
}

fn of_element(element: &Element, shapes: &Shapes, id: Option<ShapeId>) -> Result<Value, String> {
    if is_nil(element) {
        return Ok(Value::Null);
    }
    let shape = id.map(|id| shapes.get(id));
    let form = shape.map_or(Form::Scalar, Form::of);
    let is_untyped = shape.is_none_or(|shape| shape.types.is_unsaid());
    let has_attributes = element.attributes.iter().any(|(name, _)| is_data(name));
    let is_plain = element.children.is_empty() && !has_attributes;
    let is_text = is_plain && !element.text.trim().is_empty();
    match form {
        // A text in the place of items is no list, and told as that.
        Form::Array if is_text => Ok(Value::String(element.text.clone())),
        Form::Array => items(element, shapes, id),
        Form::ScalarOrArray if !element.children.is_empty() => items(element, shapes, id),
        // A text in the place of declared members is no object, and told as that.
        Form::Object if is_plain && is_misplaced(&element.text, shapes, id) => {
            Ok(Value::String(element.text.clone()))
        }
        Form::Object => members(element, shapes, id),
        Form::ScalarOrObject if !is_plain => members(element, shapes, id),
        _ if !element.children.is_empty() || is_untyped && has_attributes => {
            members(element, shapes, id)
        }
        _ => Ok(scalar(&element.text, shapes, id)),
    }
}

/// Whether the text of an element is none of its object's properties, of which there are some, or
/// any that are of a schema.
fn is_misplaced(text: &str, shapes: &Shapes, id: Option<ShapeId>) -> bool {
    let has_others = id.is_some_and(|id| shapes.of_additional(shapes.get(id)).is_some());
    let properties = id.map(|id| &shapes.get(id).properties);
    let mut properties = properties.into_iter().flatten().peekable();
    let is_text = |property| {
        let node = shapes.get(shapes.of_property(property)).xml.node;
        matches!(node, Some(XmlNode::Text | XmlNode::Cdata))
    };
    !text.trim().is_empty()
        && (has_others || properties.peek().is_some())
        && !properties.any(|(_, property)| is_text(property))
}

/// The space around a number means nothing; that of a string is its own.
fn scalar(text: &str, shapes: &Shapes, id: Option<ShapeId>) -> Value {
    let is_text = id.is_none_or(|id| {
        let types = shapes.get(id).types;
        types.is_unsaid() || types.has("string")
    });
    let text = if is_text { text } else { text.trim() };
    typed(Raw::Text(text.to_owned()), shapes, id)
}

/// The items that an element wraps.
fn items(element: &Element, shapes: &Shapes, id: Option<ShapeId>) -> Result<Value, String> {
    let mut items = Vec::new();
    for (index, child) in element.children.iter().enumerate() {
        let item = item_shape_at(shapes, id, index);
        let xml = item.map(|item| &shapes.get(item).xml);
        if let Some(xml) = xml
            && let Some(name) = &xml.name
            && !is_named(&child.name, name, xml, &element.name)
        {
            let (outer, inner) = (&element.name.local, &child.name.local);
            return Err(format!(
                "has <{inner}> in <{outer}>, where just <{name}> may be"
            ));
        }
        items.push(of_element(child, shapes, item)?);
    }
    Ok(Value::Array(items))
}

/// The element's attributes and children by the properties that they are. What is none keeps its
/// name, so that validation can say whether it may be there.
fn members(element: &Element, shapes: &Shapes, id: Option<ShapeId>) -> Result<Value, String> {
    let mut left = Left::of(element);
    let mut map = declared(&mut left, shapes, id, 0)?;
    left.put_into(&mut map, shapes, id)?;
    Ok(Value::Object(map))
}

/// The properties of an object in what is left of an element, and within it those of objects that have
/// no node of their own (OpenAPI 3.2.0 §4.26.2).
fn declared(
    left: &mut Left<'_>,
    shapes: &Shapes,
    id: Option<ShapeId>,
    depth: usize,
) -> Result<Map<String, Value>, String> {
    let mut map = Map::new();
    let properties = id.map(|id| &shapes.get(id).properties);
    for (name, property) in properties.into_iter().flatten() {
        let id = shapes.of_property(property);
        let shape = shapes.get(id);
        let wire = wire_name(name, shapes, id);
        let value = match shape.xml.node {
            Some(XmlNode::Attribute) => {
                // An attribute has no null but its absence (OpenAPI 3.2.0 §4.26.4).
                let null = shape.types.has("null").then_some(Value::Null);
                let text = left.attribute(wire, &shape.xml);
                text.map(|text| scalar(text, shapes, Some(id))).or(null)
            }
            Some(XmlNode::Text | XmlNode::Cdata) => {
                // An element without text has an empty one, which is a string and nothing else.
                let is_text = |text: &&str| shape.types.has("string") || !text.trim().is_empty();
                let text = left.text().filter(is_text);
                text.map(|text| scalar(text, shapes, Some(id)))
            }
            _ if is_unwrapped(shape) => {
                // A list of nothing has no element that could say so.
                let is_empty = property.required && Form::of(shape) == Form::Array;
                let none = is_empty.then(|| Value::Array(Vec::new()));
                unwrapped(left, wire, shapes, id)?.or(none)
            }
            Some(XmlNode::None) if Form::of(shape) == Form::Object => match depth < LAID_OPEN {
                true => {
                    let inner = declared(left, shapes, Some(id), depth + 1)?;
                    (!inner.is_empty()).then_some(Value::Object(inner))
                }
                false => None,
            },
            _ => match left.children(wire, &shape.xml).as_slice() {
                [] => None,
                [only] => Some(of_element(only, shapes, Some(id))?),
                // One too many: the value is a list, which the schema will refuse.
                several => Some(each(several, shapes, Some(id))?),
            },
        };
        if let Some(value) = value {
            map.insert(name.clone(), value);
        }
    }
    Ok(map)
}

/// Whether its values are a list without an element around it.
pub fn is_unwrapped(shape: &Shape) -> bool {
    let node = shape.xml.node;
    let is_other = matches!(
        node,
        Some(XmlNode::Element | XmlNode::Attribute | XmlNode::Text | XmlNode::Cdata)
    );
    Form::of(shape).may_be_list() && !is_other
}

/// The name of a property's elements or attribute: that of its XML Object replaces its own, and
/// where they are the items of a list, that of the items comes first (OpenAPI 3.1.1 §4.8.26.1).
pub fn wire_name<'n>(name: &'n str, shapes: &'n Shapes, id: ShapeId) -> &'n str {
    let shape = shapes.get(id);
    let item = item_shape(shapes, Some(id)).filter(|_| is_unwrapped(shape));
    let item = item.and_then(|item| shapes.get(item).xml.name.as_deref());
    item.or(shape.xml.name.as_deref()).unwrap_or(name)
}

/// A list without an element around it: the elements of its items, among the others.
fn unwrapped(
    left: &mut Left<'_>,
    wire: &str,
    shapes: &Shapes,
    id: ShapeId,
) -> Result<Option<Value>, String> {
    let shape = shapes.get(id);
    let item = item_shape(shapes, Some(id));
    let xml = item.map_or(&shape.xml, |item| &shapes.get(item).xml);
    let found = left.children(wire, xml);
    match found.as_slice() {
        [] => Ok(None),
        [only] if Form::of(shape) == Form::ScalarOrArray => {
            of_element(only, shapes, Some(id)).map(Some)
        }
        several => each(several, shapes, item).map(Some),
    }
}

fn each(elements: &[&Element], shapes: &Shapes, id: Option<ShapeId>) -> Result<Value, String> {
    let values = elements.iter().map(|one| of_element(one, shapes, id));
    values.collect::<Result<_, _>>().map(Value::Array)
}

/// What of an element no property has taken yet.
struct Left<'e> {
    name: &'e Name,
    attributes: Vec<&'e (Name, String)>,
    children: HashMap<&'e str, Vec<&'e Element>>,
    /// The names of the children, in order.
    order: Vec<&'e str>,
    text: Option<&'e str>,
}

impl<'e> Left<'e> {
    fn of(element: &'e Element) -> Left<'e> {
        let mut left = Left {
            name: &element.name,
            attributes: element.attributes.iter().collect(),
            children: HashMap::new(),
            order: Vec::new(),
            text: Some(element.text.as_str()),
        };
        left.attributes.retain(|(name, _)| is_data(name));
        // Between elements, space is for people.
        let is_space = element.text.trim().is_empty();
        left.text = left
            .text
            .filter(|_| element.children.is_empty() || !is_space);
        for child in &element.children {
            let name = child.name.local.as_str();
            let same = left.children.entry(name).or_insert_with(|| {
                left.order.push(name);
                Vec::new()
            });
            same.push(child);
        }
        left
    }

    fn attribute(&mut self, wire: &str, xml: &Xml) -> Option<&'e str> {
        let mut attributes = self.attributes.iter();
        let index = attributes.position(|(name, _)| is_named(name, wire, xml, self.name))?;
        let (_, value) = self.attributes.remove(index);
        Some(value)
    }

    fn text(&mut self) -> Option<&'e str> {
        self.text.take()
    }

    fn children(&mut self, wire: &str, xml: &Xml) -> Vec<&'e Element> {
        let Some(same) = self.children.get_mut(local(wire)) else {
            return Vec::new();
        };
        let (found, others) = same
            .iter()
            .partition(|child| is_named(&child.name, wire, xml, self.name));
        *same = others;
        found
    }

    fn put_into(
        mut self,
        map: &mut Map<String, Value>,
        shapes: &Shapes,
        id: Option<ShapeId>,
    ) -> Result<(), String> {
        // What has the name of a property, and isn't the node that the property is, must not be
        // taken for it.
        let is_misplaced =
            |name: &str| id.is_some_and(|id| shapes.get(id).properties.contains_key(name));
        for (name, value) in std::mem::take(&mut self.attributes) {
            let name = match is_misplaced(&name.local) {
                true => Cow::Owned(format!("@{}", name.local)),
                false => Cow::Borrowed(name.local.as_str()),
            };
            let value = scalar(value, shapes, member_shape(shapes, id, &name));
            put(map, &name, value)?;
        }
        for name in std::mem::take(&mut self.order) {
            let found = self.children.remove(name).unwrap_or_default();
            let name = match is_misplaced(name) {
                true => Cow::Owned(format!("<{name}>")),
                false => Cow::Borrowed(name),
            };
            let shape = member_shape(shapes, id, &name);
            let value = match found.as_slice() {
                [] => continue,
                [only] if !is_list(shapes, shape) => of_element(only, shapes, shape)?,
                several if is_list(shapes, shape) => {
                    each(several, shapes, item_shape(shapes, shape))?
                }
                several => each(several, shapes, shape)?,
            };
            put(map, &name, value)?;
        }
        let text = self.text.map(str::trim).filter(|text| !text.is_empty());
        match text {
            Some(text) => put(map, TEXT, text.into()),
            None => Ok(()),
        }
    }
}

fn put(map: &mut Map<String, Value>, name: &str, value: Value) -> Result<(), String> {
    match map.insert(name.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(format!("says `{name}` twice in one element")),
    }
}

fn is_list(shapes: &Shapes, id: Option<ShapeId>) -> bool {
    Form::of_id(shapes, id) == Form::Array
}

/// A name without the prefix that a document may have written into it.
pub fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Prefixes are the sender's own choice. Where the document says no namespace, that of the element
/// around it is as good as none, and so is a default one: it is declared for all that is in it.
fn is_named(name: &Name, wire: &str, xml: &Xml, outer: &Name) -> bool {
    let is_in_place = match (&xml.namespace, &name.namespace) {
        (None, Some(own)) => !name.is_prefixed || outer.namespace.as_ref() == Some(own),
        (said, own) => said == own,
    };
    name.local == local(wire) && is_in_place
}

/// Whether an attribute says something of the value, not of the document.
fn is_data(name: &Name) -> bool {
    name.namespace.as_deref() != Some(INSTANCE)
}

/// `xsi:nil` (XML Schema part 1 §2.6.2).
fn is_nil(element: &Element) -> bool {
    element.attributes.iter().any(|(name, value)| {
        name.local == "nil" && !is_data(name) && ["true", "1"].contains(&value.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn xml(schema: &Value, text: &str) -> Result<Value, String> {
        let (shapes, id) = Shapes::of_schema(schema);
        read(text, &shapes, Some(id))
    }

    /// The examples of OpenAPI 3.1.1 §4.8.26.2, each as a property.
    #[test]
    fn the_examples_of_the_specification_are_read() {
        let of = |schema: Value| json!({"type": "object", "properties": {"animals": schema}});
        let list =
            |items: Value, xml: Value| of(json!({"type": "array", "items": items, "xml": xml}));
        let text = json!({"type": "string"});
        let animal = json!({"type": "string", "xml": {"name": "animal"}});
        let both = json!({"animals": ["a", "b"]});
        for (schema, inner, value) in [
            (
                of(text.clone()),
                "<animals>a</animals>",
                json!({"animals": "a"}),
            ),
            (
                of(json!({"type": "string", "xml": {"name": "x"}})),
                "<x>a</x>",
                json!({"animals": "a"}),
            ),
            (
                of(json!({"type": "integer", "xml": {"attribute": true}})),
                "",
                json!({"animals": 7}),
            ),
            (
                of(json!({"type": "string", "xml": {"prefix": "s", "namespace": "urn:s"}})),
                "<q:animals xmlns:q='urn:s'>a</q:animals>",
                json!({"animals": "a"}),
            ),
            (
                list(text.clone(), json!({})),
                "<animals>a</animals><animals>b</animals>",
                both.clone(),
            ),
            (
                list(animal.clone(), json!({})),
                "<animal>a</animal><animal>b</animal>",
                both.clone(),
            ),
            (
                list(animal.clone(), json!({"name": "aliens"})),
                "<animal>a</animal><animal>b</animal>",
                both.clone(),
            ),
            (
                list(text.clone(), json!({"wrapped": true})),
                "<animals><animals>a</animals><animals>b</animals></animals>",
                both.clone(),
            ),
            (
                list(animal.clone(), json!({"wrapped": true})),
                "<animals><animal>a</animal><animal>b</animal></animals>",
                both.clone(),
            ),
            (
                list(animal.clone(), json!({"name": "aliens", "wrapped": true})),
                "<aliens><animal>a</animal><animal>b</animal></aliens>",
                both.clone(),
            ),
            (
                list(text.clone(), json!({"name": "aliens", "wrapped": true})),
                "<aliens><aliens>a</aliens><aliens>b</aliens></aliens>",
                both.clone(),
            ),
            (
                list(animal.clone(), json!({"nodeType": "element"})),
                "<animals><animal>a</animal><animal>b</animal></animals>",
                both.clone(),
            ),
            (
                list(animal, json!({"wrapped": true})),
                "<animals/>",
                json!({"animals": []}),
            ),
        ] {
            let attribute = if inner.is_empty() { " animals='7'" } else { "" };
            let text = format!("<pet{attribute}>{inner}</pet>");
            assert_eq!(xml(&schema, &text), Ok(value), "{text}");
        }
    }

    #[test]
    fn values_have_the_types_of_their_schema_and_what_is_undeclared_stays() {
        let schema = json!({"type": "object", "properties": {
            "id": {"type": "integer", "xml": {"attribute": true}},
            "n": {"type": ["integer", "null"]},
            "s": {"type": "string"},
            "v": {"type": "number", "xml": {"nodeType": "text"}},
            "o": {"type": "object", "properties": {"b": {"type": "boolean"}}},
        }, "additionalProperties": {"type": "integer"}});
        for (text, value) in [
            (
                "<a id='1'><n> 2 </n><s> x </s></a>",
                json!({"id": 1, "n": 2, "s": " x "}),
            ),
            ("<a><n/><s/><o/></a>", json!({"n": null, "s": "", "o": {}})),
            (
                "<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:schemaLocation='x'><s i:nil='true'/></a>",
                json!({"s": null}),
            ),
            (
                "<a>\n <o>\n  <b>true</b>\n </o>\n</a>",
                json!({"o": {"b": true}}),
            ),
            ("<a>1.5</a>", json!({"v": 1.5})),
            (
                "<a x='1'><y>2</y><s>a</s><s>b</s></a>",
                json!({"s": ["a", "b"], "x": 1, "y": 2}),
            ),
            ("<a><id>1</id></a>", json!({"<id>": 1})),
            ("<a s='x'/>", json!({"@s": "x"})),
            ("<a o='x'><o/></a>", json!({"o": {}, "@o": "x"})),
            ("<a xmlns:x='urn:x'><x:s>x</x:s></a>", json!({"<s>": "x"})),
            ("<x:a xmlns:x='urn:x'><x:s>x</x:s></x:a>", json!({"s": "x"})),
            ("<a><n><x>1</x></n></a>", json!({"n": {"x": "1"}})),
            ("<a><o>text</o></a>", json!({"o": "text"})),
        ] {
            assert_eq!(xml(&schema, text), Ok(value), "{text}");
        }
        let free = xml(&json!({}), "<a x='1'><b>1</b><b>2</b></a>");
        assert_eq!(free, Ok(json!({"x": "1", "b": ["1", "2"]})));
        assert_eq!(
            xml(&json!({"type": "integer"}), "<a>12345678901234567890</a>"),
            Ok(json!(12345678901234567890_u64))
        );
    }

    #[test]
    fn a_text_in_the_place_of_members_is_no_object() {
        let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
        assert_eq!(xml(&schema, "<a>true</a>"), Ok(json!("true")));
        assert_eq!(xml(&schema, "<a> </a>"), Ok(json!({})));
    }

    #[test]
    fn elements_of_another_name_are_refused() {
        let named = json!({"type": "object", "xml": {"name": "pet", "namespace": "urn:p"}});
        assert!(xml(&named, "<dog/>").is_err());
        assert!(xml(&named, "<pet/>").is_err());
        assert_eq!(xml(&named, "<pet xmlns='urn:p'/>"), Ok(json!({})));
        let list = json!({"type": "array", "items": {"type": "string", "xml": {"name": "b"}}});
        assert!(xml(&list, "<a><c>1</c></a>").is_err());
        assert_eq!(xml(&list, "<a><b>1</b></a>"), Ok(json!(["1"])));
    }
}
