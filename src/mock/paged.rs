//! A list that is made up, and that nothing is remembered of, as a page: what stands beside its
//! items tells of them, and who asks for a part of it gets that.

use super::listing::{Listing, is_named};
use super::paging::{Frame, ListFields, Page, Paging, Turn};
use super::prepared::Contents;
use super::{Prepared, PreparedContent};
use crate::wire::{Method, Request};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Who asks for a list.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The request.
    pub request: &'a Request,
    /// Its query parameters.
    pub query: &'a Map<String, Value>,
    /// What stands before the request's target in a URL, after its host.
    pub lead: (&'a str, &'a str),
}

/// What header fields say of a list.
#[derive(Debug)]
pub struct OfList {
    /// A `Link` field to other pages, where there are some.
    pub link: Option<String>,
    /// What documented fields say, by their numbers in the response; nothing where there is no
    /// such thing, as a page behind the last.
    pub told: Vec<(usize, Option<Value>)>,
}

impl Prepared {
    /// What its list means, where it shows one by pages.
    pub(super) fn listed(&self, contents: Contents<'_>) -> Option<&Listing> {
        let listed = self.listed.get_or_init(|| {
            let known = self
                .binding
                .as_ref()
                .and_then(|binding| binding.listing.clone());
            known.or_else(|| of(self, contents).map(Arc::new))
        });
        listed.as_deref()
    }
}

/// What the list of an operation means that is tied to no collection.
fn of(operation: &Prepared, contents: Contents<'_>) -> Option<Listing> {
    if operation.declared.method != Method::GET || operation.binding.is_some() {
        return None;
    }
    let shapes = contents.shapes;
    let shape = operation.success_json()?.shape?;
    let is_item = |id| !shapes.get(id).properties.is_empty();
    let frame = Frame::of(shapes, shape, &is_item)?;
    let paging = Paging::of(&operation.parameters, shapes, None).by_place();
    if !paging.is_by_pages() && !frame.is_of_page() {
        return None;
    }
    let response = operation.response(operation.declared.success())?;
    Some(Listing {
        paging,
        frame: Some(frame),
        fields: ListFields::of(response, shapes),
    })
}

/// A body that was made up as the page of a list that a request asks for, and what header fields say
/// of that. Nothing where it shows no list by pages, or couldn't be valid so.
pub(super) fn paged(
    contents: Contents<'_>,
    operation: &Prepared,
    content: &PreparedContent,
    body: &Value,
    asking: &Asking<'_>,
) -> Option<(Value, OfList)> {
    let listing = operation.listed(contents)?;
    let frame = listing.frame.as_ref()?;
    let rows = frame.items.get(body)?.as_array()?;
    let keys: Vec<String> = (0..rows.len()).map(|number| number.to_string()).collect();
    let items = keys.iter().map(String::as_str).zip(rows);
    let asked = asking.query.iter();
    let asked = asked.filter(|(name, _)| is_named(asking.request.query(), name));
    let asked = asked.map(|(name, value)| (name.clone(), value.clone()));
    let page = listing
        .paging
        .page(items, Some(rows.len()), &asked.collect());
    let page = page.ok()?;
    let target = &asking.request.target;
    let (lead, prefix) = asking.lead;
    let base = format!("{}{lead}{prefix}", asking.request.origin());
    let url = |turn: Turn| {
        Some(format!(
            "{base}{}",
            listing.paging.target(&page, turn, target)?
        ))
    };
    let mut changed = body.clone();
    let shown = page.items.iter().map(|(_, item)| (*item).clone()).collect();
    frame.items.set(&mut changed, Value::Array(shown));
    frame.fill(&mut changed, &page, url);
    let is_valid = changed == *body || content.is_valid(contents, &changed);
    let of_list = |page: &Page<'_>| OfList {
        link: listing.paging.link_header(page, &base, target),
        told: listing.fields.told(page, url),
    };
    is_valid.then(|| (changed, of_list(&page)))
}
