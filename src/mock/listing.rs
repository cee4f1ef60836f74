//! A list of items: which of them a request is shown, and what stands beside them.

use super::find::belongs;
use super::name::plain;
use super::paging::{Frame, ListFields, Page, Paging, Turn};
use super::path_names::said_around;
use super::prepared::Contents;
use super::{Binding, Prepared, PreparedContent, Rejection, project};
use crate::decode::Parameters;
use crate::spec::{ShapeId, Shapes};
use crate::store::State;
use crate::validate::View;
use crate::wire::{Pointer, Reply, Request, decode_percent};
use serde_json::{Map, Value, json};

/// What a list operation means, read once.
#[derive(Debug)]
pub struct Listing {
    /// What its query parameters say.
    pub paging: Paging,
    /// What stands beside the items in its reply, by the shapes of its media types; the first is
    /// that of the one that says what there is. None where no schema tells.
    pub(super) frames: Vec<(ShapeId, Frame)>,
    /// What of the reply's header fields tells of the list.
    pub fields: ListFields,
    /// How a row is about an item, where it isn't the item itself.
    pub row: Option<Row>,
}

/// A row that is about an item, as the edges of a connection are: `{"cursor": …, "node": {…}}`.
#[derive(Debug, Clone)]
pub struct Row {
    /// The property that holds the item.
    pub node: String,
    /// The property that says where the list goes on behind it.
    pub cursor: Option<String>,
}

impl Row {
    /// How a row of a shape is about an item, and the item's shape.
    pub fn of(shapes: &Shapes, row: ShapeId) -> Option<(Row, ShapeId)> {
        let properties = &shapes.get(row).properties;
        let named = |wanted: &str| properties.iter().find(|(name, _)| plain(name) == wanted);
        let (node, property) = named("node")?;
        let item = shapes.of_property(property);
        let row = Row {
            node: node.clone(),
            cursor: named("cursor").map(|(name, _)| name.clone()),
        };
        (!shapes.get(item).properties.is_empty()).then_some((row, item))
    }

    /// The row of an item.
    fn around(&self, item: Value, cursor: Option<String>) -> Value {
        let cursor = self.cursor.clone().zip(cursor.map(Value::String));
        let members = cursor.into_iter().chain([(self.node.clone(), item)]);
        Value::Object(members.collect())
    }
}

/// A list as a reply shows it.
#[derive(Debug)]
pub struct Listed {
    /// The reply's body.
    pub body: Value,
    /// A `Link` field to other pages, where there are some.
    pub link: Option<String>,
    /// What documented header fields say of the list, by their numbers in the response; nothing
    /// where there is no such thing, as a page behind the last.
    pub told: Vec<(usize, Option<Value>)>,
}

/// What a list is made of, and for whom.
pub struct Asked<'a> {
    /// The operation's tie.
    pub binding: &'a Binding,
    /// The success response's body.
    pub content: Option<&'a PreparedContent>,
    /// The request's parameters.
    pub parameters: &'a Parameters,
    /// The request.
    pub request: &'a Request,
    /// The operation.
    pub operation: &'a Prepared,
    /// What stands before the request's target in a URL.
    pub base: String,
}

