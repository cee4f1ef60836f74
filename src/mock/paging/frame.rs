//! The object that a list's items stand in, and what the members beside them mean.

use super::bounds::{least, most};
use super::lead::count;
use super::leads::Leads;
use super::name::plain;
use super::rows;
use super::sums::{Sum, sums};
use crate::mock::listing::Row;
use crate::spec::{Property, Shape, ShapeId, Shapes};
use crate::wire::Pointer;
use serde_json::Value;

/// How deep the items may stand in a reply.
pub(super) const DEPTH: usize = 3;
/// How many members of a frame are looked at.
pub(super) const MOST: usize = 500;
/// What holds members that tell of the list.
const HOLDERS: [&str; 22] = [
    "meta",
    "metadata",
    "pagination",
    "paging",
    "pageinfo",
    "page",
    "pager",
    "links",
    "cursors",
    "cursor",
    "resultinfo",
    "responsemetadata",
    "paginginfo",
    "paginationinfo",
    "pagemetadata",
    "pagedata",
    "listinfo",
    "listmetadata",
    "resultset",
    "paginationmeta",
    "pageable",
    "sort",
];

/// What only the page of a list tells of.
pub(super) const PAGES: [&str; 4] = ["totalpages", "lastpage", "numberofelements", "currentpage"];

/// Where the items stand in a list's reply, and which of its members tell of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Where the array of items stands; the root where it is the whole reply.
    pub items: Pointer,
    pub(super) members: Vec<Member>,
    /// Where the items of the rows stand once more, without what the rows say of them.
    pub(super) nodes: Option<Nodes>,
    /// What is summed up of the items.
    pub(super) sums: Vec<Sum>,
    /// The links that lead to its pages.
    pub(super) leads: Vec<Leads>,
    /// How many items there are at least, and at most, whatever is asked for.
    pub(super) least: usize,
    pub(super) most: Option<usize>,
}

/// The `nodes` of a connection beside its `edges`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Nodes {
    pub(super) at: Pointer,
    /// The property of an edge that holds its node.
    pub(super) of: String,
}

/// A member that tells something of the list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub(super) at: Pointer,
    pub(super) meaning: Meaning,
    pub(super) form: Form,
}

/// What a member tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Total,
    /// How many items are on this page.
    Shown,
    Size,
    Pages,
    Number,
    FirstNumber,
    LastNumber,
    NextNumber,
    PreviousNumber,
    Offset,
    NextOffset,
    /// What the first item is counted as, from 1, and the last.
    From,
    To,
    HasMore,
    HasPrevious,
    IsFirst,
    IsLast,
    /// Whether the page has no items; or the contrary, as of the next two.
    IsEmpty(bool),
    IsPaged(bool),
    IsSorted(bool),
    NextCursor,
    PreviousCursor,
    /// The cursor of the first item on the page, whether there is another page or not.
    FirstCursor,
    LastCursor,
    FirstKey,
    LastKey,
    /// A text that is the cursor where the operation takes any, else the address.
    Next,
    Previous,
    NextUrl,
    PreviousUrl,
    FirstUrl,
    LastUrl,
    ThisUrl,
    /// Which of all the items these are, as `Content-Range` says it.
    Range,
}

/// How a member is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) may_be_null: bool,
    pub(super) may_be_absent: bool,
    /// Whether it is a number, and no text that is one.
    pub(super) is_number: bool,
    /// Whether it is a text, and no number.
    pub(super) is_text: bool,
    /// Whether it says that it is a URI with its scheme.
    pub(super) is_uri: bool,
    /// Whether the address is a member `href` of it.
    pub(super) is_link: bool,
    /// The least number that it may be, and the largest.
    pub(super) least: u64,
    pub(super) most: u64,
}

/// The shape of what stands at a place in a reply.
pub(super) fn list_at(shapes: &Shapes, reply: ShapeId, at: &Pointer) -> Option<ShapeId> {
    at.tokens().try_fold(reply, |id, token| {
        Some(shapes.of_property(shapes.get(id).properties.get(&token)?))
    })
}

