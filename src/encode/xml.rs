//! XML text, well-formed whatever is put into it (XML 1.0, Namespaces in XML 1.0).

use crate::decode::{INSTANCE, XML_NAMESPACE};
use crate::spec::Xml;
use crate::wire::to_xml_name;
use std::borrow::Cow;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// An XML document that grows.
#[derive(Debug)]
pub(super) struct Writer {
    out: String,
    /// What is closed next, the innermost last: its name, and how many namespaces were declared
    /// before it.
    open: Vec<(String, usize)>,
    /// The namespaces declared by elements that are open, by prefix.
    namespaces: Vec<(String, String)>,
    /// Where the start of the root element may yet be added to.
    root: usize,
    has_nil: bool,
}

impl Writer {
    pub(super) fn new() -> Writer {
        Writer {
            out: DECLARATION.to_owned(),
            open: Vec::new(),
            namespaces: Vec::new(),
            root: 0,
            has_nil: false,
        }
    }

    /// Starts an element, up to its attributes.
    pub(super) fn start(&mut self, name: &str, xml: &Xml) {
        let before = self.namespaces.len();
        let (name, declared) = self.qualified(name, xml, false);
        self.out.push('<');
        self.out.push_str(&name);
        if self.open.is_empty() {
            self.root = self.out.len();
        }
        self.declare(declared);
        self.open.push((name, before));
    }

    /// Adds an attribute to an element that was just started.
    pub(super) fn attribute(&mut self, name: &str, xml: &Xml, text: &str) {
        let (name, declared) = self.qualified(name, xml, true);
        self.declare(declared);
        self.out
            .push_str(&format!(" {name}=\"{}\"", escaped(text, true)));
    }

    /// Ends the start of an element: what follows is its content.
    pub(super) fn content(&mut self) {
        self.out.push('>');
    }

    /// Ends an element that has attributes and no content.
    pub(super) fn end_empty(&mut self) {
        self.out.push_str("/>");
        self.close();
    }

    /// Ends an element that has no value (XML Schema part 1 §2.6.2).
    pub(super) fn end_nil(&mut self) {
        self.has_nil = true;
        self.out.push_str(" xsi:nil=\"true\"");
        self.end_empty();
    }

    /// Ends an element.
    pub(super) fn end(&mut self) {
        if let Some((name, _)) = self.open.last() {
            self.out.push_str(&format!("</{name}>"));
        }
        self.close();
    }

    fn close(&mut self) {
        if let Some((_, before)) = self.open.pop() {
            self.namespaces.truncate(before);
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.out.push_str(&escaped(text, false));
    }

    /// Text in a CDATA section, in which nothing but its end needs care.
    pub(super) fn cdata(&mut self, text: &str) {
        let text: String = text.chars().map(legal).collect();
        // A line break of another kind would be read as a plain one.
        for (index, piece) in text.split('\r').enumerate() {
            if index > 0 {
                self.out.push_str("&#13;");
            }
            if !piece.is_empty() {
                let piece = piece.replace("]]>", "]]]]><![CDATA[>");
                self.out.push_str(&format!("<![CDATA[{piece}]]>"));
            }
        }
    }

    /// The document.
    pub(super) fn finish(mut self) -> String {
        if self.has_nil {
            self.out
                .insert_str(self.root, &format!(" xmlns:xsi=\"{INSTANCE}\""));
        }
        self.out.push('\n');
        self.out
    }

    /// A name with its prefix, and the namespace that is to be declared for it. A prefix without a
    /// namespace means nothing, and an attribute without a prefix is in none.
    fn qualified(
        &mut self,
        name: &str,
        xml: &Xml,
        is_attribute: bool,
    ) -> (String, Option<(String, String)>) {
        let Some(uri) = xml.namespace.as_deref().filter(|uri| !uri.is_empty()) else {
            return (name.to_owned(), None);
        };
        // The one prefix that is bound without being declared, and that nothing else may be bound
        // to (Namespaces in XML 1.0 §3).
        if uri == XML_NAMESPACE {
            return (format!("xml:{name}"), None);
        }
        let prefix = match xml.prefix.as_deref() {
            Some(prefix) if is_free(prefix) => to_xml_name(prefix).into_owned(),
            None | Some("") if !is_attribute => String::new(),
            _ => "ns".to_owned(),
        };
        let known = self.bound(&prefix);
        // An attribute's prefix may be that of its element, which it can't bind anew.
        let prefix = match known {
            Some(known) if is_attribute && known != uri => {
                let numbered = (1..).map(|number| format!("ns{number}"));
                let mut free =
                    numbered.filter(|prefix| self.bound(prefix).is_none_or(|k| k == uri));
                free.next().unwrap_or(prefix)
            }
            _ => prefix,
        };
        let is_bound = self.bound(&prefix) == Some(uri);
        let name = match prefix.is_empty() {
            true => name.to_owned(),
            false => format!("{prefix}:{name}"),
        };
        (name, (!is_bound).then(|| (prefix, uri.to_owned())))
    }

    fn bound(&self, prefix: &str) -> Option<&str> {
        let mut namespaces = self.namespaces.iter().rev();
        let found = namespaces.find(|(known, _)| known == prefix);
        found.map(|(_, uri)| uri.as_str())
    }

    fn declare(&mut self, declared: Option<(String, String)>) {
        let Some((prefix, uri)) = declared else {
            return;
        };
        let name = match prefix.as_str() {
            "" => "xmlns".to_owned(),
            prefix => format!("xmlns:{prefix}"),
        };
        self.out
            .push_str(&format!(" {name}=\"{}\"", escaped(&uri, true)));
        self.namespaces.push((prefix, uri));
    }
}

/// Names that start with `xml` are XML's own, and `xsi` is used for null.
fn is_free(prefix: &str) -> bool {
    let start = prefix.get(..3).unwrap_or_default().to_ascii_lowercase();
    !prefix.is_empty() && start != "xml" && prefix != "xsi"
}

/// What XML can't have, not even escaped, gives way to the character for that (XML 1.0 §2.2).
fn legal(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'.. => c,
        _ => char::REPLACEMENT_CHARACTER,
    }
}

/// Of space that a reader would change (XML 1.0 §2.11, §3.3.3) the character is referred to.
fn escaped(text: &str, in_attribute: bool) -> Cow<'_, str> {
    let is_plain =
        |c: char| !matches!(c, '&' | '<' | '>' | '"' | '\r' | '\n' | '\t') && legal(c) == c;
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars().map(legal) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' if in_attribute => out.push_str(&format!("&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}
