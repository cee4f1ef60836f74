//! The name that a `discriminator` asks for (OpenAPI 3.1.1 §4.8.25).

use crate::spec::{At, Document, Node};

/// The property and the name of the schema that an object is of: the one that references led to
/// after the `discriminator` was met, as a branch of alternatives is; else the one that led to it,
/// as a schema does that is derived from it.
pub(super) fn discriminated(
    document: &Document,
    holder: Node<'_>,
    led: &[At],
    met: usize,
) -> Option<(String, String)> {
    let discriminator = holder.get("discriminator")?;
    // A text in Swagger 2.0.
    let property = discriminator
        .get("propertyName")
        .unwrap_or(discriminator)
        .text()?;
    let branches = led.get(met..).unwrap_or_default().iter();
    let derived = led.get(..met).unwrap_or_default().iter();
    let mut candidates: Vec<At> = branches
        .chain(derived)
        .copied()
        .filter(|at| *at != holder.at())
        .collect();
    let mapping: Vec<(String, At)> = discriminator
        .get("mapping")
        .into_iter()
        .flat_map(Node::entries)
        .filter_map(|(name, target)| {
            let target = target_of(document, target)?;
            Some((name.into_owned(), target))
        })
        .collect();
    let mapped = candidates.iter().find_map(|at| {
        let mut mapping = mapping.iter();
        mapping
            .find(|(_, target)| target == at)
            .map(|(name, _)| name.clone())
    });
    candidates.push(holder.at());
    let named = mapped.or_else(|| {
        let name = document.origin(*candidates.first()?).pointer;
        name.tokens().last()
    });
    named.map(|name| (property.into_owned(), name))
}

/// Where a mapping leads: a reference, or the bare name of a schema.
fn target_of(document: &Document, target: Node<'_>) -> Option<At> {
    let text = target.text()?;
    let followed = match text.contains(['/', '#', '.']) {
        true => document.follow(target.at(), &text).ok(),
        false => None,
    };
    let named = || {
        let reference = format!("#/components/schemas/{text}");
        document.follow(target.at(), &reference).ok()
    };
    let at = followed.or_else(named)?;
    Some(document.node(at).at())
}