impl Frame {
    /// The frame of a reply of this shape. `is_item` tells whether an item of this shape is the
    /// wanted one, and `called` what the list is called, where that is known. Nothing where the
    /// reply is no array and has none of such items, at most three levels deep.
    pub fn of(
        shapes: &Shapes,
        reply: ShapeId,
        is_item: &dyn Fn(ShapeId) -> bool,
        called: Option<&str>,
    ) -> Option<Frame> {
        let items = rows::find(shapes, reply, is_item, called)?;
        let (items, nodes) = edges(shapes, reply, items, is_item);
        let mut found = Vec::new();
        // What stands beside the items, or beside one of their holders.
        let mut place = Pointer::root();
        let mut id = reply;
        for token in items.tokens() {
            collect(shapes, id, &place, "", DEPTH, &mut found);
            place = place.child(&token);
            let property = shapes.get(id).properties.get(&token)?;
            id = shapes.of_property(property);
        }
        found.retain(|(at, ..)| !at.contains(&items));
        let row = list_at(shapes, reply, &items).and_then(|list| shapes.of_items(shapes.get(list)));
        // Of rows that have a size each, it is the sum of those.
        if row.is_some_and(|row| is_sized(shapes, row)) {
            found.retain(|(_, name, ..)| name != "totalsize");
        }
        let members = members_of(shapes, &found);
        let leads = found.iter();
        let leads = leads.filter_map(|(at, name, _, id, _)| Leads::of(shapes, at, name, *id));
        let list = list_at(shapes, reply, &items);
        let bound = |keyword| count(&shapes.says(list?, keyword)?.value());
        Some(Frame {
            least: bound("minItems").unwrap_or(0),
            most: bound("maxItems"),
            sums: sums(shapes, reply, &items, &members),
            leads: leads.collect(),
            members,
            nodes,
            items,
        })
    }

    /// That of rows with nothing around them.
    pub(in crate::mock) fn alone() -> Frame {
        Frame {
            items: Pointer::root(),
            members: Vec::new(),
            nodes: None,
            sums: Vec::new(),
            leads: Vec::new(),
            least: 0,
            most: None,
        }
    }

    /// The shape of the rows, in a reply of the shape that this was read from.
    pub(in crate::mock) fn row(&self, shapes: &Shapes, reply: ShapeId) -> Option<ShapeId> {
        shapes.of_items(shapes.get(list_at(shapes, reply, &self.items)?))
    }

    /// Whether pages are counted from zero where nothing says how: as in Spring, whose pages tell
    /// their `number` beside `totalPages`.
    pub(super) fn counts_from_zero(&self) -> bool {
        let tells = |meaning, wanted: &str| {
            let mut members = self
                .members
                .iter()
                .filter(|member| member.meaning == meaning);
            members.any(|member| {
                let last = member.at.split_last();
                last.is_some_and(|(_, name)| plain(&name) == wanted)
            })
        };
        tells(Meaning::Number, "number") && tells(Meaning::Pages, "totalpages")
    }

    /// What a reply is whose items these are, and nothing else.
    pub(in crate::mock) fn around(&self, items: Vec<Value>) -> Value {
        let names: Vec<String> = self.items.tokens().collect();
        let names = names.into_iter().rev();
        names.fold(Value::Array(items), |inner, name| {
            Value::Object([(name, inner)].into_iter().collect())
        })
    }
}

impl Frame {
    /// Whether a member tells of what only the page of a list has.
    pub fn is_of_page(&self) -> bool {
        let mut members = self.members.iter();
        members.any(|member| {
            matches!(
                member.meaning,
                Meaning::Pages
                    | Meaning::Number
                    | Meaning::Offset
                    | Meaning::HasMore
                    | Meaning::NextCursor
                    | Meaning::NextNumber
                    | Meaning::NextOffset
            )
        })
    }
}

