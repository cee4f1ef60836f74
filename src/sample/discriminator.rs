//! The name that a `discriminator` asks for (OpenAPI 3.1.1 §4.8.25).

use crate::spec::{At, Document, Node};

/// The property and the name of the schema that an object is of. `led` are the schemas that
/// references led to: from the alternative on, where the `discriminator` is of alternatives, else
/// until it was met, which is from the schema that is derived from the one that has it. Nothing
/// where it has no name, as an alternative that is written where it stands.
pub(super) fn discriminated(
    document: &Document,
    holder: Node<'_>,
    led: &[At],
) -> Option<(String, String)> {
    let discriminator = holder.get("discriminator")?;
    // A text in Swagger 2.0.
    let property = discriminator
        .get("propertyName")
        .unwrap_or(discriminator)
        .text()?;
    let candidates = led.iter().copied().filter(|at| *at != holder.at());
    let mut candidates: Vec<At> = candidates.collect();
    if candidates.is_empty() && !chooses(holder) && component(document, holder.at()).is_some() {
        candidates.push(holder.at());
    }
    let mapping = document.mapping(holder);
    let mapped_to = |at: &At| {
        let mut mapping = mapping.iter();
        let found = mapping.find(|(_, target)| target == at);
        found.map(|(name, _)| name.clone())
    };
    // What is derived has a name of its own, and not that of what it is derived from; one that is a
    // reference and nothing more has that of what it leads to.
    let is_own = |at: &&At| document.node(**at).get("$ref").is_none();
    let last = candidates.iter().position(|at| is_own(&at));
    let last = last.map_or(candidates.len(), |last| last + 1);
    let mapped = candidates[..last].iter().find_map(mapped_to);
    let named = mapped.or_else(|| {
        let pointer = document.origin(*candidates.first()?).pointer;
        pointer.tokens().last()
    });
    named.map(|name| (property.into_owned(), name))
}

/// Whether a schema leaves several ways.
pub(super) fn chooses(node: Node<'_>) -> bool {
    let mut keywords = ["oneOf", "anyOf"].into_iter();
    keywords.any(|keyword| node.get(keyword).is_some_and(Node::is_array))
}

/// The name of a schema that stands among the document's.
pub(super) fn component(document: &Document, at: At) -> Option<String> {
    if let Some(name) = document.schema_name(at) {
        return Some(name.to_owned());
    }
    let pointer = document.origin(at).pointer;
    let mut tokens: Vec<String> = pointer.tokens().collect();
    let name = tokens.pop()?;
    let holder = tokens.pop()?;
    ["schemas", "definitions"]
        .contains(&holder.as_str())
        .then_some(name)
}
