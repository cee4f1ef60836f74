//! A list that is made up, and that nothing is remembered of, as a page: what stands beside its
//! items tells of them, and who asks for a part of it gets that.

use super::echo::{Echo, echo};
use super::find::key_text;
use super::listing::{Listing, Row, asked};
use super::name::plain;
use super::paging::{Frame, ListFields, Page, Turn, called, say};
use super::prepared::Contents;
use super::{Prepared, PreparedContent, project};
use crate::spec::ShapeId;
use crate::validate::View;
use crate::wire::{Method, Request};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
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

/// A list that is made up, as it is shown by pages.
#[derive(Debug)]
pub(super) struct MadeUp {
    pub(super) listing: Arc<Listing>,
    /// Where the rows stand, by the names of properties.
    pub(super) rows: Vec<String>,
    /// The property of a row that cursors or keys name it by; none where its place does.
    key: Option<String>,
    /// Whether it is a list by pages, and not one that something else has within.
    is_list: bool,
}

impl Prepared {
    /// What its list means, where it shows one by pages.
    pub(super) fn made_up(&self, contents: Contents<'_>) -> Option<&MadeUp> {
        let made_up = self.made_up.get_or_init(|| {
            let Some(binding) = &self.binding else {
                return of(self, contents);
            };
            Some(MadeUp {
                listing: Arc::clone(binding.listing.as_ref()?),
                rows: binding.envelope.clone(),
                key: Some(binding.key.clone()),
                is_list: true,
            })
        });
        made_up.as_ref()
    }
}

impl Prepared {
    /// What its path says that a list is of.
    pub(super) fn called(&self) -> Option<&str> {
        called(&self.declared.path)
    }
}

/// Names of the property that rows are known by, the first that there is.
const KEYS: [&str; 5] = ["cursor", "id", "uuid", "key", "slug"];

/// What the list of an operation means that is tied to no collection.
fn of(operation: &Prepared, contents: Contents<'_>) -> Option<MadeUp> {
    if operation.declared.method != Method::GET {
        return None;
    }
    let shapes = contents.shapes;
    let shape = operation.success_body()?.shape?;
    let is_object = |id: ShapeId| !shapes.get(id).properties.is_empty();
    let called = operation.called();
    let frame = Frame::of(shapes, shape, &is_object, called);
    let has_objects = frame.is_some();
    let frame = frame.or_else(|| Frame::of(shapes, shape, &|_| true, called))?;
    let is_item = |id: ShapeId| !has_objects || is_object(id);
    let row = frame.row(shapes, shape)?;
    let properties = &shapes.get(row).properties;
    let (about, item) = Row::of(shapes, row).unzip();
    let key = KEYS.iter().find_map(|key| {
        let mut names = properties.keys();
        names.find(|name| plain(name) == *key).cloned()
    });
    let listing = Listing::of(operation, shapes, item.or(Some(row)), about, &is_item);
    let Listing { paging, fields, .. } = &listing;
    // An object that has a list within says nothing of pages.
    let is_list = frame.items.as_str().is_empty()
        || paging.is_by_pages()
        || frame.is_of_page()
        || !fields.is_empty()
        || paging.has_filters() && operation.last_parameter.is_none();
    let paging = listing.paging.clone().unsearched();
    let listing = Arc::new(Listing { paging, ..listing });
    Some(MadeUp {
        rows: frame.items.tokens().collect(),
        listing,
        key,
        is_list,
    })
}