/// Where the edges of a connection stand, and its nodes, where the items that were found are either
/// and it has both; else the items as they were.
fn edges(
    shapes: &Shapes,
    reply: ShapeId,
    items: Pointer,
    is_item: &dyn Fn(ShapeId) -> bool,
) -> (Pointer, Option<Nodes>) {
    let both = || {
        let (above, _) = items.split_last()?;
        let holder = list_at(shapes, reply, &above)?;
        let beside = |wanted: &str| {
            let mut properties = shapes.get(holder).properties.iter();
            let (name, property) = properties.find(|(name, _)| plain(name) == wanted)?;
            let items = shapes.of_items(shapes.get(shapes.of_property(property)))?;
            Some((above.child(name), items))
        };
        let ((edges, row), (at, _)) = (beside("edges")?, beside("nodes")?);
        let (about, _) = Row::of(shapes, row)?;
        let is_either = items == edges || items == at;
        let nodes = Nodes { at, of: about.node };
        (is_either && is_item(row)).then_some((edges, nodes))
    };
    match both() {
        Some((edges, nodes)) => (edges, Some(nodes)),
        None => (items, None),
    }
}

/// What of the members of a reply, or of a header field, tells of the list.
fn members_of(shapes: &Shapes, found: &[Found]) -> Vec<Member> {
    let names = |wanted: &str| found.iter().any(|(_, name, ..)| name == wanted);
    let told = Told {
        has_total: found.iter().any(|(_, name, ..)| is_total(name)),
        has_page_length: names("pagelen"),
        has_pages: PAGES.iter().any(|name| names(name)),
        has_flag: ["hasnextpage", "hasmore", "hasnext"]
            .iter()
            .any(|name| names(name)),
    };
    let members = found
        .iter()
        .filter_map(|(at, name, holder, id, may_be_absent)| {
            let shape = shapes.get(*id);
            let counts = shape.types.has("integer") || shape.types.has("number");
            let is_link = shape.properties.contains_key("href");
            let format = shapes.says(*id, "format").and_then(|format| format.text());
            let description = shapes.says(*id, "description").and_then(|text| text.text());
            let word = Word {
                name,
                holder,
                shape,
                is_link,
                is_uri: format
                    .as_deref()
                    .is_some_and(|format| format.starts_with("uri")),
                description: &description.unwrap_or_default().to_lowercase(),
            };
            Some(Member {
                at: at.clone(),
                meaning: word.meaning(&told)?,
                form: Form {
                    may_be_null: shape.types.has("null"),
                    may_be_absent: *may_be_absent,
                    is_number: counts && !shape.types.has("string"),
                    is_text: !counts && shape.types.has("string"),
                    is_uri: format.as_deref() == Some("uri"),
                    is_link,
                    least: least(shapes, *id),
                    most: most(shapes, *id, format.as_deref()),
                },
            })
        });
    members.collect()
}

/// The members that tell of a list in an object that tells of nothing else, as in the one header
/// field that some APIs have for it all.
pub(super) fn members_alone(shapes: &Shapes, id: ShapeId) -> Vec<Member> {
    let mut found = Vec::new();
    collect(
        shapes,
        id,
        &Pointer::root(),
        "pagination",
        DEPTH,
        &mut found,
    );
    members_of(shapes, &found)
}

/// A member by its place, its plain name and that of what holds it, its shape, and whether it may
/// be absent.
type Found = (Pointer, String, String, ShapeId, bool);

fn collect(
    shapes: &Shapes,
    id: ShapeId,
    place: &Pointer,
    holder: &str,
    depth: usize,
    found: &mut Vec<Found>,
) {
    for (name, property) in &shapes.get(id).properties {
        if found.len() >= MOST {
            return;
        }
        let at = place.child(name);
        let inner: ShapeId = shapes.of_property(property);
        let Property { required, .. } = property;
        let name = plain(name);
        if HOLDERS.contains(&name.as_str()) && depth > 0 {
            collect(shapes, inner, &at, &name, depth - 1, found);
        }
        found.push((at, name, holder.to_owned(), inner, !required));
    }
}

/// What other members tell, on which the meaning of some depends.
pub(super) struct Told {
    pub(super) has_total: bool,
    pub(super) has_page_length: bool,
    /// Whether there is what only the page of a list has.
    pub(super) has_pages: bool,
    /// Whether there is a flag that says whether items come behind.
    pub(super) has_flag: bool,
}

