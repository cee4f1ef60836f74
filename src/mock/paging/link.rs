//! The addresses of a list's pages.

use super::{Page, Paging, Turn};
use crate::decode::form_name;
use crate::wire::encode_percent;

/// What a page's query says that the request's didn't: values by their names on the wire, and
/// nothing for those that it mustn't have.
type Changes<'c> = Vec<(&'c str, Option<String>)>;

impl Paging {
    /// The target of another page of the same list: that of the request, of whose query no more
    /// is changed than the page takes. Nothing where there is no such page, or no parameter leads
    /// to it.
    pub fn target(&self, page: &Page<'_>, turn: Turn, target: &str) -> Option<String> {
        let target = match turn {
            Turn::Here => target.to_owned(),
            turn => rewrite(target, &self.changes(page, turn)?),
        };
        Some(encode_percent(&target, may_stand))
    }

    /// The value of a `Link` header field (RFC 8288) with the pages that there are: `first`,
    /// `prev`, `next` and `last`. `base` is what stands before a request target in a URL: scheme,
    /// authority and the prefix that the request target was served under; it may be empty.
    /// Nothing where all the items are shown.
    pub fn link_header(&self, page: &Page<'_>, base: &str, target: &str) -> Option<String> {
        if !page.has_more() && !page.has_previous() {
            return None;
        }
        let turns = [
            (Turn::First, "first"),
            (Turn::Previous, "prev"),
            (Turn::Next, "next"),
            (Turn::Last, "last"),
        ];
        let links: Vec<String> = turns
            .into_iter()
            .filter_map(|(turn, relation)| {
                let target = self.target(page, turn, target)?;
                Some(format!("<{base}{target}>; rel=\"{relation}\""))
            })
            .collect();
        (!links.is_empty()).then(|| links.join(", "))
    }

    fn changes(&self, page: &Page<'_>, turn: Turn) -> Option<Changes<'_>> {
        let offset = page.offset_of(turn)?;
        let fields = self.place_fields();
        let others = |kept: &str| -> Changes<'_> {
            let mut others: Vec<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
            others.retain(|name| *name != kept);
            others.into_iter().map(|name| (name, None)).collect()
        };
        let with = |name: &'_ str, value: String| {
            let mut changes = others(name);
            let name = fields.iter().find(|field| field.wire == name)?;
            changes.push((&name.wire, Some(value)));
            Some(changes)
        };
        if let Some((number, first)) = &self.number
            && let Some(size) = page.size.filter(|size| *size > 0)
            && (page.before.is_some() || page.offset.is_multiple_of(size))
        {
            return with(
                &number.wire,
                first.saturating_add(offset / size).to_string(),
            );
        }
        if let Some((position, first)) = &self.offset {
            return with(&position.wire, first.saturating_add(offset).to_string());
        }
        let forward = self
            .forward
            .as_ref()
            .map(|cursor| cursor.field.wire.as_str());
        let backward = self
            .backward
            .as_ref()
            .map(|cursor| cursor.field.wire.as_str());
        match turn {
            Turn::First => forward.or(backward).map(|_| others("")),
            Turn::Next => with(forward?, page.next_cursor.clone()?),
            Turn::Previous => with(backward.or(forward)?, page.previous_cursor.clone()?),
            // No cursor is known of what hasn't been reached.
            Turn::Last | Turn::Here => None,
        }
    }
}

/// The value of a `Link` field that leads to what it stands before: the target of a request behind
/// what stood before it.
pub(in crate::mock) fn link_to_itself((lead, prefix, target): (&str, &str, &str)) -> String {
    let target = encode_percent(target, may_stand);
    format!("<{lead}{prefix}{target}>; rel=\"self\"")
}

/// The target with these values in its query in place of what it had of those names.
fn rewrite(target: &str, changes: &[(&str, Option<String>)]) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut pairs: Vec<String> = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    let pair = |name: &str, value: &str| format!("{}={}", escape(name, b"$"), escape(value, b":,"));
    for written in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = written.split('=').next().unwrap_or(written);
        let name = form_name(name).unwrap_or_default();
        match changes.iter().find(|(changed, _)| *changed == name) {
            None => pairs.push(written.to_owned()),
            Some((changed, Some(value))) if !done.contains(changed) => {
                done.push(changed);
                pairs.push(pair(changed, value));
            }
            Some(_) => {}
        }
    }
    for (changed, value) in changes {
        if let Some(value) = value
            && !done.contains(changed)
        {
            pairs.push(pair(changed, value));
        }
    }
    match pairs.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", pairs.join("&")),
    }
}

fn escape(text: &str, kept: &[u8]) -> String {
    encode_percent(text, |octet| {
        octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) || kept.contains(&octet)
    })
}

/// Whether an octet may stand in a path or a query (RFC 3986 §3.3, §3.4): a client that sends
/// brackets gets them back encoded.
fn may_stand(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=%".contains(&octet)
}
