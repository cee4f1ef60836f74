//! What a `discriminator` tells of (OpenAPI 3.1.1 §4.8.25): the schemas that its `mapping` names, and
//! those of them that are derived from the schema that has it.

use super::{At, Document, Node};

impl Document {
    /// The names of a schema's `mapping`, in order, each with the schema that it leads to.
    pub fn mapping(&self, holder: Node<'_>) -> Vec<(String, At)> {
        let mapping = holder.get("discriminator").and_then(|d| d.get("mapping"));
        let entries = mapping.into_iter().flat_map(Node::entries);
        let entries = entries.filter_map(|(name, target)| {
            let target = self.mapped(target)?;
            Some((name.into_owned(), target))
        });
        entries.collect()
    }

    /// The schemas that a schema without alternatives stands for: those of its `mapping` that have it
    /// in their `allOf`. Who takes the one takes them.
    pub fn derived(&self, holder: Node<'_>) -> Vec<At> {
        let chooses = ["oneOf", "anyOf"]
            .iter()
            .any(|name| holder.get(name).is_some());
        if chooses || holder.get("discriminator").is_none() {
            return Vec::new();
        }
        let mut derived: Vec<At> = Vec::new();
        for (_, at) in self.mapping(holder) {
            let parts = self.node(at).get("allOf").into_iter().flat_map(Node::items);
            let mut parents = parts.filter_map(|part| {
                let target = part.get("$ref")?.text()?;
                let target = self.follow(part.at(), &target).ok()?;
                Some(self.node(target).at())
            });
            if at != holder.at() && !derived.contains(&at) && parents.any(|at| at == holder.at()) {
                derived.push(at);
            }
        }
        derived
    }

    /// Where a mapping leads: a reference, or the bare name of a schema.
    fn mapped(&self, target: Node<'_>) -> Option<At> {
        let text = target.text()?;
        let followed = match text.contains(['/', '#', '.']) {
            true => self.follow(target.at(), &text).ok(),
            false => None,
        };
        let named = || {
            let reference = format!("#/components/schemas/{text}");
            self.follow(target.at(), &reference).ok()
        };
        let at = followed.or_else(named)?;
        Some(self.node(at).at())
    }
}
