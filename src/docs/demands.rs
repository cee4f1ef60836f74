//! What a schema demands of several properties at once, in sentences.

use super::parts::Parts;
use super::words::{listed, shown, told};
use crate::spec::{At, Document, Node};

/// How deep conditions within conditions are told.
const DEPTH: usize = 3;
/// How many values of an enumeration are named in a sentence.
const NAMED: usize = 20;
/// How deep schemas within the property of a sentence are told.
const WITHIN: usize = 1;
/// How many sentences there are at most.
const MOST: usize = 60;

/// The sentences of a schema: how many properties, which of them together, what follows from what.
pub(crate) fn sentences(document: &Document, schema: At) -> Vec<String> {
    let parts = Parts::of(document, document.node(schema));
    let mut all = Vec::new();
    tell(document, &parts, DEPTH, &mut all);
    all.truncate(MOST);
    all
}

/// Those of a schema that is looked at already, without what is said in a few words beside the type: how many properties, and which.
pub(super) fn ties(document: &Document, parts: &Parts<'_>) -> Vec<String> {
    let mut all = Vec::new();
    let ties = [
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
        "if",
        "not",
    ];
    let says = |part: &Node<'_>| part.entries().any(|(name, _)| ties.contains(&&*name));
    for part in parts.all.iter().filter(|part| says(part)) {
        tie(document, *part, DEPTH, &mut all);
    }
    all.truncate(MOST);
    all
}

fn tell(document: &Document, parts: &Parts<'_>, depth: usize, all: &mut Vec<String>) {
    for part in &parts.all {
        let number = |name: &str| part.get(name).and_then(Node::written);
        match number("minProperties").as_deref() {
            None | Some("0") => {}
            Some("1") => all.push("At least one property is given.".to_owned()),
            Some(least) => all.push(format!("At least {least} properties are given.")),
        }
        if let Some(most) = number("maxProperties") {
            all.push(format!("No more than {most} properties are given."));
        }
        let is_closed = part.get("additionalProperties").and_then(Node::as_bool) == Some(false)
            || part.get("unevaluatedProperties").and_then(Node::as_bool) == Some(false);
        if is_closed {
            all.push("Other properties than these are refused.".to_owned());
        }
        tie(document, *part, depth, all);
    }
}

/// What ties properties to each other.
fn tie(document: &Document, part: Node<'_>, depth: usize, all: &mut Vec<String>) {
    let dependent = ["dependentRequired", "dependentSchemas", "dependencies"].into_iter();
    let dependent = dependent.filter_map(|name| part.get(name));
    for (name, needed) in dependent.flat_map(Node::entries) {
        let lead = format!("Where `{name}` is given, ");
        if !needed.is_array() {
            follows(document, &lead, needed, depth, all);
            continue;
        }
        let needed: Vec<String> = needed.items().map(shown).collect();
        if !needed.is_empty() {
            let needed = listed(&needed, "and");
            all.push(format!("{lead}{needed} must be too."));
        }
    }
    if let Some(condition) = part.get("if") {
        conditional(document, part, condition, depth, all);
    }
    if let Some(refused) = part.get("not")
        && let Some(words) = said(document, refused, WITHIN)
    {
        all.push(format!("It is refused where {words}."));
    }
}

/// What follows from a condition, and what from its opposite.
fn conditional(
    document: &Document,
    holder: Node<'_>,
    condition: Node<'_>,
    depth: usize,
    all: &mut Vec<String>,
) {
    let condition = said(document, condition, WITHIN);
    let lead = match &condition {
        Some(words) => format!("Where {words}, "),
        None => "Under a condition of its schema, ".to_owned(),
    };
    for (keyword, lead) in [("then", lead.as_str()), ("else", "Otherwise ")] {
        let Some(consequence) = holder.get(keyword) else {
            continue;
        };
        follows(document, lead, consequence, depth, all);
    }
}

