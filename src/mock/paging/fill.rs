use super::frame::{Form, Frame, Meaning, Member};
use super::{Page, Turn};
use serde_json::{Map, Value, json};

impl Frame {
    /// Sets the members of a reply that tell of the list to what is true of the page. The items
    /// themselves, and members that aren't declared to tell of it, are left alone. `url_of` gives
    /// the address of another page, where there is such a page.
    ///
    /// What there isn't (a next page, behind the last) is null where the shape allows that, else
    /// absent, else an empty text or the page itself, so that the reply is a documented one.
    pub fn fill(
        &self,
        reply: &mut Value,
        page: &Page<'_>,
        url_of: impl Fn(Turn) -> Option<String>,
    ) {
        for member in &self.members {
            member.tell(reply, page, &url_of);
        }
        for leads in &self.leads {
            leads.tell(reply, &url_of);
        }
        if let Some(nodes) = &self.nodes
            && let Some(Value::Array(rows)) = self.items.get(reply)
        {
            let items = rows.iter().filter_map(|row| row.get(&nodes.of)).cloned();
            let items = items.collect();
            nodes.at.set(reply, Value::Array(items));
        }
    }

    /// The same, but for members that would make the reply one that isn't valid.
    pub fn fill_as_far(
        &self,
        reply: &mut Value,
        page: &Page<'_>,
        url_of: impl Fn(Turn) -> Option<String>,
        is_valid: &dyn Fn(&Value) -> bool,
    ) {
        for member in &self.members {
            let mut told = reply.clone();
            member.tell(&mut told, page, &url_of);
            if told != *reply && is_valid(&told) {
                *reply = told;
            }
        }
    }
}

impl Frame {
    /// Takes away what a reply tells of the page that another doesn't, as far as it stays valid:
    /// where nothing comes behind, nothing leads there.
    pub fn untell(&self, reply: &mut Value, other: &Value, is_valid: &dyn Fn(&Value) -> bool) {
        for member in &self.members {
            if member.at.get(other).is_none() && member.at.get(reply).is_some() {
                let mut less = reply.clone();
                member.at.remove(&mut less);
                if is_valid(&less) {
                    *reply = less;
                }
            }
        }
    }

    /// What a reply itself says of how many items there are on all pages, and on one.
    pub fn said(&self, reply: &Value) -> (Option<usize>, Option<usize>) {
        let says = |meaning| {
            let mut members = self.members.iter();
            let member = members.find(|member| member.meaning == meaning)?;
            usize::try_from(member.at.get(reply)?.as_u64()?).ok()
        };
        (says(Meaning::Total), says(Meaning::Size))
    }
}

impl Member {
    pub(super) fn tell(
        &self,
        reply: &mut Value,
        page: &Page<'_>,
        url_of: &dyn Fn(Turn) -> Option<String>,
    ) {
        let form = &self.form;
        let value = match self.meaning.told(page, url_of) {
            Some(value) => Some(form.written(value)),
            None if form.may_be_null => Some(Value::Null),
            None if form.may_be_absent => return self.at.remove(reply),
            None if form.is_number => Some(form.written(json!(page.number()))),
            None if form.is_uri || form.is_link => url_of(Turn::Here).map(Value::String),
            None => Some(json!("")),
        };
        if let Some(value) = value {
            match value.is_null() {
                true => _ = self.at.set(reply, value),
                false => self.put(reply, value),
            }
        }
    }

    fn put(&self, reply: &mut Value, value: Value) {
        if !self.form.is_link {
            self.at.set(reply, value);
            return;
        }
        // Beside `href` a link may have more, which stays.
        let is_object = self.at.get(reply).is_some_and(Value::is_object);
        if !is_object {
            self.at.set(reply, Value::Object(Map::new()));
        }
        self.at.child("href").set(reply, value);
    }
}

