//! The page of what has changed since another document.

use super::lists::content;
use super::{Content, Html, coded, heading};
use crate::diff::{Changes, Part, Step, Told};
use crate::docs::origin::at;
use crate::docs::site::{Page, Service};
use maud::{Markup, html};
use std::collections::HashMap;

/// How many changes of a kind are told, and how many operations of each are named.
const TOLD: usize = 150;
const NAMED: usize = 6;
/// How many pages are looked into for the places that links lead to.
const LOOKED_INTO: usize = 200;

/// The pages that were looked into, by their paths.
type Pages = HashMap<String, String>;

impl Html<'_> {
    /// The changes of a service.
    pub(super) fn changelog(&self, service: &Service) -> Content {
        let Some(changes) = &service.changes else {
            return content("Changes", html! {});
        };
        let told = changes.told();
        let (breaking, others): (Vec<&Told<'_>>, Vec<&Told<'_>>) =
            told.iter().partition(|told| told.changes[0].is_breaking());
        let mut pages = Pages::new();
        let main = html! {
            h1 { "Changes" }
            p.lead dir="auto" { (changes.summary()) "." }
            @for (id, name, all) in [("breaking", "Breaking", breaking), ("other", "Other", others)] {
                @if !all.is_empty() { section #(id) {
                    (heading(id, name))
                    ul { @for (index, told) in all.iter().take(TOLD).enumerate() {
                        (self.change(service, changes, told, &format!("{id}-{}", index + 1), &mut pages))
                    } }
                    @if all.len() > TOLD {
                        p { a href="changelog.md" { "And " (all.len() - TOLD) " more" } "." }
                    }
                } }
            }
            @if changes.is_cut {
                p { "The documents differ in more than is told here." }
            }
        };
        Content {
            text: Some("changelog.md".to_owned()),
            ..content("Changes", main)
        }
    }

    fn change(
        &self,
        service: &Service,
        changes: &Changes,
        told: &Told<'_>,
        id: &str,
        pages: &mut Pages,
    ) -> Markup {
        let change = told.changes[0];
        let page = self.page_of(service, changes, told);
        let to = page.map(|(path, page)| {
            let anchors = anchors(change.kind, &change.subject.part, &change.subject.fields);
            let anchor = self.anchor(&path, page, &anchors, pages);
            match anchor {
                Some(anchor) => format!("{path}#{anchor}"),
                None => path,
            }
        });
        let is_operation = change.subject.part == Part::Operation;
        let words = changes.sentence(change);
        let (subject, detail) = match words.strip_suffix(&change.detail) {
            Some(subject) => (subject.trim_end(), change.detail.as_str()),
            None => (words.as_str(), ""),
        };
        let badge = match (change.breaks_requests, change.breaks_replies) {
            (true, true) => Some("breaks requests and replies"),
            (true, false) => Some("breaks requests"),
            (false, true) => Some("breaks replies"),
            (false, false) => None,
        };
        let is_named = is_operation && told.operations.len() == 1;
        html! {
            li #(id) {
                @if let Some(badge) = badge { span.badge.bad { (badge) } " " }
                @match &to {
                    Some(to) => a href=(to) { (coded(subject)) },
                    None => (coded(subject)),
                }
                " " (coded(detail)) "."
                @if !told.operations.is_empty() && !is_named {
                    " In "
                    @for (index, number) in told.operations.iter().take(NAMED).enumerate() {
                        @if index > 0 { ", " }
                        (self.named(service, changes, *number))
                    }
                    @if told.operations.len() > NAMED {
                        " and " (told.operations.len() - NAMED) " others"
                    }
                    "."
                }
                @for place in told.changes.iter().filter_map(|change| change.new.as_ref()).take(1) {
                    " " code.dim { (at(self.host.apis()[service.api].contract(), place)) }
                }
            }
        }
    }

    /// An operation, with the way to its page where it has one.
    fn named(&self, service: &Service, changes: &Changes, number: usize) -> Markup {
        let operation = &changes.operations[number];
        let entry = operation.new.and_then(|new| service.operations.get(new));
        html! {
            @match entry {
                Some(entry) => a href={ (entry.slug) ".html" } dir="auto" { (entry.title) },
                None => code { (operation.name) },
            }
        }
    }

    /// The page that tells of what has changed.
    fn page_of(
        &self,
        service: &Service,
        changes: &Changes,
        told: &Told<'_>,
    ) -> Option<(String, Page)> {
        let index = self.of?;
        match &told.changes[0].subject.part {
            Part::Component(section, name) if section == "schemas" || section == "definitions" => {
                let mut schemas = service.schemas.iter().enumerate();
                let (number, schema) = schemas.find(|(_, schema)| schema.name == *name)?;
                let path = format!("schemas/{}.html", schema.slug);
                Some((path, Page::Schema(index, number)))
            }
            Part::Document => None,
            _ => {
                let first = told.operations.first()?;
                let number = changes.operations[*first].new?;
                let entry = service.operations.get(number)?;
                let path = format!("{}.html", entry.slug);
                Some((path, Page::Operation(index, number)))
            }
        }
    }

    /// The first of some anchors that a page has.
    fn anchor(
        &self,
        path: &str,
        page: Page,
        anchors: &[String],
        pages: &mut Pages,
    ) -> Option<String> {
        if anchors.is_empty() || pages.len() >= LOOKED_INTO && !pages.contains_key(path) {
            return None;
        }
        let text = pages
            .entry(path.to_owned())
            .or_insert_with(|| super::page(self.site, self.host, page));
        let has = |anchor: &&String| text.contains(&format!(" id=\"{anchor}\""));
        let anchor = anchors.iter().find(has)?;
        // The fragment of a URI has no room for other characters.
        anchor
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._~*".contains(c))
            .then(|| anchor.clone())
    }
}

/// Where a page may tell of a place: the nearest first.
fn anchors(kind: &str, part: &Part, fields: &[Step]) -> Vec<String> {
    let leads: Vec<String> = match part {
        Part::Parameter(place, name) => vec![format!("{place}.{name}")],
        Part::Body => vec!["body".to_owned()],
        Part::Reply(status) => vec![status.clone()],
        Part::Header(status, name) => vec![format!("{status}.header.{name}")],
        Part::Operation if kind.starts_with("security") => vec!["authentication".to_owned()],
        Part::Component(section, _) if section == "schemas" || section == "definitions" => {
            vec![String::new(), "field".to_owned()]
        }
        _ => return Vec::new(),
    };
    let names: Vec<&str> = fields
        .iter()
        .filter_map(|step| match step {
            Step::Field(name) => Some(name.as_str()),
            Step::Any => Some("*"),
            Step::Items | Step::Names => None,
        })
        .collect();
    let mut all = Vec::new();
    for count in (1..=names.len()).rev() {
        for lead in &leads {
            let way = names[..count].join(".");
            all.push(match lead.is_empty() {
                true => way,
                false => format!("{lead}.{way}"),
            });
        }
    }
    all.extend(leads.into_iter().filter(|lead| !lead.is_empty()));
    if let Part::Reply(status) | Part::Header(status, _) = part {
        all.push(format!("status-{status}"));
    }
    all
}