impl Asked<'_> {
    /// The body of a list: the items of the collection that hang on the path's parents, as far as
    /// the query parameters ask for them.
    pub fn list(&self, contents: Contents<'_>, state: &State) -> Result<Listed, Rejection> {
        let binding = self.binding;
        let collection = state.collection(&binding.place(self.parameters));
        let is_seeded = binding.is_seeded && !binding.parents.is_empty();
        let is_whole = !is_seeded && binding.scope.is_none();
        let total = collection.map_or(0, |collection| collection.len());
        let is_here = |item: &Value| {
            let mut parents = binding.parents.iter().filter(|_| is_seeded);
            parents.all(|p| belongs(item, &p.parameter, self.parameters))
                && (binding.scope.as_ref()).is_none_or(|scope| scope.has(item, self.parameters))
        };
        let items = || {
            let items = collection.into_iter().flat_map(|all| all.iter());
            let items = items.map(|(key, item)| (key, item.value.as_ref()));
            items.filter(|(_, item)| is_here(item))
        };
        self.page(contents, items, is_whole.then_some(total))
    }

    /// The same of items that nobody has written.
    pub fn of_rows(
        &self,
        contents: Contents<'_>,
        rows: &[(String, Value)],
    ) -> Result<Listed, Rejection> {
        let items = || rows.iter().map(|(key, item)| (key.as_str(), item));
        self.page(contents, items, Some(rows.len()))
    }

    fn page<'i, I: Iterator<Item = (&'i str, &'i Value)>>(
        &self,
        contents: Contents<'_>,
        items: impl Fn() -> I,
        len: Option<usize>,
    ) -> Result<Listed, Rejection> {
        let none = Paging::default();
        let listing = self.binding.listing.as_deref();
        let paging = listing.map_or(&none, |listing| &listing.paging);
        let asked = asked(paging, &self.parameters.query, self.request.query());
        let sums = listing.is_some_and(|listing| {
            let shape = self.content.and_then(|content| content.shape);
            listing.frame_of(shape).is_some_and(Frame::has_sums)
        });
        let all = sums.then(&items);
        let page = paging.page(items(), len, &asked);
        let page = page.or_else(|violation| match self.operation.documents_refusals() {
            true => Err(Rejection::Invalid(vec![violation])),
            // Nothing is behind what isn't there.
            false => {
                let page = paging.page(items().take(0), Some(0), &paging.unplaced(asked.clone()));
                page.map_err(|violation| Rejection::Invalid(vec![violation]))
            }
        })?;
        let row = listing.and_then(|listing| listing.row.as_ref());
        let shown = page.items.iter().enumerate();
        let shown = shown.map(|(number, (_, item))| match row {
            Some(row) => row.around((*item).clone(), paging.cursor_behind(&page, number)),
            None => (*item).clone(),
        });
        let shown: Vec<Value> = shown.collect();
        let target = &self.request.target;
        let shape = self.content.and_then(|content| content.shape);
        let frame = listing.and_then(|listing| listing.frame_of(shape));
        let shown_as =
            |body: &Value| project(contents.shapes, shape, body, View::Reply).into_owned();
        let body = match frame {
            _ if self.content.is_some_and(|content| content.is_of_rows) => {
                shown.iter().map(shown_as).collect()
            }
            _ if let Some(content) = self.content
                && let Some(item) = content.item_shape =>
            {
                let first = listing.and_then(|listing| listing.frames.first());
                let usual = first.and_then(|(whole, frame)| frame.row(contents.shapes, *whole));
                let rows = shown.iter();
                rows.map(|row| in_stream(contents, content, (item, usual), row))
                    .collect()
            }
            Some(frame) => {
                let mut body = frame.around(shown);
                frame.fill(&mut body, &page, |turn| self.url(paging, &page, turn));
                if let Value::Object(members) = &mut body
                    && let Some(shape) = shape
                {
                    let path = &self.parameters.path;
                    members.extend(said_around(
                        &self.operation.path_names,
                        contents.shapes,
                        shape,
                        path,
                    ));
                }
                if let Some(all) = all {
                    let all: Vec<&Value> = paging.chosen(all, &asked).collect();
                    frame.sum_up(&mut body, &all);
                }
                shown_as(&body)
            }
            None => shown_as(&self.binding.wrapped(Value::Array(shown))),
        };
        let url = |turn| self.url(paging, &page, turn);
        Ok(Listed {
            told: listing.map_or_else(Vec::new, |listing| listing.fields.told(&page, url)),
            body,
            link: paging.link_header(&page, &self.base, target),
        })
    }

    /// What documented header fields say of a list that someone wrote: of as many items as it says
    /// itself, else of its rows. Nothing where neither is known.
    pub fn told_of(&self, body: &Value, rows: impl Fn() -> usize) -> Vec<(usize, Option<Value>)> {
        let listing = self.binding.listing.as_deref();
        let Some(listing) = listing.filter(|listing| !listing.fields.is_empty()) else {
            return Vec::new();
        };
        let said = listing.frame().map(|frame| frame.said(body));
        let (total, size) = said.unwrap_or_default();
        let Some(total) = total.or_else(|| Some(rows()).filter(|rows| *rows > 0)) else {
            return Vec::new();
        };
        let page = Page {
            total,
            size,
            ..Page::whole(Vec::new())
        };
        listing.fields.told(&page, |_| None)
    }

    fn url(&self, paging: &Paging, page: &Page<'_>, turn: Turn) -> Option<String> {
        let target = paging.target(page, turn, &self.request.target)?;
        Some(format!("{}{target}", self.base))
    }
}

