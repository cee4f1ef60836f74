//! Which of several alternatives a value was meant for, when it fits none.

use super::Violation;
use super::detail::expected_in;
use crate::spec::{At, Document, Node};
use crate::wire::Pointer;
use serde_json::Value;

/// How many alternatives are told of where none is nearer than the others.
const TOLD: usize = 3;

/// What keeps a value from one alternative.
pub(super) struct Branch {
    pub(super) violations: Vec<Violation>,
}

/// What to tell.
pub(super) enum Choice {
    /// One alternative is nearest: what it says.
    One(Vec<Violation>),
    /// None is: what the first ones say.
    Several(Vec<String>),
}

/// What a discriminator tells.
pub(super) enum Told {
    /// The value names this alternative.
    Branch(usize),
    /// The value names none.
    Wrong { name: String, detail: String },
}

/// Chooses by the value alone: an alternative of its type before others, then one whose fixed
/// texts it has, then the one that it breaks least.
pub(super) fn choose(branches: Vec<Branch>, at: &Pointer) -> Choice {
    let score = |branch: &Branch| {
        let here = |violation: &Violation| violation.in_body() == Some(at);
        let breaks = |rules: &[&str]| {
            let mut violations = branch.violations.iter();
            violations.any(|v| here(v) && rules.contains(&v.rule.as_str()))
        };
        let mistyped = breaks(&["type", "falseSchema"]);
        let misvalued = breaks(&["const", "enum"]);
        let mistagged = branch.violations.iter().any(|violation| {
            let below = violation.in_body().and_then(Pointer::split_last);
            violation.rule == "const" && below.is_some_and(|(parent, _)| parent == *at)
        });
        (mistyped, misvalued, mistagged, branch.violations.len())
    };
    let best = branches.iter().map(score).min();
    let mut nearest: Vec<Branch> = branches
        .into_iter()
        .filter(|branch| Some(score(branch)) == best && !branch.violations.is_empty())
        .collect();
    if nearest.len() == 1
        && let Some(branch) = nearest.pop()
    {
        return Choice::One(branch.violations);
    }
    let mut reasons = Vec::new();
    for branch in &nearest {
        let Some(violation) = branch.violations.first() else {
            continue;
        };
        let inner = violation.in_body().map_or("", Pointer::as_str);
        let inner = inner.strip_prefix(at.as_str()).unwrap_or(inner);
        let reason = match inner.trim_start_matches('/') {
            "" => violation.detail.clone(),
            // What was sent there may be a secret, which the place of the whole doesn't tell.
            name => format!("`{name}` {}", expected_in(&violation.detail)),
        };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    if reasons.len() > TOLD {
        let more = reasons.len() - TOLD;
        reasons.truncate(TOLD);
        reasons.push(format!("{more} more"));
    }
    Choice::Several(reasons)
}

/// Chooses by the `discriminator` beside the alternatives (OpenAPI 3.1.1 §4.8.25), if there is
/// one and the value is an object.
pub(super) fn by_discriminator(
    document: &Document,
    schema: Node<'_>,
    value: &Value,
) -> Option<Told> {
    let discriminator = schema.get("discriminator")?;
    // 2.0 has the name alone.
    let property = discriminator.get("propertyName").unwrap_or(discriminator);
    let name = property.text()?;
    let members = value.as_object()?;
    let Some(given) = members.get(&*name) else {
        return Some(Told::Wrong {
            name: name.into_owned(),
            detail: "is required: it tells which of the alternatives is meant".to_owned(),
        });
    };
    let given = given.as_str()?;
    let branches: Vec<Node<'_>> = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|keyword| schema.get(keyword))
        .flat_map(Node::items)
        .collect();
    let targets: Vec<At> = branches
        .iter()
        .map(|branch| target(document, *branch))
        .collect();
    let mapping = discriminator.get("mapping");
    let mapped = |node: Node<'_>| {
        let text = node.text()?;
        let by_reference = || document.follow(node.at(), &text).ok();
        // A name alone is that of a schema of the components.
        let by_name = || {
            let place = Pointer::root().child("components").child("schemas");
            document.at(&place.child(&text)).map(Node::at)
        };
        let at = match text.contains(['/', '#', '.']) {
            true => by_reference().or_else(by_name),
            false => by_name().or_else(by_reference),
        }?;
        let at = target(document, document.node(at));
        targets.iter().position(|target| *target == at)
    };
    let explicit = mapping
        .and_then(|mapping| mapping.get(given))
        .and_then(mapped);
    let implicit = || {
        branches.iter().position(|branch| {
            let reference = branch.get("$ref").and_then(Node::text);
            reference.is_some_and(|text| text.rsplit('/').next() == Some(given))
        })
    };
    if let Some(index) = explicit.or_else(implicit) {
        return Some(Told::Branch(index));
    }
    let mut names: Vec<String> = mapping
        .into_iter()
        .flat_map(Node::entries)
        .map(|(name, _)| name.into_owned())
        .collect();
    // Alternatives that the mapping doesn't name have the names of their schemas.
    let targeted = mapping.into_iter().flat_map(Node::entries);
    let targeted: Vec<usize> = targeted.filter_map(|(_, node)| mapped(node)).collect();
    for (index, branch) in branches.iter().enumerate() {
        let reference = branch.get("$ref").and_then(Node::text);
        let name = reference
            .as_deref()
            .and_then(|text| text.rsplit('/').next());
        names.extend(
            name.filter(|_| !targeted.contains(&index))
                .map(str::to_owned),
        );
    }
    let extra = names.len().saturating_sub(12);
    names.truncate(12);
    if extra > 0 {
        names.push(format!("… ({extra} more)"));
    }
    match names.is_empty() {
        true => None,
        false => Some(Told::Wrong {
            name: name.into_owned(),
            detail: format!("must be {}, got {given:?}", names.join(" | ")),
        }),
    }
}

