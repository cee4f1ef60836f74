//! The header fields of a list's reply that tell of the list: `X-Total-Count`, `X-Next-Page`.

use super::frame::{Meaning, PAGES, Told, Word, is_total};
use super::name::plain;
use super::{Page, Turn};
use crate::mock::PreparedResponse;
use crate::spec::Shapes;
use serde_json::Value;

/// Which of a response's header fields tell of the list, by their numbers among its fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListFields(Vec<(usize, Meaning)>);

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
            let declared = &response.fields[*number].reader.declared;
            let shape = shapes.get(shapes.of(declared.schema?));
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
            Some((*number, number_in_text.or_else(|| word.meaning(&told))?))
        });
        ListFields(meant.collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What each of them says of a page, by its number; nothing where there is no such thing.
    pub fn told(
        &self,
        page: &Page<'_>,
        url_of: impl Fn(Turn) -> Option<String>,
    ) -> Vec<(usize, Option<Value>)> {
        let fields = self.0.iter();
        fields
            .map(|(number, meaning)| (*number, meaning.told(page, &url_of)))
            .collect()
    }
}

/// The name of a header field without what only says that it is one of a list.
fn bare(field: &str) -> String {
    let name = plain(field);
    let name = name.strip_prefix('x').unwrap_or(&name);
    let mut leads = ["pagination", "paging"].iter();
    let bare = leads.find_map(|lead| name.strip_prefix(lead));
    bare.unwrap_or(name).to_owned()
}
