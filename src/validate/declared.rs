//! The properties that a schema names, whichever of its parts does.

use crate::spec::{At, Document, Node};
use std::collections::HashSet;

/// Whether a schema, or one that applies in place, has a property of this name. Where such a part
/// is broken, none of its properties counts as evaluated (JSON Schema core §11.3), and that they
/// may not be here is not what is wrong.
pub(super) fn declares(document: &Document, schema: Node<'_>, name: &str) -> bool {
    let mut seen: HashSet<At> = HashSet::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        if !seen.insert(schema.at()) {
            continue;
        }
        for (keyword, value) in schema.entries() {
            match &*keyword {
                "properties" if value.get(name).is_some() => return true,
                "$ref" | "$dynamicRef" => {
                    let target = value
                        .text()
                        .and_then(|text| document.follow(value.at(), &text).ok());
                    open.extend(target.map(|at| document.node(at)));
                }
                "allOf" | "anyOf" | "oneOf" => open.extend(value.items()),
                "if" | "then" | "else" => open.push(value),
                "dependentSchemas" => open.extend(value.entries().map(|(_, part)| part)),
                _ => {}
            }
        }
    }
    false
}