/// Where a schema that is nothing but references ends.
fn target(document: &Document, node: Node<'_>) -> At {
    let mut at = node.at();
    for _ in 0..20 {
        let node = document.node(at);
        let Some(reference) = node.get("$ref") else {
            break;
        };
        let Some(next) = reference
            .text()
            .and_then(|text| document.follow(reference.at(), &text).ok())
        else {
            break;
        };
        at = next;
    }
    at
}

impl Branch {
    /// Whether anything is known of it.
    #[cfg(test)]
    fn of(violations: &[(&str, &str)]) -> Branch {
        use super::Place;
        let violation = |(at, rule): &(&str, &str)| Violation {
            place: Place::Body(Pointer::parse(at).expect("a pointer")),
            rule: (*rule).to_owned(),
            detail: format!("breaks {rule}"),
            origin: None,
        };
        Branch {
            violations: violations.iter().map(violation).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(branches: &[&[(&str, &str)]]) -> Vec<String> {
        let branches = branches.iter().map(|violations| Branch::of(violations));
        match choose(branches.collect(), &Pointer::root()) {
            Choice::One(violations) => violations.iter().map(|v| v.place.to_string()).collect(),
            Choice::Several(reasons) => reasons,
        }
    }

    #[test]
    fn the_nearest_alternative_is_of_the_type_has_the_tag_and_is_broken_least() {
        assert_eq!(
            told(&[&[("", "type")], &[("/a", "type"), ("/b", "type")]]),
            ["body /a", "body /b"]
        );
        assert_eq!(
            told(&[&[("/kind", "const")], &[("/a", "type"), ("/b", "type")]]),
            ["body /a", "body /b"]
        );
        assert_eq!(
            told(&[&[("/a", "type"), ("/b", "type")], &[("/c", "type")]]),
            ["body /c"]
        );
        assert_eq!(
            told(&[&[("/a", "required")], &[("/b", "required")]]),
            ["`a` breaks required", "`b` breaks required"]
        );
    }
}