/// A member as its meaning is read from it.
pub(super) struct Word<'w> {
    pub(super) name: &'w str,
    pub(super) holder: &'w str,
    pub(super) shape: &'w Shape,
    pub(super) is_link: bool,
    pub(super) is_uri: bool,
    pub(super) description: &'w str,
}

/// Whether items have a size, in numbers.
fn is_sized(shapes: &Shapes, item: ShapeId) -> bool {
    let mut properties = shapes.get(item).properties.iter();
    let size = properties.find(|(name, _)| plain(name) == "size");
    size.is_some_and(|(_, property)| {
        let types = shapes.get(shapes.of_property(property)).types;
        types.has("integer") || types.has("number")
    })
}

pub(super) fn is_total(name: &str) -> bool {
    let rest = name
        .strip_prefix("total")
        .or_else(|| name.strip_suffix("total"));
    // As features of OGC are counted.
    if name == "numbermatched" {
        return true;
    }
    rest.is_some_and(|rest| {
        [
            "",
            "features",
            "count",
            "items",
            "results",
            "records",
            "elements",
            "entries",
            "recordcount",
            "hits",
            "size",
            "setsize",
            "itemcount",
            "itemscount",
            "rows",
            "objects",
            "resultcount",
            "number",
            "matches",
            "numberofitems",
            "s",
        ]
        .contains(&rest)
    })
}