/// What must hold then: what is said of properties, and what is demanded of several.
fn follows(
    document: &Document,
    lead: &str,
    consequence: Node<'_>,
    depth: usize,
    all: &mut Vec<String>,
) {
    if consequence.as_bool() == Some(false) {
        return all.push(format!("{lead}it is refused."));
    }
    all.extend(said(document, consequence, WITHIN).map(|words| format!("{lead}{words}.")));
    if depth == 0 {
        return;
    }
    let parts = Parts::of(document, consequence);
    let mut inner = Vec::new();
    tell(document, &parts, depth - 1, &mut inner);
    let inner = inner.into_iter();
    all.extend(inner.map(|sentence| format!("{lead}{}", lower(&sentence))));
}

fn lower(sentence: &str) -> String {
    let mut chars = sentence.chars();
    let first = chars.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

/// What a schema says of an object's properties, as part of a sentence. Nothing where it says
/// nothing that can be said so.
pub(super) fn said(document: &Document, schema: Node<'_>, depth: usize) -> Option<String> {
    let parts = Parts::of(document, schema);
    let mut words: Vec<String> = Vec::new();
    let required = parts.all_say("required").flat_map(Node::items);
    let required: Vec<_> = required.filter_map(Node::text).collect();
    let mut named: Vec<&str> = Vec::new();
    let properties = parts.all_say("properties").flat_map(Node::entries);
    let properties: Vec<_> = properties.collect();
    for (name, property) in &properties {
        let of = told(document, &Parts::of(document, *property), NAMED, depth);
        let types = Parts::of(document, *property);
        let of_type = types.says("type").and_then(Node::text);
        let is_refused = property.as_bool() == Some(false);
        let is = match (of.as_slice(), of_type) {
            _ if is_refused => "isn't given".to_owned(),
            ([], Some(of_type)) if of_type == "null" => "is null".to_owned(),
            ([], Some(of_type)) => format!("is of type {of_type}"),
            ([], None) => continue,
            (_, Some(of_type)) if of_type == "object" || of_type == "array" => {
                format!("is an {of_type} ({})", listed(&of, "and"))
            }
            (of, _) => format!("is {}", listed(of, "and")),
        };
        named.push(name);
        words.push(format!("`{name}` {is}"));
    }
    let only: Vec<String> = required
        .iter()
        .filter(|name| !named.contains(&name.as_ref()))
        .map(|name| format!("`{name}`"))
        .collect();
    match only.as_slice() {
        [] => {}
        [one] => words.push(format!("{one} is given")),
        several => words.push(format!("{} are given", listed(several, "and"))),
    }
    (!words.is_empty()).then(|| words.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Shapes;
    use serde_json::{Value, json};

    fn of(schema: Value) -> Vec<String> {
        let (shapes, id) = Shapes::of_schema(&schema);
        sentences(shapes.document(), shapes.schema(id))
    }

    #[test]
    fn what_is_demanded_of_several_properties_is_a_sentence_each() {
        let told = of(json!({
            "minProperties": 1,
            "additionalProperties": false,
            "dependentRequired": {"street": ["city", "zip"]},
            "dependentSchemas": {"card": {"properties": {"code": {"minLength": 3}}, "required": ["code"]}},
            "not": {"required": ["a", "b"]},
        }));
        let expected = [
            "At least one property is given.",
            "Other properties than these are refused.",
            "Where `street` is given, `city` and `zip` must be too.",
            "Where `card` is given, `code` is at least 3 characters.",
            "It is refused where `a` and `b` are given.",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_follows_from_a_condition_is_told_with_it() {
        let told = of(json!({
            "if": {"properties": {"kind": {"const": "card"}}, "required": ["kind"]},
            "then": {"required": ["number"]},
            "else": {"properties": {"number": false}},
        }));
        let expected = [
            "Where `kind` is always `card`, `number` is given.",
            "Otherwise `number` isn't given.",
        ];
        assert_eq!(told, expected);
    }
}
