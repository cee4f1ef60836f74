//! Tables of fields: the properties of a body, parameters, header fields.

use super::{Html, breaking, coded, inline};
use crate::docs::describe::{Described, Field, FieldName, More, Variant, Variants};
use crate::docs::operation::ParameterWords;
use maud::{Markup, PreEscaped, html};

/// How many fields of an object are shown without being asked for.
const OPEN: usize = 20;

impl Html<'_> {
    /// Parameters or header fields.
    pub(super) fn parameters(&self, lead: &str, caption: &str, all: &[&ParameterWords]) -> Markup {
        let rows = all.iter().map(|parameter| {
            let id = self.id(&format!("{lead}.{}", parameter.name));
            let name = breaking(&parameter.name);
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
                (self.choice(&beyond(lead, index), choice))
            }
            (self.left_out(what))
        }
    }

    fn rows(&self, lead: &str, above: &str, fields: &[Field]) -> Markup {
        html! {
            @for field in fields {
                @let name = field.name.sign();
                @let id = self.id(&below(lead, &name));
                @let shown = html! {
                    @if !above.is_empty() { span.of { (breaking(above)) "." } wbr; }
                    @match field.name {
                        FieldName::Declared(_) => (breaking(&name)),
                        FieldName::Matching(_) => { "names that match " (name) },
                        FieldName::Other => "any other name",
                        FieldName::Item(number) => { "item " (number) },
                        FieldName::Rest => "further items",
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
                @match self.known_cells(what) {
                    Some(cells) => (PreEscaped(cells)),
                    None => (self.cells(what, self.markdown(&what.description, 6, id))),
                }
            }
        }
    }

    /// What stands beside the name of a field in each of the rows that show it: written once where
    /// nothing hangs on the row, as the ids of headings do.
    fn known_cells<'w>(&self, what: &'w Described) -> Option<&'w str> {
        if !what.is_leaf {
            return None;
        }
        let kept = what.html.below(self.root);
        let write = || {
            let rendered = self.rendered(&what.description, 6, "");
            let is_alone = rendered.headings.is_empty();
            let cells = self.cells(what, PreEscaped(rendered.html));
            is_alone.then(|| cells.into_string())
        };
        kept.get_or_init(write).as_deref()
    }

    fn cells(&self, what: &Described, description: Markup) -> Markup {
        html! {
            td {
                (self.words(&what.types))
                (self.limits(what))
            }
            td {
                (description)
                @if let Some(default) = &what.default {
                    p { span.dim { "Default" } " " (inline(default)) }
                }
                @if let Some(example) = what.examples.first() {
                    p { span.dim { "Example" } " " (inline(example)) }
                }
            }
        }
    }

    /// What stands within a field, in a row of its own.
    fn within(&self, id: &str, name: &str, what: &Described) -> Markup {
        let is_plain = what.fields.is_empty() && what.choices.is_empty();
        // What is called after a schema leads there already.
        let is_said = matches!(what.more, Some(More::Schema(_)));
        if is_plain && !is_said && (what.cut > 0 || what.more.is_some()) {
            return html! { tr.nest { td colspan="3" { (self.left_out(what)) } } };
        }
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
                        (self.choice(&beyond(id, index), choice))
                    }
                    (sentences(what))
                }
            } }
        }
    }

    /// What there was no room for.
    fn left_out(&self, what: &Described) -> Markup {
        let more = what.more.as_ref().and_then(|more| self.to_more(more));
        html! {
            @match (more, what.cut) {
                (Some((to, name)), 0) => p { "Its fields are those of " a href=(to) { (name) } "." },
                (Some((to, name)), cut) => p { (cut) " more are those of " a href=(to) { (name) } "." },
                (None, 0) => {},
                (None, cut) => p { (cut) " more fields stand in the document alone: there is no room for them here." },
            }
        }
    }

    /// What must hold of a value.
    pub(super) fn limits(&self, what: &Described) -> Markup {
        html! {
            @if !what.constraints.is_empty() {
                ul.limits {
                    @for words in &what.constraints { li { (coded(words)) } }
                    (self.other_values(what))
                }
            }
        }
    }

    /// The values that are named elsewhere.
    fn other_values(&self, what: &Described) -> Markup {
        let all = what.values.as_ref();
        let all = all.and_then(|(count, more)| Some((count, self.to_more(more)?)));
        html! {
            @if let Some((count, (to, _))) = all { li { a href=(to) { "All " (count) " values" } } }
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
                    @let id = self.id(&variant_id(lead, index, variant));
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
                        (self.limits(&variant.what))
                        (self.markdown(&variant.what.description, 6, &id))
                        (self.fields(&id, "Fields", &variant.what))
                        (sentences(&variant.what))
                    }
                }
            }
        }
    }
}

/// What holds of several properties at once.
pub(super) fn sentences(what: &Described) -> Markup {
    html! {
        @if !what.demands.is_empty() {
            ul.demands { @for sentence in &what.demands { li dir="auto" { (coded(sentence)) } } }
        }
    }
}

/// The id of a field of what has this one.
fn below(lead: &str, name: &str) -> String {
    match lead {
        "" => name.to_owned(),
        _ => format!("{lead}.{name}"),
    }
}

/// What stands before the ids of a choice's variants: the second choice has a number of its own.
fn beyond(lead: &str, index: usize) -> String {
    match index {
        0 => lead.to_owned(),
        _ => below(lead, &(index + 1).to_string()),
    }
}

/// The id of a variant: by the value that tells it from others, its name, or its number.
fn variant_id(lead: &str, index: usize, variant: &Variant) -> String {
    let by = variant.tags.first().or(variant.name.as_ref()).cloned();
    let name = by.unwrap_or_else(|| (index + 1).to_string());
    below(lead, &format!("variant-{name}"))
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
