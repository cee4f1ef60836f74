use super::area::Area;
use super::cursor::{self, Mark};
use super::filter::Condition;
use super::lead::count;
use super::{Cursor, LARGEST, Page, Paging, USUAL, order, search};
use crate::validate::{Place, Violation};
use serde_json::{Map, Value};

/// An item and its key.
type Keyed<'i> = (&'i str, &'i Value);

/// Where a page lies.
enum Lies<'p> {
    /// Behind so many items, and pages, where the request counts those.
    Behind(usize, Option<usize>),
    /// Next to what a cursor tells: behind it, or before.
    Next(&'p Cursor, &'p Value, bool),
    /// At the end.
    AtEnd,
}

/// Which items a request asks for.
struct Chosen<'q> {
    conditions: Vec<Condition<'q>>,
    words: Vec<String>,
    area: Option<Area>,
}

impl Chosen<'_> {
    fn is_all(&self) -> bool {
        self.conditions.is_empty() && self.words.is_empty() && self.area.is_none()
    }

    fn has(&self, item: &Value) -> bool {
        let mut conditions = self.conditions.iter();
        conditions.all(|condition| condition.holds(item))
            && search::holds(&self.words, item)
            && self.area.is_none_or(|area| area.has(item))
    }
}

impl Paging {
    /// The page that a request asks for. `items` are all, in the order in which they came;
    /// `len` is how many they are, where that is known: a list that is neither filtered nor
    /// sorted is then read no further than the page goes. What a request says that can't be meant
    /// (a page below the first, a size below none) counts as not said.
    ///
    /// # Errors
    /// The violation of a cursor that was never given out, and is the key of no item of the list.
    pub fn page<'i>(
        &self,
        items: impl Iterator<Item = Keyed<'i>>,
        len: Option<usize>,
        query: &Map<String, Value>,
    ) -> Result<Page<'i>, Violation> {
        let size = self.size_of(query);
        let wanted = self.wanted(query);
        let steps = self.order.steps(query, &self.properties);
        let lies = self.lies(query, size);
        let is_sorted = !steps.is_empty();
        if let (true, Some(total), Lies::Behind(offset, before)) =
            (wanted.is_all() && !is_sorted, len, &lies)
        {
            let offset = self.full(*offset, total);
            let shown = items.skip(offset).take(size.unwrap_or(usize::MAX));
            let page = self.shown(shown.collect(), offset, total, size);
            return Ok(Page {
                before: *before,
                ..page
            });
        }
        let mut chosen: Vec<Keyed<'i>> = items.filter(|(_, item)| wanted.has(item)).collect();
        if is_sorted {
            chosen = order::sort(chosen, &steps);
        }
        let mut number = None;
        let (offset, most) = match lies {
            Lies::Behind(offset, before) => {
                number = before;
                (offset, size)
            }
            Lies::AtEnd => (
                chosen.len().saturating_sub(size.unwrap_or(usize::MAX)),
                size,
            ),
            Lies::Next(cursor, value, is_back) => {
                let (is_back, place) = cursor.place(value, is_back, &chosen)?;
                match is_back {
                    false => (place, size),
                    true => {
                        let start = place.saturating_sub(size.unwrap_or(place));
                        (start, Some(place - start))
                    }
                }
            }
        };
        let total = chosen.len();
        let offset = self.full(offset, total);
        let most = most.map(|most| most.max(self.least));
        let shown = chosen.into_iter().skip(offset);
        let shown = shown.take(most.unwrap_or(usize::MAX)).collect();
        Ok(Page {
            before: number,
            is_sorted,
            ..self.shown(shown, offset, total, size)
        })
    }

    /// The items that a request asks for, on all pages, in no order.
    pub fn chosen<'i>(
        &self,
        items: impl Iterator<Item = Keyed<'i>>,
        query: &Map<String, Value>,
    ) -> impl Iterator<Item = &'i Value> {
        let wanted = self.wanted(query);
        items.filter_map(move |(_, item)| wanted.has(item).then_some(item))
    }

    fn wanted<'q>(&self, query: &'q Map<String, Value>) -> Chosen<'q> {
        let mut conditions: Vec<Condition<'q>> = Vec::new();
        for filter in &self.filters {
            filter.conditions(query, &self.properties, &mut conditions);
        }
        let searched = self.search.as_ref().and_then(|field| field.of(query));
        let words = searched.map(search::wanted).unwrap_or_default();
        let area = self.area.as_ref().and_then(|field| field.of(query));
        Chosen {
            conditions,
            words,
            area: area.and_then(Area::asked),
        }
    }

    /// Where a page begins that has as many items as the schema asks for at least, as far as there
    /// are so many.
    fn full(&self, offset: usize, total: usize) -> usize {
        match self.least.min(total) {
            0 => offset,
            least => offset.min(total - least),
        }
    }

    fn size_of(&self, query: &Map<String, Value>) -> Option<usize> {
        let size = self.asked_size(query)?;
        let room = self.room.unwrap_or(usize::MAX);
        Some(size.min(room).max(self.least))
    }

    /// The cursor that leads on behind an item of a page; nothing where the operation has none.
    pub fn cursor_behind(&self, page: &Page<'_>, number: usize) -> Option<String> {
        let (key, _) = page.items.get(number)?;
        let cursor = self.forward.as_ref()?;
        Some(cursor.write(false, page.offset.saturating_add(number + 1), key))
    }

    fn asked_size(&self, query: &Map<String, Value>) -> Option<usize> {
        let Some(size) = &self.size else {
            let has_pages = !self.place_fields().is_empty();
            return has_pages.then_some(USUAL);
        };
        let most = size.most.unwrap_or(LARGEST).min(LARGEST);
        let given = || {
            let given = size.fields.iter();
            given.filter_map(|(field, default)| Some((field.of(query).and_then(count)?, *default)))
        };
        // A default stands in the query as well, and says nothing against what was given.
        let asked = given().find(|(asked, default)| Some(*asked) != *default);
        let asked = asked.or_else(|| given().next()).map(|(asked, _)| asked);
        asked
            .or(size.usual)
            .or(size.most)
            .map(|size| size.min(most))
    }

    fn lies<'p>(&'p self, query: &'p Map<String, Value>, size: Option<usize>) -> Lies<'p> {
        let cursors = [(&self.forward, false), (&self.backward, true)];
        for (cursor, is_back) in cursors {
            if let Some(cursor) = cursor
                && let Some(value) = cursor.field.of(query)
            {
                return Lies::Next(cursor, value, is_back);
            }
        }
        if self.last.as_ref().and_then(|last| last.of(query)).is_some() {
            return Lies::AtEnd;
        }
        let said = |counted: &Option<(super::Field, usize)>| {
            let (field, first) = counted.as_ref()?;
            Some(field.of(query).and_then(count)?.saturating_sub(*first))
        };
        if let Some(offset) = said(&self.offset).filter(|offset| *offset > 0) {
            return Lies::Behind(offset, None);
        }
        let before = said(&self.number);
        let behind = before.unwrap_or(0).saturating_mul(size.unwrap_or(0));
        Lies::Behind(behind, before)
    }

    fn shown<'i>(
        &self,
        items: Vec<Keyed<'i>>,
        offset: usize,
        total: usize,
        size: Option<usize>,
    ) -> Page<'i> {
        let first = |counted: &Option<(super::Field, usize)>, usual| {
            counted.as_ref().map_or(usual, |(_, first)| *first)
        };
        let mut page = Page {
            items,
            total,
            size,
            offset,
            before: None,
            is_sorted: false,
            first_number: first(&self.number, 1),
            first_offset: first(&self.offset, 0),
            next_cursor: None,
            previous_cursor: None,
            cursors_at_ends: (None, None),
        };
        let either = self.forward.as_ref().or(self.backward.as_ref());
        let (from, to) = (page.items.first(), page.items.last());
        if let (Some(cursor), Some((from, _)), Some((to, _))) = (either, from, to) {
            let end = page.end();
            let back = self.backward.as_ref().unwrap_or(cursor);
            page.cursors_at_ends = (
                Some(back.write(true, offset, from)),
                Some(cursor.write(false, end, to)),
            );
        }
        if page.has_more()
            && let (Some(cursor), Some((key, _))) = (&self.forward, page.items.last())
        {
            page.next_cursor = Some(cursor.write(false, page.end(), key));
        }
        // One parameter for both ways is told the way by the cursor, which a key doesn't tell.
        let forward = self.forward.as_ref().filter(|cursor| !cursor.is_key);
        if page.has_previous()
            && let Some(cursor) = self.backward.as_ref().or(forward)
            && let Some((key, _)) = page.items.first()
        {
            page.previous_cursor = Some(cursor.write(true, offset, key));
        }
        page
    }
}

