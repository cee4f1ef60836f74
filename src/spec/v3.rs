//! OpenAPI 3.x, read straight from the document's tree. What is wrong but can be meant in one way
//! only is noted; what leaves open what is meant is misread, and costs the operation.

use super::dialect::Declared;
use super::model::{Location, Misread, SchemeKind, Style};
use super::notes::Notes;
use super::tree::Node;

pub(super) fn check_operation(node: Node<'_>, notes: &Notes) -> Result<(), Misread> {
    if !node.is_object() {
        return Err(Misread::at(node, "an operation is an object"));
    }
    lenient_text(node, "operationId", notes);
    for (name, kind) in [
        ("parameters", "an array"),
        ("responses", "an object"),
        ("security", "an array"),
    ] {
        let is_right = |value: &Node<'_>| match kind {
            "an array" => value.is_array(),
            _ => value.is_object(),
        };
        let Some(value) = node.get(name).filter(|value| !is_right(value)) else {
            continue;
        };
        let misread = Misread::at(value, format!("`{name}` is {kind}"));
        // A key without a value is a list of nothing.
        match value.is_null() || value.is_object() && value.count() == 0 {
            true => notes.add(misread),
            false => return Err(misread),
        }
    }
    Ok(())
}

pub(super) fn parameter(node: Node<'_>, notes: &Notes) -> Result<Declared, Misread> {
    let name = required_text(node, "name")?;
    let place = required_text(node, "in")?;
    let Some(location) = location(&place) else {
        return Err(Misread::at(
            member_of(node, "in"),
            format!("a parameter is in path, query, header or cookie, not in `{place}`"),
        ));
    };
    Ok(Declared {
        name,
        location,
        required: flag(node, "required", notes).unwrap_or(false),
        style: style(node, location, notes),
        explode: flag(node, "explode", notes),
    })
}

/// What keeps a parameter from being unambiguous, and no more than that.
pub(super) fn check_parameter(node: Node<'_>, notes: &Notes) {
    if node.get("schema").is_some() && node.get("content").is_some() {
        let message =
            "a parameter has `schema` or `content`, not both: this is read by its `schema`";
        notes.say(node, message);
    }
}

/// The style that is said, where it is one of those of its place (OpenAPI 3.1.1 §4.8.12.2.2).
fn style(node: Node<'_>, location: Location, notes: &Notes) -> Option<Style> {
    let name = lenient_text(node, "style", notes)?;
    style_of(&name, location, member_of(node, "style"), notes)
}

/// The style of a name in a place, where there is one.
pub(super) fn style_of(
    name: &str,
    location: Location,
    node: Node<'_>,
    notes: &Notes,
) -> Option<Style> {
    let style = match (name, location) {
        ("matrix", Location::Path) => Some(Style::Matrix),
        ("label", Location::Path) => Some(Style::Label),
        ("simple", Location::Path | Location::Header) => Some(Style::Simple),
        ("form", Location::Query | Location::Cookie) => Some(Style::Form),
        ("cookie", Location::Cookie) => Some(Style::Cookie),
        ("spaceDelimited", Location::Query) => Some(Style::SpaceDelimited),
        ("pipeDelimited", Location::Query) => Some(Style::PipeDelimited),
        ("deepObject", Location::Query) => Some(Style::DeepObject),
        _ => None,
    };
    if style.is_none() {
        let place = format!("{location:?}").to_lowercase();
        let message = format!("a {place} parameter has no style `{name}`: its default is taken");
        notes.say(node, message);
    }
    style
}

pub(super) fn header_is_required(node: Node<'_>, notes: &Notes) -> bool {
    flag(node, "required", notes).unwrap_or(false)
}

pub(super) fn response_description(node: Node<'_>, notes: &Notes) -> String {
    // Its absence is told by `check`, and is no reason not to serve.
    lenient_text(node, "description", notes).unwrap_or_default()
}

pub(super) fn body_is_required(node: Node<'_>, notes: &Notes) -> bool {
    if !node.get("content").is_some_and(Node::is_object) {
        let message = "a request body has a `content` object: without, any body is taken";
        notes.say(node, message);
    }
    flag(node, "required", notes).unwrap_or(false)
}

pub(super) fn security_scheme(node: Node<'_>) -> Result<SchemeKind, Misread> {
    let kind = required_text(node, "type")?;
    Ok(match kind.as_str() {
        "apiKey" => {
            let place = required_text(node, "in")?;
            let location = location(&place)
                .filter(|location| !matches!(location, Location::Path | Location::Querystring))
                .ok_or_else(|| {
                    Misread::at(
                        member_of(node, "in"),
                        "an API key is in query, header or cookie",
                    )
                })?;
            SchemeKind::ApiKey(location, required_text(node, "name")?)
        }
        "http" => SchemeKind::Http(required_text(node, "scheme")?),
        "oauth2" | "openIdConnect" => SchemeKind::OAuth,
        "mutualTLS" => SchemeKind::MutualTls,
        other => {
            return Err(Misread::at(
                member_of(node, "type"),
                format!("there is no security scheme type `{other}`"),
            ));
        }
    })
}

fn location(text: &str) -> Option<Location> {
    Some(match text {
        "path" => Location::Path,
        "query" => Location::Query,
        "header" => Location::Header,
        "cookie" => Location::Cookie,
        "querystring" => Location::Querystring,
        _ => return None,
    })
}

/// A member, or where it would be.
fn member_of<'t>(node: Node<'t>, member: &str) -> Node<'t> {
    node.get(member).unwrap_or(node)
}

fn text(node: Node<'_>, member: &str) -> Result<Option<String>, Misread> {
    match node.get(member) {
        None => Ok(None),
        Some(value) => match value.text() {
            Some(text) => Ok(Some(text.into_owned())),
            None => Err(Misread::at(value, format!("`{member}` is a string"))),
        },
    }
}

fn required_text(node: Node<'_>, member: &str) -> Result<String, Misread> {
    text(node, member)?.ok_or_else(|| Misread::at(node, format!("`{member}` is missing")))
}

/// A text, where it is one.
fn lenient_text(node: Node<'_>, member: &str, notes: &Notes) -> Option<String> {
    text(node, member).unwrap_or_else(|misread| {
        notes.add(misread);
        None
    })
}

/// A truth, where it is one or is written as a text.
fn flag(node: Node<'_>, member: &str, notes: &Notes) -> Option<bool> {
    let value = node.get(member)?;
    if value.as_bool().is_none() {
        notes.say(value, format!("`{member}` is true or false"));
    }
    let written = value.text().and_then(|text| text.parse().ok());
    value.as_bool().or(written)
}
