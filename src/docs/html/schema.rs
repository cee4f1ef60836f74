//! The pages of schemas.

use super::lists::content;
use super::{Content, Html, coded};
use crate::docs::demands::sentences;
use crate::docs::describe::Describing;
use crate::docs::markdown::plain;
use crate::docs::operation::place;
use crate::docs::site::{SchemaEntry, Service};
use crate::spec::Node;
use maud::html;

/// How many fields the page of a schema opens.
const ROOM: usize = 300;

impl Html<'_> {
    pub(super) fn schemas(&self, service: &Service) -> Content {
        let main = html! {
            h1 { "Schemas" }
            div.wide data-filter {
                table.stack {
                    caption.quiet { "Schemas of " (service.title) }
                    thead { tr { th scope="col" { "Name" } th scope="col" { "What it is" } } }
                    tbody { @for schema in &service.schemas { tr {
                        td { a href={ (schema.slug) ".html" } { (schema.name) } }
                        td dir="auto" { (self.described(service, schema)) }
                    } } }
                }
            }
        };
        content("Schemas", main)
    }

    /// What a schema is, in a line.
    fn described(&self, service: &Service, schema: &SchemaEntry) -> String {
        let document = &self.host.apis()[service.api].contract().document;
        let text = document.node(schema.at).get("description");
        let text = text.and_then(Node::text).unwrap_or_default();
        plain(&text, 160)
    }

    pub(super) fn schema(&self, service: &Service, number: usize) -> Content {
        let schema = &service.schemas[number];
        let contract = self.host.apis()[service.api].contract();
        let document = &contract.document;
        let what = Describing::new(document, ROOM).describe(schema.at);
        let demands = sentences(document, schema.at);
        let main = html! {
            h1 dir="auto" { (schema.name) }
            (self.markdown(&what.description, 2, "description"))
            @if !what.constraints.is_empty() {
                ul.limits { @for words in &what.constraints { li { (coded(words)) } } }
            }
            @if !what.fields.is_empty() || !what.choices.is_empty() {
                section #fields {
                    (super::heading("fields", "Fields"))
                    (self.fields("field", "Fields", &what))
                }
            }
            @if !demands.is_empty() {
                section #rules {
                    (super::heading("rules", "Validation rules"))
                    ul { @for sentence in &demands { li { (coded(sentence)) } } }
                }
            }
            footer { p { "From " code { (place(contract, schema.at)) } } }
        };
        content(&schema.name, main)
    }
}
