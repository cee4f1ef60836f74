//! What a `discriminator` tells of (OpenAPI 3.1.1 §4.8.25): the schemas that its `mapping` names, and
//! those that are derived from the schema that has it, which have it in their `allOf`.

use super::{At, Document, Node};
use std::collections::HashMap;

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

    /// The schemas that a schema without alternatives stands for: those derived from it that its
    /// `mapping` names, or where it has none, that its property may name as they are called. Who takes
    /// the one takes them.
    pub fn derived(&self, holder: Node<'_>) -> Vec<At> {
        let chooses = ["oneOf", "anyOf"]
            .iter()
            .any(|name| holder.get(name).is_some());
        if chooses || holder.get("discriminator").is_none() {
            return Vec::new();
        }
        let mapping = self.mapping(holder);
        if mapping.is_empty() {
            return self.derived_by_name(holder);
        }
        let mut derived: Vec<At> = Vec::new();
        for (_, at) in mapping {
            let mut parents = self.parents_of(self.node(at));
            if at != holder.at() && !derived.contains(&at) && parents.any(|at| at == holder.at()) {
                derived.push(at);
            }
        }
        derived
    }

    /// Those that are derived from a schema and that its property may name as they are called.
    fn derived_by_name(&self, holder: Node<'_>) -> Vec<At> {
        let Some(children) = self.children().get(&holder.at()) else {
            return Vec::new();
        };
        let property = holder.get("discriminator");
        let property = property.and_then(|of| of.get("propertyName").unwrap_or(of).text());
        let Some(property) = property else {
            return Vec::new();
        };
        let may_say = |schema: Node<'_>, name: &str| {
            let said = schema.get("properties").and_then(|all| all.get(&property));
            said.is_none_or(|said| {
                let listed = said.get("enum").map(Node::items);
                let is_listed = |node: Node<'_>| node.text().is_some_and(|text| text == name);
                listed.is_none_or(|mut listed| listed.any(is_listed))
                    && said.get("const").is_none_or(is_listed)
            })
        };
        let is_named = |at: &&At| {
            let child = self.node(**at);
            let parts = child.get("allOf").into_iter().flat_map(Node::items);
            let mut schemas = parts.chain([holder, child]);
            let name = self.schema_name(**at);
            name.is_some_and(|name| schemas.all(|schema| may_say(schema, name)))
        };
        children.iter().filter(is_named).copied().collect()
    }

    /// The schemas that one has in its `allOf` by reference.
    fn parents_of<'d>(&'d self, schema: Node<'d>) -> impl Iterator<Item = At> + 'd {
        let parts = schema.get("allOf").into_iter().flat_map(Node::items);
        parts.filter_map(|part| {
            let target = part.get("$ref")?.text()?;
            let target = self.follow(part.at(), &target).ok()?;
            Some(self.node(target).at())
        })
    }

    /// What is derived from the schemas of the main file by others of it, in document order.
    fn children(&self) -> &HashMap<At, Vec<At>> {
        self.children.get_or_init(|| {
            let mut children: HashMap<At, Vec<At>> = HashMap::new();
            for (_, schema) in self.named_schemas() {
                for parent in self.parents_of(schema) {
                    let own = children.entry(parent).or_default();
                    if parent != schema.at() && !own.contains(&schema.at()) {
                        own.push(schema.at());
                    }
                }
            }
            children
        })
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
