//! Paths that are read and posted to, whose items have no paths of their own: which are lists that
//! are added to, and which are things that are set. What merely looks like one, as a search by
//! `POST` beside one by `GET`, is neither.

use super::Operations;
use super::key::alike;
use super::name::{IDS, words};
use super::paging::called;
use super::prepared::Outline;
use super::tie::Tie;
use super::tied::list_in;
use crate::spec::{ShapeId, Shapes};
use crate::wire::Method;

/// Names of what holds the key of an item that has no path, beside `note_id` of one of `notes`. Two
/// items may have the same `name`.
const KEYS: [&str; 4] = ["id", "_id", "uuid", "guid"];

impl Tie {
    /// Whether a `POST` to a path sets what its `GET` shows: it takes nothing else, and shows that.
    pub(super) fn is_set_by_post(&self, operations: &Operations) -> bool {
        let shapes = operations.shapes();
        let is_set = || {
            let (read, post) = self.read_and_posted(operations)?;
            let shown = read.shown?;
            let shows = post.shown.is_none_or(|id| is_same(shapes, id, shown));
            Some(shows && takes_of(post, shapes, shown))
        };
        is_set().unwrap_or(false)
    }

    /// The property that holds the key of the items of a list that a `POST` to its path adds to: it
    /// says that it makes one, or shows one that it was given.
    pub(super) fn key_of_added(&self, operations: &Operations) -> Option<String> {
        let shapes = operations.shapes();
        let (read, post) = self.read_and_posted(operations)?;
        let key_in = |row: ShapeId| self.key_of_row(shapes, &post.taken, row);
        let is_added = |row: ShapeId| {
            let made = post.shown.map(|made| {
                let inner = shapes.get(made).properties.values();
                let inner = inner.map(|property| shapes.of_property(property));
                std::iter::once(made).chain(inner).collect::<Vec<_>>()
            });
            let shows = |is: &dyn Fn(ShapeId) -> bool| {
                made.as_ref()
                    .is_some_and(|made| made.iter().any(|id| is(*id)))
            };
            let takes = takes_of(post, shapes, row);
            match post.success {
                201 => takes || shows(&|made| is_part(shapes, made, row)),
                _ => takes && shows(&|made| is_same(shapes, made, row)),
            }
        };
        let is_row = |id: ShapeId| key_in(id).is_some() && is_added(id);
        // What answers with a list is no item of it.
        if post
            .shown
            .is_some_and(|id| list_in(shapes, id, &is_row, called(&self.list_path)).is_some())
        {
            return None;
        }
        let (_, row) = list_in(shapes, read.shown?, &is_row, called(&self.list_path))?;
        match &self.hinted_key {
            Some(key) => Some(key.clone()),
            None => key_in(row),
        }
    }

    /// The property that holds the key of the items of a list that is only shown.
    pub(super) fn key_of_shown(&self, operations: &Operations) -> Option<String> {
        let shapes = operations.shapes();
        let read = operations.outline(operations.numbered(&Method::GET, &self.list_path)?);
        let key_in = |row: ShapeId| match &self.hinted_key {
            Some(key) => shapes
                .get(row)
                .properties
                .contains_key(key)
                .then(|| key.clone()),
            None => self.key_of_row(shapes, &[], row),
        };
        let is_row = |id: ShapeId| key_in(id).is_some();
        let (_, row) = list_in(shapes, read.shown?, &is_row, called(&self.list_path))?;
        key_in(row)
    }

    /// What tells of the path's `GET` and its `POST`, where neither merely asks for something.
    fn read_and_posted<'o>(
        &self,
        operations: &'o Operations,
    ) -> Option<(&'o Outline, &'o Outline)> {
        let of = |method| Some(operations.outline(operations.numbered(method, &self.list_path)?));
        let (read, post) = (of(&Method::GET)?, of(&Method::POST)?);
        let is_plain = !post.asks && !read.must_be_told && (200..300).contains(&post.success);
        is_plain.then_some((read, post))
    }

    /// The key of a row, where what a client sends of one is `taken`.
    fn key_of_row(&self, shapes: &Shapes, taken: &[ShapeId], row: ShapeId) -> Option<String> {
        let end = self.list_path.rsplit('/').next().unwrap_or_default();
        let one = end.strip_suffix('s').unwrap_or(end);
        let own = format!("{one}_id");
        let names = std::iter::once(own.as_str()).chain(KEYS);
        let properties = &shapes.get(row).properties;
        let named = names.filter_map(|name| {
            let mut properties = properties.iter();
            properties.find(|(property, _)| alike(property, name))
        });
        // What stands first, says that it is an id, and comes from no client: `noteId` of steps.
        let of_server = properties.first().filter(|(name, _)| {
            let is_id = words(name)
                .last()
                .is_some_and(|last| IDS.contains(&last.as_str()));
            let is_sent = taken
                .iter()
                .any(|taken| shapes.get(*taken).properties.contains_key(*name));
            is_id && !is_sent && !self.list_path.contains(&format!("{{{name}}}"))
        });
        let (name, property) = named.chain(of_server).next()?;
        let types = shapes.get(shapes.of_property(property)).types;
        (!types.has("object") && !types.has("array")).then(|| name.clone())
    }
}

/// Whether all that an operation is told of what it makes is also shown of it.
fn takes_of(post: &Outline, shapes: &Shapes, shown: ShapeId) -> bool {
    let mut taken = post.taken.iter();
    taken.any(|taken| is_part(shapes, *taken, shown))
}

/// Whether a shape has properties, and none that another hasn't.
fn is_part(shapes: &Shapes, part: ShapeId, whole: ShapeId) -> bool {
    let whole = &shapes.get(whole).properties;
    let mut names = shapes.get(part).properties.keys();
    names.len() > 0 && names.all(|name| whole.contains_key(name))
}

/// Whether two shapes have the same properties.
pub(super) fn is_same(shapes: &Shapes, one: ShapeId, other: ShapeId) -> bool {
    is_part(shapes, one, other) && is_part(shapes, other, one)
}
