//! What is demanded of a request, and what the server does with it by itself.

use super::{Html, coded};
use crate::docs::operation::OperationWords;
use crate::docs::works::Work;
use maud::{Markup, html};

impl Html<'_> {
    pub(super) fn demands(&self, words: &OperationWords) -> Markup {
        let documented: Vec<String> = words
            .responses
            .iter()
            .map(|reply| reply.status.to_string())
            .collect();
        html! {
            @if !words.demands.is_empty() {
                table.stack {
                    thead { tr { th scope="col" { "Rule" } th scope="col" { "Else" } th scope="col" { "From" } } }
                    tbody { @for (index, demand) in words.demands.iter().enumerate() {
                        tr #{ "rule-" (index + 1) } {
                            td dir="auto" { (coded(&demand.text)) }
                            td {
                                @let status = html! { span class={ "st st" (demand.status / 100) } { (demand.status) } };
                                @if documented.contains(&demand.status.to_string()) {
                                    a href={ "#status-" (demand.status) } { (status) }
                                } @else {
                                    (status)
                                }
                            }
                            td.dim { (short(&demand.place)) }
                        }
                    } }
                }
            }
            @if !words.works.is_empty() { (works(&words.works)) }
        }
    }
}

/// A place without the folders of its file.
fn short(place: &str) -> &str {
    place.rsplit(['/', '\\']).next().unwrap_or(place)
}

fn works(all: &[Work]) -> Markup {
    html! {
        h3 #works { a.to href="#works" { "What the server works out" } }
        table.stack {
            thead { tr { th scope="col" { "What" } th scope="col" { "Becomes" } th scope="col" { "When" } th scope="col" { "From" } } }
            tbody { @for work in all { tr {
                td { code { (work.what) } }
                td { (coded(&work.becomes)) }
                td { @match &work.when { Some(when) => code { (when) }, None => "always" } }
                td.dim { @if let Some(place) = &work.place { (short(place)) } }
            } } }
        }
    }
}
