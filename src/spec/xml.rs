use super::document::Document;
use super::tree::Node;

/// How a schema's value is written in XML: its XML Object (OpenAPI 3.1.1 §4.8.26, 3.2.0 §4.26).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Xml {
    /// The name of the element or attribute, where it isn't the property's.
    pub name: Option<String>,
    /// The namespace that the name is in.
    pub namespace: Option<String>,
    /// The prefix of the name.
    pub prefix: Option<String>,
    /// What holds the value, where the document says.
    pub node: Option<XmlNode>,
}

/// What of an XML document holds a value: `nodeType`, or what 3.1 says with `attribute`, `wrapped`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the specification's.
pub enum XmlNode {
    Element,
    Attribute,
    Text,
    Cdata,
    None,
}

/// How many references may lead to the schema that has the XML Object.
const CHAIN_LIMIT: usize = 20;

impl Xml {
    /// That of a schema: its own, else that of the schema it refers to. What a schema is composed
    /// of has no say, as the base of an `allOf` is named for itself.
    pub(super) fn of<'d>(document: &'d Document, schema: Node<'d>) -> Xml {
        let mut schema = schema;
        for _ in 0..CHAIN_LIMIT {
            if let Some(xml) = schema.get("xml").filter(|xml| xml.is_object()) {
                return Xml::read(xml);
            }
            let target = schema
                .get("$ref")
                .and_then(|reference| document.target(reference, &reference.text()?).ok());
            match target {
                Some(target) => schema = target,
                None => break,
            }
        }
        Xml::default()
    }

    fn read(xml: Node<'_>) -> Xml {
        let text = |member: &str| xml.get(member).and_then(Node::text);
        let is_set = |member: &str| xml.get(member).and_then(Node::as_bool) == Some(true);
        let node = match text("nodeType").as_deref() {
            Some("element") => Some(XmlNode::Element),
            Some("attribute") => Some(XmlNode::Attribute),
            Some("text") => Some(XmlNode::Text),
            Some("cdata") => Some(XmlNode::Cdata),
            Some("none") => Some(XmlNode::None),
            _ if is_set("attribute") => Some(XmlNode::Attribute),
            _ if is_set("wrapped") => Some(XmlNode::Element),
            _ => None,
        };
        Xml {
            name: text("name").map(|name| name.into_owned()),
            namespace: text("namespace")
                .map(|namespace| namespace.into_owned())
                .filter(|namespace| !namespace.is_empty()),
            prefix: text("prefix").map(|prefix| prefix.into_owned()),
            node,
        }
    }
}
