//! Tables of fields: the properties of a body, parameters, header fields.

use super::{Html, coded, inline};
use crate::docs::describe::{Described, Field, FieldName, Variants};
use crate::docs::operation::ParameterWords;
use maud::{Markup, html};

/// How many fields of an object are shown without being asked for.
const OPEN: usize = 20;

impl Html<'_> {
    /// Parameters or header fields.
    pub(super) fn parameters(&self, lead: &str, caption: &str, all: &[&ParameterWords]) -> Markup {
        let rows = all.iter().map(|parameter| {
            let id = format!("{lead}.{}", parameter.name);
            let name = html! { (parameter.name) };
            let row = self.row(&id, name, parameter.is_required, &parameter.what);
            html! { (row) (self.within(&id, &parameter.name, &parameter.what)) }
        });
        table(caption, html! { @for row in rows { (row) } })
    }

    /// The fields of a body, and what it may be one of.
    pub(super) fn fields(&self, lead: &str, caption: &str, what: &Described) -> Markup {
        html! {
            @if !what.fields.is_empty() {
                (table(caption, self.rows(lead, "", &what.fields)))
            }
            @for (index, choice) in what.choices.iter().enumerate() {
                (self.choice(&format!("{lead}.{}", letter(index)), choice))
            }
            @if let Some(name) = &what.more {
                p { "Its fields are those of " (self.schema_name(name)) "." }
            }
        }
    }

    fn rows(&self, lead: &str, above: &str, fields: &[Field]) -> Markup {
        html! {
            @for field in fields {
                @let name = match &field.name {
                    FieldName::Declared(name) => name.clone(),
                    FieldName::Matching(pattern) => format!("/{pattern}/"),
                    FieldName::Other => "*".to_owned(),
                };
                @let id = format!("{lead}.{name}");
                @let shown = html! {
                    @if !above.is_empty() { span.of { (above) "." } }
                    @match field.name {
                        FieldName::Declared(_) => (name),
                        FieldName::Matching(_) => { "names that match " (name) },
                        FieldName::Other => "any other name",
                    }
                };
                (self.row(&id, shown, field.is_required, &field.what))
                @let full = if above.is_empty() { name } else { format!("{above}.{name}") };
                (self.within(&id, &full, &field.what))
            }
        }
    }

    fn row(&self, id: &str, name: Markup, is_required: bool, what: &Described) -> Markup {
        html! {
            tr #(id) {
                th scope="row" {
                    code { a.to href={ "#" (id) } { (name) } }
                    @if is_required { " " span.must { "required" } }
                    @if what.is_deprecated { " " span.badge.warn { "deprecated" } }
                    @if what.is_read_only { " " span.badge { "read only" } }
                    @if what.is_write_only { " " span.badge { "write only" } }
                }
                td {
                    (self.words(&what.types))
                    @if !what.constraints.is_empty() {
                        ul.limits { @for words in &what.constraints { li { (coded(words)) } } }
                    }
                }
                td {
                    (self.markdown(&what.description, 6, id))
                    @if let Some(default) = &what.default {
                        p { span.dim { "Default" } " " (inline(default)) }
                    }
                    @if let Some(example) = what.examples.first().filter(|e| !e.is_object() && !e.is_array()) {
                        p { span.dim { "Example" } " " (inline(example)) }
                    }
                }
            }
        }
    }

    /// What stands within a field, in a row of its own.
    fn within(&self, id: &str, name: &str, what: &Described) -> Markup {
        let is_plain = what.fields.is_empty() && what.choices.is_empty();
        if is_plain {
            return html! {};
        }
        let count = what.fields.len();
        let is_open = count <= OPEN && what.choices.is_empty();
        html! {
            tr.nest { td colspan="3" {
                details open[is_open] {
                    summary {
                        @match count {
                            0 => { "What " code { (name) } " may be" },
                            1 => { "1 field of " code { (name) } },
                            _ => { (count) " fields of " code { (name) } },
                        }
                    }
                    @if count > 0 {
                        (table(&format!("Fields of {name}"), self.rows(id, name, &what.fields)))
                    }
                    @for (index, choice) in what.choices.iter().enumerate() {
                        (self.choice(&format!("{id}.{}", letter(index)), choice))
                    }
                }
            } }
        }
    }

    /// What a value may be one of, side by side.
    fn choice(&self, lead: &str, choice: &Variants) -> Markup {
        let which = match (&choice.tag, choice.is_exclusive) {
            (Some(tag), _) => html! { "One of these, by " code { (tag) } ":" },
            (None, true) => html! { "One of these:" },
            (None, false) => html! { "One or more of these:" },
        };
        html! {
            p { (which) }
            div.variants {
                @for (index, variant) in choice.of.iter().enumerate() {
                    @let id = format!("{lead}.{}", index + 1);
                    div.variant id=(id) {
                        p.name {
                            a.to href={ "#" (id) } {
                                @if let (Some(tag), false) = (&choice.tag, variant.tags.is_empty()) {
                                    code { (tag) }
                                    " is "
                                    @for (index, value) in variant.tags.iter().enumerate() {
                                        @if index > 0 { " or " }
                                        code dir="auto" { (value) }
                                    }
                                } @else if let Some(name) = &variant.name {
                                    (name)
                                } @else {
                                    (index + 1)
                                }
                            }
                        }
                        p { (self.words(&variant.what.types)) }
                        @if !variant.what.constraints.is_empty() {
                            ul.limits { @for words in &variant.what.constraints { li { (coded(words)) } } }
                        }
                        (self.markdown(&variant.what.description, 6, &id))
                        (self.fields(&id, "Fields", &variant.what))
                    }
                }
            }
        }
    }
}

fn letter(index: usize) -> String {
    match u8::try_from(index).ok().filter(|index| *index < 26) {
        Some(index) => char::from(b'A' + index).to_string(),
        None => format!("Z{index}"),
    }
}

fn table(caption: &str, rows: Markup) -> Markup {
    html! {
        table.fields {
            caption.quiet { (caption) }
            thead { tr {
                th scope="col" { "Name" }
                th scope="col" { "Type and limits" }
                th scope="col" { "Description" }
            } }
            tbody { (rows) }
        }
    }
}
