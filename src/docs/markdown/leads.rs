//! Links: where they lead from the page.

use super::super::escape::{html as escaped, visible};
use super::heading::Heading;
use super::link::{Target, encoded, target};
use super::render::Renderer;
use std::collections::HashMap;

/// How many addresses are kept that lead nowhere, and how many characters of each.
const UNLINKED: usize = 100;
const UNLINKED_LENGTH: usize = 200;

impl Renderer<'_> {
    pub(super) fn open_link(&mut self, address: &str, title: &str, is_author: bool) {
        let href = self.leads(address);
        let title = match title {
            "" => String::new(),
            title => format!(" title=\"{}\"", escaped(title)),
        };
        let attributes =
            href.map(|(href, rel)| format!(" href=\"{}\"{title}{rel}", escaped(&href)));
        self.writer
            .open_link(attributes.as_deref(), address, is_author);
    }

    /// Where a link leads, and what is said of the place; nothing where it leads nowhere.
    fn leads(&mut self, address: &str) -> Option<(String, &'static str)> {
        let inside = match target(address) {
            Target::Outside(href) => {
                return Some((href, " rel=\"noopener noreferrer nofollow\""));
            }
            Target::Mail(href) => return Some((href, "")),
            Target::Inside(inside) => Some(inside),
            Target::Nowhere => None,
        };
        let href = inside.and_then(|inside| self.leads_inside(&inside));
        if href.is_none() {
            self.leads_nowhere(address);
        }
        href.map(|href| (href, ""))
    }

    fn leads_inside(&self, inside: &str) -> Option<String> {
        let fragment = inside.strip_prefix('#');
        if let Some(id) = fragment.and_then(|fragment| self.ids.get(fragment)) {
            return Some(format!("#{id}"));
        }
        let href = encoded(&(self.place.resolve)(inside)?);
        // What the site says is judged as what the author says.
        match target(&href) {
            Target::Nowhere => None,
            _ => Some(href),
        }
    }

    fn leads_nowhere(&mut self, address: &str) {
        let shown: String = visible(address).chars().take(UNLINKED_LENGTH).collect();
        let is_new = !shown.is_empty() && !self.unlinked.contains(&shown);
        if self.unlinked.len() < UNLINKED && is_new {
            self.unlinked.push(shown);
        }
    }
}

/// The ids of headings by their anchors, as they are and as browsers and editors encode them.
pub(super) fn ids(headings: &[Heading]) -> HashMap<String, String> {
    let said = headings.iter().filter(|heading| !heading.text.is_empty());
    let both = said.flat_map(|heading| {
        let anchors = [heading.anchor.clone(), encode(&heading.anchor)];
        anchors.map(|anchor| (anchor, heading.id.clone()))
    });
    both.collect()
}

fn encode(anchor: &str) -> String {
    let mut out = String::with_capacity(anchor.len());
    for byte in anchor.bytes() {
        match byte.is_ascii() {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
