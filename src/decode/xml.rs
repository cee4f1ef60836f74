//! XML text into a tree of elements, within bounds. A document type is refused, and with it every
//! entity but the five that XML itself has: they are how a short text becomes a long one.

use crate::wire::from_xml_name;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// How deep elements may lie in one another.
const DEPTH: usize = 128;
/// How many elements a text may have, how many attributes one of them, and how many namespaces
/// may be declared at a place.
const ELEMENTS: usize = 100_000;
const ATTRIBUTES: usize = 128;
const NAMESPACES: usize = 256;

/// The namespace that needs no declaration of its own (Namespaces in XML §3): that of `xml:lang`.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
/// That of XML Schema's attributes in documents (XML Schema part 1 §2.6).
pub const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A name, without its prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) local: String,
    pub(super) namespace: Option<String>,
    /// Whether a prefix says the namespace, and not the default one that is declared.
    pub(super) is_prefixed: bool,
}

/// An element, with the text between its children in one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: Name,
    pub(super) attributes: Vec<(Name, String)>,
    pub(super) children: Vec<Element>,
    pub(super) text: String,
}

/// The root element, or what is wrong with the text as a sentence's predicate.
pub(super) fn parse(text: &str) -> Result<Element, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.chars().all(is_char) {
        return Err("is not XML: it has a character that XML can't have".to_owned());
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    // No `--` stands in a comment (XML 1.0 §2.5).
    reader.config_mut().check_comments = true;
    let mut tree = Tree::default();
    loop {
        let event = reader
            .read_event()
            .map_err(|error| format!("is not XML: {error}"))?;
        let added = match event {
            Event::Start(start) => tree.open(&start),
            Event::End(_) => tree.close(),
            Event::Text(text) => match text.xml10_content() {
                Ok(text) => tree.add(&text),
                Err(error) => Err(error.to_string()),
            },
            Event::CData(data) => match data.xml10_content() {
                Ok(text) => tree.add_data(&text),
                Err(error) => Err(error.to_string()),
            },
            Event::GeneralRef(reference) => {
                character(&reference).and_then(|c| tree.add_data(c.encode_utf8(&mut [0; 4])))
            }
            Event::DocType(_) => Err("a document type is not read".to_owned()),
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(()),
        };
        added.map_err(|fault| format!("is not XML that is read: {fault}"))?;
    }
    match (tree.open.last(), tree.root) {
        (None, Some(root)) => Ok(root),
        (Some(open), _) => Err(format!("is not XML: <{}> is never closed", open.name.local)),
        (None, None) => Err("is not XML: it has no element".to_owned()),
    }
}

/// What was read so far.
#[derive(Default)]
struct Tree {
    root: Option<Element>,
    open: Vec<Element>,
    count: usize,
    /// The namespaces declared by elements that are open: how deep, under which prefix.
    namespaces: Vec<(usize, String, String)>,
}

