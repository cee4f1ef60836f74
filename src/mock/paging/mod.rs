//! What the query parameters of a list mean, and which of its items a request is shown.
//!
//! Takes the declared parameters and the shape of an item, once per operation, and a request's
//! decoded query with the items in order; gives a [`Page`] and the addresses of others. What a
//! parameter means is read from its name, however it is written, and from its type.

mod area;
mod bounds;
mod cursor;
mod fields;
mod fill;
mod filter;
mod frame;
mod lead;
mod leads;
mod link;
mod measure;
mod order;
mod page;
mod position;
mod property;
mod roles;
mod rows;
mod search;
mod sums;
#[cfg(test)]
mod tests;
mod told;

pub use self::fields::ListFields;
use self::filter::Filter;
pub use self::frame::Frame;
use self::lead::Field;
pub(in crate::mock) use self::link::link_to_itself;
use self::order::Order;
pub use self::page::Page;
use self::property::Properties;
pub(in crate::mock) use self::property::say;
pub(in crate::mock) use self::rows::{called, find};
use super::name;
use serde_json::{Map, Value};

/// How many items a page has where its size isn't said, and others can be asked for: what most
/// documents say that say it. Fixtures of a few items still come whole, and a million don't.
const USUAL: usize = 20;
/// The most items that a page has, whatever is asked for where no maximum is documented.
const LARGEST: usize = 10_000;

/// What the query parameters of a list mean.
#[derive(Debug, Clone, Default)]
pub struct Paging {
    size: Option<Size>,
    /// The number of a page, and what the first is counted as.
    number: Option<(Field, usize)>,
    /// How many items come before, and what the first is counted as.
    offset: Option<(Field, usize)>,
    forward: Option<Cursor>,
    backward: Option<Cursor>,
    /// How many items are shown that come last, where a request says that.
    last: Option<Field>,
    order: Order,
    search: Option<Field>,
    /// What says in which part of the world the items are.
    area: Option<Field>,
    filters: Vec<Filter>,
    properties: Properties,
    /// How many items a page has at least, and at most, by the schema of the reply.
    least: usize,
    room: Option<usize>,
}

/// How many items a page has.
#[derive(Debug, Clone, Default)]
struct Size {
    /// The parameters for it, of which some documents have an old one and a new one, each with
    /// what it is where a request doesn't say.
    fields: Vec<(Field, Option<usize>)>,
    /// Where a request doesn't say; all where nothing is said here either.
    usual: Option<usize>,
    most: Option<usize>,
}

/// A parameter that says next to which item a page lies.
#[derive(Debug, Clone)]
struct Cursor {
    field: Field,
    /// Whether it is given the keys of items, and no opaque text.
    is_key: bool,
    /// Whether keys are numbers, of which one that isn't there has a place all the same.
    is_number: bool,
    /// What the document writes out for it, which no page may have given and leads to the first.
    written: Vec<Value>,
}

/// Another page of the same list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The same page.
    Here,
    /// The first.
    First,
    /// The one before.
    Previous,
    /// The one behind.
    Next,
    /// The last.
    Last,
}

impl Paging {
    /// What is read from the parameters, for people: the role of each and its name.
    pub fn told(&self) -> Vec<(&'static str, String)> {
        let mut told = Vec::new();
        let mut tell = |role, field: Option<&Field>| {
            told.extend(field.map(|field| (role, field.wire.clone())));
        };
        for (field, _) in self.size.iter().flat_map(|size| &size.fields) {
            tell("size", Some(field));
        }
        tell("page", self.number.as_ref().map(|(field, _)| field));
        tell("offset", self.offset.as_ref().map(|(field, _)| field));
        tell("cursor", self.forward.as_ref().map(|cursor| &cursor.field));
        tell(
            "cursor back",
            self.backward.as_ref().map(|cursor| &cursor.field),
        );
        tell("search", self.search.as_ref());
        tell("area", self.area.as_ref());
        told.extend(self.order.told().map(|name| ("sort", name.to_owned())));
        for filter in &self.filters {
            let (name, property) = filter.told();
            told.push(match property {
                Some(property) if property != name => ("filter", format!("{name} ({property})")),
                _ => ("filter", name.to_owned()),
            });
        }
        told
    }

    /// The same without what searches: of items that were made up each is as good a find.
    pub fn unsearched(self) -> Paging {
        Paging {
            search: None,
            ..self
        }
    }

    /// Whether a request can choose items by what they say.
    pub fn has_filters(&self) -> bool {
        !self.filters.is_empty() || self.area.is_some()
    }

    /// Whether a parameter of a query chooses items by what they say, or sorts them by something.
    pub fn chooses_by(&self, parameter: &str, query: &Map<String, Value>) -> bool {
        let filters = self.filters.iter().map(Filter::field);
        let is_sorted = self.order.is_by_something(query);
        let order = self.order.fields().filter(|_| is_sorted);
        let mut fields = filters.chain(order);
        fields.any(|field| field.parameter() == parameter)
    }

    /// A request without what it says of the page that it wants.
    pub fn unplaced(&self, mut query: Map<String, Value>) -> Map<String, Value> {
        for field in self.place_fields() {
            query.shift_remove(field.parameter());
        }
        query
    }

    /// What a request says that items are, by the names of their properties, where it says one
    /// thing of each.
    pub fn said_of_items(&self, query: &Map<String, Value>) -> Vec<(String, Value)> {
        let said = self.filters.iter();
        said.filter_map(|filter| filter.said(query)).collect()
    }

    /// Whether a request can say which page it wants, or how many items.
    pub fn is_by_pages(&self) -> bool {
        self.size.is_some() || !self.place_fields().is_empty()
    }

    /// The parameters that say which page is meant.
    fn place_fields(&self) -> Vec<&Field> {
        let cursors = [self.forward.as_ref(), self.backward.as_ref()];
        let cursors = cursors.into_iter().flatten().map(|cursor| &cursor.field);
        let counted = [self.number.as_ref(), self.offset.as_ref()];
        let counted = counted.into_iter().flatten().map(|(field, _)| field);
        counted.chain(cursors).collect()
    }
}