/// An item as a media type has it that is written item by item: as it is, or as the data of an
/// event, where that is what its items are, of the shape that it has where a list is written whole.
fn in_stream(
    contents: Contents<'_>,
    content: &PreparedContent,
    (item, usual): (ShapeId, Option<ShapeId>),
    row: &Value,
) -> Value {
    let shapes = contents.shapes;
    let plain = project(shapes, Some(item), row, View::Reply).into_owned();
    let is_valid = |row: &Value| {
        let schema = content.item_schema;
        schema.is_none_or(|schema| contents.schemas.is_valid(schema, row))
    };
    let data = shapes.get(item).properties.get("data");
    let Some(data) = data.filter(|_| !is_valid(&plain)) else {
        return plain;
    };
    let id = shapes.of_property(data);
    let data = match (shapes.get(id).types.has("object"), usual) {
        (true, _) => project(shapes, Some(id), row, View::Reply).into_owned(),
        (false, Some(_)) => project(shapes, usual, row, View::Reply).to_string().into(),
        (false, None) => return plain,
    };
    json!({ "data": data })
}

/// The parameters that a query names, by themselves or by their members, and those that choose and
/// sort by default: what places a page by default, a client that doesn't name it didn't ask for.
pub(super) fn asked(
    paging: &Paging,
    parameters: &Map<String, Value>,
    query: &str,
) -> Map<String, Value> {
    let asked = parameters.iter().filter(|(name, value)| {
        let mut members = value.as_object().into_iter().flat_map(Map::keys);
        is_named(query, name)
            || members.any(|name| is_named(query, name))
            || paging.chooses_by(name, parameters)
    });
    asked
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Whether a query names a parameter, or a member of one.
fn is_named(query: &str, name: &str) -> bool {
    query.split('&').any(|pair| {
        let given = pair.split('=').next().unwrap_or("");
        let given = decode_percent(given).unwrap_or_default();
        let rest = given.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
    })
}

impl Listing {
    /// What a reply itself says of how many items there are on all pages: beside the items, else in
    /// a header field.
    pub fn total(&self, operation: &Prepared, reply: &Reply) -> Option<usize> {
        let body = reply.body_json();
        let told = body
            .zip(self.frame())
            .and_then(|(body, frame)| frame.said(&body).0);
        told.or_else(|| {
            let response = operation.response(reply.status.as_u16())?;
            self.fields.total(response, reply)
        })
    }

    /// What the list of an operation means whose items have a shape, where that is known. `is_item`
    /// tells whether an item of a reply is one of the list.
    pub fn of(
        operation: &Prepared,
        shapes: &Shapes,
        items: Option<ShapeId>,
        row: Option<Row>,
        is_item: &dyn Fn(ShapeId) -> bool,
    ) -> Listing {
        let response = operation.response(operation.declared.success());
        let others = response.into_iter().flat_map(|response| &response.contents);
        let contents = operation.success_body().into_iter().chain(others);
        let mut frames: Vec<(ShapeId, Frame)> = Vec::new();
        for id in contents.filter_map(|content| content.shape) {
            if items.is_some()
                && frames.iter().all(|(known, _)| *known != id)
                && let Some(frame) = Frame::of(shapes, id, is_item, operation.called())
            {
                frames.push((id, frame));
            }
        }
        let frame = frames.first().map(|(_, frame)| frame);
        Listing {
            paging: Paging::of(&operation.parameters, shapes, items, frame),
            fields: response.map_or_else(ListFields::default, |response| {
                ListFields::of(response, shapes)
            }),
            frames,
            row,
        }
    }

    /// The item that a row shows.
    pub(super) fn item_of<'r>(&self, row: &'r Value) -> &'r Value {
        let item = self.row.as_ref().and_then(|about| row.get(&about.node));
        item.unwrap_or(row)
    }

    /// The same, to be changed.
    pub(super) fn item_of_mut<'r>(&self, row: &'r mut Value) -> &'r mut Value {
        let about = self.row.as_ref();
        match about.filter(|about| row.get(&about.node).is_some()) {
            Some(about) => &mut row[&about.node],
            None => row,
        }
    }

    /// Takes from a list that was made like one what this doesn't tell of its page.
    pub fn untell(
        &self,
        contents: Contents<'_>,
        shown: &PreparedContent,
        made: &mut Value,
        list: &Value,
    ) {
        if let Some(frame) = self.frame_of(shown.shape) {
            frame.untell(made, list, &|value| shown.is_valid(contents, value));
        }
    }

    /// What stands beside the items in the media type that says what there is.
    pub fn frame(&self) -> Option<&Frame> {
        self.frames.first().map(|(_, frame)| frame)
    }

    /// The same in one whose body is of a shape.
    pub fn frame_of(&self, shape: Option<ShapeId>) -> Option<&Frame> {
        let mut frames = self.frames.iter();
        let found = frames.find(|(known, _)| Some(*known) == shape);
        found.map(|(_, frame)| frame)
    }

    /// Where the items stand in the reply, by the names of properties.
    pub fn place(&self) -> Option<Vec<String>> {
        let frame = self.frame()?;
        Some(Pointer::tokens(&frame.items).collect())
    }
}