impl Tree {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        self.count += 1;
        if self.count > ELEMENTS {
            return Err(format!("it has more than {ELEMENTS} elements"));
        }
        if self.open.len() >= DEPTH {
            return Err(format!("it is nested deeper than {DEPTH} levels"));
        }
        if self.root.is_some() {
            return Err("it has more than one root element".to_owned());
        }
        let depth = self.open.len() + 1;
        let mut written: Vec<(String, String)> = Vec::new();
        let mut attributes = start.attributes();
        // quick-xml looks for a name twice in a time that grows as the square of their number.
        for attribute in attributes.with_checks(false) {
            let attribute = attribute.map_err(|error| error.to_string())?;
            if written.len() >= ATTRIBUTES {
                return Err(format!("an element has more than {ATTRIBUTES} attributes"));
            }
            let name = text(attribute.key.as_ref())?;
            if written.iter().any(|(known, _)| known == name) {
                return Err(format!(
                    "the attribute `{name}` stands twice in one element"
                ));
            }
            let value = attribute
                .unescape_value()
                .map_err(|error| error.to_string())?;
            if !value.chars().all(is_char) {
                return Err("it refers to a character that XML can't have".to_owned());
            }
            written.push((name.to_owned(), value.into_owned()));
        }
        let mut plain = Vec::new();
        for (name, value) in written {
            let declared = match name.split_once(':') {
                Some(("xmlns", prefix)) => prefix.to_owned(),
                None if name == "xmlns" => String::new(),
                _ => {
                    plain.push((name, value));
                    continue;
                }
            };
            if self.namespaces.len() >= NAMESPACES {
                return Err(format!("it declares more than {NAMESPACES} namespaces"));
            }
            self.namespaces.push((depth, declared, value));
        }
        let mut element = Element {
            name: self.name(text(start.name().as_ref())?, true)?,
            ..Element::default()
        };
        for (name, value) in plain {
            element.attributes.push((self.name(&name, false)?, value));
        }
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let depth = self.open.len();
        self.namespaces.retain(|(declared, _, _)| *declared < depth);
        let closed = self.open.pop().ok_or("it closes what was never opened")?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(closed),
            None => self.root = Some(closed),
        }
        Ok(())
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err("it has text outside of its root element".to_owned()),
        }
        Ok(())
    }

    /// Text that is never mere space between elements.
    fn add_data(&mut self, text: &str) -> Result<(), String> {
        match self.open.is_empty() {
            true => Err("it has text outside of its root element".to_owned()),
            false => self.add(text),
        }
    }

    /// An attribute without a prefix is in no namespace, an element in the one that is declared
    /// for all (Namespaces in XML §6.2).
    fn name(&self, written: &str, is_element: bool) -> Result<Name, String> {
        let (prefix, local) = match written.split_once(':') {
            Some((prefix, local)) => (prefix, local),
            None => ("", written),
        };
        if local.is_empty() || local.contains(':') {
            return Err(format!("`{written}` is no name"));
        }
        let mut declared = self.namespaces.iter().rev();
        let namespace = match (prefix, is_element) {
            ("", false) => None,
            ("xml", _) => Some(XML_NAMESPACE.to_owned()),
            _ => match declared.find(|(_, known, _)| known == prefix) {
                Some((_, _, uri)) => Some(uri.clone()).filter(|uri| !uri.is_empty()),
                None if prefix.is_empty() => None,
                None => return Err(format!("the prefix of `{written}` is declared nowhere")),
            },
        };
        Ok(Name {
            local: from_xml_name(local),
            namespace,
            is_prefixed: !prefix.is_empty(),
        })
    }
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

fn character(reference: &BytesRef<'_>) -> Result<char, String> {
    let number = reference
        .resolve_char_ref()
        .map_err(|error| error.to_string())?;
    if let Some(c) = number {
        return match is_char(c) {
            true => Ok(c),
            false => Err("it refers to a character that XML can't have".to_owned()),
        };
    }
    let name = text(reference)?;
    Ok(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return Err(format!("the entity `{name}` is not known")),
    })
}

/// XML 1.0 §2.2.
fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_tree_of_elements() {
        let root = parse(
            "<?xml version='1.0'?><!-- a -->\n<a x='1&amp;2' p:y=\"&#65;\" xmlns:p='urn:p'>t&lt;\
             <p:b xmlns='urn:d'><c/></p:b><![CDATA[<&]]>&#x41;</a>\n<?pi?>",
        )
        .expect("XML");
        assert_eq!(root.text, "t<<&A");
        let attribute = |index: usize| {
            let (name, value) = &root.attributes[index];
            (
                name.local.as_str(),
                name.namespace.as_deref(),
                value.as_str(),
            )
        };
        assert_eq!(attribute(0), ("x", None, "1&2"));
        assert_eq!(attribute(1), ("y", Some("urn:p"), "A"));
        let b = &root.children[0];
        assert_eq!(b.name.namespace.as_deref(), Some("urn:p"));
        assert_eq!(b.children[0].name.namespace.as_deref(), Some("urn:d"));
    }

    #[test]
    fn what_is_not_read_is_refused_in_words() {
        let deep = "<a>".repeat(100_000);
        let wide = format!("<a>{}</a>", "<b/>".repeat(ELEMENTS));
        let attributes: String = (0..200).map(|n| format!(" a{n}='1'")).collect();
        let attributes = format!("<a{attributes}/>");
        for bad in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>x",
            "&amp;<a/>",
            "<a>&x;</a>",
            "<a>&</a>",
            "<a>&#0;</a>",
            "<a>&#xd800;</a>",
            "<a>\u{1}</a>",
            "<a x='1' x='2'/>",
            "<a x='&x;'/>",
            "<a x=1/>",
            "<p:a/>",
            "<a:/>",
            "<!DOCTYPE a><a/>",
            "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
            "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
            &deep,
            &wide,
            &attributes,
        ] {
            let fault = parse(bad).expect_err(&bad[..bad.len().min(60)]);
            assert!(fault.starts_with("is not XML"), "{bad:.60} {fault}");
        }
    }
}
