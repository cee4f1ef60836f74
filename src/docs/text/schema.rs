//! The pages of schemas as Markdown.

use super::operation::described;
use super::write::{code, coded, escaped, fenced};
use super::{Text, Written};
use crate::docs::code::{Bound, json_lines};
use crate::docs::demands::sentences;
use crate::docs::describe::Describing;
use crate::docs::markdown::plain;
use crate::docs::origin::place;
use crate::docs::site::Service;
use crate::spec::Node;

/// How many bytes of fields the page of a schema opens.
const ROOM: usize = 120_000;
/// How many places that use a schema are listed.
const LISTED: usize = 50;
/// How much of an example is shown.
const BOUND: Bound = Bound {
    lines: 200,
    bytes: 16_000,
};

impl Text<'_> {
    pub(super) fn schemas(&self, service: &Service) -> Written {
        let document = &self.host.apis()[service.api].contract().document;
        let mut text = format!("# Schemas of {}\n\n", escaped(&service.title));
        let mut all: Vec<_> = service.schemas.iter().collect();
        all.sort_by_cached_key(|schema| (schema.name.to_lowercase(), schema.name.clone()));
        for schema in all {
            let about = document.node(schema.at).get("description");
            let about = about.and_then(Node::text).unwrap_or_default();
            let about = escaped(&plain(&about, 160));
            let (name, to) = (
                escaped(&schema.name),
                format!("{}.{}", schema.slug, self.ending),
            );
            text += &match about.is_empty() {
                true => format!("- [{name}]({to})\n"),
                false => format!("- [{name}]({to}): {about}\n"),
            };
        }
        let title = "Schemas".to_owned();
        Written::of(title, text)
    }

    pub(super) fn schema(&self, service: &Service, number: usize) -> Written {
        let schema = &service.schemas[number];
        let contract = self.host.apis()[service.api].contract();
        let document = &contract.document;
        let what = Describing::own(document, ROOM)
            .with(&service.leaves)
            .describe(schema.at);
        let mut text = format!("# {}\n", escaped(&schema.name));
        self.with_leads(|leads| {
            leads.prose(&mut text, &what.description, 2);
            if what.fields.is_empty() && what.choices.is_empty() {
                text += &format!("\n{}\n", leads.types(&what));
            }
            if !what.constraints.is_empty() {
                text += "\n";
                let limits = what.constraints.iter();
                limits.for_each(|words| text += &format!("- {}\n", coded(words)));
            }
            described(&mut text, leads, &what);
        });
        let demands = sentences(document, schema.at);
        if !demands.is_empty() {
            text += "\n## Validation rules\n\n";
            demands
                .iter()
                .for_each(|demand| text += &format!("- {}\n", coded(demand)));
        }
        if !what.examples.is_empty() {
            text += "\n## Examples\n";
            let examples = what.examples.iter();
            examples.for_each(|value| fenced(&mut text, "json", &json_lines(value, BOUND)));
        }
        let used = service.uses(contract).by(&schema.name);
        if let Some(used) = used.filter(|used| used.count() > 0) {
            text += "\n## Where it is used\n\n";
            for (number, _) in used.operations.iter().take(LISTED) {
                let entry = &service.operations[*number];
                let name = code(&format!("{} {}", entry.method, entry.path));
                let to = self.to(service, &entry.slug);
                text += &format!("- [{}]({to}), {name}\n", escaped(&entry.title));
            }
            for (number, _) in used.webhooks.iter().take(LISTED) {
                let entry = &service.webhooks[*number];
                let to = self.to(service, &format!("webhooks/{}", entry.slug));
                text += &format!("- [{}]({to}), a webhook\n", escaped(&entry.title));
            }
            for (name, _) in used.schemas.iter().take(LISTED) {
                if let Some(other) = service.schema(name) {
                    let to = self.to(service, &format!("schemas/{}", other.slug));
                    text += &format!("- [{}]({to})\n", escaped(name));
                }
            }
            let more = used.operations.len().saturating_sub(LISTED)
                + used.webhooks.len().saturating_sub(LISTED)
                + used.schemas.len().saturating_sub(LISTED);
            if more > 0 {
                text += &format!("- and {more} more\n");
            }
        }
        text += &format!("\nFrom {}\n", code(&place(contract, schema.at)));
        let title = schema.name.clone();
        Written::of(title, text).about(&what.description)
    }
}