impl Cursor {
    fn write(&self, is_back: bool, position: usize, key: &str) -> String {
        match self.is_key {
            true => key.to_owned(),
            false => cursor::write(&Mark {
                is_back,
                position,
                key: key.to_owned(),
            }),
        }
    }

    /// Which way a cursor leads, and how many of the items come before the place that it tells.
    fn place(
        &self,
        value: &Value,
        is_back: bool,
        items: &[Keyed<'_>],
    ) -> Result<(bool, usize), Violation> {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let at = |key: &str| items.iter().position(|(known, _)| *known == key);
        let beside = |is_back: bool, index: usize| index + usize::from(!is_back);
        let by_key = || at(&text).map(|index| (is_back, beside(is_back, index)));
        let by_mark = || {
            let mark = cursor::read(&text)?;
            let index = mark.position.checked_sub(usize::from(!mark.is_back));
            let is_there =
                |index: &usize| items.get(*index).is_some_and(|(key, _)| *key == mark.key);
            let index = index.filter(is_there).or_else(|| at(&mark.key));
            // What stood behind an item that is gone stands where it stood.
            let gone = mark.position.saturating_sub(usize::from(!mark.is_back));
            let place = index.map_or(gone, |index| beside(mark.is_back, index));
            Some((mark.is_back, place.min(items.len())))
        };
        let found = match self.is_key {
            true => by_key().or_else(by_mark),
            false => by_mark().or_else(by_key),
        };
        let by_number = || {
            let wanted = value.as_f64().filter(|_| self.is_number)?;
            let is_behind = |key: &str| match key.parse::<f64>() {
                Ok(key) if is_back => key >= wanted,
                Ok(key) => key > wanted,
                Err(_) => false,
            };
            let place = items.iter().position(|(key, _)| is_behind(key));
            Some((is_back, place.unwrap_or(items.len())))
        };
        let as_written = || self.written.contains(value).then_some((false, 0));
        let found = found.or_else(by_number).or_else(as_written);
        found.ok_or_else(|| Violation {
            place: Place::Query(self.field.parameter().to_owned()),
            rule: "cursor".to_owned(),
            detail: match self.is_key {
                true => "is the key of no item of this list".to_owned(),
                false => "is no cursor that a page of this list has given".to_owned(),
            },
            origin: None,
        })
    }
}
