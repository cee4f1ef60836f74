//! Tables of fields: the properties of a body, parameters, header fields.

use super::{Html, coded, inline, push_breaking};
use crate::docs::describe::{Described, Field, FieldName, More, Variant, Variants};
use crate::docs::operation::ParameterWords;
use maud::{Markup, PreEscaped, Render, html};

/// How many fields of an object are shown without being asked for.
const OPEN: usize = 20;

impl Html<'_> {
    /// Parameters or header fields.
    pub(super) fn parameters<'x>(
        &'x self,
        lead: &'x str,
        caption: &'x str,
        all: &'x [&'x ParameterWords],
    ) -> impl Render + 'x {
        Put(move |out: &mut String| {
            let rows = |out: &mut String| {
                for parameter in all {
                    let id = self.id(&format!("{lead}.{}", parameter.name));
                    let name = |out: &mut String| push_breaking(out, &parameter.name);
                    self.row(out, &id, name, parameter.is_required, &parameter.what);
                    self.within(out, &id, &parameter.name, &parameter.what);
                }
            };
            table(out, caption, rows);
        })
    }

    /// The fields of a body, and what it may be one of.
    pub(super) fn fields<'x>(
        &'x self,
        lead: &'x str,
        caption: &'x str,
        what: &'x Described,
    ) -> impl Render + 'x {
        Put(move |out: &mut String| self.put_fields(out, lead, caption, what))
    }

    fn put_fields(&self, out: &mut String, lead: &str, caption: &str, what: &Described) {
        if !what.fields.is_empty() {
            table(out, caption, |out| self.rows(out, lead, "", &what.fields));
        }
        for (index, choice) in what.choices.iter().enumerate() {
            self.choice(out, &beyond(lead, index), choice);
        }
        self.left_out(what).render_to(out);
    }

    fn rows(&self, out: &mut String, lead: &str, above: &str, fields: &[Field]) {
        for field in fields {
            let name = field.name.sign();
            let id = self.id(&below(lead, &name));
            let shown = |out: &mut String| {
                if !above.is_empty() {
                    out.push_str("<span class=\"of\">");
                    push_breaking(out, above);
                    out.push_str(".</span><wbr>");
                }
                match field.name {
                    FieldName::Declared(_) => push_breaking(out, &name),
                    FieldName::Matching(_) => html! { "names that match " (name) }.render_to(out),
                    FieldName::Other => out.push_str("any other name"),
                    FieldName::Item(number) => html! { "item " (number) }.render_to(out),
                    FieldName::Rest => out.push_str("further items"),
                }
            };
            self.row(out, &id, shown, field.is_required, &field.what);
            match above {
                "" => self.within(out, &id, &name, &field.what),
                above => self.within(out, &id, &format!("{above}.{name}"), &field.what),
            }
        }
    }

    fn row(
        &self,
        out: &mut String,
        id: &str,
        name: impl Fn(&mut String),
        is_required: bool,
        what: &Described,
    ) {
        out.push_str("<tr id=\"");
        out.push_str(id);
        out.push_str("\"><th scope=\"row\"><code><a class=\"to\" href=\"#");
        out.push_str(id);
        out.push_str("\">");
        name(out);
        out.push_str("</a></code>");
        for (is, mark) in [
            (is_required, " <span class=\"must\">required</span>"),
            (
                what.is_deprecated,
                " <span class=\"badge warn\">deprecated</span>",
            ),
            (what.is_read_only, " <span class=\"badge\">read only</span>"),
            (
                what.is_write_only,
                " <span class=\"badge\">write only</span>",
            ),
        ] {
            if is {
                out.push_str(mark);
            }
        }
        out.push_str("</th>");
        match self.known_cells(what) {
            Some(cells) => out.push_str(cells),
            None => {
                let description = self.markdown(&what.description, 6, id);
                self.cells(what, description).render_to(out);
            }
        }
        out.push_str("</tr>");
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
    fn within(&self, out: &mut String, id: &str, name: &str, what: &Described) {
        let is_plain = what.fields.is_empty() && what.choices.is_empty();
        // What is called after a schema leads there already.
        let is_said = matches!(what.more, Some(More::Schema(_)));
        if is_plain && !is_said && (what.cut > 0 || what.more.is_some()) {
            let left_out = self.left_out(what);
            return html! { tr.nest { td colspan="3" { (left_out) } } }.render_to(out);
        }
        if is_plain {
            return;
        }
        let count = what.fields.len();
        let is_open = count <= OPEN && what.choices.is_empty();
        out.push_str("<tr class=\"nest\"><td colspan=\"3\"><details");
        out.push_str(if is_open { " open>" } else { ">" });
        let summary = html! {
            summary {
                @match count {
                    0 => { "What " code { (name) } " may be" },
                    1 => { "1 field of " code { (name) } },
                    _ => { (count) " fields of " code { (name) } },
                }
            }
        };
        summary.render_to(out);
        if count > 0 {
            let rows = |out: &mut String| self.rows(out, id, name, &what.fields);
            table(out, &format!("Fields of {name}"), rows);
        }
        for (index, choice) in what.choices.iter().enumerate() {
            self.choice(out, &beyond(id, index), choice);
        }
        sentences(what).render_to(out);
        out.push_str("</details></td></tr>");
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
    fn choice(&self, out: &mut String, lead: &str, choice: &Variants) {
        let which = match (&choice.tag, choice.is_exclusive) {
            (Some(tag), _) => html! { "One of these, by " code { (tag) } ":" },
            (None, true) => html! { "One of these:" },
            (None, false) => html! { "One or more of these:" },
        };
        html! { p { (which) } }.render_to(out);
        out.push_str("<div class=\"variants\">");
        for (index, variant) in choice.of.iter().enumerate() {
            let id = self.id(&variant_id(lead, index, variant));
            out.extend(["<div class=\"variant\" id=\"", &id, "\">"]);
            let head = html! {
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
            };
            head.render_to(out);
            self.put_fields(out, &id, "Fields", &variant.what);
            sentences(&variant.what).render_to(out);
            out.push_str("</div>");
        }
        out.push_str("</div>");
    }
}

/// What is written straight into a page: what stands deep in others isn't copied at each level.
struct Put<F>(F);

impl<F: Fn(&mut String)> Render for Put<F> {
    fn render_to(&self, out: &mut String) {
        (self.0)(out);
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

fn table(out: &mut String, caption: &str, rows: impl Fn(&mut String)) {
    let head = html! {
        caption.quiet { (caption) }
        thead { tr {
            th scope="col" { "Name" }
            th scope="col" { "Type and limits" }
            th scope="col" { "Description" }
        } }
    };
    out.push_str("<table class=\"fields\">");
    head.render_to(out);
    out.push_str("<tbody>");
    rows(out);
    out.push_str("</tbody></table>");
}