impl Form {
    /// A value as the number or text that is declared: of numbers that can't be, the nearest.
    fn written(&self, value: Value) -> Value {
        match value {
            Value::Number(number) if self.is_text => Value::String(number.to_string()),
            Value::Number(number) => match number.as_u64() {
                Some(count) => json!(count.clamp(self.least.min(self.most), self.most)),
                None => Value::Number(number),
            },
            Value::String(text) if self.is_number => match text.parse() {
                Ok(number) => Value::Number(number),
                Err(_) => Value::String(text),
            },
            other => other,
        }
    }
}

impl Meaning {
    /// What is true of the page; nothing where there is no such thing.
    pub(super) fn told(
        self,
        page: &Page<'_>,
        url_of: &dyn Fn(Turn) -> Option<String>,
    ) -> Option<Value> {
        let url = |turn| url_of(turn).map(Value::String);
        let text = |text: &Option<String>| text.clone().map(Value::String);
        let key = |item: Option<&(&str, &Value)>| Some(json!(item?.0));
        Some(match self {
            Meaning::Total => json!(page.total),
            Meaning::Shown => json!(page.items.len()),
            // Where all are shown a page is as large as they are.
            Meaning::Size => json!(page.size.unwrap_or(page.total)),
            Meaning::Pages => json!(page.pages()),
            Meaning::Number => json!(page.number()),
            Meaning::FirstNumber => json!(page.first_number),
            Meaning::LastNumber => json!(page.last_number()),
            Meaning::NextNumber => json!(page.has_more().then(|| page.number().saturating_add(1))?),
            Meaning::PreviousNumber => {
                let last = page.last_number();
                json!(
                    page.has_previous()
                        .then(|| page.number().saturating_sub(1).min(last))?
                )
            }
            Meaning::Offset => json!(page.offset.saturating_add(page.first_offset)),
            Meaning::NextOffset => json!(
                page.has_more()
                    .then(|| page.end().saturating_add(page.first_offset))?
            ),
            Meaning::From => json!((!page.items.is_empty()).then(|| page.offset + 1)?),
            Meaning::To => json!((!page.items.is_empty()).then(|| page.end())?),
            Meaning::HasMore => json!(page.has_more()),
            Meaning::HasPrevious => json!(page.has_previous()),
            Meaning::IsFirst => json!(page.offset == 0),
            Meaning::IsLast => json!(!page.has_more()),
            Meaning::IsEmpty(is_so) => json!(page.items.is_empty() == is_so),
            Meaning::IsPaged(is_so) => json!(page.size.is_some() == is_so),
            Meaning::IsSorted(is_so) => json!(page.is_sorted == is_so),
            Meaning::NextCursor => text(&page.next_cursor)?,
            Meaning::PreviousCursor => text(&page.previous_cursor)?,
            Meaning::FirstCursor => text(&page.cursors_at_ends.0)?,
            Meaning::LastCursor => text(&page.cursors_at_ends.1)?,
            Meaning::FirstKey => key(page.items.first())?,
            Meaning::LastKey => key(page.items.last())?,
            Meaning::Next if page.has_more() => {
                text(&page.next_cursor).or_else(|| url(Turn::Next))?
            }
            Meaning::Previous if page.has_previous() => {
                text(&page.previous_cursor).or_else(|| url(Turn::Previous))?
            }
            Meaning::Next | Meaning::Previous => return None,
            Meaning::NextUrl => url(Turn::Next)?,
            Meaning::PreviousUrl => url(Turn::Previous)?,
            Meaning::FirstUrl => url(Turn::First)?,
            Meaning::LastUrl => url(Turn::Last)?,
            Meaning::ThisUrl => url(Turn::Here)?,
            Meaning::Range => match page.end().checked_sub(1) {
                Some(last) if !page.items.is_empty() => {
                    json!(format!("{}-{last}/{}", page.offset, page.total))
                }
                _ => json!(format!("*/{}", page.total)),
            },
        })
    }
}