impl Word<'_> {
    pub(super) fn meaning(&self, told: &Told) -> Option<Meaning> {
        let may_be = |name: &str| self.shape.types.has(name);
        let counts = may_be("integer") || may_be("number");
        if may_be("boolean") {
            return self.of_boolean(told);
        }
        if self.is_link {
            return self.of_url();
        }
        if counts
            && self.holder != "sort"
            && let Some(meaning) = self.of_number(told)
        {
            return Some(meaning);
        }
        // How a list is sorted says nothing of its pages.
        if self.holder == "sort" {
            return None;
        }
        match may_be("string") || counts || self.shape.types.is_unsaid() {
            true => self.of_text(counts, told),
            false => None,
        }
    }

    fn of_boolean(&self, told: &Told) -> Option<Meaning> {
        Some(match self.name {
            "sorted" | "unsorted" | "empty" if self.holder == "sort" => {
                Meaning::IsSorted(self.name == "sorted")
            }
            "paged" | "unpaged" => Meaning::IsPaged(self.name == "paged"),
            "empty" if told.has_pages => Meaning::IsEmpty(true),
            "hasmore" | "hasnext" | "hasnextpage" | "more" | "moreresults" | "hasmoreitems"
            | "hasmoreresults" | "hasmorepages" | "ismore" | "moreavailable" | "next"
            | "hasadditional" | "istruncated" | "truncated" => Meaning::HasMore,
            "hasprevious" | "hasprev" | "haspreviouspage" | "hasprevpage" | "hasless"
            | "previous" | "prev" => Meaning::HasPrevious,
            "islast" | "islastpage" | "last" | "lastpage" => Meaning::IsLast,
            "isfirst" | "isfirstpage" | "first" | "firstpage" => Meaning::IsFirst,
            _ => return None,
        })
    }

    pub(super) fn of_number(&self, told: &Told) -> Option<Meaning> {
        let is_own = !self.holder.is_empty() || told.has_pages;
        let of_page = [
            "current page",
            "this page",
            "returned",
            "in the page",
            "on the page",
        ];
        let is_of_page = of_page.iter().any(|text| self.description.contains(text));
        Some(match self.name {
            "size" if told.has_page_length => Meaning::Total,
            "count" | "itemcount" | "resultcount" | "numitems" | "recordcount"
                if !told.has_total && !is_of_page =>
            {
                Meaning::Total
            }
            "numfound" | "resultsetsize" | "numresults" => Meaning::Total,
            name if is_total(name) => Meaning::Total,
            "count" | "itemcount" | "resultcount" | "numitems" | "recordcount" | "itemsonpage"
            | "numberofelements" | "countonpage" | "returned" | "pageitems" | "currentcount"
            | "displaycount" | "itemsinpage" | "numberreturned" => Meaning::Shown,
            "pagesize" | "perpage" | "limit" | "size" | "maxresults" | "itemsperpage"
            | "pagelen" | "pagelimit" | "resultsperpage" | "take" | "top" => Meaning::Size,
            "pages" | "pagecount" | "totalpages" | "pagestotal" | "maxpage" | "numpages"
            | "totalpagecount" | "pagetotal" | "numberofpages" => Meaning::Pages,
            "page" | "currentpage" | "pagenumber" | "pageno" | "pagenum" | "pageindex" => {
                Meaning::Number
            }
            "number" | "current" if is_own => Meaning::Number,
            "lastpage" => Meaning::LastNumber,
            "firstpage" => Meaning::FirstNumber,
            "last" if !self.holder.is_empty() => Meaning::LastNumber,
            "first" if !self.holder.is_empty() => Meaning::FirstNumber,
            "nextpage" | "next" => Meaning::NextNumber,
            "prevpage" | "previouspage" | "prev" | "previous" => Meaning::PreviousNumber,
            "offset" | "skip" | "start" | "startat" | "startindex" | "currentoffset"
            | "startposition" => Meaning::Offset,
            "nextoffset" => Meaning::NextOffset,
            "from" if is_own => Meaning::From,
            "to" if is_own => Meaning::To,
            _ => return None,
        })
    }

    fn of_text(&self, counts: bool, told: &Told) -> Option<Meaning> {
        let says = |words: &[&str]| words.iter().any(|word| self.description.contains(word));
        let is_of_cursor =
            ["cursor", "cursors"].contains(&self.holder) || says(&["cursor", "token"]);
        let is_url = self.is_uri || self.holder == "links" || says(&["url", "uri", "link"]);
        Some(match self.name {
            "startcursor" if told.has_flag => Meaning::FirstCursor,
            "endcursor" if told.has_flag => Meaning::LastCursor,
            "nextcursor"
            | "nextpagetoken"
            | "nexttoken"
            | "nextmarker"
            | "continuation"
            | "continuationtoken"
            | "cursor"
            | "endcursor"
            | "nextpagecursor"
            | "bookmark"
            | "nextcontinuationtoken"
            | "pagetoken" => Meaning::NextCursor,
            "continue" | "after" if !self.holder.is_empty() => Meaning::NextCursor,
            "previouscursor" | "prevcursor" | "prevpagetoken" | "previouspagetoken"
            | "prevtoken" | "previoustoken" | "prevmarker" | "startcursor"
            | "previouspagecursor" => Meaning::PreviousCursor,
            "before" if !self.holder.is_empty() => Meaning::PreviousCursor,
            "firstid" => Meaning::FirstKey,
            "lastid" => Meaning::LastKey,
            name if is_total(name) && !counts => Meaning::Total,
            _ if counts => return None,
            "next" | "nextpage" if is_of_cursor && !self.is_uri => Meaning::NextCursor,
            "next" | "nextpage" if !is_url => Meaning::Next,
            "previous" | "prev" | "previouspage" | "prevpage" if is_of_cursor && !self.is_uri => {
                Meaning::PreviousCursor
            }
            "previous" | "prev" | "previouspage" | "prevpage" if !is_url => Meaning::Previous,
            _ => return self.of_url(),
        })
    }

    fn of_url(&self) -> Option<Meaning> {
        let ends = [
            "pageurl", "pageuri", "pagelink", "url", "uri", "link", "href", "page",
        ];
        // `@odata.nextLink`
        let name = self.name.strip_prefix("odata").unwrap_or(self.name);
        let bare = ends
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .unwrap_or(name);
        let is_plain = bare == name;
        let is_own =
            ["links", "paging", "pagination", "page", "pager", "meta"].contains(&self.holder);
        Some(match bare {
            "next" => Meaning::NextUrl,
            "previous" | "prev" => Meaning::PreviousUrl,
            "first" if !is_plain || is_own => Meaning::FirstUrl,
            "last" if !is_plain || is_own => Meaning::LastUrl,
            "self" | "current" | "this" if !is_plain || is_own || self.is_uri || bare == "self" => {
                Meaning::ThisUrl
            }
            _ => return None,
        })
    }
}
