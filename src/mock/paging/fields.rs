//! The header fields of a list's reply that tell of the list: `X-Total-Count`, `X-Next-Page`.

use super::frame::{Meaning, Member, PAGES, Told, Word, is_total, members_alone};
use super::name::plain;
use super::{Page, Turn};
use crate::mock::PreparedResponse;
use crate::spec::Shapes;
use crate::wire::{Reply, header};
use serde_json::{Map, Value};

/// Which of a response's header fields tell of the list, by their numbers among its fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListFields(Vec<(usize, Tells)>);

/// What a field tells.
#[derive(Debug, Clone, PartialEq)]
enum Tells {
    One(Meaning),
    /// All in one object, as `X-Pagination`.
    Several(Vec<Member>),
    /// Which items these are, in this unit (RFC 9110 §14.4).
    Range(String),
}

impl ListFields {
    /// Those of the response of a list.
    pub fn of(response: &PreparedResponse, shapes: &Shapes) -> ListFields {
        let fields = response.fields.iter().enumerate();
        let named: Vec<(usize, String)> = fields
            .map(|(number, field)| (number, bare(field.reader.name.as_str())))
            .collect();
        let has = |wanted: &dyn Fn(&str) -> bool| named.iter().any(|(_, name)| wanted(name));
        let told = Told {
            has_total: has(&is_total),
            has_page_length: has(&|name| name == "pagelen"),
            has_pages: has(&|name| PAGES.contains(&name)),
            has_flag: false,
        };
        let meant = named.iter().filter_map(|(number, name)| {
            let reader = &response.fields[*number].reader;
            let declared = &reader.declared;
            if reader.name == header::CONTENT_RANGE {
                return Some((*number, Tells::Range(unit(&declared.examples))));
            }
            let id = shapes.of(declared.schema?);
            let shape = shapes.get(id);
            if !shape.properties.is_empty() {
                let members = || members_alone(shapes, id);
                let several = holds_pages(reader.name.as_str()).then(members)?;
                return (!several.is_empty()).then_some((*number, Tells::Several(several)));
            }
            let word = Word {
                name,
                holder: "",
                shape,
                is_link: false,
                is_uri: false,
                description: "",
            };
            // A text in a field may be a number all the same.
            let counts = || match is_total(name) {
                true => Some(Meaning::Total),
                false => word.of_number(&told),
            };
            let is_text = shape.types.has("string");
            let number_in_text = is_text.then(counts).flatten();
            let meaning = number_in_text.or_else(|| word.meaning(&told))?;
            Some((*number, Tells::One(meaning)))
        });
        ListFields(meant.collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a reply itself says in them of how many items there are on all pages.
    pub fn total(&self, response: &PreparedResponse, reply: &Reply) -> Option<usize> {
        let is_total = |(_, tells): &&(usize, Tells)| *tells == Tells::One(Meaning::Total);
        let (number, _) = self.0.iter().find(is_total)?;
        let name = &response.fields.get(*number)?.reader.name;
        reply.header(name)?.trim().parse().ok()
    }

    /// What each of them says of a page, by its number; nothing where there is no such thing.
    pub fn told(
        &self,
        page: &Page<'_>,
        url_of: impl Fn(Turn) -> Option<String>,
    ) -> Vec<(usize, Option<Value>)> {
        let fields = self.0.iter();
        let told = fields.map(|(number, tells)| {
            let value = match tells {
                Tells::One(meaning) => meaning.told(page, &url_of),
                Tells::Several(members) => {
                    let mut all = Value::Object(Map::new());
                    for member in members {
                        member.tell(&mut all, page, &url_of);
                    }
                    Some(all)
                }
                Tells::Range(unit) => {
                    let range = Meaning::Range.told(page, &url_of);
                    let range = range.as_ref().and_then(Value::as_str);
                    range.map(|range| Value::String(format!("{unit} {range}")))
                }
            };
            (*number, value)
        });
        told.collect()
    }
}

/// Whether an object in a field of this name tells of a list's pages: `X-Pagination`, `Paging-Info`.
fn holds_pages(field: &str) -> bool {
    let name = plain(field);
    ["pagination", "paging", "pageinfo", "pagedata"]
        .iter()
        .any(|word| name.contains(word))
}

/// The unit that a list's items are counted in: that of an example, but for octets.
fn unit(examples: &[Value]) -> String {
    let units = examples
        .iter()
        .filter_map(|example| example.as_str()?.split_once(' '));
    let mut units = units.map(|(unit, _)| unit).filter(|unit| *unit != "bytes");
    units.next().unwrap_or("items").to_owned()
}

/// The name of a header field without what only says that it is one of a list.
fn bare(field: &str) -> String {
    let name = plain(field);
    let name = name.strip_prefix('x').unwrap_or(&name);
    let mut leads = ["pagination", "paging"].iter();
    let bare = leads.find_map(|lead| name.strip_prefix(lead));
    bare.unwrap_or(name).to_owned()
}
