//! The pages of schemas.

use super::lists::content;
use super::{Content, Html, coded, escaped, heading};
use crate::docs::demands::sentences;
use crate::docs::describe::{Described, Describing, Part};
use crate::docs::markdown::plain;
use crate::docs::origin::place;
use crate::docs::site::{SchemaEntry, Service};
use crate::docs::uses::Used;
use maud::{Markup, html};

/// How many bytes of fields the page of a schema opens.
const ROOM: usize = 120_000;
/// How many places that use a schema are listed.
const LISTED: usize = 50;
/// What of schemas is shown in their list.
const ABOUT: usize = 160;
/// The same where there are many.
const SHORT: usize = 80;
const MANY: usize = 400;

impl Html<'_> {
    /// All schemas of a service, by name.
    pub(super) fn schemas(&self, service: &Service) -> Content {
        let mut all: Vec<&SchemaEntry> = service.schemas.iter().collect();
        all.sort_by_cached_key(|schema| (schema.name.to_lowercase(), schema.name.clone()));
        let uses = service.uses(self.host.apis()[service.api].contract());
        let length = if all.len() > MANY { SHORT } else { ABOUT };
        let main = html! {
            h1 { "Schemas" }
            div.wide data-filter {
                table.list.stack {
                    caption.quiet { "Schemas of " (service.title) }
                    thead { tr {
                        th scope="col" { "Used" }
                        th scope="col" { "Name" }
                        th scope="col" { "What it is" }
                    } }
                    tbody { @for schema in all {
                        tr;
                        td; (uses.by(&schema.name).map_or(0, Used::count))
                        td; a href={ (schema.slug) ".html" } { (schema.name) }
                        td; (self.described(service, schema, length))
                    } }
                }
            }
        };
        content("Schemas", main)
    }

    /// What a schema is, in a line.
    fn described(&self, service: &Service, schema: &SchemaEntry, length: usize) -> String {
        let document = &self.host.apis()[service.api].contract().document;
        let node = document.node(document.referred(schema.at));
        let said = ["description", "title"].into_iter();
        let mut said = said.filter_map(|name| node.get(name)?.text());
        plain(&said.next().unwrap_or_default(), length)
    }

    pub(super) fn schema(&self, service: &Service, number: usize) -> Content {
        let schema = &service.schemas[number];
        let contract = self.host.apis()[service.api].contract();
        let document = &contract.document;
        let what = Describing::own(document, ROOM)
            .with(&service.leaves)
            .describe(schema.at);
        let demands = sentences(document, schema.at);
        let uses = service.uses(contract);
        let used = uses.by(&schema.name).filter(|used| used.count() > 0);
        for id in ["fields", "rules", "uses", "examples"] {
            self.id(id);
        }
        let names_itself = what.types.len() == 1;
        let main = html! {
            h1 dir="auto" { (schema.name) }
            @if what.is_deprecated { div.note.warn { p { strong { "Deprecated." } } } }
            (self.markdown(&what.description, 2, "description"))
            // What an object is that has a page, its own name says.
            @if !names_itself || what.fields.is_empty() && what.choices.is_empty() {
                p { (self.own_words(&what.types, &schema.name)) }
            }
            (self.limits(&what))
            @if let Some(default) = &what.default {
                p { span.dim { "Default" } " " (super::inline(default)) }
            }
            (self.held(&what, &demands))
            @if !what.examples.is_empty() {
                section #examples {
                    (heading("examples", "Examples"))
                    @for example in &what.examples { (super::bodies::value(example)) }
                }
            }
            @if let Some(used) = used {
                section #uses {
                    (heading("uses", "Where it is used"))
                    (self.used(service, used))
                }
            }
            footer { p { "From " code { (place(contract, schema.at)) } } }
        };
        content(&schema.name, main)
    }

    /// A part of the document that has a page since others have no room for it.
    pub(super) fn part(&self, service: &Service, part: &Part) -> Content {
        let contract = self.host.apis()[service.api].contract();
        let what = Describing::own(&contract.document, ROOM)
            .with(&service.leaves)
            .part(part);
        for id in ["fields", "rules"] {
            self.id(id);
        }
        let demands = sentences(&contract.document, part.at);
        let main = html! {
            h1 dir="auto" { (part.title) }
            (self.markdown(&what.description, 2, "description"))
            p { (self.words(&what.types)) }
            (self.limits(&what))
            @if part.from > 0 { p { "The fields after the first " (part.from) ":" } }
            (self.held(&what, &demands))
            footer { p { "From " code { (place(contract, part.at)) } } }
        };
        content(&part.title, main)
    }

    /// The fields of a value, and what is demanded of several of them.
    fn held(&self, what: &Described, demands: &[String]) -> Markup {
        html! {
            @if !what.fields.is_empty() || !what.choices.is_empty() {
                section #fields {
                    (heading("fields", "Fields"))
                    (self.fields("", "Fields", what))
                }
            }
            @if !demands.is_empty() {
                section #rules {
                    (heading("rules", "Validation rules"))
                    ul { @for sentence in demands { li { (coded(sentence)) } } }
                }
            }
        }
    }

    /// Where a schema is used.
    fn used(&self, service: &Service, used: &Used) -> Markup {
        html! {
            @if !used.operations.is_empty() {
                table.list.stack {
                    caption { "By operations" }
                    thead { tr { th scope="col" { "Method" } th scope="col" { "Operation" } th scope="col" { "As" } } }
                    tbody { @for (number, place) in used.operations.iter().take(LISTED) {
                        @let entry = &service.operations[*number];
                        tr;
                        td; (super::lists::lean_method(&entry.method))
                        td; a href={ "../" (entry.slug) ".html" (anchor(place)) } { (entry.title) }
                        td; @match place.as_str() {
                            "" => "callback",
                            "body" => "request body",
                            place => (place.replace("status-", "reply ")),
                        }
                    } }
                }
                (others(used.operations.len(), self.root))
            }
            @if !used.webhooks.is_empty() {
                p { "By webhooks:" }
                ul { @for (number, place) in used.webhooks.iter().take(LISTED) {
                    @let entry = &service.webhooks[*number];
                    li { a href={ "../webhooks/" (entry.slug) ".html" (anchor(place)) } dir="auto" { (entry.title) } }
                } }
                (others(used.webhooks.len(), ""))
            }
            @if !used.schemas.is_empty() {
                p { "By other schemas:" }
                ul { @for (name, property) in used.schemas.iter().take(LISTED) {
                    @if let Some(schema) = service.schema(name) {
                        li {
                            a href={ (schema.slug) ".html" } {
                                (name)
                                @if !property.is_empty() { "." (property) }
                            }
                        }
                    }
                } }
                (others(used.schemas.len(), ""))
            }
        }
    }
}

/// What stands behind the page's address for a place.
fn anchor(place: &str) -> String {
    match place {
        "" => "#callbacks".to_owned(),
        place => format!("#{}", escaped(place)),
    }
}

/// How many places aren't listed.
fn others(count: usize, root: &str) -> Markup {
    html! {
        @if count > LISTED {
            p {
                "And " (count - LISTED) " more"
                @if !root.is_empty() { ", among the " a href={ (root) "endpoints.html" } { "endpoints" } }
                "."
            }
        }
    }
}