/// A body that was made up as the page of a list that a request asks for, and what header fields say
/// of that. Nothing where it shows no list by pages.
///
/// A schema may forbid the page that is asked for: that its list is so short, or its total so low.
/// Then it is the page of rows that say what the request says of them, else all the rows, with as
/// much of what is true of these as the schema lets a reply say.
///
/// Where the rows are those of every media type, `shared` is what the client said.
pub(super) fn paged(
    contents: Contents<'_>,
    operation: &Prepared,
    content: &PreparedContent,
    body: &Value,
    (asking, shared): (&Asking<'_>, Option<&Echo<'_>>),
) -> Option<(Value, OfList)> {
    let made_up = operation.made_up(contents)?;
    if !made_up.is_list {
        return None;
    }
    let listing = &made_up.listing;
    let lines = (content.is_of_rows && !body.is_array()).then(|| json!([body]));
    let body = lines.as_ref().unwrap_or(body);
    let alone = Frame::alone();
    let frame = match content.is_of_rows {
        true => &alone,
        false => listing.frame_of(content.shape)?,
    };
    let paging = &listing.paging;
    let rows = frame.items.get(body)?.as_array()?;
    let asked = asked(paging, asking.query, asking.request.query());
    let target = &asking.request.target;
    let (lead, prefix) = asking.lead;
    let base = format!("{}{lead}{prefix}", asking.request.origin());
    let url_on = |page: &Page<'_>, turn: Turn| {
        let target = paging.target(page, turn, target)?;
        Some(format!("{base}{target}"))
    };
    let fits = |value: &Value| {
        value == body || content.is_valid(contents, value) && content.carries(contents, value)
    };
    let of_list = |fields: &ListFields, page: &Page<'_>| OfList {
        link: paging.link_header(page, &base, target),
        told: fields.told(page, |turn| url_on(page, turn)),
    };
    let page_of = |rows: &[Value]| {
        let keys = made_up.keys(rows);
        let known: HashMap<&str, &Value> = keys.iter().map(String::as_str).zip(rows).collect();
        let items = rows.iter().map(|row| listing.item_of(row));
        let items = keys.iter().map(String::as_str).zip(items);
        let page = paging.page(items.clone(), Some(rows.len()), &asked);
        // Where a cursor leads that no page has given, nobody knows.
        let page = page.or_else(|_| {
            let unplaced = paging.unplaced(asked.clone());
            paging.page(items, Some(rows.len()), &unplaced)
        });
        let page = page.ok()?;
        let shown = page.items.iter();
        let shown = shown.filter_map(|(key, _)| known.get(key).map(|row| (*row).clone()));
        let mut changed = body.clone();
        frame.items.set(&mut changed, Value::Array(shown.collect()));
        frame.fill(&mut changed, &page, |turn| url_on(&page, turn));
        if frame.has_sums() {
            let all = rows.iter().map(|row| ("", listing.item_of(row)));
            let all: Vec<&Value> = paging.chosen(all, &asked).collect();
            frame.sum_up(&mut changed, &all);
        }
        let told = of_list(&listing.fields, &page);
        fits(&changed).then_some(((changed, told), page.total))
    };
    let best_of = |rows: &[Value]| {
        let (page, total) = page_of(rows).unzip();
        if total.is_some_and(|total| total > 0 || rows.is_empty()) {
            return page;
        }
        let said = paging.said_of_items(&asked);
        let saying = rows.iter().map(|row| made_up.saying(row, &said));
        let saying: Vec<Value> = saying.filter(|_| !said.is_empty()).collect();
        let saying = page_of(&saying).filter(|(_, total)| *total > 0);
        saying.map(|(page, _)| page).or(page)
    };
    let shared = shared.and_then(|echo| shared_rows(contents, operation, (content, listing), echo));
    let shown = shared.and_then(|rows| best_of(&rows));
    shown.or_else(|| best_of(rows)).or_else(|| {
        let items = rows.iter().map(|row| ("", row)).collect();
        let page = Page::whole(items);
        let mut changed = body.clone();
        frame.fill_as_far(&mut changed, &page, |_| None, &fits);
        Some((changed, of_list(&listing.fields, &page)))
    })
}

/// The rows that a list has in the media type that says what there is, where this is another whose
/// schema is one of its own: a list is the same in each.
fn shared_rows(
    contents: Contents<'_>,
    operation: &Prepared,
    (content, listing): (&PreparedContent, &Listing),
    said: &Echo<'_>,
) -> Option<Vec<Value>> {
    let first = operation
        .success_body()
        .filter(|first| first.shape != content.shape)?;
    let body = &first.ready(contents).ok()?.body;
    let echoed = echo(contents, first, &body.value, said);
    let frame = listing.frame_of(first.shape)?;
    let rows = frame.items.get(echoed.as_ref().unwrap_or(&body.value))?;
    let shape = match content.is_of_rows {
        true => content.shape?,
        false => {
            let own = listing.frame_of(content.shape)?;
            own.row(contents.shapes, content.shape?)?
        }
    };
    let rows = rows.as_array()?.iter();
    let rows = rows.map(|row| project(contents.shapes, Some(shape), row, View::Reply).into_owned());
    body.is_sample.then(|| rows.collect())
}

impl MadeUp {
    /// The property of a row that holds its item, where the row isn't that itself.
    pub(super) fn node(&self) -> Option<&str> {
        let about = self.listing.row.as_ref();
        about.map(|about| about.node.as_str())
    }

    /// What the rows are known by: their places, where they don't say it, or two say the same.
    fn keys(&self, rows: &[Value]) -> Vec<String> {
        let said = rows.iter().map(|row| {
            let key = self.key.as_ref()?;
            let key = row
                .get(key)
                .or_else(|| self.listing.item_of(row).get(key))?;
            (!key.is_object() && !key.is_array() && !key.is_null()).then(|| key_text(Some(key)))
        });
        let said: Option<Vec<String>> = said.collect();
        let places = || (0..rows.len()).map(|number| number.to_string()).collect();
        said.filter(|said| {
            let mut known = std::collections::HashSet::new();
            said.iter().all(|key| known.insert(key))
        })
        .unwrap_or_else(places)
    }

    /// The row whose item says certain things.
    fn saying(&self, row: &Value, said: &[(String, Value)]) -> Value {
        let mut row = row.clone();
        let item = self.listing.item_of_mut(&mut row);
        for (name, value) in said {
            say(item, name, value.clone());
        }
        row
    }
}
