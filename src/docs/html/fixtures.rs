//! What the fixtures hold for an operation.

use super::replies::status;
use super::{Html, code};
use crate::docs::operation::OperationWords;
use crate::docs::reach::Reach;
use crate::docs::request::BASE;
use crate::spec::StatusKey;
use maud::{Markup, html};

impl Html<'_> {
    pub(super) fn fixtures(&self, words: &OperationWords, moment: Option<String>) -> Markup {
        let reach = &words.reach;
        html! {
            @if let Some((collection, count)) = &reach.collection {
                (items(reach, collection, *count))
            }
            @if !reach.examples.is_empty() {
                table.stack {
                    caption { "Replies of the document, whatever the state" }
                    thead { tr { th scope="col" { "Header field" } th scope="col" { "Status" } th scope="col" { "What it is" } } }
                    tbody { @for (key, name, summary) in &reach.examples { tr {
                        td { code { "Prefer: " (preference(words, *key, name)) } }
                        td { (status(*key)) }
                        td dir="auto" { (summary) }
                    } } }
                }
            }
            @if !reach.replies.is_empty() {
                table.stack {
                    caption { "Replies that the fixtures have for certain requests" }
                    thead { tr { th scope="col" { "Request" } th scope="col" { "Status" } th scope="col" { "From" } } }
                    tbody { @for reply in &reach.replies { tr {
                        td { @for said in &reply.request { p { code dir="auto" { (said) } } } }
                        td { (status(StatusKey::Code(reply.status))) }
                        td.dim { (reply.source) }
                    } } }
                }
            }
            p {
                @if let Some(moment) = moment { "The API’s present moment is " code { (moment) } ". " }
                code { "Counterpart-Sandbox: NAME" }
                " in a request gives a state of one’s own, which begins with the fixtures. To go back to them:"
            }
            (code("", "sh", &format!("curl --request POST {BASE}/_counterpart/reset")))
        }
    }
}

fn items(reach: &Reach, collection: &str, count: usize) -> Markup {
    let has_targets = reach.items.iter().any(|item| item.target.is_some());
    html! {
        table.stack {
            caption { "Items of " code { (collection) } }
            thead { tr {
                th scope="col" { "Item" }
                th scope="col" { "What it says" }
                @if has_targets { th scope="col" { "Its path" } }
            } }
            tbody { @for item in &reach.items { tr {
                td { code dir="auto" { (item.key) } }
                td dir="auto" { (item.about) }
                @if has_targets { td { @if let Some(target) = &item.target { code { (target) } } } }
            } } }
        }
        @if count > reach.items.len() { p { "And " (count - reach.items.len()) " more." } }
    }
}

/// What asks for an example: the status too, where that isn't the usual one.
fn preference(words: &OperationWords, key: StatusKey, name: &str) -> String {
    let is_usual = key == StatusKey::Code(words.success);
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    let name = match plain {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace(['"', '\\'], "")),
    };
    match key {
        StatusKey::Code(code) if !is_usual => format!("code={code}, example={name}"),
        _ => format!("example={name}"),
    }
}
